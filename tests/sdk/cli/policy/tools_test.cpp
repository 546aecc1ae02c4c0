// The tools about policies, in a folder of their own.
#include "fixture.hpp"

namespace madoguchi::policy_tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

TEST_F(Tools, CheckNoticesThePluginsThatCannotDoWithoutASection) {
  setting_.plugins = PLUGIN_DIR;
  setting_.host_program = HOST_PROGRAM;
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 0);
  EXPECT_THAT(complained(), AllOf(HasSubstr("plugins.proxy-two-visit: no section"),
                                  HasSubstr("plugins.legal-representative: no section"),
                                  Not(HasSubstr("plugins.queue-board: no section"))));
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
