#include "simulated_ca/faults.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace madoguchi::simulated_ca {
namespace {

TEST(FaultPlan, TakesEachSoOften) {
  FaultPlan plan;
  ASSERT_TRUE(plan.add(boost::json::parse(
      R"([{"fault": "delay", "body": "cr", "count": 2, "ms": 5}, {"fault": "lose_reply"}])")));
  const auto first = plan.take("cr");
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].kind, FaultKind::delay);
  EXPECT_EQ(first[0].delay.count(), 5);
  EXPECT_EQ(first[1].kind, FaultKind::lose_reply);
  EXPECT_TRUE(plan.take("rr").empty());
  EXPECT_EQ(boost::json::serialize(plan.describe()), R"([{"fault":"delay","body":"cr","count":1}])");
  EXPECT_EQ(plan.take("cr").size(), 1u);
  EXPECT_TRUE(plan.take("cr").empty());
}

TEST(FaultPlan, IsCleared) {
  FaultPlan plan;
  ASSERT_TRUE(plan.add(boost::json::parse(R"({"fault": "hang", "count": 9})")));
  ASSERT_TRUE(plan.add(boost::json::parse(R"({"clear": true})")));
  EXPECT_TRUE(plan.take("cr").empty());
}

TEST(FaultPlan, ReadsFailuresByNameAndBit) {
  FaultPlan plan;
  ASSERT_TRUE(plan.add(boost::json::parse(R"([{"fault": "reject", "failure": "badPOP"},
    {"fault": "reject", "failure": "duplicateCertReq"}, {"fault": "reject", "failure": 0}])")));
  const auto taken = plan.take("cr");
  EXPECT_EQ(taken[0].failure, 9);
  EXPECT_EQ(taken[1].failure, 26);
  EXPECT_EQ(taken[2].failure, 0);
}

TEST(FaultPlan, RefusesWhatItDoesNotKnowAsAWhole) {
  for (const auto* order :
       {R"({"fault": "explode"})", R"({"body": "cr"})", R"({"fault": "delay", "sm": 5})", R"({"fault": 5})",
        R"({"fault": "delay", "body": "cp"})", R"({"fault": "delay", "count": 0})",
        R"({"fault": "delay", "ms": -1})", R"({"fault": "delay", "count": 1.5})",
        R"({"fault": "reject", "failure": "badLuck"})", R"({"fault": "reject", "failure": 27})",
        R"({"fault": "reject", "text": 1})", R"({"fault": "garbage", "mode": "html"})", R"({"clear": false})",
        R"({"clear": true, "fault": "hang"})", "5", R"([{"fault": "hang"}, {"fault": "explode"}])"}) {
    FaultPlan plan;
    const auto done = plan.add(boost::json::parse(order));
    ASSERT_FALSE(done) << order;
    EXPECT_EQ(done.error().code, base::Code::invalid_params);
    EXPECT_TRUE(plan.take("cr").empty()) << order;
  }
}

}  // namespace
}  // namespace madoguchi::simulated_ca
