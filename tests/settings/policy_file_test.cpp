// Policy files: what is read from one.
#include "settings/policy_file.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "base/bytes.hpp"
#include "good_policy.hpp"

namespace madoguchi::settings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string sha256(const std::string& text) {
  return base::to_hex(base::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

TEST(PolicyFile, a_good_one_is_read) {
  const auto loaded = load_beside_holidays(good_policy, "p.yaml");
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

TEST(PolicyFile, a_city_may_have_a_contact_for_all_its_offices) {
  auto text = std::string(good_policy);
  const std::string_view name = "name: {ja: 見本市, en: Example}}";
  text.replace(text.find(name), name.size(),
               "name: {ja: 見本市, en: Example}, contact: {phone: 000-333-4444, url: https://example.jp}}");
  const auto loaded = load_beside_holidays(text, "p.yaml");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_EQ(loaded.value->municipality.contact, (policy::Contact{"000-333-4444", "", "https://example.jp"}));
  text.replace(text.find("000-333-4444"), 12, std::string(33, '0'));
  EXPECT_THAT(texts(load_beside_holidays(text, "p.yaml").complaints),
              testing::ElementsAre(testing::HasSubstr("municipality.contact.phone")));
}

TEST(PolicyFile, a_plugins_section_is_kept_as_json_with_the_place_of_every_key) {
  const auto text = std::string(good_policy) + R"(plugins:
  proxy-two-visit:
    sealed: true
    days: 30
    ratio: 0.5
    code: "30"
    from: 2026-02-14
    nothing: ~
    forms: [{a/b: 1}, 007]
)";
  const auto loaded = load_beside_holidays(text);
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
  const auto digest = load_beside_holidays(good_policy).value->digest;
  EXPECT_EQ(digest, sha256(std::string(good_policy) + std::string(good_holidays)));
  EXPECT_NE(load_beside_holidays(std::string(good_policy) + "# more\n").value->digest, digest);
}

// What only some cities' pages say.
TEST(PolicyFile, everything_that_only_some_cities_say_is_read) {
  const auto text =
      good_with(
          {{"channels: [counter]",
            "channels: [counter, online]\napplication_channels: [phone]\nnew_issuance: {channels: "
            "[counter]}"},
           {"age_of_capacity: 15",
            "age_of_capacity: 15\nrepresentation: {minors_below: 18, limited_guardian_with: delegated_acts}"},
           {"  identity:",
            "  own_types: [delegated_acts]\n  holder_photo_suffices: true\n  holder_identity_with_proxy: 2\n "
            " holder_also_brings: [reply_form]\n  identity:"},
           {"new_issuance_yen: 200", "new_issuance_yen: 200, after_loss_yen: 200, card_reissue_yen: 800"},
           {"lead_minutes: 15,",
            "lead_minutes: 15, service_minutes: 20, daily_limit: 80, may_close_early: true,"},
           {"    hours: {mon",
            "    queue_url: https://example.jp/queue\n    reservations:\n      - {need: priority, how: {ja: "
            "予約, en: Book.}, "
            "book_by: {days_before: 2, days: calendar_days, at: \"17:00\"}}\n    hours: {mon"}}) +
      "quiet:\n  - {days: [tue-thu], hours: \"15:00-17:00\"}\n";
  const auto loaded = load_beside_holidays(text);
  for (const auto& complaint : loaded.complaints) ADD_FAILURE() << to_text(complaint);
  ASSERT_TRUE(loaded.value);
  const auto& policy = *loaded.value;
  EXPECT_THAT(policy.application_channels, ElementsAre(policy::Channel::phone));
  EXPECT_THAT(policy.new_issuance_channels, ElementsAre(policy::Channel::counter));
  EXPECT_EQ(policy.representation.minors_below, 18);
  EXPECT_EQ(policy.representation.limited_guardian_with, "delegated_acts");
  EXPECT_TRUE(policy.documents.holder_photo_suffices);
  EXPECT_EQ(policy.documents.holder_identity_with_proxy, 2);
  EXPECT_THAT(policy.documents.holder_also_brings, ElementsAre("reply_form"));
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
  const auto flawed = load_beside_holidays(good_with(
      {{"age_of_capacity: 15",
        "age_of_capacity: 15\nrepresentation: {minors_below: 15, limited_guardian_with: nothing}"}}));
  ASSERT_EQ(flawed.complaints.size(), 2U);
  EXPECT_THAT(to_text(flawed.complaints.front()),
              testing::HasSubstr("representation.minors_below: expected more than age_of_capacity (15)"));
}

TEST(PolicyFile, texts_may_be_those_of_plugins_that_have_a_section_and_documents_have_names) {
  const auto loaded = load_beside_holidays(good_with(
      {{"fees:", "texts: {proxy.reply_form_missing: {ja: a, en: b}}\nplugins: {proxy-two-visit: {}}\nfees:"},
       {"  identity:",
        "  own_types: [move_report, {type: pension_book, name: {ja: 年金手帳, en: the pension book}}]\n"
        "  identity:"}}));
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_EQ(loaded.value->texts.at("proxy.reply_form_missing").en, "b");
  EXPECT_THAT(loaded.value->documents.own_types, ElementsAre("move_report", "pension_book"));
  EXPECT_EQ(loaded.value->documents.name("pension_book").ja, "年金手帳");
  EXPECT_EQ(loaded.value->documents.name("move_report").ja, "move_report");
  EXPECT_EQ(loaded.value->documents.name("passport").en, "the passport");
}

TEST(PolicyFile, hours_may_have_a_last_reception_of_their_own) {
  const auto loaded = load_beside_holidays(
      good_with({{"[\"08:30-17:15\"]", "[\"08:30-12:00\", {hours: \"13:00-17:15\", last_at: \"16:30\"}]"}}));
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_THAT(loaded.value->offices.front().weekly.at(1),
              ElementsAre(policy::Interval{510, 720}, policy::Interval{780, 1035, 990}));
}

TEST(PolicyFile, what_is_wrong_with_the_holidays_is_said_with_the_rest) {
  const auto loaded =
      load_policy(good_policy, "city/p.yaml", [](const std::string& path) -> base::Result<std::string> {
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
  EXPECT_THAT(texts(load_beside_holidays("hello").complaints),
              ElementsAre("p:1:1: expected a mapping, found \"hello\""));
  EXPECT_THAT(texts(load_beside_holidays("---\n").complaints),
              ElementsAre("p:2:1: expected a mapping, found nothing"));
  EXPECT_THAT(texts(load_beside_holidays("").complaints), ElementsAre("p:1:1: the file is empty"));
}

}  // namespace
}  // namespace madoguchi::settings
