// The commands about policies, which need no daemon: sdk/cli/policy does the work.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "commands.hpp"
#include "policy_tools/tools.hpp"

namespace madoguchi::cli {
namespace {

using policy_tools::Format;

// Beside the program, where a build and an installation put them, unless the environment says otherwise.
std::string plugin_folder() {
  if (const char* named = std::getenv("MADOGUCHI_PLUGINS"); named != nullptr) return named;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  for (const auto* place : {"plugins", "../lib/madoguchi/plugins"}) {
    const auto folder = program.parent_path() / place;
    if (std::filesystem::is_directory(folder, error)) return folder.string();
  }
  return {};
}

}  // namespace

int run_policy_tool(const Context& context, const PolicyOptions& options,
                    const std::function<int(const policy_tools::Setting&, Format)>& tool) {
  std::ostringstream out;
  std::ostringstream err;
  policy_tools::Setting setting{out, err, {}, {}, {}};
  setting.language = context.lang() == Lang::ja ? policy_tools::Language::ja : policy_tools::Language::en;
  setting.now = std::chrono::time_point_cast<base::Instant::duration>(std::chrono::system_clock::now());
  setting.plugins = options.plugins.empty() ? plugin_folder() : options.plugins;
  const auto format = options.format == "junit"                        ? Format::junit
                      : options.format == "json" || context.out.json() ? Format::json
                                                                       : Format::text;
  const int code = tool(setting, format);
  if (auto text = err.str(); !text.empty()) {
    text.pop_back();  // complain() ends the line
    Output::complain(text);
  }
  context.out.raw(out.str());
  return finish(context, code);
}

}  // namespace madoguchi::cli
