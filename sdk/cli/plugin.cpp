// plugin new, check, sign: for vendors, without a daemon.
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "beside.hpp"
#include "checker/checker.hpp"
#include "commands.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

int fail_with(const Context& context, const base::Fault& fault) {
  return fail_usage(context, "plugin.error", {fault.inner});
}

}  // namespace

int new_plugin(const Context& context, const std::string& name, const std::string& folder) {
  const auto made = checker::make_new(beside({"../share/madoguchi/plugin-template"}), name, folder);
  if (!made) return fail_with(context, made.error());
  context.out.document(json::object{{"folder", folder}});
  context.out.say("plugin.made", {folder});
  return finish(context);
}

int check_plugin(const Context& context, const PluginCheckOptions& options) {
  checker::CheckOptions wanted;
  wanted.host_program = plugin_host_program();
  wanted.calls = options.calls;
  if (!options.section.empty()) {
    std::ifstream file(options.section);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    json::value section;
    if (base::parse_json(text, section) || !section.is_object())
      return fail_usage(context, "plugin.section", {options.section});
    wanted.section = std::move(section.get_object());
  }
  const auto report = checker::check(options.manifest, wanted);
  context.out.document(to_json(report));
  context.out.line(to_text(report));
  return finish(context, report.good() ? done : refused);
}

int sign_plugin(const Context& context, const PluginSignOptions& options) {
  const auto signature = checker::sign(options.manifest, options.certificate, options.key);
  if (!signature) return fail_with(context, signature.error());
  context.out.document(json::object{{"signature", signature->string()}});
  context.out.say("plugin.signed", {signature->string()});
  return finish(context);
}

}  // namespace madoguchi::cli
