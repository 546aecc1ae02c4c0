// The offices of a policy: when they receive, what they do, how they are reached; and when it is crowded.
#include <algorithm>

#include "policy/hours.hpp"
#include "policy_reader.hpp"

namespace madoguchi::settings {
namespace {

using policy::names;
using policy::Office;
using policy::Policy;

constexpr std::size_t longest_phone = 32;

template <class Word>
std::vector<Word> every() {
  std::vector<Word> all;
  for (std::size_t i = 0; i < names<Word>().size(); ++i) all.push_back(static_cast<Word>(i));
  return all;
}

void read_hours(Section& s, Office& office) {
  std::array<std::optional<std::vector<policy::Interval>>, 7> weekly;
  s.hours("hours", weekly, Need::required);
  for (std::size_t day = 0; day < weekly.size(); ++day) {
    if (weekly.at(day)) office.weekly.at(day) = std::move(*weekly.at(day));
  }
  s.each("seasons", Need::optional, [&](Section& season) {
    std::optional<policy::YearlyRange> when;
    policy::Season read;
    season.yearly("when", when, Need::required);
    season.hours("hours", read.hours, Need::required);
    read.when = when.value_or(policy::YearlyRange{});
    office.seasons.push_back(std::move(read));
  });
}

// One of two words, or hours of their own.
void read_holidays(Section& s, Office& office) {
  static constexpr std::array<std::string_view, 2> plain{"closed", "as_weekday"};
  if (!s.is("holidays", Value::Kind::mapping)) {
    return s.word("holidays", office.on_holidays, std::span<const std::string_view>(plain), Need::optional);
  }
  office.on_holidays = policy::OnHolidays::own_hours;
  s.section("holidays", Need::optional, [&](Section& own) {
    own.intervals("hours", office.holiday_hours, Need::required);
    own.weekdays("except", office.holidays_as_weekday, Need::optional);
  });
}

void read_reservations(Section& s, Office& office) {
  s.each("reservations", Need::optional, [&](Section& r) {
    policy::ReservationRule rule;
    rule.key = r.path();
    r.word("need", rule.need, names<policy::ReservationNeed>(), Need::required);
    r.weekdays("days", rule.days, Need::optional);
    r.words("services", rule.services, names<policy::Service>(), Need::optional);
    r.not_empty("services");
    r.words_in_both("how", rule.how, Need::required);
    r.section("book_by", Need::optional, [&](Section& by) {
      auto& deadline = rule.book_by.emplace();
      by.integer("days_before", deadline.days_before, 0, 60, Need::required);
      by.word("days", deadline.days, names<policy::BookingDays>(), Need::optional);
      by.minute("at", deadline.at, Need::optional);
    });
    office.reservations.push_back(std::move(rule));
  });
}

Office read_office(Section& s, const policy::ReceptionRule& usual) {
  Office office;
  office.key = s.path();
  read_id(s, office.id);
  s.words_in_both("name", office.name, Need::required);
  s.word("kind", office.kind, names<policy::OfficeKind>(), Need::optional);
  read_hours(s, office);
  read_holidays(s, office);
  s.word("year_end", office.on_year_end, names<policy::OnYearEnd>(), Need::optional);
  office.reception = usual;
  read_reception(s, office.reception, Need::optional);
  office.services = every<policy::Service>();
  s.words("services", office.services, names<policy::Service>(), Need::optional);
  read_reservations(s, office);
  if (s.has("queue_label")) s.words_in_both("queue_label", office.queue_label.emplace(), Need::optional);
  s.text("queue_url", office.queue_url, Need::optional);
  read_contact(s, office.contact);
  return office;
}

}  // namespace

void read_contact(Section& section, policy::Contact& contact) {
  section.section("contact", Need::optional, [&](Section& c) {
    c.text("phone", contact.phone, Need::optional, longest_phone);
    c.text("fax", contact.fax, Need::optional, longest_phone);
    c.text("url", contact.url, Need::optional);
  });
}

void read_reception(Section& section, policy::ReceptionRule& rule, Need need) {
  section.section("reception", need, [&](Section& s) {
    s.integer("lead_minutes", rule.lead_minutes, 0, 240, need);
    s.minute("last_at", rule.last_at, Need::optional);
    s.word("enforcement", rule.enforcement, names<policy::Enforcement>(), need);
    s.maybe_integer("service_minutes", rule.service_minutes, 1, 240);
    s.maybe_integer("daily_limit", rule.daily_limit, 1, 10'000);
    s.flag("may_close_early", rule.may_close_early, Need::optional);
  });
}

void read_offices(Section& root, Policy& policy) {
  policy::ReceptionRule usual;
  read_reception(root, usual, Need::required);
  root.each("offices", Need::required, [&](Section& s) {
    auto office = read_office(s, usual);
    if (!office.id.empty() && policy.office(office.id) != nullptr) {
      s.complain("id", "the office \"" + office.id + "\" stands here a second time");
    }
    policy.offices.push_back(std::move(office));
  });
}

namespace {

void read_times(Section& root, std::string_view key, std::vector<policy::CrowdingRule>& into) {
  root.each(key, Need::optional, [&](Section& s) {
    policy::CrowdingRule rule;
    rule.key = s.path();
    s.yearly("when", rule.when, Need::optional);
    s.weekdays("days", rule.days, Need::optional);
    std::string hours;
    s.text("hours", hours, Need::optional);
    if (!hours.empty()) {
      rule.hours = policy::parse_interval(hours);
      if (!rule.hours) s.complain("hours", "expected a time of day from-to such as \"08:30-12:00\"");
    }
    if (!s.has("when") && !s.has("days") && !s.has("hours")) {
      s.complain("", "says no time; give `when`, `days` or `hours`");
    }
    into.push_back(std::move(rule));
  });
}

}  // namespace

void read_crowding(Section& root, Policy& policy) {
  read_times(root, "crowding", policy.crowding);
  read_times(root, "quiet", policy.quiet);
}

}  // namespace madoguchi::settings
