#include "examine_policy.hpp"

#include "base/log.hpp"
#include "decider.hpp"
#include "plugin_host.hpp"
#include "station/pins_of_card.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using doctor::State;

// Whatever it would say is a finding.
class NoLog : public base::Log {
 public:
  void write(base::Level, std::string_view, std::initializer_list<base::Field>) override {}
};

std::string first_complaint(const base::Fault& fault) {
  const auto* all = fault.details.if_contains("complaints");
  const bool listed = all != nullptr && all->is_array() && !all->get_array().empty();
  if (listed && all->get_array().front().is_string())
    return std::string(all->get_array().front().get_string());
  return fault.inner.substr(0, fault.inner.find('\n'));
}

void tell_of_policy(const json::object& health, const std::filesystem::path& path, const doctor::Tell& tell) {
  json::object facts{{"path", path.string()}};
  for (const auto* key : {"municipality", "version"}) {
    if (const auto* value = health.if_contains(key)) facts[key] = *value;
  }
  const auto state = health.at("state").as_string();
  if (state == "failed") {
    facts["why"] = health.at("en");
    return tell({State::wrong, "policy.not_in_force", std::move(facts)});
  }
  if (state == "degraded" && health.contains("ends_on")) {
    facts["date"] = health.at("ends_on");
    facts["days"] = health.at("days_left");
    return tell({State::attention, "policy.ends_soon", std::move(facts)});
  }
  tell({State::ok, "policy.ok", std::move(facts)});
}

// `refusal`: "name: reason".
doctor::Finding refused_plugin(const std::string& refusal, const std::filesystem::path& folder) {
  const auto colon = refusal.find(": ");
  const auto name = refusal.substr(0, colon);
  const auto why = colon == std::string::npos ? std::string() : refusal.substr(colon + 2);
  std::error_code error;
  const char* id = "plugin.not_let_in";
  if (!std::filesystem::exists(folder / (name + ".json"), error)) {
    id = "plugin.missing";
  } else if (why.starts_with("signature: ")) {
    id = "plugin.not_trusted";
  }
  return {State::wrong, id, {{"plugin", name}, {"why", why}, {"folder", folder.string()}}};
}

}  // namespace

void examine_policy(const settings::DaemonConfig& config, const std::filesystem::path& folder,
                    base::Instant now, const doctor::Tell& tell) {
  NoLog log;
  const auto path = folder / config.policy.path;
  const auto decider = Decider::make(path, plugin_host(config.plugins, folder), log,
                                     {.now = now, .card = &station::card_profile(config.readers.profile)});
  if (!decider) {
    const auto fault = decider.error();
    return tell({State::wrong, "policy.refused", {{"path", path.string()}, {"why", first_complaint(fault)}}});
  }
  tell_of_policy((*decider)->health(now), path, tell);
  const auto plugins = folder / config.plugins.folder;
  for (const auto& refusal : (*decider)->refusals()) tell(refused_plugin(refusal, plugins));
  if (config.plugins.use.empty()) {
    tell({State::ok, "plugins.none", {}});
  } else if ((*decider)->refusals().empty()) {
    tell({State::ok, "plugins.ok", {{"count", config.plugins.use.size()}}});
  }
}

}  // namespace madoguchi::app
