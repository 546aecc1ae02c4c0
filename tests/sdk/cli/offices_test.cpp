// Offices in words, as citizens ask for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class Offices : public ::testing::Test {
 protected:
  FakeCounter counter_;
  Ran ask(std::vector<std::string> words, std::string_view status) {
    counter_.server.answer("offices.status", json::parse(status).as_object());
    words.insert(words.begin(), "offices");
    return run(counter_.arguments(std::move(words)));
  }
};

constexpr std::string_view closed = R"({"office":"hall","name":{"ja":"市民課","en":"Hall"},"kind":"main",
    "open":false,"in_time":false,"today":[],"next_opening":"2028-01-04T08:30:00+09:00",
    "crowding":{"expected":true,"ja":"大変混み合います。","en":"It is very busy."},
    "holidays_unknown":{"day":"2028-01-04","ja":"祝日か確認できません。","en":"It may be a holiday."},
    "queue_label":{"ja":"発行/更新","en":"Issue and renewal"},"contact":{"phone":"028-632-2265"}})";

TEST_F(Offices, AClosedOneSaysWhenToComeAndWhatToExpect) {
  const auto en = ask({"hall"}, closed);
  EXPECT_EQ(en.status, done) << en.err;
  EXPECT_EQ(en.out,
            "Hall (hall)\n"
            "  closed; next open 2028-01-04 08:30\n"
            "  no reception that day\n"
            "  It is very busy.\n"
            "  It may be a holiday.\n"
            "  on the public display: Issue and renewal\n"
            "  telephone 028-632-2265\n");
  EXPECT_EQ(ask({"hall", "--lang", "ja"}, closed).out,
            "市民課(hall)\n"
            "  受付時間外です。次の受付は2028年1月4日 08:30からです\n"
            "  この日は受付を行っていません\n"
            "  大変混み合います。\n"
            "  祝日か確認できません。\n"
            "  待ち状況の表示名: 発行/更新\n"
            "  電話 028-632-2265\n");
}

TEST_F(Offices, AnOpenOneSaysUntilWhen) {
  const auto told = ask({"hall", "--at", "2026-04-06T10:00:00+09:00"}, R"({"office":"hall","open":true,
      "in_time":true,"today":["08:30-19:00"],"last_reception":"2026-04-06T18:45:00+09:00"})");
  EXPECT_EQ(told.out, "hall (hall)\n  open; received until 18:45\n  hours that day: 08:30-19:00\n");
  EXPECT_EQ(counter_.server.calls("offices.status").at(0).at("at"), "2026-04-06T10:00:00+09:00");
  EXPECT_THAT(ask({"hall"}, R"({"office":"hall","open":true,"in_time":false,"today":["08:30-19:00"]})").out,
              HasSubstr("the last reception has passed"));
  constexpr std::string_view over = R"({"office":"hall","open":true,"in_time":false,"today":["08:30-19:00"],
      "next_opening":"2026-04-07T08:30:00+09:00","contact":{"fax":"028-651-5163"}})";
  EXPECT_EQ(ask({"hall"}, over).out,
            "hall (hall)\n  open, but the last reception has passed; next received from 2026-04-07 08:30\n"
            "  hours that day: 08:30-19:00\n  fax 028-651-5163\n");
  EXPECT_THAT(ask({"hall", "--lang", "ja"}, over).out,
              HasSubstr("本日の受付は終了しています。次の受付は2026年4月7日 08:30からです"));
}

TEST_F(Offices, WithoutANameEachHasALine) {
  counter_.server.answer("offices.list", json::parse(R"({"offices":[{"office":"hall",
      "name":{"ja":"市民課","en":"Hall"},"kind":"main"}],"fees":{}})")
                                             .as_object());
  EXPECT_EQ(ask({}, "{}").out, "hall: Hall\n");
  EXPECT_EQ(ask({}, R"({"office":"hall","open":false,"in_time":false,"today":[]})").out,
            "hall: Hall\n  closed\n  no reception that day\n");
  const auto which = ask({"--at", "2026-04-06T10:00:00+09:00"}, "{}");
  EXPECT_EQ(which.status, bad_usage);
  EXPECT_THAT(which.err, HasSubstr("madoguchi offices OFFICE --at TIME"));
  counter_.server.refuse("offices.status", -32001, "not_found");
  EXPECT_THAT(run(counter_.arguments({"offices", "hal"})).err, HasSubstr("listed by: madoguchi offices\n"));
}

// What the authority said when the case was opened.
// At the official terminal nobody reads the signature certificate before it is replaced.
TEST(CaseInWords, WhatNobodyHasReadIsNotSaidToBeMissing) {
  FakeCounter counter;
  const auto shown = [&](const char* state) {
    auto visit = json::parse(R"({"id":"c-1","state":"issuing","facts":{"certificates":{"signature":{}}},
        "certificates":{"signature":{"action":"renew"}}})")
                     .as_object();
    visit["facts"].as_object()["certificates"].as_object()["signature"].as_object()["state"] = state;
    counter.server.answer("cases.get", visit);
    return run(counter.arguments({"cases", "show", "c-1"})).out;
  };
  EXPECT_THAT(shown("unknown"), HasSubstr("signature certificate: not read -> not issued yet"));
  EXPECT_THAT(shown("absent"), HasSubstr("signature certificate: none -> not issued yet"));
}

TEST(CaseInWords, WherePinsAloneAreWantedNothingIsIssued) {
  FakeCounter counter;
  counter.server.answer("cases.get",
                        json::parse(R"({"id":"c-1","state":"open","facts":{"purpose":"pin_reset"},
      "decision":{"outcome":"complete_today","certificates":{"signature":{"action":"none"}},
      "findings":[{"code":"certificate.unknown","severity":"info","params":{"certificate":"authentication"}}]}})")
                            .as_object());
  const auto ran = run(counter.arguments({"cases", "show", "c-1"}));
  EXPECT_THAT(ran.out, HasSubstr("can be done today"));
  EXPECT_THAT(ran.out, ::testing::Not(HasSubstr("new issuance")));
}

TEST(CaseInWords, SaysHowItsCertificatesStand) {
  FakeCounter counter;
  counter.server.answer("cases.get", json::parse(R"({"id":"c-1","state":"open","certificate_status":{
      "authentication":{"status":"good","source":"crl","as_of":"2026-04-20T10:00:00+09:00","ja":"有効","en":"It is good."}}})")
                                         .as_object());
  EXPECT_THAT(run(counter.arguments({"cases", "show", "c-1"})).out,
              HasSubstr("authentication certificate: It is good. (by its list of revoked certificates, as of "
                        "2026-04-20 10:00:00)\n"));
}

}  // namespace
}  // namespace madoguchi::cli
