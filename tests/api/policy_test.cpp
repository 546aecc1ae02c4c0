// What front-ends are told of the policy: explained, degraded, or of none that is in force.
#include <gmock/gmock.h>

#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;

TEST(Policy, IsExplainedWithItsDecision) {
  Counter counter;
  const json::object facts{{"office", "citizens-division"}};
  counter.parts.explain = [](const json::object& given, base::Instant) -> base::Result<json::object> {
    return json::object{{"trace", json::array{json::object{{"rule", "window"}, {"read", given}}}},
                        {"decision", json::object{{"outcome", "complete_today"}}}};
  };
  const auto explained = counter.result("policy.explain", {{"facts", facts}});
  EXPECT_EQ(explained.at("trace").at(0).at("read"), facts);
  EXPECT_EQ(explained.at("decision").at("outcome"), "complete_today");
  counter.parts.explain = [](const json::object&, base::Instant) -> base::Result<json::object> {
    return base::make_fault(base::Code::invalid_params, {}, {{"pointer", "/office"}});
  };
  EXPECT_EQ(counter.error("policy.explain", {{"facts", facts}}).at("details").at("pointer"), "/facts/office");
}

TEST(Policy, RemarksAboutItAreToldByTheReloadAndAfterIt) {
  Counter counter;
  EXPECT_EQ(counter.result("policy.info").at("notices"), json::array());
  counter.notices = {"policy.yaml:7:3: plugins.holiday-openings: no dates are listed yet"};
  EXPECT_EQ(counter.result("policy.reload").at("notices"), counter.notices);
  EXPECT_EQ(counter.result("policy.info").at("notices"), counter.notices);
}

TEST(Policy, NobodyIsToldOfOneThatHasEnded) {
  Counter counter;
  counter.parts.policy = [](base::Instant) -> base::Result<std::shared_ptr<const policy::Policy>> {
    return base::make_fault(base::Code::policy_not_in_force, {}, {{"ended_on", "2026-03-31"}});
  };
  EXPECT_TRUE(counter.result("system.info").at("policy").is_null());
  const json::object office{{"office", "citizens-division"}};
  const json::object completed{{"completed_at", "2026-10-16T10:30:00+09:00"}};
  EXPECT_EQ(counter.reason("policy.info"), "policy.not_in_force");
  EXPECT_EQ(counter.reason("offices.list"), "policy.not_in_force");
  EXPECT_EQ(counter.reason("offices.status", office), "policy.not_in_force");
  EXPECT_EQ(counter.error("availability.forecast", completed).at("details").at("ended_on"), "2026-03-31");
}

TEST(Policy, AnyPartThatIsDegradedDegradesTheWhole) {
  Counter counter;
  std::string state = "ok";
  counter.parts.other_health = [&] {
    return json::object{{"policy", json::object{{"state", state}}},
                        {"authority.one", json::object{{"state", "untried"}}}};
  };
  EXPECT_EQ(counter.result("system.health").at("state"), "ok");
  state = "degraded";
  EXPECT_EQ(counter.result("system.health").at("state"), "degraded");
  state = "failed";
  EXPECT_EQ(counter.result("system.health").at("state"), "degraded");
}

TEST(Policy, AnAuthorityWhoseCertificateEndsIsToldWithWhatToDo) {
  Counter counter;
  json::object state{{"state", "degraded"},
                     {"why", "ra_certificate.ends_soon"},
                     {"path", "/etc/madoguchi/ra.crt.pem"},
                     {"days_left", 5}};
  counter.parts.other_health = [&] { return json::object{{"authority.one", state}}; };
  const auto remedy_id = [&] {
    const auto health = counter.result("system.health");
    EXPECT_EQ(health.at("state"), "degraded");
    const auto& remedy = health.at("parts").at("authority.one").at("remedy");
    EXPECT_EQ(remedy.at("en").as_string().find('{'), std::string_view::npos) << remedy.at("en");
    return std::string(remedy.at("id").as_string());
  };
  EXPECT_EQ(remedy_id(), "ra_certificate.ends_soon");
  state = {{"state", "failed"}, {"reason", "authority.unreachable"}, {"days_left", 5}};
  EXPECT_EQ(remedy_id(), "authority.unreachable");
}

}  // namespace
}  // namespace madoguchi::api::test
