// What the authority issues is measured before it goes onto a card.
#include <gtest/gtest.h>

#include "model.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::renewal {
namespace {

namespace issuer = simulated_issuer;
using std::chrono::seconds;

base::Bytes issuer_of(issuer::Kind kind) {
  return issuer::to_der(model::ca().issuing(kind).certificate.get(), i2d_X509);
}

class Issued : public testing::Test {
 protected:
  Issued() { saga.key = model::keys()[1]; }

  base::Bytes certificate(int days = 0, seconds begins = {}, std::string_view name = "CN-1") const {
    return model::certificate_for(model::keys()[1], base::add_days(saga.preview, days), world.now + begins,
                                  name);
  }
  // What differs; empty: nothing.
  std::string differs(const base::Bytes& der, std::vector<base::Bytes> issuers = {}) const {
    const auto fits = check_issued(saga, der, {world.now, std::move(issuers)});
    if (fits) return {};
    const auto fault = fits.error();
    EXPECT_EQ(fault.code, base::Code::authority_mismatch);
    const auto* what = fault.details.if_contains("differs");
    return what != nullptr ? std::string(what->as_string()) : "everything";
  }

  model::World world;
  Saga saga = model::fresh_saga(world, true);
};

TEST_F(Issued, may_end_before_the_preview_and_not_after_it) {
  EXPECT_EQ(differs(certificate(-1)), "");
  EXPECT_EQ(differs(certificate(0)), "");
  EXPECT_EQ(differs(certificate(1)), "validity");
}

TEST_F(Issued, is_this_cards) {
  EXPECT_EQ(differs(model::certificate_for(model::keys()[2], saga.preview, world.now)), "key");
  EXPECT_EQ(differs(certificate(0, {}, "SOMEBODY")), "subject");
  EXPECT_EQ(differs(base::Bytes{0x30, 0x00}), "everything");
  EXPECT_EQ(differs({}), "everything");
}

TEST_F(Issued, fits_the_cards_file) {
  const auto der = certificate();
  Measure by{world.now};
  by.card_holds = der.size();
  EXPECT_TRUE(check_issued(saga, der, by));
  by.card_holds = der.size() - 1;
  const auto refused = check_issued(saga, der, by);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().details.at("differs"), "size");
}

TEST_F(Issued, has_begun_as_far_as_clocks_agree_and_has_not_ended) {
  EXPECT_EQ(differs(certificate(0, clock_skew)), "");
  EXPECT_EQ(differs(certificate(0, begins_soon + seconds(1))), "validity");
  const auto good = certificate();
  world.now = base::start_of_day_in_japan(base::add_days(saga.preview, 1)) - seconds(2);
  EXPECT_EQ(differs(good), "");
  world.now += seconds(1);
  EXPECT_EQ(differs(good), "validity") << "in its last second";
}

TEST_F(Issued, is_waited_for_where_it_begins_soon) {
  const auto early = [this](int days, seconds begins) {
    return check_issued(saga, certificate(days, begins), {world.now});
  };
  for (const seconds begins : {seconds(clock_skew) + seconds(1), seconds(begins_soon)}) {
    const auto fits = early(0, begins);
    ASSERT_FALSE(fits);
    EXPECT_EQ(fits.error().code, base::Code::authority_clock);
    // The certificate knows whole seconds only.
    EXPECT_NEAR(static_cast<double>(fits.error().details.at("seconds").as_int64()),
                static_cast<double>(-begins.count()), 1);
  }
  const auto never = early(1, begins_soon);
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, base::Code::authority_mismatch) << "waiting would not help";
}

TEST(Clock, may_differ_from_the_authoritys_by_the_skew) {
  const auto now = base::parse_time("2026-04-07T10:00:00+09:00").value();
  for (const auto ahead : {seconds(0), seconds(clock_skew), -seconds(clock_skew)}) {
    EXPECT_TRUE(check_clock(now + ahead, now)) << ahead.count();
  }
  for (const auto ahead : {seconds(clock_skew) + seconds(1), -seconds(clock_skew) - seconds(1)}) {
    const auto sane = check_clock(now + ahead, now);
    ASSERT_FALSE(sane);
    EXPECT_EQ(sane.error().code, base::Code::authority_clock);
    EXPECT_EQ(sane.error().details.at("seconds").as_int64(), ahead.count());
  }
}

TEST_F(Issued, is_signed_by_an_issuer_that_is_configured) {
  const auto own = issuer_of(issuer::Kind::authentication);
  const auto other = issuer_of(issuer::Kind::signature);
  EXPECT_EQ(differs(certificate(), {other, own}), "");
  EXPECT_EQ(differs(certificate(), {other}), "issuer");
  EXPECT_EQ(differs(certificate(), {base::Bytes{1, 2, 3}}), "issuer");
  auto forged = certificate();
  forged.back() ^= 1;
  EXPECT_EQ(differs(forged, {own}), "issuer");
  EXPECT_EQ(differs(forged), "") << "nothing to measure it by";
}

// The signature certificate's issuer would make the holder sign where the old one let him log in.
TEST_F(Issued, has_the_old_ones_issuer_and_usage) {
  issuer::IssueRequest request;
  request.spki = saga.key;
  request.subject_der = saga.subject_der;
  request.not_before = world.now;
  request.last_day = saga.preview;
  request.holder = issuer::Holder{"公的　太郎", '1', base::parse_date("1990-01-02").value(), "宇都宮市"};
  const auto of_the_other = issuer::issue(model::ca(), issuer::Kind::signature, request);
  ASSERT_TRUE(of_the_other) << base::describe(of_the_other.error());
  EXPECT_EQ(differs(*of_the_other), "issuer");
  EXPECT_EQ(differs(*of_the_other, {issuer_of(issuer::Kind::signature)}), "usage");
  saga.old_certificate.clear();
  EXPECT_EQ(differs(*of_the_other, {issuer_of(issuer::Kind::signature)}), "");
}

}  // namespace
}  // namespace madoguchi::renewal
