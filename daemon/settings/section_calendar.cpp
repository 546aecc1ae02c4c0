// Days and times in a mapping: intervals, weekdays, ranges of the year.
#include <algorithm>

#include "policy/hours.hpp"
#include "scan.hpp"
#include "section.hpp"

namespace madoguchi::settings {
namespace {

using policy::Interval;

constexpr std::array<std::string_view, 7> weekday_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::string_view weekday_form = "a day or a range of days such as mon, mon-fri";
constexpr std::string_view interval_form = "a time of day from-to such as \"08:30-17:15\"";

std::optional<unsigned> weekday(std::string_view text) {
  const auto found = std::find(weekday_names.begin(), weekday_names.end(), text);
  if (found == weekday_names.end()) return std::nullopt;
  return static_cast<unsigned>(found - weekday_names.begin());
}

// "mon", "mon-fri", "sat-sun": over the week's end too.
std::optional<policy::WeekdaySet> weekday_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = weekday(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : weekday(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  policy::WeekdaySet set = 0;
  for (auto day = *first;; day = (day + 1) % 7) {
    set |= 1U << day;
    if (day == *last) return set;
  }
}

// "MM-DD" of a leap year, so that 29 February is one.
std::optional<std::chrono::month_day> month_day(std::string_view text) {
  if (text.size() != 5) return std::nullopt;
  const auto date = base::parse_date("2024-" + std::string(text));
  if (!date) return std::nullopt;
  return std::chrono::month_day(date->month(), date->day());
}

}  // namespace

bool Section::is(std::string_view key, Value::Kind kind) const {
  const auto* member = node_->find(key);
  return member != nullptr && member->value.kind == kind;
}

void Section::minute(std::string_view key, std::optional<int>& into, Need need) {
  const std::string expected = "a time of day such as \"18:45\"";
  const auto* node = scalar(key, need, expected);
  if (node == nullptr) return;
  const auto value = policy::parse_minute(node->text);
  if (!value) return wrong(key, *node, expected);
  into = value;
}

// By itself, or with a last reception of its own.
std::optional<Interval> Section::read_interval(const Value& item, const std::string& place) {
  if (item.kind != Value::Kind::mapping) {
    const auto interval = item.kind == Value::Kind::scalar ? policy::parse_interval(item.text) : std::nullopt;
    if (interval || item.kind == Value::Kind::refused) return interval;
    const auto found = item.kind == Value::Kind::scalar ? quote(item.text) : "something else";
    report_->complain(item.at, place, "expected " + std::string(interval_form) + ", found " + found);
    return std::nullopt;
  }
  std::optional<Interval> interval;
  Section::read(item, item.at, place, *report_, [&](Section& s) {
    const auto* hours = s.scalar("hours", Need::required, std::string(interval_form));
    if (hours != nullptr) interval = policy::parse_interval(hours->text);
    if (hours != nullptr && !interval) s.wrong("hours", *hours, std::string(interval_form));
    std::optional<int> last;
    s.minute("last_at", last, Need::required);
    if (!interval || !last) return;
    if (*last < interval->from || *last > interval->to)
      return s.complain("last_at", "lies outside of its hours (" + to_text(*interval) + ")");
    interval->last_at = last;
  });
  return interval;
}

std::optional<std::vector<Interval>> Section::read_intervals(const Value& node, const std::string& key) {
  if (node.kind != Value::Kind::list) {
    report_->complain(node.at, key, "expected a list of times of day from-to, such as [\"08:30-17:15\"]");
    return std::nullopt;
  }
  std::vector<Interval> all;
  bool good = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const auto& item = node.items[i];
    const auto place = key + "[" + std::to_string(i) + "]";
    const auto interval = read_interval(item, place);
    good = good && interval;
    if (!interval) continue;
    if (!all.empty() && interval->from < all.back().to) {
      good = false;
      report_->complain(item.at, place,
                        "begins before the one before it has ended (" + to_text(all.back()) + ")");
    } else {
      all.push_back(*interval);
    }
  }
  if (!good) return std::nullopt;
  return policy::united(std::move(all));
}

void Section::intervals(std::string_view key, std::vector<Interval>& into, Need need) {
  const auto* node = find(key, need, "a list of times of day from-to");
  if (node == nullptr) return;
  if (auto read = read_intervals(*node, key_path(key))) into = std::move(*read);
}

void Section::yearly(std::string_view key, std::optional<policy::YearlyRange>& into, Need need) {
  section(key, need, [&](Section& s) {
    policy::YearlyRange range;
    bool good = true;
    for (auto* end : {&range.from, &range.to}) {
      const std::string_view name = end == &range.from ? "from" : "to";
      const std::string expected = "a day of the year, MM-DD";
      const auto* node = s.scalar(name, Need::required, expected);
      const auto day = node == nullptr ? std::nullopt : month_day(node->text);
      if (node != nullptr && !day) s.wrong(name, *node, expected);
      if (day) *end = *day;
      good = good && day;
    }
    if (good) into = range;
  });
}

void Section::weekdays(std::string_view key, policy::WeekdaySet& into, Need need) {
  const auto listed = texts(key, need);
  if (!has(key)) return;
  not_empty(key);
  into = policy::no_weekday;
  for (const auto& item : listed) {
    const auto set = weekday_range(item.text);
    if (set) {
      into |= *set;
    } else {
      report_->complain(item.at, item.key,
                        "expected " + std::string(weekday_form) + ", found " + quote(item.text));
    }
  }
}

void Section::hours(std::string_view key, std::array<std::optional<std::vector<Interval>>, 7>& into,
                    Need need) {
  open_section(key, need, [&](const std::string& name, const Value& value, Position at) {
    const auto place = key_path(key) + "." + name;
    const auto days = weekday_range(name);
    if (!days) {
      report_->complain(at, place, "expected " + std::string(weekday_form) + ", found " + quote(name));
    }
    const auto read = read_intervals(value, place);
    if (!days || !read) return;
    for (unsigned day = 0; day < into.size(); ++day) {
      if (!policy::has(*days, day)) continue;
      if (into.at(day)) {
        report_->complain(at, place, std::string(weekday_names.at(day)) + " has its hours already, above");
        return;
      }
      into.at(day) = *read;
    }
  });
}

void Section::words_in_both(std::string_view key, policy::Text& into, Need need) {
  section(key, need, [&](Section& s) {
    s.text("ja", into.ja, Need::required);
    s.text("en", into.en, Need::required);
  });
}

}  // namespace madoguchi::settings
