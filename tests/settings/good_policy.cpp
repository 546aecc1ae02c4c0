#include "good_policy.hpp"

#include <gmock/gmock.h>

namespace madoguchi::settings {

const std::string_view good_policy = R"(municipality: {id: example, name: {ja: 見本市, en: Example}}
version: "1"
channels: [counter]
residence: {required: true}
expiry_check: {holder_only: true}
age_of_capacity: 15
window:
  months: 3
  month_end_rule: corresponding_day
validity:
  renewal_birthdays: 6
  new_issuance_birthdays: 5
  card_renewal_when_equal: true
notice: {from_months_before: 3, to_months_before: 2}
documents:
  holder_identity_when: pin_forgotten
  identity:
    - {type: passport, until: 2030-01-31}
  photo_identity:
    - {type: drivers_licence}
pins:
  signature: {min_length: 6, max_length: 16, characters: upper_letters_and_digits, tries: 5}
  authentication: {min_length: 4, max_length: 4, characters: digits, tries: 3}
  resident_register: {min_length: 4, max_length: 4, characters: digits, tries: 3}
  warn_at_tries_left: 1
fees: {renewal_yen: 0, new_issuance_yen: 200}
calendar: {holidays: holidays.yaml}
reception: {lead_minutes: 15, enforcement: advise}
offices:
  - id: main
    name: {ja: 本庁, en: City hall}
    hours: {mon-fri: ["08:30-17:15"]}
)";

const std::string_view good_holidays = R"(covers: {from: 2026-01-01, to: 2026-12-31}
holidays:
  2026-02-11: 建国記念の日
)";

Loaded<policy::Policy> load_beside_holidays(std::string_view text, const std::string& file) {
  return load_policy(text, file, [](const std::string& path) -> base::Result<std::string> {
    if (path == "holidays.yaml") return std::string(good_holidays);
    return base::make_fault(base::Code::not_found, "no such file");
  });
}

std::string good_with(std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
  std::string text(good_policy);
  for (const auto& [from, to] : changes) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  return text;
}

void expect_complaints(const Bad& bad) {
  const auto loaded = load_beside_holidays(changed(std::string(good_policy), bad.from, bad.to));
  EXPECT_FALSE(loaded.value.has_value());
  EXPECT_THAT(texts(loaded.complaints), testing::ElementsAreArray(bad.complaints));
}

}  // namespace madoguchi::settings
