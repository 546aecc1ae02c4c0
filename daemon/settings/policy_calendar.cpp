// The calendar of a policy: national holidays from their file, year-end, and the days on which the national
// system stops.
#include "policy_reader.hpp"
#include "settings/holidays.hpp"

namespace madoguchi::settings {
namespace {

using policy::Policy;

std::string beside(const std::string& file, const std::string& path) {
  const auto slash = file.rfind('/');
  return path.starts_with('/') || slash == std::string::npos ? path : file.substr(0, slash + 1) + path;
}

// The complaints of the other file stand beside those of this one.
std::string read_holiday_file(Section& s, policy::Calendar& calendar, const ReadFile& read) {
  std::string path;
  s.text("holidays", path, Need::required);
  if (path.empty()) return {};
  const auto full = beside(s.report().file(), path);
  auto text = read ? read(full) : base::make_fault(base::Code::not_found, "no files can be read here");
  if (!text) {
    s.complain("holidays", "cannot be read: " + text.error().inner);
    return {};
  }
  auto list = load_holidays(*text, full);
  s.report().add(std::move(list.complaints));
  if (list.value) {
    calendar.holidays = std::move(list.value->holidays);
    calendar.known_from = list.value->from;
    calendar.known_to = list.value->to;
  }
  return std::move(*text);
}

}  // namespace

std::string read_calendar(Section& root, Policy& policy, const ReadFile& read) {
  std::string files;
  root.section("calendar", Need::required, [&](Section& s) {
    files = read_holiday_file(s, policy.calendar, read);
    s.yearly("year_end", policy.calendar.year_end, Need::optional);
  });
  return files;
}

}  // namespace madoguchi::settings
