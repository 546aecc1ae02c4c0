#include "settings/holidays.hpp"

#include <algorithm>
#include <cstdio>

#include "scan.hpp"
#include "section.hpp"

namespace madoguchi::settings {
namespace {

using policy::Holiday;

void read_days(Section& root, HolidayList& list) {
  root.open_section("holidays", Need::required, [&](const std::string& day, const Value& name, Position at) {
    const auto date = base::parse_date(day);
    auto& report = root.report();
    const auto place = "holidays." + day;
    if (!date)
      return report.complain(at, place, "expected a date that exists, YYYY-MM-DD, found " + quote(day));
    if (name.kind != Value::Kind::scalar || name.text.empty()) {
      return report.complain(name.at, place, "expected the holiday's name");
    }
    if (*date < list.from || *date > list.to) {
      return report.complain(at, place, "outside of the days that the file covers");
    }
    list.holidays.push_back({*date, name.text});
  });
  std::sort(list.holidays.begin(), list.holidays.end(),
            [](const Holiday& a, const Holiday& b) { return a.day < b.day; });
}

void read_list(Section& root, HolidayList& list) {
  root.section("covers", Need::required, [&](Section& s) {
    std::optional<base::Date> from;
    std::optional<base::Date> to;
    s.date("from", from, Need::required);
    s.date("to", to, Need::required);
    if (from && to && *to < *from) s.complain("to", "expected no day before `from`");
    list.from = from.value_or(list.from);
    list.to = to.value_or(list.to);
  });
  read_days(root, list);
}

// "2026/1/1" as the Cabinet Office writes it.
std::optional<base::Date> csv_date(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int used = 0;
  const std::string copy(text);
  // NOLINTNEXTLINE(cert-err34-c): four and two digits convert without overflow
  if (std::sscanf(copy.c_str(), "%4d/%2u/%2u%n", &year, &month, &day, &used) != 3) return std::nullopt;
  if (static_cast<std::size_t>(used) != copy.size()) return std::nullopt;
  const base::Date date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return date.ok() ? std::optional(date) : std::nullopt;
}

std::string write(int first, int last, const std::vector<Holiday>& holidays) {
  std::string text =
      "# National holidays of Japan, with substitute and citizens' holidays: 国民の祝日に関する法律, art. "
      "3.\n"
      "# Made from the Cabinet Office's list (syukujitsu.csv) by `madoguchi holidays import`.\n\n";
  text += "covers: {from: " + std::to_string(first) + "-01-01, to: " + std::to_string(last) +
          "-12-31}\n\nholidays:\n";
  for (const auto& holiday : holidays)
    text += "  " + base::format_date(holiday.day) + ": " + holiday.name + "\n";
  return text;
}

}  // namespace

Loaded<HolidayList> load_holidays(std::string_view text, const std::string& file) {
  auto tree = read_tree(text, file);
  Report report(file);
  report.add(std::move(tree.complaints));
  HolidayList list;
  if (tree.root) {
    Section::read(*tree.root, tree.root->at, "", report, [&](Section& root) { read_list(root, list); });
  }
  Loaded<HolidayList> loaded;
  loaded.complaints = report.sorted();
  if (loaded.complaints.empty()) loaded.value = std::move(list);
  return loaded;
}

Loaded<std::string> import_holidays(std::string_view csv, const std::string& file, int first, int last) {
  Loaded<std::string> loaded;
  std::vector<Holiday> holidays;
  int line = 0;
  while (!csv.empty()) {
    const auto end = csv.find('\n');
    auto row = csv.substr(0, end);
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    if (row.ends_with('\r')) row.remove_suffix(1);
    ++line;
    if (row.empty() || line == 1) continue;  // the heading
    const auto comma = row.find(',');
    const auto date = csv_date(row.substr(0, comma));
    const auto name = comma == std::string_view::npos ? std::string_view() : row.substr(comma + 1);
    if (!date || name.empty() || name.find_first_of(",:#\"'") != std::string_view::npos) {
      loaded.complaints.push_back({file, {line, 1}, {}, "expected YYYY/M/D,name, found " + quote(row)});
    } else if (static_cast<int>(date->year()) >= first && static_cast<int>(date->year()) <= last) {
      holidays.push_back({*date, std::string(name)});
    }
  }
  for (int year = first; year <= last; ++year) {
    const bool any = std::any_of(holidays.begin(), holidays.end(),
                                 [&](const Holiday& h) { return static_cast<int>(h.day.year()) == year; });
    if (!any) loaded.complaints.push_back({file, {1, 1}, {}, "no holiday of " + std::to_string(year)});
  }
  if (loaded.complaints.empty()) loaded.value = write(first, last, holidays);
  return loaded;
}

}  // namespace madoguchi::settings
