#include "policy/forewarning.hpp"

#include <algorithm>

#include "catalogue.hpp"
#include "policy/text_json.hpp"

namespace madoguchi::policy {

const CrowdingRule* crowded_at(const Policy& policy, base::Date day, int minute) {
  const auto found =
      std::find_if(policy.crowding.begin(), policy.crowding.end(), [&](const CrowdingRule& rule) {
        return (!rule.when || rule.when->contains(day)) && has(rule.days, weekday_of(day)) &&
               (!rule.hours || (rule.hours->from <= minute && minute < rule.hours->to));
      });
  return found == policy.crowding.end() ? nullptr : &*found;
}

std::optional<boost::json::object> crowding(const Policy& policy, base::Instant at) {
  if (policy.crowding.empty()) return std::nullopt;
  const auto day = base::date_in_japan(at);
  const auto minute = static_cast<int>(
      std::chrono::floor<std::chrono::minutes>(at - base::start_of_day_in_japan(day)).count());
  const bool expected = crowded_at(policy, day, minute) != nullptr;
  Text told = expected ? Text{"この時期・時間帯は窓口が大変混み合います。時間に余裕をもってお越しください。",
                              "The counter is very busy at this time; please allow time."}
                       : Text{"特に混み合う時期・時間帯ではありません。",
                              "This is not a time that is known to be busy."};
  const auto quiet = quiet_times(policy.quiet).shown;
  told.ja += quiet.ja;
  told.en += quiet.en;
  auto all = to_json(told);
  all["expected"] = expected;
  return all;
}

std::optional<boost::json::object> holidays_unknown(const Policy& policy, const Office& office,
                                                    const std::vector<base::Date>& days,
                                                    const Outlook& outlook) {
  if (office.on_holidays == OnHolidays::as_weekday) return std::nullopt;
  for (const auto day : days) {
    const auto* then = outlook.rules ? outlook.rules(day).policy : nullptr;
    const auto& calendar = (then == nullptr ? policy : *then).calendar;
    if (calendar.knows(day)) continue;
    const auto finding =
        make_finding(policy, "calendar.holidays_unknown", "calendar.holidays",
                     {param("day", day), known_holidays(calendar.known_from, calendar.known_to)});
    auto all = to_json(finding.message);
    all["day"] = base::format_date(day);
    return all;
  }
  return std::nullopt;
}

}  // namespace madoguchi::policy
