#include "rules.hpp"

#include <algorithm>
#include <filesystem>

#include "base/log.hpp"
#include "policy/contribution.hpp"
#include "settings/nearest.hpp"

namespace madoguchi::policy_tools {
namespace {

// What goes wrong with a plugin stands in the decision's fault; nobody reads a log here.
class NoLog : public base::Log {
 public:
  void write(base::Level, std::string_view, std::initializer_list<base::Field>) override {}
};

settings::Complaint as_complaint(const policy::Origin& origin, const std::string& key,
                                 const std::string& message) {
  return {origin.file, {origin.line, origin.column}, key, message};
}

// Whoever runs the tool chose the folder, so signatures are not asked for. That is no reason to trust what is
// in it: a policy is tried with plugins that no counter has let in yet, so all of them run apart, those that
// ship here too, since a name tells nothing of whose a library is.
extension::HostConfig host_of(const Setting& setting, const std::vector<std::string>& names) {
  extension::HostConfig host;
  host.folder = setting.plugins;
  host.host_program = setting.host_program;
  for (const auto& name : names) {
    extension::PluginConfig plugin;
    plugin.name = name;
    plugin.allow_unsigned = true;
    plugin.allow_without_landlock = true;        // an office computer's kernel is no fault of the policy's
    plugin.deadline = std::chrono::seconds(10);  // nor is a busy one
    host.plugins.push_back(std::move(plugin));
  }
  return host;
}

// "; did you mean holiday-openings?" for a name that no manifest in the folder has.
std::string meant(const std::filesystem::path& folder, std::string name) {
  std::error_code error;
  if (std::filesystem::exists(folder / (name + ".json"), error)) return {};
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const auto near = settings::nearest(name, {names.begin(), names.end()});
  return near ? "; did you mean " + std::string(*near) + "?" : std::string();
}

}  // namespace

struct Rules::Plugins {
  NoLog log;
  std::unique_ptr<extension::Plugins> set;
};

Rules::Rules(const Setting& setting, const policy::Policy& policy) : policy_(policy) {
  if (policy.plugins.empty()) return;
  if (setting.plugins.empty()) {
    for (const auto& [name, section] : policy.plugins) {
      complaints_.push_back(as_complaint(section.origin(""), "plugins." + name,
                                         "the plugin is not at hand; name its folder with --plugins"));
    }
    return;
  }
  std::vector<std::string> names;
  for (const auto& [name, section] : policy.plugins) names.push_back(name);
  let_in(host_of(setting, names));
}

Rules::Rules(const policy::Policy& policy, const extension::HostConfig& counter) : policy_(policy) {
  let_in(counter);
}

void Rules::let_in(const extension::HostConfig& host) {
  plugins_ = std::make_unique<Plugins>();
  auto built = extension::Plugins::build(host, policy_, plugins_->log);
  for (const auto& remark : built.complaints) {
    complaints_.push_back(as_complaint(remark.origin, remark.key, remark.message));
  }
  for (const auto& remark : built.notices) {
    notices_.push_back(as_complaint(remark.origin, remark.key, remark.message));
  }
  for (const auto& refusal : built.refusals) {
    const auto name = refusal.substr(0, refusal.find(':'));
    const auto own = "plugins." + name;
    const bool told = std::any_of(complaints_.begin(), complaints_.end(),
                                  [&](const auto& c) { return c.key.starts_with(own); });
    if (told) continue;  // what is wrong with its section says more
    const auto section = policy_.plugins.find(name);
    const auto origin = section == policy_.plugins.end()
                            ? policy_.origin(policy_.plugins.empty() ? "version" : "plugins")
                            : section->second.origin("");
    complaints_.push_back(
        as_complaint(origin, own, "cannot be asked: " + refusal + meant(host.folder, name)));
  }
  plugins_->set = std::move(built.plugins);
}

Rules::~Rules() = default;

std::vector<settings::Complaint> lacking(const Setting& setting, const policy::Policy& policy) {
  std::vector<settings::Complaint> notices;
  auto without = policy;
  without.plugins.clear();
  without.texts.clear();  // their words for other plugins are none that this one fails to say
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(setting.plugins, error)) {
    const auto name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || policy.plugins.contains(name)) continue;
    NoLog log;
    if (extension::Plugins::build(host_of(setting, {name}), without, log).complaints.empty()) continue;
    notices.push_back(
        as_complaint(policy.origin(policy.plugins.empty() ? "version" : "plugins"), "plugins." + name,
                     "no section; where this plugin is needed, the daemon refuses this policy"));
  }
  std::sort(notices.begin(), notices.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return notices;
}

std::vector<std::string> Rules::codes() const {
  return plugins_ ? plugins_->set->codes() : std::vector<std::string>();
}

base::Result<policy::Decision> Rules::decide(const policy::Facts& facts, policy::Tracer* tracer,
                                             const policy::Outlook& outlook) {
  if (!plugins_) return policy::decide(policy_, facts, {}, tracer, outlook);
  return plugins_->set->decide(policy_, facts, tracer, outlook);
}

base::Result<std::shared_ptr<const policy::Schedule>> Rules::schedule(std::chrono::year year) {
  if (!plugins_) return std::make_shared<const policy::Schedule>();
  return plugins_->set->schedule(policy_, year);
}

}  // namespace madoguchi::policy_tools
