// What an update has changed, as the timeline is told it.
#include "renewal/changes.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;

json::object changed(std::string_view before, std::string_view after) {
  Case from;
  Case to;
  from.facts = json::parse(before).as_object();
  to.facts = json::parse(after).as_object();
  return changes_between(from, to);
}

TEST(Changes, tell_who_came) {
  EXPECT_EQ(changed(R"({"visitor": {"role": "proxy"}})", R"({"visitor": {"role": "holder"}})"),
            json::parse(R"({"visitor": {"from": "proxy", "to": "holder"}})"));
  EXPECT_EQ(changed(R"({"holder": {"adult_ward": false}})", R"({"holder": {"adult_ward": true}})"),
            json::parse(R"({"adult_ward": {"from": false, "to": true}})"));
  EXPECT_EQ(changed("{}", R"({"visitor": {"role": "holder"}, "holder": {"adult_ward": false}})"),
            json::object())
      << "what is said and what goes without saying is the same";
}

TEST(Changes, tell_which_certificates_are_wanted_in_whichever_order) {
  EXPECT_EQ(changed(R"({"wanted": ["signature"]})", R"({"wanted": ["authentication", "signature"]})"),
            json::parse(R"({"wanted": {"from": ["signature"], "to": ["signature", "authentication"]}})"));
  EXPECT_EQ(changed("{}", R"({"wanted": ["authentication", "signature"]})"), json::object());
}

TEST(Changes, tell_what_a_clerk_has_told_of_a_pin) {
  EXPECT_EQ(changed(R"({"pins": {"signature": "matched"}})",
                    R"({"pins": {"signature": "matched", "authentication": "forgotten"}})"),
            json::parse(R"({"pins": {"authentication": {"from": "unverified", "to": "forgotten"}}})"));
}

TEST(Changes, tell_papers_that_came_and_that_were_taken_away) {
  EXPECT_EQ(changed(R"({"documents": [{"type": "passport"}, {"type": "reply_form"}]})",
                    R"({"documents": [{"type": "passport"}, {"type": "passport"}]})"),
            json::parse(R"({"documents": ["passport"], "documents_gone": ["reply_form"]})"));
}

TEST(Changes, say_nothing_of_who_somebody_is) {
  const auto all = changed(R"({"holder": {"birth_date": "1980-04-10"}})",
                           R"({"holder": {"birth_date": "1980-04-11", "adult_ward": true}})");
  EXPECT_THAT(json::serialize(all), testing::Not(testing::HasSubstr("1980")));
}

}  // namespace
}  // namespace madoguchi::renewal
