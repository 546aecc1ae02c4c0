// The closed lists of words that facts and decisions are made of, with their public names.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace madoguchi::policy {

enum class Channel : std::uint8_t { counter, online, phone, mail };
enum class Purpose : std::uint8_t { renewal, expiry_check, pin_reset };
enum class Certificate : std::uint8_t { signature, authentication };
enum class Pin : std::uint8_t { signature, authentication, resident_register };
enum class Role : std::uint8_t { holder, proxy, legal_representative };
enum class Relationship : std::uint8_t { parent, guardian, other };
enum class CertificateState : std::uint8_t { valid, revoked, absent, unknown };
enum class PinState : std::uint8_t { unverified, matched, mismatched, forgotten, locked };
enum class Person : std::uint8_t { holder, visitor };
// Where a proxy's reply form came from: enclosed with the national notice, or mailed by the city after a
// first visit.
enum class FormSource : std::uint8_t { notice, city };

enum class Outcome : std::uint8_t { complete_today, two_visits, not_today, other_procedure };
enum class Action : std::uint8_t { renew, issue_new, none };
// From the most to the least severe; contract/decision.md says what each does to the outcome. `override` is a
// word of C++, hence the underscore; its public name has none.
enum class Severity : std::uint8_t { block, redirect, require, second_visit, override_, advise, info };

// Window rule for expiry days whose corresponding day three months earlier does not exist, or whose next day
// is a month's last (facts differ between cities).
enum class MonthEndRule : std::uint8_t { corresponding_day, forward_count };
enum class WindowOpens : std::uint8_t { day_after, same_day };
// When the holder is asked for an identity document besides the card.
enum class IdentityWhen : std::uint8_t { never, pin_forgotten, new_issuance, always };
enum class PinCharacters : std::uint8_t { digits, upper_letters_and_digits };

enum class OfficeKind : std::uint8_t { main, centre, branch, sub_office, mall, post_office };
// What an office may do, for whom and what for.
enum class Service : std::uint8_t {
  holder,
  proxy,
  legal_representative,
  renewal,
  new_issuance,
  pin_reset,
  expiry_check
};
enum class OnHolidays : std::uint8_t { closed, as_weekday, own_hours };
enum class OnYearEnd : std::uint8_t { closed, open };
// What becomes of whoever comes after the last reception.
enum class Enforcement : std::uint8_t { advise, refuse };
enum class ReservationNeed : std::uint8_t { optional, priority, required };
enum class BookingDays : std::uint8_t { open_days, calendar_days };

// The public names, in the order of the enumerators.
template <class Word>
std::span<const std::string_view> names();

template <>
std::span<const std::string_view> names<Channel>();
template <>
std::span<const std::string_view> names<Purpose>();
template <>
std::span<const std::string_view> names<Certificate>();
template <>
std::span<const std::string_view> names<Pin>();
template <>
std::span<const std::string_view> names<Role>();
template <>
std::span<const std::string_view> names<Relationship>();
template <>
std::span<const std::string_view> names<CertificateState>();
template <>
std::span<const std::string_view> names<PinState>();
template <>
std::span<const std::string_view> names<Person>();
template <>
std::span<const std::string_view> names<FormSource>();
template <>
std::span<const std::string_view> names<Outcome>();
template <>
std::span<const std::string_view> names<Action>();
template <>
std::span<const std::string_view> names<Severity>();
template <>
std::span<const std::string_view> names<MonthEndRule>();
template <>
std::span<const std::string_view> names<WindowOpens>();
template <>
std::span<const std::string_view> names<IdentityWhen>();
template <>
std::span<const std::string_view> names<PinCharacters>();
template <>
std::span<const std::string_view> names<OfficeKind>();
template <>
std::span<const std::string_view> names<Service>();
template <>
std::span<const std::string_view> names<OnHolidays>();
template <>
std::span<const std::string_view> names<OnYearEnd>();
template <>
std::span<const std::string_view> names<Enforcement>();
template <>
std::span<const std::string_view> names<ReservationNeed>();
template <>
std::span<const std::string_view> names<BookingDays>();

template <class Word>
std::string_view to_text(Word word) {
  return names<Word>()[static_cast<std::size_t>(word)];
}

// nullopt for a word that is not in the list.
template <class Word>
std::optional<Word> named(std::string_view text) {
  const auto all = names<Word>();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == text) return static_cast<Word>(i);
  }
  return std::nullopt;
}

// The PIN that guards a certificate's key.
constexpr Pin pin_of(Certificate certificate) {
  return certificate == Certificate::signature ? Pin::signature : Pin::authentication;
}

// Document types that every municipality has; a policy may add its own (contract/decision.md, `documents`).
std::span<const std::string_view> document_types();

}  // namespace madoguchi::policy
