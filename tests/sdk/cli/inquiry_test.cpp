// inquiry: the back office's side of a proxy's two visits; the letter with the real madoguchi-print.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using client::FakeServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* holder =
    R"({"name":"髙橋 花子","postal_code":"320-0026","address":"宇都宮市馬場通り4-1-1"})";

json::object inquiry(const char* phase) {
  return json::parse(R"({"round":1,"office":"citizens-division","purpose":"renewal","case":"c-1",
      "first_visit_on":"2026-02-12","reasons":["reply_form_missing"],"pins":["authentication"],
      "certificates":[{"certificate":"signature","action":"renew"}],"phase":")" +
                     std::string(phase) + R"("})")
      .as_object();
}

json::object posted(const char* phase, int days_left) {
  auto posted = inquiry(phase);
  posted["letter"] = {{"issued_on", "2026-02-13"}, {"return_by", "2026-03-13"}};
  posted["mailed_on"] = "2026-02-14";
  posted["overdue"] = days_left < 0;
  if (days_left >= 0) posted["days_left"] = days_left;
  return posted;
}

json::object made_letter(bool reprint = false) {
  auto reply = json::parse(R"({"letter":{"kind":"inquiry","case":"c-1","applied_on":"2026-02-12",
      "issued_on":"2026-02-13","return_by":"2026-03-13","contact":{"phone":"028-632-2265"},
      "certificates":[{"certificate":"signature","action":"renew"}],
      "pins":["resident_register","signature"],"office":{"name":"市民課"},"city":{"name":"宇都宮市"}},
      "round":1,"purpose":"renewal","reasons":["reply_form_missing"]})")
                   .as_object();
  reply["reprint"] = reprint;
  return reply;
}

class Inquiry : public ::testing::Test {
 protected:
  Inquiry() { fs::create_directory(folder_); }
  ~Inquiry() override { fs::remove_all(folder_); }

  Ran madoguchi(std::vector<std::string> words) {
    words.insert(words.begin(), "inquiry");
    return run(counter_.arguments(std::move(words)));
  }
  Ran letter(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"letter", "c-1", "--staff", "sato", "--format=html", "--output", file_});
    return madoguchi(std::move(options));
  }
  std::vector<json::object> calls(const char* verb) {
    return counter_.server.calls(std::string("proxy-two-visit.") + verb);
  }
  void answer(const char* verb, const json::value& result) {
    counter_.server.answer(std::string("proxy-two-visit.") + verb, result);
  }
  [[nodiscard]] std::string written() const {
    std::ifstream file(file_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  FakeCounter counter_;
  fs::path folder_ = fs::temp_directory_path() / ("inquiry-" + std::to_string(::getpid()));
  std::string file_ = folder_ / "letter";
};

TEST_F(Inquiry, ListIsALineACase) {
  answer("list", {{"items",
                   {inquiry("to_mail"), posted("mailed", 28), posted("returned", 0), posted("mailed", -1)}}});
  const auto en = madoguchi({"list"});
  EXPECT_EQ(en.status, done) << en.err;
  EXPECT_EQ(en.out,
            "c-1  the letter is to be posted  first visit 2026-02-12  no letter made yet  citizens-division\n"
            "c-1  posted, waiting for the answer  first visit 2026-02-12  last day 2026-03-13 (28 days left)"
            "  citizens-division\n"
            "c-1  the answer is here, waiting for the second visit  first visit 2026-02-12  last day "
            "2026-03-13 (today)  citizens-division\n"
            "c-1  posted, waiting for the answer  first visit 2026-02-12  last day 2026-03-13 (it has "
            "passed)  citizens-division\n");
  EXPECT_THAT(madoguchi({"list", "--lang", "ja"}).out,
              AllOf(HasSubstr("c-1  郵送待ち  申請日 2026-02-12  照会書は未作成"),
                    HasSubstr("郵送済み・回答待ち  申請日 2026-02-12  回答期限 2026-03-13(あと28日)")));
  answer("list", {{"items", json::array()}});
  EXPECT_EQ(madoguchi({"list"}).out, "There are no such inquiries.\n");
}

TEST_F(Inquiry, ListAsksWhatWasMeant) {
  for (const char* verb : {"list", "overdue", "lapsing"}) answer(verb, {{"items", json::array()}});
  madoguchi({"list", "--phase", "to_mail", "--office", "main"});
  EXPECT_EQ(calls("list").at(0), (json::object{{"office", "main"}, {"phase", "to_mail"}}));
  madoguchi({"list", "--phase", "overdue"});
  EXPECT_EQ(calls("overdue").at(0), json::object());
  madoguchi({"list", "--within-days", "3", "--office", "main"});
  EXPECT_EQ(calls("lapsing").at(0), (json::object{{"office", "main"}, {"within_days", 3}}));
  madoguchi({"list", "--phase", "lapsing"});
  EXPECT_EQ(calls("lapsing").at(1).at("within_days"), 7);
  EXPECT_EQ(madoguchi({"list", "--phase", "mailed", "--within-days", "3"}).status, bad_usage);
  EXPECT_EQ(madoguchi({"list", "--phase", "nonsense"}).status, bad_usage);
  EXPECT_EQ(calls("list").size(), 1U);
}

TEST_F(Inquiry, ListGoesThroughEveryPage) {
  counter_.server.on("proxy-two-visit.list",
                     [](const FakeServer::Session& session, const json::object& request) {
                       json::object page{{"items", {inquiry("to_mail")}}};
                       if (!request.at("params").as_object().contains("cursor")) page["next"] = "behind-c-1";
                       session.result(request, page);
                     });
  const auto ran = madoguchi({"list", "--json"});
  EXPECT_EQ(json::parse(ran.out).at("items").as_array().size(), 2U);
  EXPECT_EQ(calls("list").at(1).at("cursor"), "behind-c-1");
}

TEST_F(Inquiry, WithoutThePluginThatIsSaid) {
  counter_.server.refuse("proxy-two-visit.list", -32601, "method_not_found");
  const auto ran = madoguchi({"list"});
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, HasSubstr("the plugin proxy-two-visit is not in use"));
}

TEST_F(Inquiry, ShowSaysThatTheFormEndsBeforeTheSecondVisitIsLikely) {
  auto status = posted("mailed", 28);
  status["likely_on"] = "2026-03-14";
  answer("status", status);
  EXPECT_THAT(madoguchi({"show", "c-1"}).out, HasSubstr("the second visit has to be by 2026-03-13"));
  status["likely_on"] = "2026-03-13";
  answer("status", status);
  EXPECT_THAT(madoguchi({"show", "c-1"}).out, Not(HasSubstr("has to be by")));
}

TEST_F(Inquiry, ShowAndMailedSayThatTwoLettersAreNotToldApart) {
  auto status = posted("mailed", 28);
  status["not_told_apart"] = {{"ja", "区別できません。"}, {"en", "Nothing tells whose form comes back."}};
  for (const char* verb : {"status", "mailed"}) answer(verb, status);
  EXPECT_THAT(madoguchi({"show", "c-1"}).out, HasSubstr("\nNothing tells whose form comes back.\n"));
  EXPECT_THAT(madoguchi({"mailed", "c-1", "--lang", "ja"}).out, HasSubstr("\n区別できません。\n"));
}

TEST_F(Inquiry, ShowSaysWhereItStandsAndWhatToBring) {
  auto status = posted("mailed", 28);
  status["likely_on"] = "2026-02-26";
  answer("status", status);
  const auto ran = madoguchi({"show", "c-1"});
  EXPECT_EQ(ran.status, done) << ran.err;
  for (const char* part :
       {"Inquiry of case c-1: posted, waiting for the answer",
        "First visit on 2026-02-12 (citizens-division): renewal", "signature certificate: renewal",
        "Why the holder is asked: no reply form",
        "PINs that could not be matched: the authentication certificate",
        "Letter made on 2026-02-13, last day 2026-03-13 (28 days left) (letter no. 1 of this case)",
        "Posted on 2026-02-14", "Second visit likely about 2026-02-26", "the holder's My Number Card",
        "madoguchi inquiry returned c-1", "madoguchi cases resume c-1 --second-visit"}) {
    EXPECT_THAT(ran.out, HasSubstr(part));
  }
  EXPECT_THAT(madoguchi({"show", "c-1", "--lang", "ja"}).out,
              HasSubstr("封をした照会書兼回答書(開封していないもの)"));
}

TEST_F(Inquiry, ShowSaysWhatIsNextInEachPhase) {
  const auto said = [&](const json::object& status) {
    answer("status", status);
    return madoguchi({"show", "c-1"}).out;
  };
  EXPECT_THAT(said(inquiry("to_mail")), HasSubstr("madoguchi inquiry letter c-1 --output FILE"));
  auto printed = posted("to_mail", 28);
  printed.erase("mailed_on");
  EXPECT_THAT(said(printed), HasSubstr("madoguchi inquiry mailed c-1"));
  EXPECT_THAT(said(posted("mailed", -1)),
              AllOf(HasSubstr("madoguchi inquiry lapsed c-1"), HasSubstr("letter c-1 --anew")));
  EXPECT_THAT(said(posted("returned", 3)),
              AllOf(HasSubstr("--second-visit"), HasSubstr("the reply form is here already")));
  EXPECT_THAT(said(posted("lapsed", -1)), AllOf(HasSubstr("--anew"), HasSubstr("madoguchi cases cancel c-1"),
                                                Not(HasSubstr("To bring"))));
  EXPECT_EQ(said({{"case", "c-1"}, {"phase", "none"}}), "Inquiry of case c-1: no inquiry\n");
}

TEST_F(Inquiry, LetterIsMadeOfBothAndTheDaemonIsToldNoName) {
  answer("letter", made_letter());
  const auto ran =
      letter({"--holder", holder, "--return-by", "2026-03-13", "--letter-number", "市民第1203号"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Ready to print: " + file_), HasSubstr("due by 2026-03-13"),
                             HasSubstr("madoguchi inquiry mailed c-1")));
  for (const char* part : {"320-0026", "市民第1203号", "028-632-2265", "令和8年3月13日"})
    EXPECT_THAT(written(), HasSubstr(part));
  EXPECT_EQ(calls("letter").at(0),
            (json::object{{"case", "c-1"}, {"staff", "sato"}, {"return_by", "2026-03-13"}}));
  for (const auto& line : counter_.server.lines()) {
    for (const char* part : {"髙橋", "320-0026", "馬場"}) EXPECT_THAT(line, Not(HasSubstr(part)));
  }
}

TEST_F(Inquiry, LetterTakesTheHolderFromAFileAndSaysThatItIsTheSame) {
  answer("letter", made_letter(true));
  std::ofstream(folder_ / "holder.json") << holder;
  const auto ran = letter({"--holder", "@" + (folder_ / "holder.json").string()});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("The same letter as before"));
  const auto json = letter({"--holder", holder, "--anew", "--json"});
  EXPECT_EQ(json::parse(json.out).at("return_by"), "2026-03-13");
  EXPECT_EQ(json::parse(json.out).at("reprint"), true);
  EXPECT_EQ(calls("letter").at(1).at("anew"), true);
}

TEST_F(Inquiry, LetterAsksAtTheTerminalForWhomItIs) {
  answer("letter", made_letter());
  AtTerminal terminal(counter_.arguments(
      {"inquiry", "letter", "c-1", "--format=html", "--output", file_, "--holder", R"({"name":"花子"})"}));
  ASSERT_TRUE(terminal.shows("postal code")) << terminal.screen;
  EXPECT_THAT(calls("letter"), IsEmpty());
  terminal.type("320-0026\n");
  ASSERT_TRUE(terminal.shows("address")) << terminal.screen;
  terminal.type("宇都宮市馬場通り4-1-1\n");
  EXPECT_EQ(terminal.wait(), done) << terminal.screen;
  EXPECT_THAT(written(), HasSubstr("320-0026"));
}

TEST_F(Inquiry, LetterWithoutAnybodyToSendItToFixesNoDates) {
  answer("letter", made_letter());
  EXPECT_THAT(letter().err, HasSubstr("--holder with name in it"));
  for (const char* wrong : {R"({"name":"花子"})", "[1]", "@/no/such"}) {
    EXPECT_EQ(letter({"--holder", wrong}).status, bad_usage) << wrong;
  }
  EXPECT_EQ(letter({"--holder", holder, "--return-by", "2026-02-30"}).status, bad_usage);
  EXPECT_THAT(counter_.server.lines(), IsEmpty());
}

TEST_F(Inquiry, LetterThatCannotBePrintedSaysThatItsDatesStay) {
  answer("letter", made_letter());
  const auto ran = letter({"--holder", R"({"name":"花子","postal_code":"3200026","address":"a"})"});
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("/holder/postal_code"), HasSubstr("it makes the same letter")));
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(letter({"--holder", holder, "--template-version", "2"}).status, refused);
}

TEST_F(Inquiry, WhatWasDoneIsRecorded) {
  for (const char* verb : {"mailed", "returned", "lapsed"}) answer(verb, posted(verb, 28));
  const auto mailed = madoguchi(
      {"mailed", "c-1", "--on", "2026-02-14", "--return-by", "2026-03-13", "--again", "--staff", "sato"});
  EXPECT_EQ(mailed.status, done) << mailed.err;
  EXPECT_THAT(mailed.out, HasSubstr("Inquiry of case c-1: posted, waiting for the answer"));
  EXPECT_EQ(calls("mailed").at(0), (json::object{{"case", "c-1"},
                                                 {"staff", "sato"},
                                                 {"on", "2026-02-14"},
                                                 {"return_by", "2026-03-13"},
                                                 {"again", true}}));
  EXPECT_EQ(madoguchi({"returned", "c-1", "--staff", "sato"}).status, done);
  EXPECT_EQ(calls("returned").at(0), (json::object{{"case", "c-1"}, {"staff", "sato"}}));
  EXPECT_EQ(madoguchi({"lapsed", "c-1", "--staff", "sato"}).status, done);
  EXPECT_EQ(calls("lapsed").size(), 1U);
  EXPECT_EQ(madoguchi({"mailed", "c-1", "--on", "14.2.2026"}).status, bad_usage);
  EXPECT_EQ(madoguchi({"mailed"}).status, bad_usage);
}

TEST_F(Inquiry, ARefusalIsInThePluginsWords) {
  counter_.server.refuse("proxy-two-visit.mailed", -32002, "conflict",
                         {{"ja", "照会書は郵送済みです"}, {"en", "It was posted already"}});
  const auto ran = madoguchi({"mailed", "c-1", "--lang", "ja"});
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, HasSubstr("照会書は郵送済みです"));
}

}  // namespace
}  // namespace madoguchi::cli
