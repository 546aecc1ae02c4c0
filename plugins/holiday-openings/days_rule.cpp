#include "days_rule.hpp"

#include <algorithm>
#include <array>

namespace holiday_openings {
namespace {

namespace sdk = madoguchi::plugin;

constexpr std::int64_t most_days_after = 31;

std::optional<Interval> parse_hours(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = sdk::parse_clock(text.substr(0, dash));
  const auto to = sdk::parse_clock(text.substr(dash + 1));
  if (!from || !to || *from >= *to) return std::nullopt;
  return Interval{*from, *to};
}

std::vector<Date> read_dates(Section& section, std::string_view key) {
  std::vector<Date> dates;
  section.texts(key, [&](const std::string& text, const std::string& place) {
    const auto date = sdk::parse_date(text);
    if (!date) {
      section.complain_at(place, "expected a date, YYYY-MM-DD, found \"" + text + "\"");
    } else if (std::find(dates.begin(), dates.end(), *date) != dates.end()) {
      section.complain_at(place, text + " stands here a second time");
    } else {
      dates.push_back(*date);
    }
  });
  return dates;
}

void read_offices(Section& section, const City& city, std::vector<std::string>& into) {
  section.texts("offices", [&](const std::string& id, const std::string& place) {
    if (!city.has_office(id)) section.complain_at(place, "no office \"" + id + "\" in this policy");
    into.push_back(id);
  });
}

void read_hours(Section& section, Kind kind, std::vector<Interval>& into) {
  const auto read = [&](const std::string& text, const std::string& place) {
    const auto hours = parse_hours(text);
    if (!hours)
      section.complain_at(place, "expected HH:MM-HH:MM, the first before the second, found \"" + text + "\"");
    return hours;
  };
  const auto plain = [&](const std::string& text, const std::string& place) {
    if (const auto hours = read(text, place)) into.push_back(*hours);
  };
  section.texts("hours", plain, [&](Section& s) {
    const auto text = s.text("hours");
    const auto last = s.text("last_at");
    for (const auto* key : {"hours", "last_at"}) {
      if (!s.has(key)) s.complain("", std::string("missing: ") + key);
    }
    if (kind == Kind::closure && last) s.complain("last_at", "nobody is received while it is closed");
    auto hours = text ? read(*text, s.place("hours")) : std::nullopt;
    if (!hours || !last) return;
    hours->last_at = sdk::parse_clock(*last);
    if (!hours->last_at || *hours->last_at < hours->from || *hours->last_at > hours->to)
      return s.complain("last_at", "expected a time within " + *text + ", found \"" + *last + "\"");
    into.push_back(*hours);
  });
}

void read_recurrence(Section& section, DaysRule& entry) {
  const auto text = section.text("rule");
  const auto days_after = static_cast<int>(section.integer("days_after", 0, most_days_after, 0));
  if (!text) {
    if (section.has("days_after")) section.complain("days_after", "only used with `rule`");
    return;
  }
  std::string why;
  entry.rule = Recurrence::make(*text, entry.from, days_after, why);
  if (!entry.rule) section.complain("rule", why + "; found \"" + *text + "\"");
}

// Core refuses the same of an office's own hours.
void check_hours(Section& section, const DaysRule& entry) {
  for (std::size_t i = 1; i < entry.hours.size(); ++i) {
    if (entry.hours[i].from < entry.hours[i - 1].to)
      section.complain_at(section.place("hours") + '/' + std::to_string(i),
                          "begins before the one before it has ended");
  }
}

// A month in which no day is left says more than any look at the rule's text. What becomes of national
// holidays would leave some.
void check_always(Section& section, const DaysRule& entry, Kind kind) {
  if (kind != Kind::closure || !entry.rule || !entry.hours.empty() || entry.until) return;
  if (entry.on_holidays != OnHolidays::as_usual) return;
  const sdk::Date first = entry.from.value_or(std::chrono::year(2028) / 2 / 1);
  const auto last = sdk::add_days(first, 30);
  if (entry.rule->days(first, last).size() == 31)
    section.notice(section.place("rule"),
                   "closes every day, with no `until`: the office never opens again by its hours");
}

void check_whole(Section& section, const DaysRule& entry, Kind kind) {
  for (const auto* key : {"offices", "hours"}) section.not_empty(key);
  if (kind == Kind::opening) {
    for (const auto* key : {"offices", "hours"}) {
      if (!section.has(key)) section.complain("", std::string("missing: ") + key);
    }
  }
  if (!section.has("rule") && !section.has("dates") && entry.on_holidays != OnHolidays::only)
    section.complain("", "says no day: give `dates` or `rule`, or `holidays: only`");
  if (entry.from && entry.until && *entry.until < *entry.from)
    section.complain("until", "lies before `from`");
  if (section.has("dates") && entry.dates.empty() && !section.has("rule")) {
    section.notice(section.place("dates"), "no dates are listed yet, so this entry has no effect");
  }
}

std::string item(const Section& section, std::string_view key, std::size_t i) {
  return section.place(key) + '/' + std::to_string(i);
}

bool among(const std::vector<Date>& days, Date day) {
  return std::find(days.begin(), days.end(), day) != days.end();
}

// What says nothing, since another key of the same entry contradicts it or never comes to that day.
void check_days(Section& section, const DaysRule& entry) {
  const auto outside = [&](Date day) {
    return (entry.from && day < *entry.from) || (entry.until && *entry.until < day);
  };
  for (std::size_t i = 0; i < entry.dates.size(); ++i) {
    if (outside(entry.dates[i]))
      section.complain_at(item(section, "dates", i), "lies outside of `from` and `until`");
  }
  for (std::size_t i = 0; i < entry.except.size(); ++i) {
    const auto day = entry.except[i];
    if (among(entry.dates, day)) {
      section.complain_at(item(section, "except", i), "stands in `dates` too");
    } else if (outside(day) || (!entry.covers(day) && !entry.every_holiday())) {
      section.notice(item(section, "except", i),
                     sdk::format_date(day) + " is no day of this entry, so that excepting it does nothing");
    }
  }
}

}  // namespace

bool DaysRule::covers(Date day) const {
  return rule && !rule->days(day, day).empty();
}

bool DaysRule::concerns(std::string_view office) const {
  return offices.empty() || std::find(offices.begin(), offices.end(), office) != offices.end();
}

std::vector<Date> DaysRule::kept(std::vector<Date> days, const sdk::Period& period) const {
  std::erase_if(days, [&](Date day) {
    return day < period.from || period.to < day || (from && day < *from) || (until && *until < day) ||
           among(except, day) ||
           (on_holidays != OnHolidays::as_usual &&
            among(period.holidays, day) != (on_holidays == OnHolidays::only));
  });
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

std::vector<Date> DaysRule::listed(const sdk::Period& period) const {
  return kept(dates, period);
}

std::vector<Date> DaysRule::recurring(const sdk::Period& period) const {
  const auto first = from ? std::max(period.from, *from) : period.from;
  const auto last = until ? std::min(period.to, *until) : period.to;
  if (every_holiday()) return kept(period.holidays, period);
  if (!rule || last < first) return {};
  return kept(rule->days(first, last), period);
}

DaysRule read_days_rule(Section& section, const City& city, Kind kind) {
  DaysRule entry;
  entry.place = section.pointer();
  read_offices(section, city, entry.offices);
  read_hours(section, kind, entry.hours);
  entry.dates = read_dates(section, "dates");
  entry.from = section.date("from");
  entry.until = section.date("until");
  entry.except = read_dates(section, "except");
  constexpr std::array<std::string_view, 3> on_holidays{"as_usual", "skip", "only"};
  entry.on_holidays = section.word<OnHolidays>("holidays", on_holidays, OnHolidays::as_usual);
  read_recurrence(section, entry);
  check_hours(section, entry);
  check_always(section, entry, kind);
  check_whole(section, entry, kind);
  check_days(section, entry);
  if (kind == Kind::closure && !section.has("hours")) entry.hours.push_back(sdk::whole_day);
  return entry;
}

}  // namespace holiday_openings
