// The codes that core uses, with their severity and texts, in one table; and findings made from it.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.hpp"

namespace madoguchi::policy {

// Texts name their parameters in braces. A {name} that the finding has no parameter for is a programming
// error.
struct CodeRow {
  std::string_view code;
  Severity severity;
  std::string_view ja;
  std::string_view en;
};

std::span<const CodeRow> catalogue();

// A parameter as programs read it, and as people do.
struct Param {
  std::string_view name;
  boost::json::value value;
  Text shown;
};

Param param(std::string_view name, base::Date date);
Param param(std::string_view name, std::int64_t number);
Param param(std::string_view name, Certificate certificate);
Param param(std::string_view name, Channel channel);
Param param(std::string_view name, const std::vector<Pin>& pins);
Param param(std::string_view name, Service service);
Param param(std::string_view name, ReservationNeed need);
// An id for programs, a name for people.
Param param(std::string_view name, const std::string& id, const Text& shown);
// "18:45" of a day.
Param clock(std::string_view name, int minute);
// What follows in a text only if there is something to say: clauses that are empty otherwise.
Param first_counter_day(const std::optional<base::Date>& day);
Param next_opening(const std::optional<base::Instant>& at);
// Where there is nothing to come back for.
Param no_next_opening();
Param what_next(Enforcement enforcement, const std::optional<base::Instant>& next_opening);
Param no_what_next();
// "(18:45まで)" and "(2026年2月13日(金)08:30から)", behind an office's name.
Text until(int minute);
Text from_when(base::Instant opening);
Param elsewhere(const Text& offices);
// Where else a service is offered, or whom to ask.
Param offered_at(const Text& offices);
// Why the card has to be renewed first: it has ended, or a certificate ends with it.
Param why_card_first(bool ended);
// Until when an ended certificate's services are unavailable: `done_today`, by what the visit is for; else
// the visit does not bring it back.
enum class Until : std::uint8_t { done_today, reset_only, looked_up };
Param until_then(Until what);
// Why a PIN is not initialised that the visit is for, and what can be done instead.
enum class Unset : std::uint8_t { no_pins, untold, not_wanted, absent, never_issued };
Param not_reset(Unset why, const std::vector<Pin>& pins);
// What is to be done first about certificates that nobody has read: all of them; the signature certificate,
// which alone is wanted; the one that was taken to be as the other, which is not due.
enum class Unread : std::uint8_t { card, signature, taken_as_other };
Param unread(Unread what);
// To whom or on what no signature certificate is issued.
Param not_issued_to(bool face_authentication);
// Where else a last day is to be seen; and how many months before it the notice is posted.
Param other_ways(bool face_authentication);
Param months_before(const NoticeRule& notice);
// Whether the last day of its posting has passed.
Param posted(bool by_now);
// By which ways something is done instead.
Param instead(const std::vector<Channel>& channels);
// How many visits a day there are at most, from when on a time can be booked, when it is quiet: clauses.
Param limit(const std::optional<int>& visits);
Param bookable_from(const std::optional<base::Date>& day);
Param quiet_times(const std::vector<CrowdingRule>& times);
// From when to when the national holidays are known.
Param known_holidays(const std::optional<base::Date>& from, const std::optional<base::Date>& to);
// Document names as they stand in `missing`.
Param param(std::string_view name, const std::vector<std::string>& documents, const DocumentRules& rules);

// `code` must be in the catalogue. `key` is the policy key whose value made the rule speak.
Finding make_finding(const Policy& policy, std::string_view code, std::string_view key,
                     std::initializer_list<Param> params = {});

}  // namespace madoguchi::policy
