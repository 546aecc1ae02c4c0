#include <boost/json/serialize.hpp>

#include "doubts.hpp"
#include "settings/daemon_config.hpp"
#include "station/pins_of_card.hpp"
#include "station/plugin_host.hpp"
#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace json = boost::json;

json::array as_json(const std::vector<settings::Complaint>& complaints) {
  json::array list;
  for (const auto& c : complaints) {
    list.push_back(json::object{{"file", c.file},
                                {"line", c.at.line},
                                {"column", c.at.column},
                                {"key", c.key},
                                {"message", c.message}});
  }
  return list;
}

// Beyond them every day that is not a Saturday or Sunday would be taken for a weekday.
void look_at_holidays(const Setting& setting, const policy::Policy& policy,
                      std::vector<settings::Complaint>& notices) {
  const auto& last = policy.calendar.known_to;
  if (!last || base::date_in_japan(setting.now) <= base::add_months_clamped(*last, -6)) return;
  const auto at = policy.origin("calendar.holidays");
  notices.push_back({at.file,
                     {at.line, at.column},
                     "calendar.holidays",
                     "national holidays are known to " + base::format_date(*last) +
                         " only; see `madoguchi holidays import`"});
}

// What a counter's configuration asks of its policy.
struct Counter {
  extension::HostConfig plugins;
  const mynumber::CardProfile* card = nullptr;
};

std::optional<Counter> read_counter(const Setting& setting, const CheckOptions& options) {
  const auto text = read_file(options.config);
  if (!text) {
    setting.err << text.error().inner << "\n";
    return std::nullopt;
  }
  const auto config = settings::load_daemon_config(*text, options.config);
  if (!config.value) {
    say(setting.err, config.complaints, "error");
    return std::nullopt;
  }
  auto plugins = config.value->plugins;
  if (!options.plugins.empty()) plugins.folder = std::filesystem::absolute(options.plugins).string();
  return Counter{station::plugin_host(plugins, std::filesystem::absolute(options.config).parent_path()),
                 &station::card_profile(config.value->readers.profile)};
}

struct Remarks {
  std::vector<settings::Complaint> complaints;
  std::vector<settings::Complaint> notices;

  void look_at(const Setting& setting, const policy::Policy& policy, const std::optional<Counter>& counter) {
    look_at_holidays(setting, policy, notices);
    if (counter) {
      add(complaints, station::pin_complaints(policy, *counter->card));
    } else {
      add(notices, lacking(setting, policy));
    }
    const auto rules = counter ? Rules(policy, counter->plugins) : Rules(setting, policy);
    add(complaints, rules.complaints());
    add(notices, rules.notices());
  }

 private:
  static void add(std::vector<settings::Complaint>& to, const std::vector<settings::Complaint>& more) {
    to.insert(to.end(), more.begin(), more.end());
  }
};

}  // namespace

int check(const Setting& setting, const CheckOptions& options, Format format) {
  std::optional<Counter> counter;
  if (!options.config.empty() && !(counter = read_counter(setting, options))) return unreadable;
  auto opened = open_policy(setting, options.policy);
  if (!opened) return unreadable;
  const auto& book = opened->book;
  Remarks found{book.complaints, {}};
  if (book.value) {
    found.notices = doubts(*book.value, opened->texts);
    for (const auto& version : book.value->versions) found.look_at(setting, *version, counter);
  }
  const bool valid = found.complaints.empty();
  if (format == Format::json) {
    setting.out << json::serialize(json::object{{"valid", valid},
                                                {"complaints", as_json(found.complaints)},
                                                {"notices", as_json(found.notices)}})
                << "\n";
    return valid ? good : not_so;
  }
  say(setting.err, found.complaints, "error");
  say(setting.err, found.notices, "notice");
  if (!valid) return not_so;
  for (const auto& version : book.value->versions) {
    setting.out << version->origin("version").file << ": " << text_of(setting, version->municipality.name)
                << ", version " << version->version << ", is valid (" << version->digest.substr(0, 16)
                << ")\n";
  }
  return good;
}

}  // namespace madoguchi::policy_tools
