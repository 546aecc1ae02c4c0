// Whether those who are configured can be the issuers, before the card's key is given for it.
#include "renewal/issuers.hpp"

#include <gtest/gtest.h>

#include "../certificate_authority.hpp"
#include "model.hpp"

namespace madoguchi::renewal {
namespace {

namespace issuer = simulated_issuer;
using authority::ShownIssuers;
using std::chrono::hours;
using Certificates = std::vector<base::Bytes>;

constexpr hours year{24 * 365};

class ConfiguredIssuers : public testing::Test {
 protected:
  static base::Bytes issuer_for(issuer::Kind kind) {
    return issuer::to_der(model::ca().issuing(kind).certificate.get(), i2d_X509);
  }
  // Of the CA that has issued what is on the card, under that key.
  base::Bytes generation(const tests::KeyOfCa& with, hours begins, hours ends) const {
    const auto* name =
        X509_get_subject_name(model::ca().issuing(issuer::Kind::authentication).certificate.get());
    return tests::ca_certificate(*name, *with, world.now + begins, world.now + ends);
  }
  bool plain(const Certificates& issuers) const { return issuers_fit(saga, issuers, world.now); }
  bool fits(const Certificates& issuers, const ShownIssuers& shown) const {
    const auto fit = check_issuers(saga, issuers, shown, world.now, false);
    const auto halfway = check_issuers(saga, issuers, shown, world.now, true);
    EXPECT_EQ(static_cast<bool>(fit), static_cast<bool>(halfway));
    if (fit) return true;
    for (const auto& [language, as_it_was] :
         {std::pair{"ja", "カードは変更していません"}, {"en", "as it was"}}) {
      EXPECT_NE(fit.error().details.at(language).as_string().find(as_it_was), std::string::npos);
      EXPECT_EQ(halfway.error().details.at(language).as_string().find(as_it_was), std::string::npos);
    }
    EXPECT_EQ(fit.error().code, base::Code::authority_mismatch);
    EXPECT_EQ(fit.error().details.at("differs"), "issuers");
    for (const auto* language : {"ja", "en"}) {
      const auto said = fit.error().details.at(language).as_string();
      EXPECT_NE(said.find("issuers"), std::string::npos) << said;
      EXPECT_NE(said.find("madoguchi doctor"), std::string::npos) << said;
    }
    return false;
  }

  model::World world;
  Saga saga = model::fresh_saga(world, false);
  base::Bytes own = issuer_for(issuer::Kind::authentication);
  base::Bytes other = issuer_for(issuer::Kind::signature);
  tests::KeyOfCa key = tests::key_of_ca();
  base::Bytes next = generation(key, -hours(24), 10 * year);
};

TEST_F(ConfiguredIssuers, NeedNobodysWordWhereOneHasIssuedWhatIsOnTheCard) {
  EXPECT_TRUE(plain({own}));
  EXPECT_TRUE(plain({other, own}));
}

// It will be signed by a key that the old certificate knows nothing of.
TEST_F(ConfiguredIssuers, NeedNobodysWordWhereOneIsAnotherGenerationOfThatCa) {
  EXPECT_TRUE(plain({next}));
}

TEST_F(ConfiguredIssuers, AreNotJudgedByNothing) {
  EXPECT_TRUE(plain({}));
  saga.old_certificate = {0x30, 0x00};
  EXPECT_TRUE(plain({other}));
  saga.old_certificate.clear();
  EXPECT_TRUE(plain({other}));
}

TEST_F(ConfiguredIssuers, OfAnotherNameAreRefusedWhereTheAuthorityDoesNotShowThem) {
  const Certificates another{other};
  EXPECT_FALSE(plain(another));
  EXPECT_FALSE(fits(another, {}));
  EXPECT_FALSE(fits(another, {{next}, {}}));
  EXPECT_FALSE(fits({base::Bytes{1, 2, 3}}, {}));
}

// One authority may issue by two CAs, one for each kind of certificate.
TEST_F(ConfiguredIssuers, OfTheOtherKindAreRefusedAlthoughTheAuthorityShowsThem) {
  EXPECT_FALSE(fits({other}, {{other, own}, {}}));
  EXPECT_FALSE(fits({other}, {{other}, {own}}));
}

TEST_F(ConfiguredIssuers, OfAnotherNameAreBelievedWhereTheAuthorityShowsThemAndNoneOfTheOldName) {
  EXPECT_TRUE(fits({other}, {{other}, {}}));
  EXPECT_TRUE(fits({other}, {{}, {other}}));
  const auto ended = generation(key, -5 * year, -hours(24));
  EXPECT_TRUE(fits({other}, {{other, ended}, {}})) << "the old CA is shown, and issues no more";
}

TEST_F(ConfiguredIssuers, OfAnotherNameAreBelievedBesideTheOldOne) {
  EXPECT_TRUE(plain({other, own}));
  const auto ended = generation(key, -5 * year, -hours(24));
  EXPECT_FALSE(plain({other, ended}));
  EXPECT_TRUE(fits({other, ended}, {}));
  EXPECT_TRUE(fits({other, ended}, {{other}, {}}));
}

TEST_F(ConfiguredIssuers, ThatHaveEndedAreRefusedOnlyWhereTheAuthorityShowsWhoFollowed) {
  const auto key_before = tests::key_of_ca();
  const auto ended = generation(key_before, -10 * year, -hours(24));
  EXPECT_FALSE(plain({ended}));
  EXPECT_TRUE(fits({ended}, {})) << "its certificate may have been renewed with its key";
  EXPECT_TRUE(fits({ended}, {{generation(key_before, -hours(24), year)}, {}})) << "it has been";
  EXPECT_FALSE(fits({ended}, {{next}, {}}));
  EXPECT_TRUE(fits({ended, next}, {{next}, {}}));
}

}  // namespace
}  // namespace madoguchi::renewal
