// Openings and closures beyond the weekly hours, by dates or recurrence rules.
#include <algorithm>
#include <array>
#include <map>

#include "days_rule.hpp"

namespace holiday_openings {
namespace {

using namespace madoguchi::plugin;

class HolidayOpenings {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;

  // Core says that an office is closed, and when it opens.
  static constexpr std::array<Code, 0> codes{};

  static constexpr std::string_view section_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "definitions": {
      "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
      "interval": {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"},
      "hours": {"description": "HH:MM-HH:MM", "type": "array", "minItems": 1, "items": {"$ref": "#/definitions/interval"}},
      "opening_hours": {
        "description": "HH:MM-HH:MM; with a last reception of their own {hours: HH:MM-HH:MM, last_at: HH:MM}",
        "type": "array", "minItems": 1,
        "items": {"anyOf": [
          {"$ref": "#/definitions/interval"},
          {"type": "object", "additionalProperties": false, "required": ["hours", "last_at"],
           "properties": {"hours": {"$ref": "#/definitions/interval"}, "last_at": {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"}}}
        ]}
      },
      "offices": {"description": "ids of the policy's offices", "type": "array", "minItems": 1, "items": {"type": "string"}},
      "dates": {"type": "array", "items": {"$ref": "#/definitions/date"}},
      "days": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/date"}},
      "holidays": {"description": "national holidays among its days; `only` leaves no other day and may stand without rule and dates", "enum": ["as_usual", "skip", "only"], "default": "as_usual"},
      "rule": {"description": "a recurrence rule of RFC 5545, e.g. FREQ=MONTHLY;BYDAY=2SA,4SA", "type": "string"},
      "days_after": {"description": "so many days after each day of the rule", "type": "integer", "minimum": 0, "maximum": 31}
    },
    "properties": {
      "openings": {
        "description": "added to the weekly hours; over New Year only by date",
        "type": "array", "minItems": 1,
        "items": {
          "type": "object", "additionalProperties": false, "required": ["offices", "hours"],
          "properties": {
            "offices": {"$ref": "#/definitions/offices"}, "hours": {"$ref": "#/definitions/opening_hours"},
            "dates": {"$ref": "#/definitions/dates"}, "rule": {"$ref": "#/definitions/rule"},
            "days_after": {"$ref": "#/definitions/days_after"},
            "from": {"$ref": "#/definitions/date"}, "until": {"$ref": "#/definitions/date"},
            "except": {"$ref": "#/definitions/days"}, "holidays": {"$ref": "#/definitions/holidays"}
          }
        }
      },
      "closures": {
        "description": "taken away from the weekly hours and from openings, except that an opening by date beats a closure by rule; without offices: all; without hours: the whole day",
        "type": "array", "minItems": 1,
        "items": {
          "type": "object", "additionalProperties": false,
          "properties": {
            "offices": {"$ref": "#/definitions/offices"}, "hours": {"$ref": "#/definitions/hours"},
            "dates": {"$ref": "#/definitions/dates"}, "rule": {"$ref": "#/definitions/rule"},
            "days_after": {"$ref": "#/definitions/days_after"},
            "from": {"$ref": "#/definitions/date"}, "until": {"$ref": "#/definitions/date"},
            "except": {"$ref": "#/definitions/days"}, "holidays": {"$ref": "#/definitions/holidays"}
          }
        }
      },
      "doubtful": {
        "description": "days on which an opening by date is likely a mistake; the policy is accepted with a notice",
        "type": "array", "minItems": 1,
        "items": {
          "type": "object", "additionalProperties": false, "required": ["rule", "why"],
          "properties": {
            "rule": {"$ref": "#/definitions/rule"}, "days_after": {"$ref": "#/definitions/days_after"},
            "why": {"type": "string"}
          }
        }
      }
    }
  })";

  static HolidayOpenings read(Section& section, const City& city) {
    HolidayOpenings rules;
    section.each("openings",
                 [&](Section& s) { rules.openings_.push_back(read_days_rule(s, city, Kind::opening)); });
    section.each("closures",
                 [&](Section& s) { rules.closures_.push_back(read_days_rule(s, city, Kind::closure)); });
    section.each("doubtful", [&](Section& s) { rules.notice_doubtful(s); });
    rules.notice_said_twice(section);
    rules.notice_contradictions(section);
    return rules;
  }

  // A date beats a rule, and year-end is a rule of the calendar's; of two dates or two rules the closure
  // wins.
  [[nodiscard]] std::vector<Change> schedule(const Period& period) const {
    std::map<Date, Said> days;
    add(period, openings_, &Said::opened_by_date, &Said::opened_by_rule, days);
    add(period, closures_, &Said::closed_by_date, &Said::closed_by_rule, days);
    std::vector<Change> changes;
    for (auto& [day, said] : days) {
      const bool year_end = std::binary_search(period.year_end.begin(), period.year_end.end(), day);
      Change change{day, said.opened_by_date, without(said.closed_by_rule, said.opened_by_date)};
      if (!year_end) append(change.opened, said.opened_by_rule);
      append(change.closed, said.closed_by_date);
      if (!change.opened.empty() || !change.closed.empty()) changes.push_back(std::move(change));
    }
    return changes;
  }

 private:
  // What the entries say about one day.
  struct Said {
    std::vector<Interval> opened_by_date;
    std::vector<Interval> opened_by_rule;
    std::vector<Interval> closed_by_date;
    std::vector<Interval> closed_by_rule;
  };

  static void append(std::vector<Interval>& to, const std::vector<Interval>& more) {
    to.insert(to.end(), more.begin(), more.end());
  }

  static void add(const Period& period, const std::vector<DaysRule>& entries,
                  std::vector<Interval> Said::*by_date, std::vector<Interval> Said::*by_rule,
                  std::map<Date, Said>& days) {
    for (const auto& entry : entries) {
      if (!entry.concerns(period.office)) continue;
      for (const auto day : entry.listed(period)) append(days[day].*by_date, entry.hours);
      for (const auto day : entry.recurring(period)) append(days[day].*by_rule, entry.hours);
    }
  }

  static std::vector<Interval> without(std::vector<Interval> pieces, const std::vector<Interval>& taken) {
    for (const auto& gap : taken) {
      std::vector<Interval> left;
      for (const auto& piece : pieces) {
        if (piece.from < std::min(piece.to, gap.from))
          left.push_back({piece.from, std::min(piece.to, gap.from)});
        if (std::max(piece.from, gap.to) < piece.to) left.push_back({std::max(piece.from, gap.to), piece.to});
      }
      pieces = std::move(left);
    }
    return pieces;
  }

  // A day that its own rule has already is listed for nothing, unless a rule closes it or it is one of New
  // Year's, which only the daemon knows.
  void notice_said_twice(Section& section) const {
    for (const auto& opening : openings_) {
      for (std::size_t i = 0; i < opening.dates.size(); ++i) {
        const auto day = opening.dates[i];
        const bool closed = std::any_of(closures_.begin(), closures_.end(),
                                        [&](const DaysRule& closure) { return closure.covers(day); });
        if (closed || !opening.covers(day)) continue;
        section.notice(
            opening.place + "/dates/" + std::to_string(i),
            format_date(day) + " is a day of `rule` already; listing it matters over New Year only");
      }
    }
  }

  // Whether nobody would be received in those hours of one day.
  static bool closed_whole(const DaysRule& opening, const DaysRule& closure) {
    return std::all_of(opening.hours.begin(), opening.hours.end(), [&](const Interval& hours) {
      const auto left = without({hours}, closure.hours);
      return std::all_of(left.begin(), left.end(),
                         [&](const Interval& piece) { return hours.last_at && *hours.last_at < piece.from; });
    });
  }

  // Of an opening and a closure by date the closure wins, which is hardly what both lists were written for; a
  // break is.
  void notice_contradictions(Section& section) const {
    for (const auto& closure : closures_) {
      for (std::size_t i = 0; i < closure.dates.size(); ++i) {
        const auto day = closure.dates[i];
        const auto contradicted = [&](const DaysRule& opening) {
          const bool same = std::find(opening.dates.begin(), opening.dates.end(), day) != opening.dates.end();
          return same && closed_whole(opening, closure) &&
                 std::any_of(opening.offices.begin(), opening.offices.end(),
                             [&](const std::string& office) { return closure.concerns(office); });
        };
        const auto found = std::find_if(openings_.begin(), openings_.end(), contradicted);
        if (found == openings_.end()) continue;
        section.notice(closure.place + "/dates/" + std::to_string(i),
                       format_date(day) + " is listed as an opening of the same office too (openings[" +
                           found->place.substr(found->place.rfind('/') + 1) + "]); the closure wins");
      }
    }
  }

  void notice_doubtful(Section& section) const {
    const auto rule = section.text("rule");
    const auto days_after = static_cast<int>(section.integer("days_after", 0, 31, 0));
    const auto why = section.text("why");
    for (const auto* key : {"rule", "why"}) {
      if (!section.has(key)) section.complain("", std::string("missing: ") + key);
    }
    if (!rule || !why) return;
    std::string fault;
    const auto days = Recurrence::make(*rule, std::nullopt, days_after, fault);
    if (!days) return section.complain("rule", fault + "; found \"" + *rule + "\"");
    for (const auto& opening : openings_) {
      for (std::size_t i = 0; i < opening.dates.size(); ++i) {
        const auto day = opening.dates[i];
        if (days->days(day, day).empty()) continue;
        section.notice(opening.place + "/dates/" + std::to_string(i), format_date(day) + ": " + *why);
      }
    }
  }

  std::vector<DaysRule> openings_;
  std::vector<DaysRule> closures_;
};

}  // namespace
}  // namespace holiday_openings

MADOGUCHI_PLUGIN(holiday_openings::HolidayOpenings)
