// What system.health and a monitor learn of the authorities, and of the counter's certificates towards them.
#include "authorities.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>

#include "messages/book.hpp"
#include "own_certificate.hpp"
#include "support.hpp"
#include "system_clock.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class AuthoritiesHealth : public testing::Test {
 protected:
  void make(int days) {
    const OwnCertificate own(days);
    own.write_certificate(file());
    own.write_key(folder_.path() / "ra.key.pem");
    ::chmod((folder_.path() / "ra.key.pem").c_str(), 0600);
    settings::DaemonConfig config;
    auto& authority = config.authorities.emplace_back();
    authority.name = "J-LIS";
    authority.url = "http://127.0.0.1:9/";
    authority.certificates = {policy::Certificate::signature};
    authority.ra_certificate = "ra.crt.pem";
    authority.ra_key = "ra.key.pem";
    authority.trust = {"ra.crt.pem"};
    auto made = Authorities::make(loop_, config, folder_.path(), clock_);
    ASSERT_TRUE(made) << made.error().inner;
    authorities_ = std::move(*made);
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "ra.crt.pem"; }
  json::object health(std::chrono::hours later = {}) const {
    return authorities_->health(clock_.now() + later).at("authority.J-LIS").as_object();
  }
  void call() {
    authorities_->line(mynumber::CertificateName::signature)
        .transport.post({1}, std::chrono::seconds(5), [](const base::Result<base::Bytes>&) {});
    loop_.run();
  }

  Folder folder_;
  SystemClock clock_;
  boost::asio::io_context loop_{1};
  std::unique_ptr<Authorities> authorities_;
};

TEST_F(AuthoritiesHealth, TellsWhenTheCountersCertificateEnds) {
  make(365);
  const auto well = health();
  EXPECT_EQ(well.at("state"), "untried");
  EXPECT_EQ(well.at("days_left"), 365);
  EXPECT_EQ(well.at("ends_on").as_string().size(), 10U);
  EXPECT_FALSE(well.contains("ja"));
}

TEST_F(AuthoritiesHealth, IsDegradedInGoodTimeBeforeItEnds) {
  make(31);
  EXPECT_EQ(health().at("state"), "untried");
  const auto soon = health(std::chrono::hours(24));
  EXPECT_EQ(soon.at("state"), "degraded");
  EXPECT_EQ(soon.at("why"), "ra_certificate.ends_soon");
  EXPECT_EQ(soon.at("days_left"), 30);
  EXPECT_THAT(std::string(soon.at("ja").as_string()), HasSubstr("あと30日で切れます"));
  EXPECT_THAT(std::string(soon.at("en").as_string()), HasSubstr("in 30 days"));
  // The remedy is filled in from the state.
  const auto remedy = messages::remedy("ra_certificate.ends_soon", soon);
  EXPECT_THAT(std::string(remedy.at("en").as_string()), HasSubstr(file().string()));
  EXPECT_EQ(health(std::chrono::hours(24 * 32)).at("why"), "ra_certificate.ended");
}

TEST_F(AuthoritiesHealth, WhatHasFailedIsToldFirst) {
  make(5);
  call();
  const auto silent = health();
  EXPECT_EQ(silent.at("state"), "failed");
  EXPECT_EQ(silent.at("reason"), "authority.unreachable");
  EXPECT_EQ(silent.at("days_left"), 5);
  EXPECT_FALSE(silent.contains("why"));
}

TEST_F(AuthoritiesHealth, GivesTheEndToAMonitor) {
  make(365);
  const auto ends = authorities_->ends();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends.front().first, "J-LIS");
  const auto left = ends.front().second - clock_.now();
  EXPECT_EQ(std::chrono::floor<std::chrono::days>(left).count(), 365);
}

}  // namespace
}  // namespace madoguchi::app
