#include "simulated_card/citizen.hpp"

#include <gtest/gtest.h>

#include "simulated_card/image.hpp"
#include "simulated_card/personalise.hpp"

namespace madoguchi::simulated_card {
namespace {

using std::chrono::year;

Order order(CitizenKind kind, base::Date today, std::uint64_t seed = 3) {
  return {.kind = kind,
          .today = today,
          .seed = seed,
          .birth = {},
          .issued_on = {},
          .expires_on = {},
          .card_expires_on = {},
          .tries = {},
          .pins = {}};
}

TEST(Citizens, EveryKindHasANameAndAConsistentLife) {
  ASSERT_EQ(kind_names().size(), 11U);
  for (const auto kind_name : kind_names()) {
    const auto kind = kind_named(kind_name);
    ASSERT_TRUE(kind);
    EXPECT_EQ(name(*kind), kind_name);
    for (int day = 0; day < 4 * 366; day += 5) {
      const auto today = base::add_days(year(2026) / 1 / 1, day);
      const auto citizen = make_citizen(order(*kind, today, static_cast<std::uint64_t>(day)));
      ASSERT_TRUE(citizen) << base::describe(citizen.error()) << kind_name << base::format_date(today);
      EXPECT_LE(citizen->issued_on, today);
      EXPECT_EQ(citizen->expires_on, std::min(base::nth_birthday_after(citizen->birth, citizen->issued_on, 5),
                                              citizen->card_expires_on));
    }
  }
}

TEST(Citizens, DatesFollowToday) {
  const base::Date today = year(2026) / 4 / 1;
  const auto soon = make_citizen(order(CitizenKind::expiring_soon, today)).value();
  EXPECT_EQ(base::format_date(soon.expires_on), "2026-05-01");
  EXPECT_EQ(base::format_date(soon.card_expires_on), "2031-05-01");
  const auto expired = make_citizen(order(CitizenKind::expired, today)).value();
  EXPECT_EQ(base::format_date(expired.expires_on), "2026-03-12");
  const auto young = make_citizen(order(CitizenKind::card_ends_with_certificate, today)).value();
  EXPECT_EQ(young.expires_on, young.card_expires_on);
  EXPECT_LT(base::age_on(young.birth, young.issued_on), 18);
  const auto leap = make_citizen(order(CitizenKind::leap_day, today)).value();
  EXPECT_EQ(base::format_date(leap.expires_on), "2027-02-28");
  EXPECT_GT(make_citizen(order(CitizenKind::fresh, today)).value().expires_on,
            base::add_months_clamped(today, 48));
}

TEST(Citizens, SeedDecides) {
  const base::Date today = year(2026) / 4 / 1;
  const auto one = make_citizen(order(CitizenKind::expiring_soon, today, 1)).value();
  const auto again = make_citizen(order(CitizenKind::blocked, today, 1)).value();
  const auto other = make_citizen(order(CitizenKind::expiring_soon, today, 2)).value();
  EXPECT_EQ(one.card_number, again.card_number);
  EXPECT_EQ(one.pins, again.pins);
  EXPECT_NE(one.card_number, other.card_number);
}

TEST(Citizens, OverridesWinAndAreChecked) {
  auto wish = order(CitizenKind::expiring_soon, year(2026) / 4 / 1);
  wish.birth = year(1990) / 4 / 10;
  wish.issued_on = year(2021) / 3 / 1;
  const auto citizen = make_citizen(wish).value();
  EXPECT_EQ(base::format_date(citizen.expires_on), "2025-04-10");
  EXPECT_EQ(base::format_date(citizen.card_expires_on), "2030-04-10");
  wish.expires_on = year(2031) / 1 / 1;
  EXPECT_FALSE(make_citizen(wish));
  wish.card_expires_on = year(2031) / 4 / 10;
  EXPECT_TRUE(make_citizen(wish));
  wish.pins[PinKind::authentication] = "12345";
  EXPECT_FALSE(make_citizen(wish));
  wish.pins[PinKind::authentication] = "1234";
  wish.tries[PinKind::authentication] = 4;
  EXPECT_FALSE(make_citizen(wish));
  wish.tries[PinKind::authentication] = 2;
  EXPECT_EQ(make_citizen(wish).value().tries.at(PinKind::authentication), 2);
}

TEST(Citizens, IndividualNumbersAreNobodys) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto number =
        make_citizen(order(CitizenKind::fresh, year(2026) / 4 / 1, seed)).value().individual_number;
    ASSERT_EQ(number.size(), 12U);
    int sum = 0;
    for (std::size_t n = 1; n <= 11; ++n) {
      sum += (number[11 - n] - '0') * static_cast<int>(n <= 6 ? n + 1 : n - 5);
    }
    const int right = sum % 11 <= 1 ? 0 : 11 - sum % 11;
    EXPECT_NE(number[11] - '0', right);
  }
}

TEST(Citizens, AbsentAndTruncatedFiles) {
  const auto make = [](CitizenKind kind) {
    return personalise({.citizen = make_citizen(order(kind, year(2026) / 4 / 1)).value(),
                        .signature = {},
                        .authentication = {.private_key = {}, .certificate = base::Bytes(1000, 0x31)},
                        .signature_issuer = {},
                        .authentication_issuer = {},
                        .terminal_key = {},
                        .internal_key = {}});
  };
  const auto absent = make(CitizenKind::absent_files);
  EXPECT_FALSE(absent.find(layout::jpki)->has(layout::presence));
  EXPECT_FALSE(absent.find(layout::common)->has(layout::card_record));
  const auto cut = make(CitizenKind::truncated_files);
  const auto& certificate = cut.find(layout::jpki)->files.at(layout::authentication_certificate).content;
  EXPECT_EQ(certificate[699], 0x31);
  EXPECT_EQ(certificate[700], 0xFF);
  EXPECT_EQ(certificate.size(), layout::certificate_file_size);
}

}  // namespace
}  // namespace madoguchi::simulated_card
