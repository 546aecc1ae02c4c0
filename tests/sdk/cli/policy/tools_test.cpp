// The tools about policies, in a folder of their own.
#include "policy_tools/tools.hpp"

#include "base/calendar.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace madoguchi::policy_tools {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Tools : public testing::Test {
 protected:
  Tools() {
    std::string name = (fs::temp_directory_path() / "policy-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    write("holidays.yaml",
          "covers: {from: 2026-01-01, to: 2026-12-31}\nholidays:\n  2026-02-11: 建国記念の日\n");
    EXPECT_EQ(init(setting_, "example", (folder_ / "begun.yaml").string()), 0) << err_.str();
    auto text = read("begun.yaml");
    replace(text, "../../holidays/japan.yaml", "holidays.yaml");
    text.resize(text.find("plugins:"));  // core's rules are enough here
    for (auto at = text.find("FILL IN"); at != std::string::npos; at = text.find("FILL IN"))
      text.replace(at, 7, "written");
    write("policy.yaml", text);
  }
  ~Tools() override { fs::remove_all(folder_); }

  static void replace(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string policy() const { return folder_.string(); }
  std::string said() {
    auto text = out_.str();
    out_.str({});
    return text;
  }
  std::string complained() {
    auto text = err_.str();
    err_.str({});
    return text;
  }
  json::object said_json() { return json::parse(said()).as_object(); }

  static constexpr std::string_view facts_ =
      R"({"at": "2026-02-12T10:00:00+09:00", "office": "main", "holder": {"birth_date": "1980-04-10"},
          "card": {"expires_on": "2031-04-10"}, "certificates": {
          "signature": {"state": "valid", "expires_on": "2026-04-10"},
          "authentication": {"state": "valid", "expires_on": "2026-04-10"}}})";
  // As it would be in YAML.
  static std::string one_case(const std::string& name, const std::string& expect,
                              const std::string& more = {}) {
    return "- name: " + name + "\n  facts: " + std::string(facts_) + "\n" + more + "  expect: " + expect +
           "\n";
  }

  fs::path folder_;
  std::ostringstream out_;
  std::ostringstream err_;
  Setting setting_{out_, err_, Language::en, *base::parse_time("2026-02-12T10:00:00+09:00"), {}};
};

TEST_F(Tools, CheckSaysThatAPolicyIsValidOrEverythingThatIsNot) {
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
  EXPECT_THAT(said(), HasSubstr("version 1, is valid"));
  auto text = read("policy.yaml");
  replace(text, "months: 3\n", "monts: 3\n");
  replace(text, "renewal_birthdays: 6", "renewal_birthdays: six");
  write("policy.yaml", text);
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 1);
  EXPECT_THAT(
      complained(),
      AllOf(HasSubstr("window.monts: unknown key; did you mean \"months\"?"),
            HasSubstr("validity.renewal_birthdays: expected an integer from 1 to 20, found \"six\"")));
  EXPECT_EQ(check(setting_, {policy()}, Format::json), 1);
  const auto document = said_json();
  EXPECT_EQ(document.at("valid"), false);
  EXPECT_EQ(document.at("complaints").as_array().size(), 3U) << "missing, unknown, wrong";
  EXPECT_EQ(check(setting_, {path("nowhere.yaml")}, Format::text), 2);
  EXPECT_THAT(complained(), HasSubstr("nowhere.yaml: cannot be opened"));
}

TEST_F(Tools, CheckNoticesThatTheHolidaysRunOut) {
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
  EXPECT_THAT(complained(), IsEmpty());
  setting_.now = *base::parse_time("2026-08-01T10:00:00+09:00");
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
  EXPECT_THAT(complained(), HasSubstr("calendar.holidays: national holidays are known to 2026-12-31 only"));
}

TEST_F(Tools, TestComparesAndNamesTheDifferenceAndTheRule) {
  write("tests/good.yaml",
        one_case("renewed", "{outcome: complete_today, findings: [notice.expected], missing: []}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0);
  EXPECT_EQ(said(), "1 cases, 0 failed\n");
  write("tests/bad.yaml",
        one_case("wrong",
                 "{outcome: not_today, opens_on: 2026-01-11, no_findings: [notice.expected],\n"
                 "    certificates: {signature: {action: issue_new}}, pins_required: [signature]}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(
      said(),
      AllOf(HasSubstr("bad.yaml:1: FAILED: wrong\n  outcome: expected not_today, found complete_today\n"
                      "  opens_on: expected 2026-01-11, found nothing\n"
                      "  no_findings: expected no notice.expected, found [notice.expected]\n"
                      "  certificates.signature.action: expected issue_new, found renew\n"
                      "  pins_required: expected [signature], found [authentication, resident_register, "
                      "signature]\n"),
            Not(HasSubstr("decided by")),  // nothing stood against it
            HasSubstr("2 cases, 1 failed\n")));
}

TEST_F(Tools, TestKnowsNoMisspeltCode) {
  write("tests/a.yaml", one_case("typo", "{findings: [notice.expected], no_findings: [window.to_early]}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), HasSubstr("no_findings: no rule says window.to_early; did you mean window.too_early?"));
}

TEST_F(Tools, TestTakesNoOtherPluginsCodeForAMisspeltOne) {
  write(
      "tests/a.yaml",
      one_case(
          "none of those",
          "{no_findings: [legal_representative.required, legal_representative.not_applicable,\n"
          "    legal_representative.proof_missing, legal_representative.proof_too_old,\n"
          "    legal_representative.proof_not_original, proxy.reply_form_missing, proxy.reply_form_expired,\n"
          "    proxy.reply_form_not_sealed, proxy.pin_mismatch, proxy.pin_reset_needs_inquiry, a.b]}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str();
}

TEST_F(Tools, CheckNoticesWhatIsAllowedAndHardlyMeant) {
  auto text = read("policy.yaml");
  EXPECT_EQ(check(setting_, {path("begun.yaml")}, Format::text), 1);  // its holidays are elsewhere
  complained();
  write("policy.yaml", text + "# FILL IN the rest\n");
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
  EXPECT_THAT(complained(), HasSubstr("still says FILL IN, on 1 lines"));
  replace(text, "warn_at_tries_left: 1", "warn_at_tries_left: 3");
  const auto hours = text.find("\n    hours:");
  ASSERT_NE(hours, std::string::npos);
  const auto end = text.find('\n', hours + 1);
  auto never = text;
  never.replace(
      hours, end - hours,
      "\n    hours: {}\n    services: [renewal]\n    seasons: [{when: {from: 03-01, to: 03-31}, hours: {}}]\n"
      "    reservations:\n      - {need: optional, days: [mon-fri], how: {ja: a, en: b}}\n"
      "      - {need: required, days: [mon], services: [proxy], how: {ja: a, en: b}}\n"
      "      - {need: required, days: [sat], how: {ja: a, en: b}}");
  write("policy.yaml", never);
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
  EXPECT_THAT(complained(),
              AllOf(HasSubstr("pins.warn_at_tries_left: "), HasSubstr(".hours: "), HasSubstr(".services: "),
                    HasSubstr("[notice]"), HasSubstr(".seasons[0].hours: names no day"),
                    HasSubstr(".reservations[1]: never speaks: offices[0].reservations[0] is"),
                    Not(HasSubstr(".reservations[2]"))));
}

TEST_F(Tools, CheckNoticesSeasonsThatOverlapAndVersionsOfOneName) {
  auto text = read("policy.yaml");
  const auto with_seasons = [&](const std::string& later) {
    auto changed = text;
    const auto at = changed.find("\n    hours:");
    EXPECT_NE(at, std::string::npos);
    changed.insert(
        at,
        "\n    seasons:\n      - {when: {from: 12-15, to: 01-15}, hours: {sat: [\"09:00-12:00\"]}}\n"
        "      - {when: " +
            later + ", hours: {sat-sun: [\"09:00-11:00\"]}}");
    write("policy.yaml", changed);
    EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
    return complained();
  };
  EXPECT_THAT(
      with_seasons("{from: 01-10, to: 02-10}"),
      HasSubstr(
          ".seasons[1]: gives hours for weekdays and days of the year for which seasons[0] gives them"));
  EXPECT_THAT(with_seasons("{from: 11-01, to: 12-15}"), HasSubstr(".seasons[1]: gives hours"));
  EXPECT_THAT(with_seasons("{from: 02-01, to: 02-29}"), Not(HasSubstr(".seasons[1]")));
  write("policy.yaml", text);
  auto next = text;
  replace(next, "# effective_from: 2026-04-01\n", "effective_from: 2026-03-01\n");
  write("policy-2.yaml", next);
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
  EXPECT_THAT(complained(), HasSubstr("policy-2.yaml:"));
  said();
  EXPECT_EQ(check(setting_, {policy()}, Format::json), 0);
  EXPECT_THAT(json::serialize(said_json().at("notices")),
              HasSubstr("a decision does not tell which of them it followed"));
}

TEST_F(Tools, TestFormatsForMachines) {
  write("tests/a.yaml",
        one_case("good", "{outcome: complete_today}") + one_case("b<a>d & \"so\"", "{outcome: two_visits}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, true}), 1);
  const auto document = said_json();
  EXPECT_EQ(document.at("cases"), 2);
  EXPECT_EQ(document.at("failed"), 1);
  EXPECT_EQ(document.at("results").at(1).at("differences").at(0),
            "outcome: expected two_visits, found complete_today");
  EXPECT_THAT(json::serialize(document.at("never_said")), HasSubstr("window.too_early"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::junit, false}), 1);
  EXPECT_THAT(
      said(),
      AllOf(HasSubstr("<testsuite name=\"policy\" tests=\"2\" failures=\"1\">"),
            HasSubstr("name=\"b&lt;a&gt;d &amp; &quot;so&quot;\"><failure message=\"outcome: expected")));
}

TEST_F(Tools, TestCoverageNamesTheFindingsThatNoCaseBroughtAbout) {
  write("tests/a.yaml", one_case("good", "{outcome: complete_today}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, true}), 0);
  EXPECT_THAT(said(),
              AllOf(HasSubstr("never said: office.closed\n"), Not(HasSubstr("never said: notice.expected"))));
}

TEST_F(Tools, TestCoverageNamesTheRulesThatNoCaseAsked) {
  auto text = read("policy.yaml");
  replace(text, "offices:\n",
          "offices:\n  - id: branch\n    name: {ja: 支所, en: Branch}\n    hours: {mon: [\"09:00-12:00\"]}\n"
          "    seasons:\n      - {when: {from: 03-01, to: 03-31}, hours: {sat: [\"09:00-12:00\"]}}\n"
          "    reservations:\n      - {need: required, days: [mon], how: {ja: 要予約, en: Book.}}\n");
  write("policy.yaml", text);
  write("tests/a.yaml", one_case("good", "{outcome: complete_today}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, true}), 0) << out_.str() << err_.str();
  EXPECT_THAT(said(), AllOf(HasSubstr("never asked: offices[0] ("), HasSubstr("policy.yaml:"),
                            HasSubstr("never asked: offices[0].seasons[0] ("),
                            HasSubstr("never asked: offices[0].reservations[0] ("),
                            HasSubstr("never asked: documents.photo_identity[0] ("),
                            Not(HasSubstr("never asked: offices[1] "))));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, true}), 0);
  auto rules = said_json().at("never_asked").as_array();
  const auto branch = std::find_if(rules.begin(), rules.end(),
                                   [](const json::value& rule) { return rule.at("rule") == "offices[0]"; });
  ASSERT_NE(branch, rules.end());
  EXPECT_GT(branch->at("line").as_int64(), 0);
  const auto before = rules.size();
  auto facts = std::string(facts_);
  facts.replace(facts.find("\"main\""), 6, "\"branch\"");
  facts.replace(facts.find("02-12"), 5, "03-02");
  write("tests/b.yaml", "- name: branch\n  facts: " + facts + "\n  expect: {outcome: complete_today}\n");
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, true}), 0) << out_.str();
  EXPECT_EQ(said_json().at("never_asked").as_array().size(), before - 3) << "office, season, reservation";
}

TEST_F(Tools, ACaseMayChangeThePolicyForItself) {
  write(
      "tests/a.yaml",
      one_case("fee", "{fee_yen: 200}", "  policy: {fees: {renewal_yen: 200}}\n") +
          one_case("none", "{fee_yen: 0}") +
          one_case(
              "an office by its id", "{outcome: not_today, next_opening: \"2026-02-13T00:00:00Z\"}",
              "  policy: {offices: [{id: main, hours: {thu: [], fri: [\"09:00-10:00\"], mon-wed: []}}]}\n"));
  auto text = read("policy.yaml");
  replace(text, "hours: {mon-fri: [\"08:30-17:15\"]}", "hours: {}");
  write("policy.yaml", text);
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str() << err_.str();
  write("tests/a.yaml", one_case("fee", "{fee_yen: 200}", "  policy: {fees: {renewal_yen: much}}\n"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(),
              HasSubstr("policy: fees.renewal_yen: expected an integer from 0 to 100000, found \"much\""));
}

TEST_F(Tools, TestFilesAreReadStrictly) {
  write("tests/a.yaml",
        "- name: a\n  facts: {office: main}\n  expect: {outcom: not_today}\n  colour: red\n- name: a\n  "
        "facts: {}\n"
        "  expect: {}\n");
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), AllOf(HasSubstr("a.yaml:1: FAILED: a\n"),
                            HasSubstr("a.yaml:3:12: [0].expect.outcom: unknown key"),
                            HasSubstr("a.yaml:4:3: [0].colour: unknown key"), HasSubstr("expects nothing"),
                            HasSubstr("2 cases, 2 failed\n")));
  write("tests/a.yaml", one_case("facts", "{outcome: not_today}").replace(12, 0, ""));
  auto text = read("tests/a.yaml");
  replace(text, "\"main\"", "\"nowhere\"");
  write("tests/a.yaml", text);
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), HasSubstr("facts: /office: expected one of main"));
  EXPECT_EQ(test(setting_, {{path("begun.yaml")}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), HasSubstr("expected a list of cases"));
}

TEST_F(Tools, ABrokenCaseOrFileFailsBesideTheSoundOnes) {
  write("tests/a.yaml",
        one_case("good", "{outcome: complete_today}") +
            "- name: typo\n  facts: {office: main}\n  expect: {outcom: not_today}\n- no case\n" +
            one_case("good too", "{outcome: complete_today}"));
  write("tests/b.yaml", one_case("good", "{outcome: complete_today}") + "- name: [\n");
  write("tests/c.yaml", "");
  fs::create_directory(folder_ / "tests/d.yaml");
  EXPECT_EQ(test(setting_, {{policy(), path("e.yaml")}, {}, Format::text, false}), 1);
  EXPECT_THAT(complained(), IsEmpty());
  EXPECT_THAT(said(), AllOf(HasSubstr("a.yaml:7: FAILED: typo\n"), HasSubstr("a.yaml:10: FAILED: case 3\n"),
                            HasSubstr("[2]: expected a mapping"), HasSubstr("b.yaml:"), HasSubstr("not YAML"),
                            HasSubstr("c.yaml:1: FAILED: the cases of this file\n"),
                            HasSubstr("d.yaml:1:1: cannot be opened"),
                            HasSubstr("e.yaml:1:1: cannot be opened"), HasSubstr("8 cases, 6 failed\n")));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, false}), 1);
  const auto document = said_json();
  EXPECT_EQ(document.at("failed"), 5);
  EXPECT_EQ(document.at("results").at(1).at("line"), 7);
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::junit, false}), 1);
  EXPECT_THAT(said(), AllOf(HasSubstr("tests=\"7\" failures=\"5\""), HasSubstr("unknown key")));
}

TEST_F(Tools, WithoutAValidPolicyNoReportLooksAsIfNothingHadFailed) {
  write("policy.yaml", "no\n");
  write("tests/a.yaml", one_case("good", "{outcome: complete_today}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::junit, false}), 2);
  EXPECT_THAT(said(), HasSubstr("tests=\"1\" failures=\"1\""));
}

TEST_F(Tools, ExplainShowsWhatEveryRuleReadAndSaid) {
  EXPECT_EQ(explain(setting_, policy(), std::string(facts_), Format::text), 0);
  EXPECT_THAT(said(), AllOf(HasSubstr("residence  residence ("),
                            HasSubstr("read {\"/holder/resident\":true}\n    said []"),
                            HasSubstr("said [\"notice.expected\"]"), HasSubstr("outcome: complete_today")));
  write("facts.json", std::string(facts_));
  EXPECT_EQ(explain(setting_, policy(), path("facts.json"), Format::json), 0);
  const auto document = said_json();
  EXPECT_EQ(document.at("trace").as_array().front().at("rule"), "channel");
  EXPECT_EQ(document.at("trace").as_array().back().at("rule"), "fee");
  EXPECT_GE(document.at("trace").at(0).at("nanoseconds").as_int64(), 0);
  EXPECT_EQ(document.at("decision").at("outcome"), "complete_today");
  EXPECT_EQ(explain(setting_, policy(), R"({"office": "main"})", Format::text), 2);
  EXPECT_THAT(complained(), HasSubstr("/holder/birth_date: expected a date"));
  EXPECT_EQ(explain(setting_, policy(), "{", Format::text), 2);
}

TEST_F(Tools, ExplainTakesFactsInYamlAndSaysAllThatIsWrongWithThem) {
  write("facts.yaml",
        "office: main\nholder: {birth_date: 1980-04-10}\ncard: {expires_on: 2031-04-10}\n"
        "certificates: {authentication: {state: valid, expires_on: 2026-04-10}}\n");
  EXPECT_EQ(explain(setting_, policy(), path("facts.yaml"), Format::text), 0) << err_.str();
  EXPECT_THAT(said(), HasSubstr("outcome: complete_today"));
  write("facts.yaml", "office: main\nholder: {birth_date: 1980-02-30, colour: red}\nchannel: pigeon\n");
  EXPECT_EQ(explain(setting_, policy(), path("facts.yaml"), Format::text), 2);
  EXPECT_THAT(complained(),
              AllOf(HasSubstr("/holder/birth_date: expected"), HasSubstr("/holder/colour: expected"),
                    HasSubstr("/channel: expected one of counter")));
  write("facts.yaml", "office: main\noffice: main\n");
  EXPECT_EQ(explain(setting_, policy(), path("facts.yaml"), Format::text), 2);
  EXPECT_THAT(complained(), HasSubstr("facts.yaml:2:1: the key \"office\" stands here a second time"));
  write("facts.yaml", "[]\n");
  EXPECT_EQ(explain(setting_, policy(), path("facts.yaml"), Format::text), 2);
  EXPECT_THAT(complained(), HasSubstr("expected a mapping"));
}

TEST_F(Tools, CheckSaysWhatToDoAboutAQuotedNumberAndAMergeKey) {
  auto text = read("policy.yaml");
  replace(text, "months: 3\n", "months: \"3\"\n");
  write("policy.yaml", text + "<<: {a: 1}\n");
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 1);
  EXPECT_THAT(
      complained(),
      AllOf(HasSubstr(
                "window.months: expected an integer from 1 to 12, found \"3\" as text; take the quotes off"),
            HasSubstr("<<: merge keys are not taken; write the keys out")));
}

TEST_F(Tools, AMisspeltPluginIsToldWhichOneWasMeant) {
  write("plugins/proxy-two-visit.json", "{}");
  write("plugins/holiday-openings.json", "{}");
  fs::permissions(folder_ / "plugins", fs::perms::owner_all | fs::perms::group_read | fs::perms::others_read);
  write("policy.yaml",
        read("policy.yaml") + "plugins:\n  proxy-two-visits: {}\n  Holiday_openings: {}\n  else: {}\n");
  setting_.plugins = path("plugins");
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 1);
  EXPECT_THAT(complained(),
              AllOf(HasSubstr("did you mean proxy-two-visit?"), HasSubstr("did you mean holiday-openings?"),
                    Not(HasSubstr("else.json: No such file or directory; did"))));
}

TEST_F(Tools, ShowAndDiff) {
  EXPECT_EQ(show(setting_, policy(), Format::text), 0);
  EXPECT_THAT(said(), AllOf(HasSubstr("window.months: 3\n"),
                            HasSubstr("offices[main].hours.mon-fri[0]: 08:30-17:15\n")));
  EXPECT_EQ(diff(setting_, policy(), policy(), Format::text), 0);
  EXPECT_THAT(said(), IsEmpty());
  auto text = read("policy.yaml");
  replace(text, "renewal_yen: 0", "renewal_yen: 200");
  replace(text, "  year_end: {from: 12-29, to: 01-03}\n", "");
  write("other/policy.yaml", text);
  write("other/holidays.yaml", read("holidays.yaml"));
  EXPECT_EQ(diff(setting_, policy(), path("other"), Format::text), 1);
  EXPECT_EQ(said(),
            "calendar.year_end.from: 12-29 -> (none)\ncalendar.year_end.to: 01-03 -> (none)\n"
            "fees.renewal_yen: 0 -> 200\n");
}

TEST_F(Tools, ReplayFindsWhatWouldBeDecidedOtherwise) {
  EXPECT_EQ(explain(setting_, policy(), std::string(facts_), Format::json), 0);
  const auto decision = json::serialize(said_json().at("decision"));
  auto flat = std::string(facts_);
  std::erase(flat, '\n');
  const auto recorded = "{\"id\": \"c1\", \"facts\": " + flat + ", \"decision\": " + decision + "}\n";
  write("cases.jsonl", recorded);
  EXPECT_EQ(replay(setting_, policy(), path("cases.jsonl"), Format::text), 0);
  EXPECT_EQ(said(), "1 cases, 0 would be decided otherwise\n");
  auto text = read("policy.yaml");
  replace(text, "renewal_yen: 0", "renewal_yen: 200");
  write("policy.yaml", text);
  EXPECT_EQ(replay(setting_, policy(), path("cases.jsonl"), Format::text), 1);
  EXPECT_EQ(said(), "c1:\n  fee_yen: expected 0, found 200\n1 cases, 1 would be decided otherwise\n");
  write("cases.jsonl", "{\"cases\": [" + recorded.substr(0, recorded.size() - 1) + "]}\n");
  EXPECT_EQ(replay(setting_, policy(), path("cases.jsonl"), Format::json), 1);
  EXPECT_EQ(said_json().at("changed").at(0).at("case"), "c1");
  write("cases.jsonl", "no\n");
  EXPECT_EQ(replay(setting_, policy(), path("cases.jsonl"), Format::text), 2);
}

TEST_F(Tools, NothingIsDecidedWithoutThePluginsThatAPolicyNames) {
  write("policy.yaml",
        read("policy.yaml") + "plugins:\n  proxy-two-visit: {reply_form: {document: reply_form}}\n");
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 1);
  EXPECT_THAT(
      complained(),
      HasSubstr("plugins.proxy-two-visit: the plugin is not at hand; name its folder with --plugins"));
  write("tests/a.yaml", one_case("any", "{outcome: complete_today}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), HasSubstr("the policy is not valid"));
  EXPECT_EQ(explain(setting_, policy(), std::string(facts_), Format::text), 1);
  auto flat = std::string(facts_);
  std::erase(flat, '\n');
  write("cases.jsonl", "{\"facts\": " + flat + ", \"decision\": {\"outcome\": \"complete_today\"}}\n");
  EXPECT_EQ(replay(setting_, policy(), path("cases.jsonl"), Format::text), 1);
  EXPECT_THAT(said(), HasSubstr("the policy is not valid"));
}

TEST_F(Tools, InitWritesAValidPolicyAndNeverOverwrites) {
  EXPECT_EQ(init(setting_, "example", path("begun.yaml")), 2);
  EXPECT_THAT(complained(), HasSubstr("exists already"));
  EXPECT_EQ(init(setting_, "Not An Id", {}), 2);
  EXPECT_EQ(init(setting_, "another", {}), 0);
  EXPECT_THAT(said(), HasSubstr("id: another"));
}

TEST_F(Tools, TheVersionInForceOnTheDayDecides) {
  auto text = read("policy.yaml");
  replace(text, "# effective_from: 2026-04-01\n", "effective_from: 2026-03-01\n");
  replace(text, "version: \"1\"", "version: \"2\"");
  replace(text, "renewal_yen: 0", "renewal_yen: 500");
  write("policy-2.yaml", text);
  write("tests/a.yaml", one_case("before", "{fee_yen: 0, policy: {version: \"1\"}}") +
                            std::string("- name: after\n  facts: ") +
                            std::string(facts_).replace(std::string(facts_).find("02-12"), 5, "03-02") +
                            "\n  expect: {fee_yen: 500, policy: {version: \"2\"}}\n");
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str() << err_.str();
  write("policy-3.yaml", text);
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 1);
  EXPECT_THAT(complained(), HasSubstr("begins on the same day as"));
}

TEST_F(Tools, TheNextOpeningIsByTheVersionInForceThen) {
  auto text = read("policy.yaml");
  replace(text, "# effective_from: 2026-04-01\n", "effective_from: 2026-02-13\n");
  replace(text, "version: \"1\"", "version: \"2\"");
  replace(text, "08:30-17:15", "09:00-17:15");
  write("policy-2.yaml", text);
  auto facts = std::string(facts_);
  facts.replace(facts.find("T10:00"), 6, "T18:00");
  const auto one = [&](const std::string& opening, const std::string& more) {
    return "- name: the evening before\n  facts: " + facts + "\n" + more +
           "  expect: {next_opening: \"2026-02-13T" + opening + ":00+09:00\"}\n";
  };
  write("tests/a.yaml",
        one("09:00", "") +
            one("09:00", "  policy: {offices: [{id: main, hours: {mon-fri: [\"08:00-17:00\"]}}]}\n"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str() << err_.str();
  said();
  EXPECT_EQ(explain(setting_, policy(), facts, Format::json), 0) << err_.str();
  const auto decision = json::serialize(said_json().at("decision"));
  EXPECT_THAT(decision, HasSubstr("\"next_opening\":\"2026-02-13T09:00:00+09:00\""));
  std::erase(facts, '\n');
  write("cases.jsonl", "{\"facts\": " + facts + ", \"decision\": " + decision + "}\n");
  EXPECT_EQ(replay(setting_, policy(), path("cases.jsonl"), Format::text), 0) << out_.str();
}

// "国民の祝日・休日月日,国民の祝日・休日名称", "元日", "休日" as the Cabinet Office writes them.
constexpr std::string_view shift_jis =
    "\x8d\x91\x96\xaf\x82\xcc\x8f\x6a\x93\xfa\x81\x45\x8b\x78\x93\xfa\x8c\x8e\x93\xfa,"
    "\x8d\x91\x96\xaf\x82\xcc\x8f\x6a\x93\xfa\x81\x45\x8b\x78\x93\xfa\x96\xbc\x8f\xcc\r\n"
    "2025/1/1,\x8c\xb3\x93\xfa\r\n2026/1/1,\x8c\xb3\x93\xfa\r\n2026/5/6,\x8b\x78\x93\xfa\r\n";

TEST_F(Tools, HolidaysAreImportedFromShiftJisAsPublished) {
  write("syukujitsu.csv", std::string(shift_jis));
  EXPECT_EQ(import_holidays(setting_, path("syukujitsu.csv"), 2026, 2026), 0) << err_.str();
  const auto made = said();
  EXPECT_THAT(made, HasSubstr("covers: {from: 2026-01-01, to: 2026-12-31}\n\nholidays:\n  2026-01-01: 元日\n "
                              " 2026-05-06: 休日\n"));
  write("holidays.yaml", made);
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0) << err_.str();
  EXPECT_EQ(import_holidays(setting_, path("syukujitsu.csv"), 2026, 2027), 1);
  EXPECT_THAT(complained(), HasSubstr("no holiday of 2027"));
  write("syukujitsu.csv", "日,名\n2026/2/30,嘘の日\n");
  EXPECT_EQ(import_holidays(setting_, path("syukujitsu.csv"), 2026, 2026), 1);
  EXPECT_THAT(complained(), HasSubstr("syukujitsu.csv:2:1: expected YYYY/M/D,name"));
  write("syukujitsu.csv", "\xFF\xFF\xFF\n");
  EXPECT_EQ(import_holidays(setting_, path("syukujitsu.csv"), 2026, 2026), 2);
}

}  // namespace
}  // namespace madoguchi::policy_tools
