// madoguchi-bench: what bench.py runs, once a subject, to time ours against a floor. Prints JSON.
#include <sched.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <exception>
#include <iostream>
#include <system_error>

#include "suites.hpp"

namespace madoguchi::bench {
namespace {

struct Options {
  int rounds = 11;
  int cpu = -1;
  Effort effort;
  Server ours;
  Server floor;
  std::string reader;
  std::string folder;
  std::string transitions;
  std::string policy;
  std::string plugins;
  std::string host_program;
};

void pin_to(int cpu) {
  if (cpu < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0)
    throw std::system_error(errno, std::generic_category(), "sched_setaffinity");
}

void add_servers(CLI::App& command, Options& options) {
  command.add_option("--socket", options.ours.socket, "madoguchid's socket")->required();
  command.add_option("--pid", options.ours.pid, "its process")->required();
  command.add_option("--floor-socket", options.floor.socket, "madoguchi-bench-echo's socket")->required();
  command.add_option("--floor-pid", options.floor.pid, "its process")->required();
}

int run(int argc, char** argv) {
  Options options;
  Pairs pairs;
  CLI::App program("Times ours and a floor in turns and prints what it measured as JSON.", "madoguchi-bench");
  program.require_subcommand(1);
  program.add_option("--pairs", options.rounds, "how many of each")->check(CLI::PositiveNumber);
  program.add_option("--divisor", options.effort.divisor, "so many times fewer iterations")
      ->check(CLI::PositiveNumber);
  program.add_option("--cpu", options.cpu, "run on this CPU only");

  auto* round_trip = program.add_subcommand("round-trip", "one client, one request after another");
  add_servers(*round_trip, options);
  auto* crowd = program.add_subcommand("crowd", "16 clients, one request or 16 in flight each");
  add_servers(*crowd, options);
  auto* card = program.add_subcommand("card", "commands to a card");
  card->add_option("--reader", options.reader)->required();
  card->add_option("--socket", options.ours.socket, "madoguchid's socket")->required();
  auto* store = program.add_subcommand("store", "durable transitions");
  store->add_option("--folder", options.folder, "where to write")->required();
  store->add_option("--transitions", options.transitions, "what to write")->required();
  auto* decision = program.add_subcommand("decision", "decisions");
  decision->add_option("--policy", options.policy, "policy file")->required();
  decision->add_option("--plugins", options.plugins, "folder of the plugins that it names");
  decision->add_option("--host-program", options.host_program, "madoguchi-plugin-host");
  CLI11_PARSE(program, argc, argv);

  pin_to(options.cpu);
  if (round_trip->parsed()) add_round_trip(pairs, options.effort, options.ours, options.floor);
  if (crowd->parsed()) add_crowd(pairs, options.effort, options.ours, options.floor);
  if (card->parsed()) add_card(pairs, options.effort, options.reader, options.ours.socket);
  if (store->parsed()) add_store(pairs, options.effort, options.folder, options.transitions);
  if (decision->parsed())
    add_decision(pairs, options.effort, options.policy, options.plugins, options.host_program);
  std::cout << boost::json::serialize(pairs.run(options.rounds)) << '\n';
  return 0;
}

}  // namespace
}  // namespace madoguchi::bench

int main(int argc, char** argv) {
  try {
    return madoguchi::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "madoguchi-bench: " << error.what() << '\n';
    return 1;
  }
}
