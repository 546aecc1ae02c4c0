// The dates that the issuer reckons by itself.
#include "issuing.hpp"

#include <openssl/cmp.h>

#include "ca_fixture.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_ca {
namespace {

using simulated_issuer::end_of_day_in_japan;
using simulated_issuer::Holding;
using std::chrono::April;
using std::chrono::February;
using std::chrono::July;

const base::Instant noon = *base::parse_time("2026-04-07T12:00:00+09:00");

class IssuingTest : public CaTest {
 protected:
  Decision decide(const Entry& old, std::optional<base::Instant> not_after = {}) {
    CertificateRequest request;
    request.spki = spki_of(key_number(4));
    request.subject_der = old.subject_der;
    request.not_after = not_after;
    return Issuing(folder_, *issued_).decide(request, "00", {}, noon).value();
  }
  base::Date last_day(const Entry& old, std::optional<base::Instant> not_after = {}) {
    return base::date_in_japan(std::get<Granted>(decide(old, not_after)).entry.not_after);
  }
};

TEST_F(IssuingTest, KnowingNothingItGivesFiveYears) {
  EXPECT_EQ(last_day(enter(Kind::authentication, key_number(3), year(2026) / April / 30)),
            year(2031) / April / 7);
}

TEST_F(IssuingTest, ARenewalInTheLastThreeMonthsLastsToTheSixthBirthday) {
  const Holding holding{year(1990) / July / 1, {}};
  EXPECT_EQ(last_day(enter(Kind::signature, key_number(3), year(2026) / July / 1, holding)),
            year(2031) / July / 1);
}

TEST_F(IssuingTest, AnythingElseToTheFifth) {
  const Holding holding{year(1990) / July / 1, {}};
  EXPECT_EQ(last_day(enter(Kind::signature, key_number(3), year(2026) / April / 6, holding)),
            year(2030) / July / 1)
      << "it has ended";
}

TEST_F(IssuingTest, TheCardsEndIsTheEnd) {
  const Holding holding{year(1990) / July / 1, year(2029) / February / 28};
  EXPECT_EQ(last_day(enter(Kind::signature, key_number(3), year(2026) / July / 1, holding)),
            year(2029) / February / 28);
}

TEST_F(IssuingTest, ASuccessorInheritsWhatIsKnownOfTheHolder) {
  const Holding holding{year(1990) / July / 1, year(2029) / February / 28};
  const auto decision = decide(enter(Kind::signature, key_number(3), year(2026) / July / 1, holding));
  EXPECT_EQ(std::get<Granted>(decision).entry.registration.holding.birth, holding.birth);
  EXPECT_EQ(std::get<Granted>(decision).entry.registration.holding.card_last_day, holding.card_last_day);
}

TEST_F(IssuingTest, AWishIsHonouredToTheEndOfItsDay) {
  const auto old = enter(Kind::authentication, key_number(3), year(2026) / April / 30);
  const auto decision = decide(old, *base::parse_time("2030-01-02T10:00:00+09:00"));
  const auto& granted = std::get<Granted>(decision);
  EXPECT_EQ(granted.entry.not_after, end_of_day_in_japan(year(2030) / January / 2));
  EXPECT_TRUE(granted.modified) << "not what was asked for, to the second";
}

TEST_F(IssuingTest, AWishBeyondTheCardIsCut) {
  const Holding holding{{}, year(2029) / February / 28};
  const auto old = enter(Kind::authentication, key_number(3), year(2026) / April / 30, holding);
  const auto decision = decide(old, end_of_day_in_japan(year(2030) / January / 2));
  const auto& granted = std::get<Granted>(decision);
  EXPECT_EQ(granted.entry.not_after, end_of_day_in_japan(year(2029) / February / 28));
  EXPECT_TRUE(granted.modified);
}

TEST_F(IssuingTest, ACardThatHasEndedGetsNothing) {
  const Holding holding{{}, year(2026) / April / 6};
  const auto decision = decide(enter(Kind::authentication, key_number(3), year(2026) / April / 6, holding));
  ASSERT_TRUE(std::holds_alternative<Refused>(decision));
  EXPECT_EQ(std::get<Refused>(decision).failure, OSSL_CMP_PKIFAILUREINFO_badCertTemplate);
}

TEST_F(IssuingTest, WeakOrOtherKeysAreNotCertified) {
  const simulated_issuer::KeyHandle weak(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
  const simulated_issuer::KeyHandle curve(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  for (const auto* key : {&weak, &curve}) {
    CertificateRequest request;
    request.spki = spki_of(key->get());
    request.subject_der = authentication_.subject_der;
    const auto decision = Issuing(folder_, *issued_).decide(request, "00", {}, noon).value();
    ASSERT_TRUE(std::holds_alternative<Refused>(decision));
    EXPECT_EQ(std::get<Refused>(decision).failure, OSSL_CMP_PKIFAILUREINFO_badAlg);
  }
}

}  // namespace
}  // namespace madoguchi::simulated_ca
