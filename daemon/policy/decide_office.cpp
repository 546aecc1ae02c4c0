// Rules about the office: is it open, does it do this, is it busy, should a time have been reserved.
#include <algorithm>

#include "deciding.hpp"
#include "policy/forewarning.hpp"
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

// Everything that this visit asks of an office: for whom, for what, and the PINs that it begins with.
std::vector<Service> Deciding::needed() const {
  std::vector<Service> services{role_service()};
  switch (facts_.purpose) {
    case Purpose::expiry_check:
      services.push_back(Service::expiry_check);
      return services;
    case Purpose::pin_reset:
      services.push_back(Service::pin_reset);
      return services;
    case Purpose::renewal:
      break;
  }
  if (does(Action::renew) || !issuing()) services.push_back(Service::renewal);
  if (issuing()) services.push_back(Service::new_issuance);
  if (!decision_.pin_resets.empty()) services.push_back(Service::pin_reset);
  return services;
}

bool Deciding::offers_all(const Office& office) const {
  const auto services = needed();
  return std::all_of(services.begin(), services.end(), [&](Service s) { return office.offers(s); });
}

// Other offices that do all of this, with until when they receive today or, unless only those are asked for
// that receive right now, from when on.
Text Deciding::done_elsewhere(bool only_now) {
  Text list;
  for (const auto& other : policy_.offices) {
    if (&other == office_ || !offers_all(other)) continue;
    const auto status = office_status(policy_, changes_, other, facts_.at, outlook_);
    const auto opens = status.now ? status.after : status.next_opening;
    if (!status.in_time && (only_now || !opens)) continue;
    const auto when = status.in_time ? until(received_until(other, *status.now)) : from_when(*opens);
    if (!status.in_time) told(other, base::date_in_japan(*opens));
    list.ja.append(list.ja.empty() ? "" : "、").append(other.name.ja).append(when.ja);
    list.en.append(list.en.empty() ? "" : ", ").append(other.name.en).append(when.en);
  }
  return list;
}

// Those of a day to come of which something was told.
const Policy& Deciding::rules_on(base::Date day) const {
  const auto* then = outlook_.rules ? outlook_.rules(day).policy : nullptr;
  return then == nullptr ? policy_ : *then;
}

const Calendar& Deciding::calendar_on(base::Date day) const {
  return day == day_ ? policy_.calendar : rules_on(day).calendar;
}

// Keeps the first day on which that office is told to open though nobody knows whether it is a holiday.
void Deciding::told(const Office& office, base::Date day) {
  if (office.on_holidays == OnHolidays::as_weekday || calendar_on(day).knows(day)) return;
  if (!doubtful_ || day < *doubtful_) doubtful_ = day;
}

// Hours are judged at reception, to the minute: whoever is there at 18:45:59 came at 18:45.
void Deciding::opening() {
  if (office_ == nullptr) return;
  const auto status = office_status(policy_, changes_, *office_, facts_.at, outlook_);
  // Nobody comes back to an office for what it never does; `services` says where it is done.
  const bool done_here = offers_all(*office_);
  if (!status.now) {
    if (done_here) decision_.next_opening = status.next_opening;
    say("office.closed", office_->key + ".hours",
        {param("office", office_->id, office_->name),
         done_here ? next_opening(status.next_opening) : no_next_opening(),
         elsewhere(done_here ? done_elsewhere(true) : Text())});
    return;
  }
  if (status.in_time) return;
  const bool refuse = office_->reception.enforcement == Enforcement::refuse;
  if (refuse && done_here) decision_.next_opening = status.after;
  auto& finding =
      say("office.after_last_reception", office_->key + ".reception",
          {param("office", office_->id, office_->name),
           clock("last_reception", last_reception(*office_, *status.now)), clock("closes", status.now->to),
           refuse && !done_here ? no_what_next() : what_next(office_->reception.enforcement, status.after),
           elsewhere(done_here ? done_elsewhere(true) : Text())});
  if (refuse) finding.severity = Severity::block;
}

void Deciding::services() {
  if (office_ == nullptr || offers_all(*office_)) return;
  const auto others = done_elsewhere(false);
  for (const auto service : needed()) {
    if (office_->offers(service)) continue;
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
    const auto hours = hours_ahead(policy_, changes_, *office_, day, outlook_);
    if (!hours) return std::nullopt;
    const bool open = !hours->empty();
    const int spare = passed_days - by.days_before;
    if (open && has(rule.days, weekday_of(day)) && (spare > 0 || (spare == 0 && !late_today))) return day;
    if (open || by.days == BookingDays::calendar_days) ++passed_days;
  }
  return std::nullopt;
}

void Deciding::reservation() {
  if (office_ == nullptr) return;
  const auto weekday = weekday_of(day_);
  const auto asked = needed();
  for (const auto& rule : office_->reservations) {
    const auto& services = rule.services;
    const bool about = services.empty() || std::find_first_of(asked.begin(), asked.end(), services.begin(),
                                                              services.end()) != asked.end();
    if (!about || !has(rule.days, weekday)) continue;
    const auto bookable = first_bookable(rule);
    if (bookable) told(*office_, *bookable);
    auto& finding = say("reservation.expected", rule.key,
                        {param("need", rule.need), {"how", nullptr, rule.how}, bookable_from(bookable)});
    if (rule.need == ReservationNeed::required) finding.severity = Severity::override_;
    return;
  }
}

// Beyond the list of holidays a weekday may be one: what was told about this office, or of another to go to,
// is then to be made sure of.
void Deciding::holidays() {
  if (office_ == nullptr) return;
  told(*office_, day_);
  if (decision_.next_opening) told(*office_, base::date_in_japan(*decision_.next_opening));
  if (!doubtful_) return;
  const auto& calendar = calendar_on(*doubtful_);
  say("calendar.holidays_unknown", "calendar.holidays",
      {param("day", *doubtful_), known_holidays(calendar.known_from, calendar.known_to)});
}

void Deciding::crowding() {
  if (const auto* rule = crowded_at(policy_, day_, minute_); rule != nullptr)
    say("crowding.expected", rule->key, {quiet_times(policy_.quiet)});
}

}  // namespace madoguchi::policy
