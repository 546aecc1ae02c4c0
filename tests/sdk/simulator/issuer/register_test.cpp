#include "simulated_issuer/register.hpp"

#include <gmock/gmock.h>

#include "issuer_fixture.hpp"

namespace madoguchi::simulated_issuer {
namespace {

const base::Instant noon = *base::parse_time("2026-04-07T12:00:00+09:00");

class RegisterTest : public testing::Test {
 protected:
  Register open() { return Register::open(ca_).value(); }

  TemporaryFolder folder_;
  CaFolder ca_ = [this] {
    std::filesystem::copy(shared_ca().path(), folder_.path());
    std::filesystem::remove(folder_.path() / "ca.db");
    return CaFolder::load(folder_.path()).value();
  }();
};

TEST_F(RegisterTest, RemembersWhatWasIssued) {
  const auto request = good_request(Kind::signature);
  const auto der = issue(ca_, Kind::signature, request).value();
  std::string serial;
  {
    auto reg = open();
    const Holding holding{year(1990) / January / 2, year(2030) / January / 2};
    const auto added = reg.add(Kind::signature, der, {true, "ab01", "77", holding}, noon);
    ASSERT_TRUE(added) << base::describe(added.error());
    serial = added->serial;
  }
  const auto entry = open().find(serial).value();
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->kind, Kind::signature);
  EXPECT_EQ(entry->certificate, der);
  EXPECT_EQ(entry->subject_der, request.subject_der);
  EXPECT_THAT(entry->subject, testing::EndsWith(",L=Musashino-shi,L=Tokyo-to,C=JP"));
  EXPECT_EQ(entry->issued_at, noon);
  EXPECT_EQ(entry->not_before, request.not_before);
  EXPECT_EQ(entry->not_after, *base::parse_time("2026-04-01T23:59:59+09:00"));
  EXPECT_TRUE(entry->registration.confirmed);
  EXPECT_EQ(entry->registration.transaction, "ab01");
  EXPECT_EQ(entry->registration.predecessor, "77");
  EXPECT_EQ(entry->registration.holding.birth, year(1990) / January / 2);
  EXPECT_EQ(entry->registration.holding.card_last_day, year(2030) / January / 2);
  EXPECT_FALSE(entry->revocation);
  EXPECT_EQ(open().find_key(request.spki).value()->serial, serial);
  EXPECT_EQ(open().find_subject(Kind::signature, request.subject_der).value()->serial, serial);
  EXPECT_FALSE(open().find_subject(Kind::authentication, request.subject_der).value());
  EXPECT_FALSE(open().find("0").value());
}

TEST_F(RegisterTest, OneSerialAKey) {
  auto reg = open();
  const auto request = good_request(Kind::authentication);
  ASSERT_TRUE(reg.add(Kind::authentication, issue(ca_, Kind::authentication, request).value(), {}, noon));
  const auto second =
      reg.add(Kind::authentication, issue(ca_, Kind::authentication, request).value(), {}, noon);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::Code::conflict);
  EXPECT_EQ(reg.all().value().size(), 1u);
}

TEST_F(RegisterTest, ConfirmsAndRevokesOnce) {
  auto reg = open();
  const auto der = issue(ca_, Kind::authentication, good_request(Kind::authentication)).value();
  const auto serial = reg.add(Kind::authentication, der, {}, noon).value().serial;
  EXPECT_FALSE(reg.find(serial).value()->registration.confirmed);
  EXPECT_TRUE(reg.confirm(serial));
  EXPECT_TRUE(reg.find(serial).value()->registration.confirmed);
  EXPECT_TRUE(reg.revoke(serial, {noon, 4}).value());
  EXPECT_FALSE(reg.revoke(serial, {noon + std::chrono::hours(1), 1}).value());
  const auto revocation = reg.find(serial).value()->revocation;
  ASSERT_TRUE(revocation);
  EXPECT_EQ(revocation->at, noon);
  EXPECT_EQ(revocation->reason, 4);
}

TEST_F(RegisterTest, KnowsWhatItDoesNotKnow) {
  auto reg = open();
  EXPECT_EQ(reg.confirm("1").error().code, base::Code::not_found);
  EXPECT_EQ(reg.revoke("1", {noon, 0}).error().code, base::Code::not_found);
  EXPECT_EQ(reg.add(Kind::signature, base::Bytes{0x30, 0x00}, {}, noon).error().code,
            base::Code::invalid_params);
}

}  // namespace
}  // namespace madoguchi::simulated_issuer
