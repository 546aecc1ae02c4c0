// What is left of a case takes no application, whatever a plugin would say of a visitor like that.
#include "rest_words.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

json::object decision_with(const char* findings) {
  return {{"outcome", "two_visits"}, {"findings", json::parse(findings)}};
}

TEST(RestWords, neither_an_application_nor_a_letter_is_promised) {
  auto decision = decision_with(R"([
    {"code":"proxy.reply_form_missing","severity":"second_visit","source":"proxy-two-visit",
     "message":{"ja":"申請のみ受け付けます。","en":"An application."}},
    {"code":"office.crowded","severity":"advise","source":"core"},
    {"code":"notice.expected","severity":"info","source":"core"},
    {"code":"proxy.inquiry_days","severity":"info","source":"proxy-two-visit"}])");
  take_no_application(decision);
  EXPECT_EQ(decision.at("outcome"), "not_today");
  const auto& findings = decision.at("findings").as_array();
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings.at(0).at("code"), "rest.no_application");
  EXPECT_EQ(findings.at(0).at("severity"), "require");
  EXPECT_EQ(findings.at(0).at("params").at("instead_of"), json::array{"proxy.reply_form_missing"});
  EXPECT_THAT(std::string(findings.at(0).at("message").at("ja").as_string()),
              testing::AllOf(testing::HasSubstr("取り消し"), testing::HasSubstr("新しい受付で申請")));
  EXPECT_EQ(findings.at(1).at("code"), "office.crowded");
  EXPECT_EQ(findings.at(2).at("code"), "notice.expected");
}

TEST(RestWords, what_turns_the_visitor_away_stays_first) {
  auto decision = decision_with(R"([
    {"code":"office.closed","severity":"block","source":"core"},
    {"code":"proxy.reply_form_missing","severity":"second_visit","source":"proxy-two-visit"}])");
  decision["outcome"] = "not_today";
  take_no_application(decision);
  EXPECT_EQ(decision.at("outcome"), "not_today");
  EXPECT_EQ(decision.at("findings").at(0).at("code"), "office.closed");
  EXPECT_EQ(decision.at("findings").at(1).at("code"), "rest.no_application");
}

TEST(RestWords, what_a_plugin_says_is_lacking_is_told) {
  auto decision = decision_with(R"([
    {"code":"documents.missing","severity":"require","source":"core"},
    {"code":"proxy.pin_mismatch","severity":"second_visit","source":"proxy-two-visit",
     "params":{"pins":["signature"],"follows":"no_application"},
     "message":{"ja":"照合できません。","en":"Could not be verified."}},
    {"code":"vendor.letter","severity":"second_visit","source":"vendor","params":{}},
    {"code":"proxy.inquiry_days","severity":"info","source":"proxy-two-visit"}])");
  take_no_application(decision);
  EXPECT_EQ(decision.at("outcome"), "not_today");
  const auto& findings = decision.at("findings").as_array();
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings.at(0).at("code"), "proxy.pin_mismatch");
  EXPECT_EQ(findings.at(0).at("severity"), "require");
  EXPECT_EQ(findings.at(0).at("message").at("ja"), "照合できません。");
  EXPECT_EQ(findings.at(1).at("code"), "rest.no_application");
  EXPECT_EQ(findings.at(1).at("params").at("instead_of"),
            (json::array{"proxy.pin_mismatch", "vendor.letter"}));
  EXPECT_THAT(std::string(findings.at(1).at("message").at("ja").as_string()),
              testing::AllOf(testing::HasSubstr("本人がマイナンバーカードを持って来庁"),
                             testing::HasSubstr("本人確認書類もお持ちください")));
  EXPECT_EQ(findings.at(2).at("code"), "documents.missing");
}

TEST(RestWords, nothing_else_is_changed) {
  const auto before = json::object{{"outcome", "complete_today"},
                                   {"findings", json::parse(R"([{"code":"notice.expected","severity":"info",
                                     "source":"core"},{"code":"x.y","severity":"info","source":"x"}])")}};
  auto decision = before;
  take_no_application(decision);
  EXPECT_EQ(decision, before);
}

}  // namespace
}  // namespace madoguchi::counter
