// A municipality's rules as typed values; `settings` reads them from YAML, `decide` applies them.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"
#include "policy/availability.hpp"
#include "policy/schedule.hpp"
#include "policy/text.hpp"
#include "policy/vocabulary.hpp"

namespace madoguchi::policy {

// Where a value was written. Lines and columns count from 1; 0 for a value that nobody wrote.
struct Origin {
  std::string file;
  int line = 0;
  int column = 0;
  bool operator==(const Origin&) const = default;
};

// One plugin's section of the policy. What the plugin complains about by JSON pointer (RFC 6901) is found in
// the file again by it.
struct PluginSection {
  boost::json::object value;
  std::map<std::string, Origin, std::less<>> origins;  // by pointer; "" is the section itself

  // Where the pointer, or else the nearest value around it, stands.
  [[nodiscard]] Origin origin(std::string_view pointer) const;
};

struct Contact {
  std::string phone;
  std::string fax;
  std::string url;
  bool operator==(const Contact&) const = default;
};

struct Municipality {
  std::string id;
  std::string code;  // 全国地方公共団体コード, six digits; empty if not given
  Text name;
  Contact contact;  // for all of it, e.g. a call centre
};

struct WindowRule {
  int months = 3;  // how long before the last day reception opens, 1 to 12
  MonthEndRule month_end_rule = MonthEndRule::corresponding_day;
  // 公的個人認証法施行規則 art. 13 and 49: once less than these months are left, which is the day after.
  WindowOpens opens = WindowOpens::day_after;
};

struct ValidityRule {
  // Which birthday after the day of issue ends a certificate (公的個人認証法施行規則 art. 13, 49); 1 to 20.
  int renewal_birthdays = 6;
  int new_issuance_birthdays = 5;
  // A certificate that ends with the card cannot be prolonged: the card has to be renewed first.
  bool card_renewal_when_equal = true;
};

struct NoticeRule {
  // The national notice is posted between so many months before the last day.
  int from_months_before = 3;
  int to_months_before = 2;
};

// A document type that counts for something, and until which day.
struct AcceptedDocument {
  std::string type;
  std::optional<base::Date> until;  // last day on which it counts
};

struct DocumentRules {
  IdentityWhen holder_identity_when = IdentityWhen::pin_forgotten;
  int holder_identity_count = 1;  // how many different ones, 1 to 3
  // So many documents of `identity` serve a visitor in place of one with a photograph; 0: none do.
  int instead_of_photo = 0;
  // One of `photo_identity` serves a holder in place of all that are asked for.
  bool holder_photo_suffices = false;
  // So many of `identity` that are the holder's own are asked of a proxy too.
  int holder_identity_with_proxy = 0;
  // What a holder brings to a renewal beside the card, whatever else is asked for, e.g. the reply form.
  std::vector<std::string> holder_also_brings;
  std::vector<AcceptedDocument> identity;              // of a holder, besides the card
  std::vector<AcceptedDocument> photo_identity;        // of whoever comes for the holder
  std::vector<std::string> own_types;                  // beside document_types()
  std::map<std::string, Text, std::less<>> own_names;  // as people read them; others by their type

  // As it is said to people.
  [[nodiscard]] Text name(const std::string& type) const;
};

// What the citizen was told a PIN looks like; the daemon holds it against the card profile's own format.
struct PinRule {
  int min_length = 4;
  int max_length = 4;
  PinCharacters characters = PinCharacters::digits;
  int tries = 3;  // wrong entries in a row that lock it
  bool operator==(const PinRule&) const = default;
};

struct PinRules {
  PinRule signature{6, 16, PinCharacters::upper_letters_and_digits, 5};
  PinRule authentication;
  PinRule resident_register;
  // With so many tries left or fewer, the clerk is told to ask whether the citizen is sure.
  int warn_at_tries_left = 1;
  [[nodiscard]] const PinRule& of(Pin pin) const;
};

struct FeeRule {
  int renewal_yen = 0;
  int new_issuance_yen = 0;
  // Told by the counter and to front ends; no fact says that a card was lost, so no rule charges them.
  std::optional<int> after_loss_yen;  // certificates, with a new card for a lost one
  std::optional<int> card_reissue_yen;
};

// The last reception is `lead_minutes` before the end of an interval, or a fixed time of day if that is
// earlier.
struct ReceptionRule {
  int lead_minutes = 0;
  std::optional<int> last_at;  // minutes after midnight
  Enforcement enforcement = Enforcement::advise;
  std::optional<int> service_minutes;  // how long one visit takes; for front ends
  std::optional<int> daily_limit;      // visits a day
  bool may_close_early = false;        // intake ends when the queue is long enough
};

// Until when a time has to be booked: `days_before` the visit, counted in days on which the office receives
// or in calendar days, up to `at` on that day.
struct BookingDeadline {
  int days_before = 1;
  BookingDays days = BookingDays::open_days;
  std::optional<int> at;  // minutes after midnight; nothing: the whole day
};

struct ReservationRule {
  ReservationNeed need = ReservationNeed::optional;
  WeekdaySet days = every_weekday;
  std::vector<Service> services;  // empty: whatever one comes for
  Text how;                       // where to make one
  std::optional<BookingDeadline> book_by;
  std::string key;  // its key path
};

struct Season {
  YearlyRange when;
  // In place of the weekly hours on those weekdays that it names.
  std::array<std::optional<std::vector<Interval>>, 7> hours;
};

// Core knows weekly hours, seasons, national holidays and year-end; what opens or closes beyond them by date
// or recurrence is a plugin's.
struct Office {
  std::string id;
  Text name;
  OfficeKind kind = OfficeKind::branch;
  // By weekday, Sunday first, as std::chrono counts.
  std::array<std::vector<Interval>, 7> weekly;
  std::vector<Season> seasons;
  OnHolidays on_holidays = OnHolidays::closed;
  std::vector<Interval> holiday_hours;          // own_hours
  WeekdaySet holidays_as_weekday = no_weekday;  // own_hours: on these weekdays a holiday changes nothing
  OnYearEnd on_year_end = OnYearEnd::closed;
  ReceptionRule reception;
  std::vector<Service> services;  // what it offers
  std::vector<ReservationRule> reservations;
  std::optional<Text> queue_label;  // as the public waiting display names it; nothing: no live information
  std::string queue_url;            // where the waiting numbers are shown
  Contact contact;
  std::string key;  // its key path, e.g. "offices[0]"

  [[nodiscard]] bool offers(Service service) const;
};

struct Holiday {
  base::Date day{};
  std::string name;
};

struct Calendar {
  std::vector<Holiday> holidays;  // national ones, by day
  // The days that the data speak of; outside of them no holiday is known.
  std::optional<base::Date> known_from;
  std::optional<base::Date> known_to;
  std::optional<YearlyRange> year_end;

  // nullptr if it is none.
  [[nodiscard]] const Holiday* holiday(base::Date day) const;
  // Whether the data speak of that day, so that "no holiday" can be believed.
  [[nodiscard]] bool knows(base::Date day) const;
};

// Who else than a child or an adult ward may be represented.
struct RepresentationRule {
  // Below this age a legal representative may act, though the holder may come too; 0: only below the age of
  // capacity.
  int minors_below = 0;
  // The document that lists a curator's or assistant's (保佐人・補助人) powers; who brings it represents, who
  // does not is a proxy. Empty: all of them are proxies.
  std::string limited_guardian_with;
};

// A time of the year, the week or the day: when it is crowded, or quiet.
struct CrowdingRule {
  std::optional<YearlyRange> when;
  WeekdaySet days = every_weekday;
  std::optional<Interval> hours;
  std::string key;
};

struct Policy {
  Municipality municipality;
  std::string version;
  std::string digest;  // SHA-256 of the policy's text and the data it names, hexadecimal
  // The days for which it is in force; open at either end if not given.
  std::optional<base::Date> effective_from;
  std::optional<base::Date> effective_to;
  std::string source;  // the page that it was written from
  std::vector<Channel> channels{Channel::counter};
  // By which a proxy's first visit, an application only, may be made too.
  std::vector<Channel> application_channels;
  std::vector<Channel> new_issuance_channels;  // empty: as a renewal
  bool residence_required = true;
  // The last day is told only to the holder, who shows it by the PIN.
  bool expiry_check_holder_only = true;
  // Below this age, and for adult wards, no signature certificate is issued, and a legal representative acts.
  int age_of_capacity = 15;
  RepresentationRule representation;
  WindowRule window;
  ValidityRule validity;
  NoticeRule notice;
  DocumentRules documents;
  PinRules pins;
  FeeRule fees;
  Calendar calendar;
  std::vector<Office> offices;
  std::vector<CrowdingRule> crowding;
  std::vector<CrowdingRule> quiet;  // when to come instead
  AvailabilityRules availability;
  // A city's own words in place of the catalogue's, by code.
  std::map<std::string, Text, std::less<>> texts;
  // By the plugin's name.
  std::map<std::string, PluginSection, std::less<>> plugins;
  // Key path, e.g. "window.months", to where it stands.
  std::map<std::string, Origin, std::less<>> origins;

  [[nodiscard]] const Office* office(std::string_view id) const;
  [[nodiscard]] bool knows_document(std::string_view type) const;
  // Where the key, or else the nearest mapping around it, stands; an empty origin if nowhere.
  [[nodiscard]] Origin origin(std::string_view key) const;
};

// The first day on which a certificate with that last day is received for renewal.
base::Date window_opens_on(const WindowRule& rule, base::Date expires_on);

// The last day of a certificate made on `issued_on` (公的個人認証法施行規則 art. 13 and 49): a birthday of
// the holder, but not after the card's last day nor, for a signature certificate, after the authentication
// certificate's. `action` is `renew` or `issue_new` (a first certificate included).
base::Date certificate_ends_on(const ValidityRule& rule, Action action, base::Date birth,
                               base::Date issued_on, std::optional<base::Date> card_ends_on,
                               std::optional<base::Date> authentication_ends_on = std::nullopt);

}  // namespace madoguchi::policy
