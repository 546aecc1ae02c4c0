#include <boost/json/serialize.hpp>

#include "doubts.hpp"
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

}  // namespace

int check(const Setting& setting, const std::string& path, Format format) {
  auto opened = open_policy(setting, path);
  if (!opened) return unreadable;
  auto& book = opened->book;
  std::vector<settings::Complaint> notices;
  if (book.value) {
    notices = doubts(*book.value, opened->texts);
    for (const auto& version : book.value->versions) {
      look_at_holidays(setting, *version, notices);
      const Rules rules(setting, *version);
      const auto none = lacking(setting, *version);
      notices.insert(notices.end(), none.begin(), none.end());
      book.complaints.insert(book.complaints.end(), rules.complaints().begin(), rules.complaints().end());
      notices.insert(notices.end(), rules.notices().begin(), rules.notices().end());
    }
  }
  const bool valid = book.complaints.empty();
  if (format == Format::json) {
    setting.out << json::serialize(json::object{{"valid", valid},
                                                {"complaints", as_json(book.complaints)},
                                                {"notices", as_json(notices)}})
                << "\n";
    return valid ? good : not_so;
  }
  say(setting.err, book.complaints, "error");
  say(setting.err, notices, "notice");
  if (!valid) return not_so;
  for (const auto& version : book.value->versions) {
    setting.out << version->origin("version").file << ": " << text_of(setting, version->municipality.name)
                << ", version " << version->version << ", is valid (" << version->digest.substr(0, 16)
                << ")\n";
  }
  return good;
}

}  // namespace madoguchi::policy_tools
