#include "policy/vocabulary.hpp"

#include <array>

namespace madoguchi::policy {

template <>
std::span<const std::string_view> names<Channel>() {
  static constexpr std::array<std::string_view, 4> all{"counter", "online", "phone", "mail"};
  return all;
}

template <>
std::span<const std::string_view> names<Purpose>() {
  static constexpr std::array<std::string_view, 3> all{"renewal", "expiry_check", "pin_reset"};
  return all;
}

template <>
std::span<const std::string_view> names<Certificate>() {
  static constexpr std::array<std::string_view, 2> all{"signature", "authentication"};
  return all;
}

template <>
std::span<const std::string_view> names<Pin>() {
  static constexpr std::array<std::string_view, 3> all{"signature", "authentication", "resident_register"};
  return all;
}

template <>
std::span<const std::string_view> names<Role>() {
  static constexpr std::array<std::string_view, 3> all{"holder", "proxy", "legal_representative"};
  return all;
}

template <>
std::span<const std::string_view> names<Relationship>() {
  static constexpr std::array<std::string_view, 3> all{"parent", "guardian", "other"};
  return all;
}

template <>
std::span<const std::string_view> names<CertificateState>() {
  static constexpr std::array<std::string_view, 4> all{"valid", "revoked", "absent", "unknown"};
  return all;
}

template <>
std::span<const std::string_view> names<PinState>() {
  static constexpr std::array<std::string_view, 5> all{"unverified", "matched", "mismatched", "forgotten",
                                                       "locked"};
  return all;
}

template <>
std::span<const std::string_view> names<Person>() {
  static constexpr std::array<std::string_view, 2> all{"holder", "visitor"};
  return all;
}

template <>
std::span<const std::string_view> names<FormSource>() {
  static constexpr std::array<std::string_view, 2> all{"notice", "city"};
  return all;
}

template <>
std::span<const std::string_view> names<Outcome>() {
  static constexpr std::array<std::string_view, 4> all{"complete_today", "two_visits", "not_today",
                                                       "other_procedure"};
  return all;
}

template <>
std::span<const std::string_view> names<Action>() {
  static constexpr std::array<std::string_view, 3> all{"renew", "issue_new", "none"};
  return all;
}

template <>
std::span<const std::string_view> names<Severity>() {
  static constexpr std::array<std::string_view, 7> all{"block",    "redirect", "require", "second_visit",
                                                       "override", "advise",   "info"};
  return all;
}

template <>
std::span<const std::string_view> names<MonthEndRule>() {
  static constexpr std::array<std::string_view, 2> all{"corresponding_day", "forward_count"};
  return all;
}

template <>
std::span<const std::string_view> names<WindowOpens>() {
  static constexpr std::array<std::string_view, 2> all{"day_after", "same_day"};
  return all;
}

template <>
std::span<const std::string_view> names<IdentityWhen>() {
  static constexpr std::array<std::string_view, 4> all{"never", "pin_forgotten", "new_issuance", "always"};
  return all;
}

template <>
std::span<const std::string_view> names<PinCharacters>() {
  static constexpr std::array<std::string_view, 2> all{"digits", "upper_letters_and_digits"};
  return all;
}

template <>
std::span<const std::string_view> names<OfficeKind>() {
  static constexpr std::array<std::string_view, 6> all{"main",       "centre", "branch",
                                                       "sub_office", "mall",   "post_office"};
  return all;
}

template <>
std::span<const std::string_view> names<Service>() {
  static constexpr std::array<std::string_view, 7> all{
      "holder", "proxy", "legal_representative", "renewal", "new_issuance", "pin_reset", "expiry_check"};
  return all;
}

template <>
std::span<const std::string_view> names<OnHolidays>() {
  static constexpr std::array<std::string_view, 3> all{"closed", "as_weekday", "own_hours"};
  return all;
}

template <>
std::span<const std::string_view> names<OnYearEnd>() {
  static constexpr std::array<std::string_view, 2> all{"closed", "open"};
  return all;
}

template <>
std::span<const std::string_view> names<Enforcement>() {
  static constexpr std::array<std::string_view, 2> all{"advise", "refuse"};
  return all;
}

template <>
std::span<const std::string_view> names<ReservationNeed>() {
  static constexpr std::array<std::string_view, 3> all{"optional", "priority", "required"};
  return all;
}

template <>
std::span<const std::string_view> names<BookingDays>() {
  static constexpr std::array<std::string_view, 2> all{"open_days", "calendar_days"};
  return all;
}

std::span<const std::string_view> document_types() {
  static constexpr std::array<std::string_view, 12> all{"expiry_notice",
                                                        "reply_form",
                                                        "my_number_card",
                                                        "drivers_licence",
                                                        "passport",
                                                        "residence_card",
                                                        "disability_handbook",
                                                        "health_insurance_card",
                                                        "eligibility_certificate",
                                                        "company_badge",
                                                        "family_register",
                                                        "guardianship_registration"};
  return all;
}

}  // namespace madoguchi::policy
