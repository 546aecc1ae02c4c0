// What visitors are told before they go.
#include "guidance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

json::object object(const char* text) {
  return json::parse(text).as_object();
}

std::vector<std::string> brings(const char* facts, const char* decision, std::int64_t months = 0) {
  return things_to_bring(Lang::ja, object(facts), object(decision), {months});
}

TEST(ThingsToBring, TheHolderBringsCardAndPinsAndADocumentOnlyWhereAPinIsForgotten) {
  const char* pins = R"({"pins_required":["resident_register","authentication"]})";
  EXPECT_THAT(
      brings("{}", pins),
      ElementsAre("マイナンバーカード", StartsWith("暗証番号を忘れた場合は、本人確認書類(運転免許証、"),
                  "暗証番号: 住民基本台帳用(数字4桁)、利用者証明用電子証明書(数字4桁)",
                  "有効期限通知書(お忘れでも手続きできます)"));
  EXPECT_THAT(
      brings("{}", R"({"pins_required":["resident_register","signature"],"pin_resets":["signature"],
                               "missing":["identity_document"]})"),
      ElementsAre(
          "マイナンバーカード", StartsWith("本人確認書類(運転免許証、"), "暗証番号: 住民基本台帳用(数字4桁)",
          StartsWith("新しく設定する暗証番号(考えておいてください): 署名用電子証明書(英数字6〜16文字)"),
          StartsWith("有効期限通知書")));
}

TEST(ThingsToBring, BeforeAnythingIsDecidedThePinsAreThoseOfTheCard) {
  EXPECT_THAT(brings("{}", "{}"), Contains("カードの交付時に設定した暗証番号"));
  EXPECT_THAT(brings(R"({"card":{"face_authentication":true}})", "{}"),
              Not(Contains(HasSubstr("に設定した暗証番号"))));
}

TEST(ThingsToBring, AProxyBringsTheSealedFormAndTheirOwnPhoto) {
  const auto items = brings(R"({"visitor":{"role":"proxy"}})", R"({"pins_required":["authentication"]})");
  EXPECT_THAT(items, ElementsAre("本人(更新する方)のマイナンバーカード",
                                 AllOf(StartsWith("「照会書兼回答書」"), HasSubstr("封をしたもの")),
                                 HasSubstr("顔写真付きの本人確認書類(マイナンバーカード、運転免許証"),
                                 StartsWith("有効期限通知書")));
  EXPECT_EQ(brings(R"({"visitor":{"role":"legal_representative"}})",
                   R"({"findings":[{"code":"legal_representative.not_applicable"}]})"),
            items);
}

TEST(ThingsToBring, ARepresentativeBringsTheProofThatIsMissingOrWasShown) {
  const char* ward = R"({"visitor":{"role":"legal_representative"},"holder":{"adult_ward":true},
                         "documents":[{"type":"guardianship_registration"}]})";
  EXPECT_THAT(brings(ward, "{}", 3),
              Contains(AllOf(StartsWith("登記事項証明書"), HasSubstr("原本"), HasSubstr("発行後3か月以内"))));
  const char* child = R"({"visitor":{"role":"legal_representative"}})";
  EXPECT_THAT(brings(child, R"({"missing":["family_register"]})"), Contains(StartsWith("戸籍謄本")));
  EXPECT_THAT(brings(child, "{}"), Not(Contains(StartsWith("戸籍謄本"))));
}

TEST(ThingsToBring, ALastDayIsToldToTheHolderOnlyWhoeverHasCome) {
  EXPECT_THAT(brings(R"({"purpose":"expiry_check","visitor":{"role":"proxy"}})", "{}"),
              ElementsAre("マイナンバーカード", StartsWith("暗証番号: 署名用電子証明書")));
}

TEST(ThingsToBring, ACitysOwnPapersAreNamedAsTheyAre) {
  EXPECT_THAT(brings("{}", R"({"missing":["move_report"]})"), Contains("move_report"));
}

TEST(SpokenTime, IsThatOfALetter) {
  EXPECT_EQ(spoken_time(Lang::ja, "2026-04-01"), "2026年4月1日");
  EXPECT_EQ(spoken_time(Lang::ja, "2026-11-30T10:00:00+09:00"), "2026年11月30日 10:00");
  EXPECT_EQ(spoken_time(Lang::en, "2026-11-30T10:00:00+09:00"), "2026-11-30 10:00");
  EXPECT_EQ(spoken_time(Lang::ja, "soon"), "soon");
}

class Guidance : public ::testing::Test {
 protected:
  FakeCounter counter_;

  Ran renew() {
    return run(counter_.arguments({"renew", "--birth-date", "2014-07-07", "--office", "main", "--pin-stdin"}),
               "");
  }
};

TEST_F(Guidance, SaysWhoElseHasToComeWithWhatByTheCitysOwnRules) {
  counter_.server.refuse("cases.open", -32007, "policy.blocked",
                         {{"decision", object(R"({"outcome":"not_today","pins_required":["authentication"],
      "findings":[{"code":"legal_representative.required","severity":"block"}]})")}});
  counter_.server.on("policy.evaluate", [](const auto& session, const json::object& request) {
    const auto& facts = request.at("params").at("facts").as_object();
    const bool undated = !facts.at("documents").as_array().empty();
    session.result(request, object(undated ? R"({"missing":["family_register"],"findings":[
        {"code":"legal_representative.proof_too_old","params":{"months":6}}]})"
                                           : R"({"missing":["my_number_card","family_register"]})"));
  });
  counter_.server.answer("offices.status", object(R"({"office":"main","name":{"ja":"市民課","en":"Citizens"},
      "open":false,"next_opening":"2026-04-21T08:30:00+09:00","contact":{"phone":"028-632-2265"},
      "crowding":{"expected":true,"ja":"混み合います。","en":"It is very busy then."},
      "holidays_unknown":{"day":"2026-04-21","ja":"祝日か不明です。","en":"It may be a holiday."}})"));
  const auto ran = renew();
  EXPECT_EQ(ran.status, not_today) << ran.err;
  for (const char* words : {"an official identity document with photo", "within 6 months", "(4 digits)",
                            "Citizens (next open 2026-04-21 08:30)", "028-632-2265", "may not be needed",
                            "It is very busy then.", "It may be a holiday."})
    EXPECT_THAT(ran.out, HasSubstr(words));
  const auto asked = counter_.server.calls("policy.evaluate");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].at("facts"),
            object(R"({"visitor":{"role":"legal_representative"},"card":{"presented":false},
      "office":"main","holder":{"birth_date":"2014-07-07"},"documents":[]})"));
}

TEST_F(Guidance, NamesTheFirstDayWithoutAnOpeningBeforeIt) {
  counter_.server.refuse("cases.open", -32007, "policy.blocked",
                         {{"decision", object(R"({"outcome":"not_today","opens_on":"2030-12-09"})")}});
  counter_.server.answer("offices.status", object(R"({"office":"main","name":{"ja":"市民課","en":"Citizens"},
      "open":true,"in_time":true,"last_reception":"2026-04-20T18:45:00+09:00",
      "crowding":{"expected":false,"ja":"特に","en":"Not known to be busy."}})"));
  const auto ran = renew();
  EXPECT_THAT(ran.out, Not(HasSubstr("Not known to be busy."))) << "no news";
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Received from 2030-12-09 on."), HasSubstr("Where: Citizens\n")));
}

TEST_F(Guidance, SaysFromWhenTheServicesWorkAndHowToPrintTheCopy) {
  counter_.required = {};
  counter_.server.answer("cases.receipt", object(R"({"services":[
      {"name":{"ja":"コンビニ交付","en":"Stores"},"available_from":"2026-04-20T13:00:00+09:00"},
      {"name":{"ja":"e-Tax","en":"e-Tax"},"available_from":"2026-04-21"},
      {"name":{"ja":"健康保険証","en":"Insurance"},"by":"2026-04-21"},
      {"name":{"ja":"年金","en":"Pension"},"by":"2026-04-22","immediate_if_applied_from":"2026-04-21T00:00:00+09:00"},
      {"name":{"ja":"ポイント","en":"Points"}}],"caveat":{"ja":"目安","en":"A guide only."}})"));
  const auto ran = renew();
  EXPECT_EQ(ran.status, done) << ran.err;
  for (const char* line :
       {"Stores: from about 2026-04-20 13:00\n", "e-Tax: from 2026-04-21\n",
        "Insurance: by the end of 2026-04-21\n", "Points: no information\n",
        "Pension: by the end of 2026-04-22; at once if you apply for it from 2026-04-21 00:00 on\n",
        "A guide only.", "madoguchi cases receipt c-1 --output FILE"})
    EXPECT_THAT(ran.out, HasSubstr(line));
}

}  // namespace
}  // namespace madoguchi::cli
