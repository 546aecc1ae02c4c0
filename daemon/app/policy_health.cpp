#include "policy_health.hpp"

#include <algorithm>

#include "base/code_book.hpp"
#include "policy/day_text.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;

// Enough for a city to bring in the next one, and not so long that nobody looks any more.
constexpr int warned_days = 14;
// The next year's holidays are published each February, for a file that is then checked and put in place.
constexpr int holidays_warned_days = 90;

// Those that name a place; a fault without any is told as it is in the code book.
json::array complaints_of(const base::Fault& fault) {
  const auto* listed = fault.details.if_contains("complaints");
  if (listed != nullptr && listed->is_array()) return listed->get_array();
  if (fault.code == base::Code::policy_not_in_force) return {json::string(fault.inner)};
  return {};
}

void tell_refused(const PolicyState& state, json::object& all) {
  const auto since = base::format_time(state.since);
  all["state"] = "degraded";
  all["since"] = since;
  all["source"] = state.from_archive ? "kept" : "files";
  all["reason"] = base::entry(state.refused->code).reason;
  if (auto complaints = complaints_of(*state.refused); !complaints.empty()) {
    all["complaints"] = std::move(complaints);
  }
  all["ja"] = "新しいポリシーに問題があるため、以前のポリシーで動いています。管理者に連絡してください。";
  all["en"] = "The new policy was refused, so the one before stays in force; tell the administrator.";
}

void tell_end(base::Date until, int left, json::object& all) {
  all["ends_on"] = base::format_date(until);
  all["days_left"] = left;
  if (left > warned_days || all.contains("reason")) return;
  all["state"] = "degraded";
  all["ja"] = "ポリシーの有効期間が" + policy::day_text(until).ja + "で終わります(残り" +
              std::to_string(left) + "日)。次のポリシーの準備を管理者に依頼してください。";
  all["en"] = "The policy ends on " + base::format_date(until) + " (" + std::to_string(left) +
              " days left); ask the administrator for the next one.";
}

void tell_none(const base::Fault& none, json::object& all) {
  const auto& entry = base::entry(none.code);
  all["state"] = "failed";
  all["reason"] = entry.reason;
  for (const auto& [key, value] : none.details) all[key] = value;
  all["ja"] = entry.ja;
  all["en"] = none.inner;
}

}  // namespace

int days_between(base::Date from, base::Date to) {
  return static_cast<int>((std::chrono::sys_days(to) - std::chrono::sys_days(from)).count());
}

std::optional<base::Date> holidays_end(const policy::Policy& policy, base::Date today) {
  const bool needed = std::any_of(
      policy.offices.begin(), policy.offices.end(),
      [](const policy::Office& office) { return office.on_holidays != policy::OnHolidays::as_weekday; });
  const auto& end = policy.calendar.known_to;
  return needed && end && days_between(today, *end) <= holidays_warned_days ? end : std::nullopt;
}

json::object policy_health(const PolicyState& state, base::Instant now) {
  const auto today = base::date_in_japan(now);
  const auto& shown = *state.versions[policy::nearest(state.versions, today)];
  json::object all{{"state", "ok"},
                   {"municipality", shown.municipality.id},
                   {"version", shown.version},
                   {"digest", shown.digest}};
  if (shown.effective_from) all["effective_from"] = base::format_date(*shown.effective_from);
  if (shown.effective_to) all["effective_to"] = base::format_date(*shown.effective_to);
  if (state.refused != nullptr) tell_refused(state, all);
  if (const auto found = policy::in_force(state.versions, today); !found) {
    tell_none(found.error(), all);
  } else if (const auto until = policy::covered_until(state.versions, today)) {
    tell_end(*until, days_between(today, *until), all);
  }
  return all;
}

}  // namespace madoguchi::app
