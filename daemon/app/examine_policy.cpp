#include "examine_policy.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "decider.hpp"
#include "doctor/examinations.hpp"
#include "plugin_host.hpp"
#include "policy_health.hpp"
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

constexpr std::size_t most_complaints = 5;

std::vector<std::string> complaints_of(const base::Fault& fault) {
  std::vector<std::string> all;
  const auto* listed = fault.details.if_contains("complaints");
  if (listed != nullptr && listed->is_array()) {
    for (const auto& each : listed->get_array()) {
      if (each.is_string()) all.emplace_back(each.get_string());
    }
  }
  if (all.empty()) all.push_back(fault.inner.substr(0, fault.inner.find('\n')));
  all = telling_first(std::move(all));
  if (all.size() > most_complaints) all.resize(most_complaints);
  return all;
}

// A file that a complaint ends with, and that may not be read: nothing is wrong with what stands in the
// policy.
std::optional<std::filesystem::path> barred_file(const std::string& why) {
  const auto end = why.rfind(": ");
  const auto begin = end == std::string::npos || end == 0 ? std::string::npos : why.rfind(": ", end - 1);
  if (begin == std::string::npos) return std::nullopt;
  const std::filesystem::path file = why.substr(begin + 2, end - begin - 2);
  if (!file.is_absolute() || doctor::barred(file, R_OK).empty()) return std::nullopt;
  return file.lexically_normal();
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

void tell_of_holidays(const policy::Policy& policy, base::Instant now, const std::filesystem::path& path,
                      const doctor::Tell& tell) {
  const auto today = base::date_in_japan(now);
  const auto end = holidays_end(policy, today);
  if (!end) return;
  const bool ended = *end < today;
  tell({ended ? State::wrong : State::attention,
        ended ? "policy.holidays_ended" : "policy.holidays_end",
        {{"path", path.string()}, {"date", base::format_date(*end)}, {"days", days_between(today, *end)}}});
}

// Where the reason begins with it, what is named there is everybody's and no plugin's own.
bool is_about(const std::string& why, const std::string& path) {
  return !path.empty() && why.starts_with(path + ": ");
}

// `refusal`: "name: reason".
doctor::Finding refused_plugin(const std::string& refusal, const std::filesystem::path& folder,
                               const std::string& host) {
  const auto colon = refusal.find(": ");
  const auto name = refusal.substr(0, colon);
  const auto why = colon == std::string::npos ? std::string() : refusal.substr(colon + 2);
  const auto place = why.substr(0, why.find(": "));
  std::error_code error;
  for (const auto* suffix : {".json", ".so", ".json.p7s"}) {
    const auto file = folder / (name + suffix);
    if (!doctor::barred(file, R_OK).empty()) return doctor::not_permitted(file);
    if (auto odd = doctor::of_other_kind(file, std::filesystem::file_type::regular)) return std::move(*odd);
  }
  if (is_about(why, host)) return {State::wrong, "plugin.host_missing", {{"path", host}, {"why", why}}};
  if (why.find(": others than its owner may write to it") != std::string::npos ||
      why.find(": belongs to neither root") != std::string::npos)
    return {State::wrong, "plugin.exposed", {{"path", place}, {"why", why}}};
  if (is_about(why, folder.string()))
    return {State::wrong, "plugin.no_folder", {{"path", folder.string()}, {"why", why}}};
  const char* id = "plugin.not_let_in";
  const bool gone = place.starts_with(folder.string() + "/") && !std::filesystem::exists(place, error);
  if (gone || !std::filesystem::exists(folder / (name + ".json"), error)) {
    id = "plugin.missing";
  } else if (why.starts_with("signature: ")) {
    id = "plugin.not_trusted";
  } else if (why.ends_with("(SHA-256 differs)")) {
    id = "plugin.changed";
  }
  return {State::wrong, id, {{"plugin", name}, {"why", why}, {"folder", folder.string()}}};
}

void tell_of_plugins(const std::vector<std::string>& refusals, const settings::PluginsConfig& config,
                     const std::filesystem::path& folder, const doctor::Tell& tell) {
  std::vector<json::object> told;  // what several plugins are refused for is one thing to mend
  for (const auto& refusal : refusals) {
    auto finding = refused_plugin(refusal, folder / config.folder, (folder / config.host_program).string());
    if (std::find(told.begin(), told.end(), finding.facts) != told.end()) continue;
    told.push_back(finding.facts);
    tell(std::move(finding));
  }
}

}  // namespace

std::vector<std::string> telling_first(std::vector<std::string> complaints) {
  std::stable_partition(complaints.begin(), complaints.end(), [](const std::string& complaint) {
    return complaint.find("did you mean") != std::string::npos;
  });
  return complaints;
}

void examine_policy(const settings::DaemonConfig& config, const std::filesystem::path& folder,
                    base::Instant now, const doctor::Tell& tell) {
  NoLog log;
  const auto path = folder / config.policy.path;
  const auto decider = Decider::make(path, plugin_host(config.plugins, folder), log,
                                     {.now = now, .card = &station::card_profile(config.readers.profile)});
  if (!decider) {
    for (auto& why : complaints_of(decider.error())) {
      if (const auto barred = barred_file(why)) {
        tell(doctor::not_permitted(*barred));
        continue;
      }
      tell({State::wrong, "policy.refused", {{"path", path.string()}, {"why", std::move(why)}}});
    }
    return;
  }
  tell_of_policy((*decider)->health(now), path, tell);
  tell_of_holidays((*decider)->nearest(now), now, path, tell);
  tell_of_plugins((*decider)->refusals(), config.plugins, folder, tell);
  if (config.plugins.use.empty()) {
    tell({State::ok, "plugins.none", {}});
  } else if ((*decider)->refusals().empty()) {
    tell({State::ok, "plugins.ok", {{"count", config.plugins.use.size()}}});
  }
}

}  // namespace madoguchi::app
