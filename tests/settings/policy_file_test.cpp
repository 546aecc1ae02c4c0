// Policy files: the one that ships, and everything that can be wrong with one.
#include "settings/policy_file.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "base/bytes.hpp"
#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "support.hpp"

namespace madoguchi::settings {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

constexpr std::string_view good = R"(municipality: {id: example, name: {ja: 見本市, en: Example}}
version: "1"
channels: [counter]
residence: {required: true}
expiry_check: {holder_only: true}
age_of_capacity: 15
window:
  months: 3
  month_end_rule: corresponding_day
validity:
  renewal_birthdays: 6
  new_issuance_birthdays: 5
  card_renewal_when_equal: true
notice: {from_months_before: 3, to_months_before: 2}
documents:
  holder_identity_when: pin_forgotten
  identity:
    - {type: passport, until: 2030-01-31}
  photo_identity:
    - {type: drivers_licence}
pins:
  signature: {min_length: 6, max_length: 16, characters: upper_letters_and_digits, tries: 5}
  authentication: {min_length: 4, max_length: 4, characters: digits, tries: 3}
  resident_register: {min_length: 4, max_length: 4, characters: digits, tries: 3}
  warn_at_tries_left: 1
fees: {renewal_yen: 0, new_issuance_yen: 200}
calendar: {holidays: holidays.yaml}
reception: {lead_minutes: 15, enforcement: advise}
offices:
  - id: main
    name: {ja: 本庁, en: City hall}
    hours: {mon-fri: ["08:30-17:15"]}
)";

constexpr std::string_view holidays = R"(covers: {from: 2026-01-01, to: 2026-12-31}
holidays:
  2026-02-11: 建国記念の日
)";

Loaded<policy::Policy> load(std::string_view text, const std::string& file = "p") {
  return load_policy(text, file, [](const std::string& path) -> base::Result<std::string> {
    if (path == "holidays.yaml") return std::string(holidays);
    return base::make_fault(base::Code::not_found, "no such file");
  });
}

std::string sha256(const std::string& text) {
  return base::to_hex(base::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

TEST(PolicyFile, a_good_one_is_read) {
  const auto loaded = load(good, "p.yaml");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& policy = *loaded.value;
  EXPECT_EQ(policy.municipality.id, "example");
  EXPECT_EQ(policy.municipality.name, (policy::Text{"見本市", "Example"}));
  EXPECT_EQ(policy.version, "1");
  EXPECT_EQ(policy.fees.new_issuance_yen, 200);
  EXPECT_EQ(policy.documents.identity.front().until, base::parse_date("2030-01-31"));
  EXPECT_EQ(policy.offices.front().name.ja, "本庁");
  EXPECT_EQ(policy.origin("window.months"), (policy::Origin{"p.yaml", 8, 3}));
  EXPECT_EQ(policy.origin("documents"), (policy::Origin{"p.yaml", 15, 1}));
  EXPECT_EQ(policy.origin("offices[0].id"), (policy::Origin{"p.yaml", 30, 5}));
  EXPECT_EQ(policy.origin("window.unheard_of"), (policy::Origin{"p.yaml", 7, 1})) << "the mapping around it";
}

TEST(PolicyFile, a_plugins_section_is_kept_as_json_with_the_place_of_every_key) {
  const auto text = std::string(good) + R"(plugins:
  proxy-two-visit:
    sealed: true
    days: 30
    ratio: 0.5
    code: "30"
    from: 2026-02-14
    nothing: ~
    forms: [{a/b: 1}, 007]
)";
  const auto loaded = load(text);
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& section = loaded.value->plugins.at("proxy-two-visit");
  EXPECT_EQ(section.value, boost::json::parse(R"({"sealed": true, "days": 30, "ratio": 0.5, "code": "30",
    "from": "2026-02-14", "nothing": null, "forms": [{"a/b": 1}, "007"]})"));
  EXPECT_EQ(section.origin(""), (policy::Origin{"p", 34, 3}));
  EXPECT_EQ(section.origin("/days"), (policy::Origin{"p", 36, 5}));
  EXPECT_EQ(section.origin("/forms/0/a~1b"), (policy::Origin{"p", 41, 14}));
  EXPECT_EQ(section.origin("/forms/1"), (policy::Origin{"p", 41, 23}));
  EXPECT_EQ(section.origin("/forms/7/x"), (policy::Origin{"p", 41, 5})) << "the nearest around it";
  EXPECT_EQ(loaded.value->origin("plugins.proxy-two-visit"), (policy::Origin{"p", 34, 3}));
}

TEST(PolicyFile, the_digest_is_that_of_the_bytes_and_of_the_files_named) {
  const auto digest = load(good).value->digest;
  EXPECT_EQ(digest, sha256(std::string(good) + std::string(holidays)));
  EXPECT_NE(load(std::string(good) + "# more\n").value->digest, digest);
}

std::string with(std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
  std::string text(good);
  for (const auto& [from, to] : changes) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  return text;
}

// What only some cities' pages say.
TEST(PolicyFile, everything_that_only_some_cities_say_is_read) {
  const auto text =
      with(
          {{"channels: [counter]",
            "channels: [counter, online]\napplication_channels: [phone]\nnew_issuance: {channels: "
            "[counter]}"},
           {"age_of_capacity: 15",
            "age_of_capacity: 15\nrepresentation: {minors_below: 18, limited_guardian_with: delegated_acts}"},
           {"  identity:",
            "  own_types: [delegated_acts]\n  holder_photo_suffices: true\n  holder_identity_with_proxy: 2\n "
            " identity:"},
           {"new_issuance_yen: 200", "new_issuance_yen: 200, after_loss_yen: 200, card_reissue_yen: 800"},
           {"lead_minutes: 15,",
            "lead_minutes: 15, service_minutes: 20, daily_limit: 80, may_close_early: true,"},
           {"    hours: {mon",
            "    queue_url: https://example.jp/queue\n    reservations:\n      - {need: priority, how: {ja: "
            "予約, en: Book.}, "
            "book_by: {days_before: 2, days: calendar_days, at: \"17:00\"}}\n    hours: {mon"}}) +
      "quiet:\n  - {days: [tue-thu], hours: \"15:00-17:00\"}\n";
  const auto loaded = load(text);
  for (const auto& complaint : loaded.complaints) ADD_FAILURE() << to_text(complaint);
  ASSERT_TRUE(loaded.value);
  const auto& policy = *loaded.value;
  EXPECT_THAT(policy.application_channels, ElementsAre(policy::Channel::phone));
  EXPECT_THAT(policy.new_issuance_channels, ElementsAre(policy::Channel::counter));
  EXPECT_EQ(policy.representation.minors_below, 18);
  EXPECT_EQ(policy.representation.limited_guardian_with, "delegated_acts");
  EXPECT_TRUE(policy.documents.holder_photo_suffices);
  EXPECT_EQ(policy.documents.holder_identity_with_proxy, 2);
  EXPECT_EQ(policy.fees.after_loss_yen, 200);
  EXPECT_EQ(policy.fees.card_reissue_yen, 800);
  const auto& office = policy.offices.front();
  EXPECT_EQ(office.reception.service_minutes, 20);
  EXPECT_EQ(office.reception.daily_limit, 80);
  EXPECT_TRUE(office.reception.may_close_early);
  EXPECT_EQ(office.queue_url, "https://example.jp/queue");
  const auto& by = office.reservations.front().book_by.value();
  EXPECT_EQ(by.days_before, 2);
  EXPECT_EQ(by.days, policy::BookingDays::calendar_days);
  EXPECT_EQ(by.at, 1020);
  ASSERT_EQ(policy.quiet.size(), 1U);
  EXPECT_EQ(policy.quiet.front().hours, (policy::Interval{900, 1020}));
  const auto flawed = load(
      with({{"age_of_capacity: 15",
             "age_of_capacity: 15\nrepresentation: {minors_below: 15, limited_guardian_with: nothing}"}}));
  ASSERT_EQ(flawed.complaints.size(), 2U);
  EXPECT_THAT(to_text(flawed.complaints.front()),
              testing::HasSubstr("representation.minors_below: expected more than age_of_capacity (15)"));
}

TEST(PolicyFile, utsunomiyas_is_the_page) {
  const auto loaded = load_shipped("policy/utsunomiya/policy.yaml");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& policy = *loaded.value;
  std::vector<std::string> offices;
  for (const auto& office : policy.offices) offices.push_back(office.id);
  EXPECT_THAT(offices,
              ElementsAre("citizens-division", "district-centers", "branch-offices", "banba-branch"));
  EXPECT_EQ(policy.municipality.id, "utsunomiya");
  EXPECT_THAT(policy.channels, ElementsAre(policy::Channel::counter));
  EXPECT_EQ(policy.age_of_capacity, 15);
  EXPECT_EQ(window_opens_on(policy.window, *base::parse_date("2026-04-10")), *base::parse_date("2026-01-11"));
  EXPECT_EQ(policy.validity.renewal_birthdays, 6);
  EXPECT_EQ(policy.validity.new_issuance_birthdays, 5);
  EXPECT_EQ(policy.pins.of(policy::Pin::signature),
            (policy::PinRule{6, 16, policy::PinCharacters::upper_letters_and_digits, 5}));
  EXPECT_EQ(policy.pins.of(policy::Pin::resident_register),
            (policy::PinRule{4, 4, policy::PinCharacters::digits, 3}));
  EXPECT_EQ(policy.fees.renewal_yen, 0);
}

TEST(PolicyFile, a_case_is_decided_by_the_shipped_policy_and_the_reason_names_the_line) {
  const auto policy = *load_shipped("policy/utsunomiya/policy.yaml").value;
  policy::Facts facts;
  facts.at = *base::parse_time("2026-01-09T10:00:00+09:00");
  facts.office = "citizens-division";
  facts.holder.birth_date = *base::parse_date("1980-04-10");
  facts.card.expires_on = base::parse_date("2031-04-10");
  facts.authentication = {policy::CertificateState::valid, base::parse_date("2026-04-10")};
  facts.signature = facts.authentication;
  EXPECT_TRUE(check_facts(policy, facts).has_value());
  const auto decision = decide(policy, facts);
  EXPECT_EQ(decision.opens_on, base::parse_date("2026-01-11"));
  const auto rule = decision.finding("window.too_early")->rule;
  EXPECT_EQ(rule.key, "window.months");
  EXPECT_GT(rule.origin.line, 1);
  EXPECT_EQ(rule.origin.column, 3);
}

TEST(PolicyFile, DC67_DC68_DC69_the_names_on_utsunomiyas_waiting_display) {
  const auto policy = *load_shipped("policy/utsunomiya/policy.yaml").value;
  EXPECT_EQ(policy.office("citizens-division")->queue_label->ja, "電子証明書発行/更新");
  EXPECT_EQ(policy.office("district-centers")->queue_label->ja, "窓口手続き(マイナンバーカード以外)");
  EXPECT_EQ(policy.office("banba-branch")->queue_label, std::nullopt)
      << "no live information, not nobody waiting";
}

TEST(PolicyFile, DC58_to_DC66_when_services_work_again_in_utsunomiya) {
  const auto policy = *load_shipped("policy/utsunomiya/policy.yaml").value;
  policy::Completion done;
  done.at = *base::parse_time("2026-10-16T10:30:00+09:00");
  done.applied_at = *base::parse_time("2026-10-16T11:30:00+09:00");
  const auto told = forecast(policy.availability, done);
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(told[0].from, base::parse_time("2026-10-16T13:30:00+09:00"));
  EXPECT_EQ(told[1].from, base::parse_time("2026-10-17T10:30:00+09:00"));
  EXPECT_EQ(told[2], (policy::Availability{"mynapoint", told[2].name, {}, {}, {}, false}));
  EXPECT_TRUE(told[3].immediate);
  EXPECT_EQ(told[4].from_day, base::parse_date("2026-10-17"));
  EXPECT_THAT(policy.availability.caveat.ja, testing::HasSubstr("目安"));
}

class PolicyFileBad : public testing::TestWithParam<Bad> {};

TEST_P(PolicyFileBad, with_exactly_these_complaints) {
  const auto& bad = GetParam();
  const auto loaded = load(changed(std::string(good), bad.from, bad.to));
  EXPECT_FALSE(loaded.value.has_value());
  EXPECT_THAT(texts(loaded.complaints), ElementsAreArray(bad.complaints));
}

const std::vector<Bad> bad_files{
    {"unknown_key",
     "  months: 3",
     "  months: 3\n  monts: 3",
     {"p:9:3: window.monts: unknown key; did you mean \"months\"?"}},
    {"unknown_key_far",
     "  months: 3",
     "  months: 3\n  colour: red",
     {"p:9:3: window.colour: unknown key; known here: month_end_rule, months"}},
    {"misspelt_section",
     "notice:",
     "notise:",
     {"p:1:1: notice: missing; expected a mapping", "p:14:1: notise: unknown key; did you mean \"notice\"?"}},
    {"duplicate_key",
     "  months: 3",
     "  months: 3\n  months: 4",
     {"p:9:3: window: the key \"months\" stands here a second time; the first is at 8:3"}},
    {"missing_key", "  months: 3\n", "", {"p:7:1: window.months: missing; expected an integer from 1 to 12"}},
    {"word_for_integer",
     "months: 3",
     "months: three",
     {"p:8:11: window.months: expected an integer from 1 to 12, found \"three\""}},
    {"quoted_integer",
     "months: 3",
     "months: \"3\"",
     {"p:8:11: window.months: expected an integer from 1 to 12, found \"3\""}},
    {"octal",
     "months: 3",
     "months: 03",
     {"p:8:11: window.months: expected an integer from 1 to 12, found \"03\""}},
    {"hexadecimal",
     "months: 3",
     "months: 0x3",
     {"p:8:11: window.months: expected an integer from 1 to 12, found \"0x3\""}},
    {"fraction",
     "months: 3",
     "months: 3.0",
     {"p:8:11: window.months: expected an integer from 1 to 12, found \"3.0\""}},
    {"out_of_range",
     "months: 3",
     "months: 13",
     {"p:8:11: window.months: expected an integer from 1 to 12, found \"13\""}},
    {"overflow",
     "months: 3",
     "months: 99999999999999999999",
     {"p:8:11: window.months: expected an integer from 1 to 12, found \"99999999999999999999\""}},
    {"nothing",
     "months: 3",
     "months:",
     {"p:8:3: window.months: expected an integer from 1 to 12, found nothing"}},
    {"list_for_integer",
     "months: 3",
     "months: [3]",
     {"p:8:11: window.months: expected an integer from 1 to 12, found a list"}},
    {"yes_is_no_flag",
     "card_renewal_when_equal: true",
     "card_renewal_when_equal: yes",
     {"p:13:28: validity.card_renewal_when_equal: expected true or false, found \"yes\""}},
    {"word_outside_list",
     "month_end_rule: corresponding_day",
     "month_end_rule: corresponding",
     {"p:9:19: window.month_end_rule: expected one of corresponding_day, forward_count, found "
      "\"corresponding\"; did you mean \"corresponding_day\"?"}},
    {"word_misspelt",
     "characters: upper_letters_and_digits",
     "characters: upper_letter_and_digits",
     {"p:22:58: pins.signature.characters: expected one of digits, upper_letters_and_digits, found "
      "\"upper_letter_and_digits\"; did you mean \"upper_letters_and_digits\"?"}},
    {"impossible_date",
     "2030-01-31",
     "2030-02-30",
     {"p:18:31: documents.identity[0].until: expected a date that exists, YYYY-MM-DD, found \"2030-02-30\""}},
    {"sloppy_date",
     "2030-01-31",
     "2030-1-31",
     {"p:18:31: documents.identity[0].until: expected a date that exists, YYYY-MM-DD, found \"2030-1-31\""}},
    {"unknown_document",
     "type: passport",
     "type: pasport",
     {"p:18:14: documents.identity[0].type: expected one of expiry_notice, reply_form, my_number_card, "
      "drivers_licence, "
      "passport, residence_card, disability_handbook, health_insurance_card, eligibility_certificate, "
      "company_badge, "
      "family_register, guardianship_registration, found \"pasport\"; did you mean \"passport\"?"}},
    {"document_twice",
     "    - {type: drivers_licence}",
     "    - {type: drivers_licence}\n    - {type: drivers_licence}",
     {"p:21:14: documents.photo_identity[1].type: \"drivers_licence\" stands here a second time"}},
    {"own_type_known_everywhere",
     "  identity:",
     "  own_types: [passport]\n  identity:",
     {"p:17:15: documents.own_types[0]: \"passport\" is known everywhere; take it out"}},
    {"empty_list", "[counter]", "[]", {"p:3:11: channels: expected a list of texts, found an empty list"}},
    {"foreign_channel",
     "[counter]",
     "[counter, onlin]",
     {"p:3:21: channels[1]: expected one of counter, online, phone, mail, found \"onlin\"; did you mean "
      "\"online\"?"}},
    {"channel_twice",
     "[counter]",
     "[counter, counter]",
     {"p:3:21: channels[1]: \"counter\" stands here a second time"}},
    {"mapping_for_list",
     "[counter]",
     "{counter: true}",
     {"p:3:11: channels: expected a list of texts, found a mapping"}},
    {"list_for_mapping",
     "residence: {required: true}",
     "residence: [true]",
     {"p:4:12: residence: expected a mapping, found a list"}},
    {"minimum_over_maximum",
     "signature: {min_length: 6, max_length: 16,",
     "signature: {min_length: 6, max_length: 5,",
     {"p:22:42: pins.signature.max_length: expected no less than min_length (6)"}},
    {"notice_turned_round",
     "to_months_before: 2",
     "to_months_before: 4",
     {"p:14:51: notice.to_months_before: expected no more than from_months_before (3)"}},
    {"office_twice",
     "  - id: main",
     "  - {id: main, name: {ja: 別館, en: Annex}, hours: {}}\n  - id: main",
     {"p:31:9: offices[1].id: the office \"main\" stands here a second time"}},
    {"office_id_with_capitals",
     "  - id: main",
     "  - id: Main",
     {"p:30:9: offices[0].id: expected lower-case letters, digits, '-' and '_' only"}},
    {"no_japanese",
     "{ja: 本庁, en: City hall}",
     "{en: City hall}",
     {"p:31:5: offices[0].name.ja: missing; expected a text of at most 1024 bytes"}},
    {"anchor_and_alias",
     "municipality: {id: example, name: {ja: 見本市, en: Example}}\nversion: \"1\"",
     "municipality: {id: &x example, name: {ja: 見本市, en: *x}}\nversion: \"1\"",
     {"p:1:20: municipality.id: anchors are not allowed: \"&x\"; write the value out",
      "p:1:52: municipality.name.en: aliases are not allowed; write the value out"}},
    {"tagged",
     "version: \"1\"",
     "version: !!str 1",
     {"p:2:10: version: tags are not allowed: \"tag:yaml.org,2002:str\""}},
    {"second_document", "offices:", "---\noffices:", {"p:29:1: a second document; a file holds one"}},
    {"not_yaml",
     "channels: [counter]",
     "channels: [counter",
     {"p:4:10: not YAML: end of sequence flow not found"}},
    {"impossible_time",
     "08:30-17:15",
     "08:30-25:15",
     {"p:32:23: offices[0].hours.mon-fri[0]: expected a time of day from-to such as \"08:30-17:15\", found "
      "\"08:30-25:15\""}},
    {"sloppy_time",
     "08:30-17:15",
     "8:30-17:15",
     {"p:32:23: offices[0].hours.mon-fri[0]: expected a time of day from-to such as \"08:30-17:15\", found "
      "\"8:30-17:15\""}},
    {"times_turned_round",
     "08:30-17:15",
     "17:15-08:30",
     {"p:32:23: offices[0].hours.mon-fri[0]: expected a time of day from-to such as \"08:30-17:15\", found "
      "\"17:15-08:30\""}},
    {"intervals_that_overlap",
     "[\"08:30-17:15\"]",
     "[\"08:30-12:00\", \"11:00-17:15\"]",
     {"p:32:38: offices[0].hours.mon-fri[1]: begins before the one before it has ended (08:30-12:00)"}},
    {"one_interval_without_a_list",
     "[\"08:30-17:15\"]",
     "\"08:30-17:15\"",
     {"p:32:22: offices[0].hours.mon-fri: expected a list of times of day from-to, such as "
      "[\"08:30-17:15\"]"}},
    {"weekday_misspelt",
     "mon-fri:",
     "mo-fri:",
     {"p:32:13: offices[0].hours.mo-fri: expected a day or a range of days such as mon, mon-fri, found "
      "\"mo-fri\""}},
    {"weekday_in_two_ranges",
     "{mon-fri: [\"08:30-17:15\"]}",
     "{mon-fri: [\"08:30-17:15\"], wed: [\"08:30-19:00\"]}",
     {"p:32:39: offices[0].hours.wed: wed has its hours already, above"}},
    {"impossible_day_of_the_year",
     "calendar: {holidays: holidays.yaml}",
     "calendar: {holidays: holidays.yaml, year_end: {from: 12-29, to: 02-30}}",
     {"p:27:65: calendar.year_end.to: expected a day of the year, MM-DD, found \"02-30\""}},
    {"holidays_that_are_not_there",
     "calendar: {holidays: holidays.yaml}",
     "calendar: {holidays: ../feasts.yaml}",
     {"p:27:22: calendar.holidays: cannot be read: no such file"}},
    {"last_reception_of_a_day_that_is_longer",
     "reception: {lead_minutes: 15, enforcement: advise}",
     "reception: {lead_minutes: 15, last_at: 24:30, enforcement: advice}",
     {"p:28:40: reception.last_at: expected a time of day such as \"18:45\", found \"24:30\"",
      "p:28:60: reception.enforcement: expected one of advise, refuse, found \"advice\"; did you mean "
      "\"advise\"?"}},
    {"on_holidays_perhaps",
     "    hours: {mon-fri",
     "    holidays: open\n    hours: {mon-fri",
     {"p:32:15: offices[0].holidays: expected one of closed, as_weekday, found \"open\""}},
    {"crowded_whenever",
     "fees:",
     "crowding: [{}]\nfees:",
     {"p:26:12: crowding[0]: says no time; give `when`, `days` or `hours`"}},
    {"text_with_a_parameter_that_is_not_there",
     "fees:",
     "texts: {window.too_early: {ja: \"{opens}から\", en: \"{opens_on}\"}}\nfees:",
     {"p:26:32: texts.window.too_early.ja: {opens} is unknown here; known: {opens_on}, {first_counter_day}"}},
    {"text_of_a_finding_that_is_not_there",
     "fees:",
     "texts: {window.early: {ja: a, en: b}}\nfees:",
     {"p:26:9: texts.window.early: unknown key; did you mean \"window.too_early\"?"}},
    {"in_force_backwards",
     "version: \"1\"",
     "version: \"1\"\neffective_from: 2026-04-01\neffective_to: 2026-03-31",
     {"p:4:15: effective_to: expected no day before effective_from (2026-04-01)"}},
    {"availability_two_ways",
     "fees:",
     "availability: {caveat: {ja: a, en: b}, services: [{id: x, name: {ja: a, en: b}, renewal: {hours: 1, "
     "days: "
     "1}}]}\nfees:",
     {"p:26:81: availability.services[0].renewal: give exactly one of `hours`, `days` and "
      "`applied_at_once`"}},
    {"plugin_without_a_section",
     "fees:",
     "plugins: {holiday-openings: true}\nfees:",
     {"p:26:29: plugins.holiday-openings: expected a mapping"}},
    {"plugin_numbers_that_json_cannot_carry",
     "fees:",
     "plugins: {a-b: {x: [1, 1e400]}, c: {big: 18446744073709551616, text: \"1e400\"}}\nfees:",
     {"p:26:24: plugins.a-b.x[1]: a number is too large; quote it if it is a text",
      "p:26:42: plugins.c.big: an integer has more than 64 bits; quote it if it is a text"}},
    {"several_at_once",
     "channels: [counter]\nresidence: {required: true}",
     "channels: counter\nresidence: {required: maybe, requried: true}",
     {"p:3:11: channels: expected a list of texts, found \"counter\"",
      "p:4:23: residence.required: expected true or false, found \"maybe\"",
      "p:4:30: residence.requried: unknown key; did you mean \"required\"?"}},
};

INSTANTIATE_TEST_SUITE_P(Table, PolicyFileBad, testing::ValuesIn(bad_files),
                         [](const auto& instance) { return instance.param.name; });

TEST(PolicyFile, what_is_wrong_with_the_holidays_is_said_with_the_rest) {
  const auto loaded =
      load_policy(good, "city/p.yaml", [](const std::string& path) -> base::Result<std::string> {
        EXPECT_EQ(path, "city/holidays.yaml") << "beside the policy";
        return std::string(
            "covers: {from: 2026-01-01, to: 2026-12-31}\nholidays:\n  2026-02-30: 嘘の日\n  2027-01-01: "
            "元日\n");
      });
  EXPECT_THAT(
      texts(loaded.complaints),
      ElementsAre(
          "city/holidays.yaml:3:3: holidays.2026-02-30: expected a date that exists, YYYY-MM-DD, found "
          "\"2026-02-30\"",
          "city/holidays.yaml:4:3: holidays.2027-01-01: outside of the days that the file covers"));
}

TEST(PolicyFile, a_scalar_or_nothing_at_all_is_no_policy) {
  EXPECT_THAT(texts(load("hello").complaints), ElementsAre("p:1:1: expected a mapping, found \"hello\""));
  EXPECT_THAT(texts(load("---\n").complaints), ElementsAre("p:2:1: expected a mapping, found nothing"));
  EXPECT_THAT(texts(load("").complaints), ElementsAre("p:1:1: the file is empty"));
}

}  // namespace
}  // namespace madoguchi::settings
