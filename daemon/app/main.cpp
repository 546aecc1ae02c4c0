#include <sys/prctl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "app/world.hpp"
#include "version.hpp"

namespace {

// 1, not 0: where dumps are piped to a program (kernel.core_pattern), Linux ignores every limit but this one;
// and no file of one byte is written either. A dump made while a PIN is checked would hold it.
void forbid_core_dump() {
  const rlimit limit{1, 1};
  ::setrlimit(RLIMIT_CORE, &limit);
  // Nor may another process of the same user, an isolated plugin's included, look into this one.
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("The daemon of a municipal counter machine: renews the certificates of My Number Cards.",
                   "madoguchid");
  madoguchi::app::Options options;
  options.config = "/etc/madoguchi/madoguchid.yaml";
  program.add_option("--config", options.config, "configuration file")->capture_default_str();
  program.add_option("--socket", options.socket, "socket path, instead of the configuration's")
      ->envname("MADOGUCHI_SOCKET");
  program.add_flag("--check", options.check_only,
                   "check configuration, policy, keys and certificates; start nothing");
  auto* examine = program.add_flag(
      "--examine", options.examine_only,
      "look at everything that the daemon needs, pcscd, readers, store and authorities included, and print a "
      "finding a line (JSON), as `madoguchi doctor` reads them; start nothing");
  program
      .add_option("--part", options.parts,
                  "with --examine, only: config, socket, store, policy, credentials, readers, authorities")
      ->delimiter(',')
      ->needs(examine);
  program.add_flag(
      "--strict-start", options.strict_start,
      "end when the policy or a plugin is refused, instead of going on with the policy accepted last");
  program.set_version_flag("--version", madoguchi::app::version);
  CLI11_PARSE(program, argc, argv);
  forbid_core_dump();
  try {
    return madoguchi::app::run(options);
  } catch (const std::exception& error) {
    std::cerr << "madoguchid: " << error.what() << '\n';
    return 1;
  }
}
