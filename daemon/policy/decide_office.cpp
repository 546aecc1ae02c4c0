// Rules about the office: is it open, does it do this, is it busy, should a time have been reserved.
#include <algorithm>

#include "deciding.hpp"
#include "policy/hours.hpp"

namespace madoguchi::policy {

Service Deciding::role_service() const {
  switch (acting_) {
    case Role::proxy:
      return Service::proxy;
    case Role::legal_representative:
      return Service::legal_representative;
    case Role::holder:
      break;
  }
  return Service::holder;
}

Service Deciding::purpose_service() const {
  switch (facts_.purpose) {
    case Purpose::expiry_check:
      return Service::expiry_check;
    case Purpose::pin_reset:
      return Service::pin_reset;
    case Purpose::renewal:
      break;
  }
  return issuing() ? Service::new_issuance : Service::renewal;
}

// Offices where the visitor would be received right now, with their last reception; empty if there is none.
Text Deciding::open_elsewhere() const {
  Text list;
  for (const auto& other : policy_.offices) {
    if (&other == office_ || !other.offers(role_service())) continue;
    const auto status = office_status(policy_, changes_, other, facts_.at);
    if (!status.in_time) continue;
    const auto until = minute_text(last_reception(other, *status.now));
    list.ja.append(list.ja.empty() ? "" : "、").append(other.name.ja).append("(" + until + "まで)");
    list.en.append(list.en.empty() ? "" : ", ").append(other.name.en).append(" (until " + until + ")");
  }
  return list;
}

// Hours are judged at reception, to the minute: whoever is there at 18:45:59 came at 18:45.
void Deciding::opening() {
  if (office_ == nullptr) return;
  const auto status = office_status(policy_, changes_, *office_, facts_.at);
  if (!status.now) {
    decision_.next_opening = status.next_opening;
    say("office.closed", office_->key + ".hours",
        {param("office", office_->id, office_->name), next_opening(status.next_opening),
         elsewhere(open_elsewhere())});
    return;
  }
  if (status.in_time) return;
  auto& finding =
      say("office.after_last_reception", office_->key + ".reception",
          {param("office", office_->id, office_->name),
           clock("last_reception", last_reception(*office_, *status.now)), clock("closes", status.now->to),
           what_next(office_->reception.enforcement, status.after), elsewhere(open_elsewhere())});
  if (office_->reception.enforcement == Enforcement::refuse) finding.severity = Severity::block;
}

void Deciding::services() {
  if (office_ == nullptr) return;
  for (const auto service : {role_service(), purpose_service()}) {
    if (office_->offers(service)) continue;
    Text others;
    for (const auto& other : policy_.offices) {
      if (!other.offers(role_service()) || !other.offers(purpose_service())) continue;
      others.ja.append(others.ja.empty() ? "" : "、").append(other.name.ja);
      others.en.append(others.en.empty() ? "" : ", ").append(other.name.en);
    }
    say("office.service_not_offered", office_->key + ".services",
        {param("office", office_->id, office_->name), param("service", service), offered_at(others)});
  }
}

// No fact says how many have been received today, so the clerk is told to look.
void Deciding::limits() {
  if (office_ == nullptr) return;
  const auto& rule = office_->reception;
  if (!rule.daily_limit && !rule.may_close_early) return;
  if (!office_status(policy_, changes_, *office_, facts_.at).in_time) return;
  say("reception.limited", office_->key + ".reception",
      {param("office", office_->id, office_->name), limit(rule.daily_limit)});
}

// The first day for which a time can still be booked now.
std::optional<base::Date> Deciding::first_bookable(const ReservationRule& rule) const {
  constexpr int horizon_days = 90;
  if (!rule.book_by) return std::nullopt;
  const auto& by = *rule.book_by;
  const bool today_counts =
      by.days == BookingDays::calendar_days || !open_hours(policy_, changes_, *office_, day_).empty();
  const bool late_today = by.at && minute_ > *by.at && today_counts;
  int passed_days = 0;  // from today on, of those that count
  for (int ahead = 0; ahead <= horizon_days; ++ahead) {
    const auto day = base::add_days(day_, ahead);
    const bool open = !open_hours(policy_, changes_, *office_, day).empty();
    const int spare = passed_days - by.days_before;
    if (open && has(rule.days, weekday_of(day)) && (spare > 0 || (spare == 0 && !late_today))) return day;
    if (open || by.days == BookingDays::calendar_days) ++passed_days;
  }
  return std::nullopt;
}

void Deciding::reservation() {
  if (office_ == nullptr) return;
  const auto weekday = weekday_of(day_);
  for (const auto& rule : office_->reservations) {
    const auto& services = rule.services;
    const bool about = services.empty() ||
                       std::find(services.begin(), services.end(), purpose_service()) != services.end() ||
                       std::find(services.begin(), services.end(), role_service()) != services.end();
    if (!about || !has(rule.days, weekday)) continue;
    auto& finding =
        say("reservation.expected", rule.key,
            {param("need", rule.need), {"how", nullptr, rule.how}, bookable_from(first_bookable(rule))});
    if (rule.need == ReservationNeed::required) finding.severity = Severity::override_;
    return;
  }
}

// Beyond the list of holidays a weekday may be one: what was told about the office is then to be made sure
// of.
void Deciding::holidays() {
  if (office_ == nullptr || office_->on_holidays == OnHolidays::as_weekday) return;
  auto doubtful = day_;
  if (policy_.calendar.knows(day_) && decision_.next_opening)
    doubtful = base::date_in_japan(*decision_.next_opening);
  if (policy_.calendar.knows(doubtful)) return;
  say("calendar.holidays_unknown", "calendar.holidays",
      {param("day", doubtful), known_holidays(policy_.calendar.known_from, policy_.calendar.known_to)});
}

void Deciding::crowding() {
  const auto weekday = weekday_of(day_);
  for (const auto& rule : policy_.crowding) {
    if (rule.when && !rule.when->contains(day_)) continue;
    if (!has(rule.days, weekday)) continue;
    if (rule.hours && (minute_ < rule.hours->from || minute_ >= rule.hours->to)) continue;
    say("crowding.expected", rule.key, {quiet_times(policy_.quiet)});
    return;
  }
}

}  // namespace madoguchi::policy
