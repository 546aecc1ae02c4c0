// The commands about policies, which need no daemon: sdk/cli/policy does the work.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "beside.hpp"
#include "commands.hpp"
#include "policy_tools/tools.hpp"

namespace madoguchi::cli {
namespace {

using policy_tools::Format;

std::string plugin_folder() {
  if (const char* named = std::getenv("MADOGUCHI_PLUGINS"); named != nullptr) return named;
  const auto folder = beside({"plugins", "../lib/madoguchi/plugins"});
  std::error_code error;
  return std::filesystem::is_directory(folder, error) ? folder.string() : std::string();
}

}  // namespace

int run_policy_tool(const Context& context, const PolicyOptions& options,
                    const std::function<int(const policy_tools::Setting&, Format)>& tool) {
  std::ostringstream out;
  std::ostringstream err;
  policy_tools::Setting setting{out, err};
  setting.language = context.lang() == Lang::ja ? policy_tools::Language::ja : policy_tools::Language::en;
  setting.now = std::chrono::time_point_cast<base::Instant::duration>(std::chrono::system_clock::now());
  setting.plugins = options.plugins.empty() ? plugin_folder() : options.plugins;
  setting.host_program = plugin_host_program().string();
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
