// Decision cases DC-23 to DC-33: a proxy comes once with a good reply form, else twice.
#include "city.hpp"
#include "policy/explain.hpp"

namespace madoguchi::plugins {
namespace {

using policy::Outcome;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// The proxy's papers with that reply form instead of the good one.
Facts with_form(boost::json::object form) {
  form["type"] = "reply_form";
  return Facts()
      .with("/visitor/role", "proxy")
      .with_document({{"type", "drivers_licence"}})
      .with_document(std::move(form));
}

void expect_two_visits(const policy::Decision& decision, const std::string& code) {
  EXPECT_EQ(decision.outcome, Outcome::two_visits);
  EXPECT_THAT(codes(decision), Contains(code));
  ASSERT_NE(decision.finding(code), nullptr);
  EXPECT_EQ(decision.finding(code)->severity, policy::Severity::second_visit);
  EXPECT_EQ(decision.finding(code)->source, "proxy-two-visit");
}

TEST(ProxyTwoVisit, DC23_DC24_one_visit_with_everything_the_notice_forgotten_or_not) {
  City city;
  EXPECT_EQ(city.decide(proxy().json()).outcome, Outcome::complete_today);
  const auto forgotten = with_form({{"sealed", true}, {"source", "notice"}, {"expires_on", "2026-04-10"}});
  EXPECT_EQ(city.decide(forgotten.json()).outcome, Outcome::complete_today);
}

TEST(ProxyTwoVisit, DC26_no_form) {
  City city;
  const auto facts = Facts().with("/visitor/role", "proxy").with_document({{"type", "drivers_licence"}});
  const auto decision = city.decide(facts.json());
  expect_two_visits(decision, "proxy.reply_form_missing");
  EXPECT_THAT(decision.finding("proxy.reply_form_missing")->message.en,
              testing::HasSubstr("posted to the holder"));
}

TEST(ProxyTwoVisit, DC27_DC28_a_form_is_good_through_its_last_day) {
  City city;
  const auto ending = [](std::string_view day) {
    return with_form({{"sealed", true}, {"source", "notice"}, {"expires_on", boost::json::string(day)}});
  };
  expect_two_visits(city.decide(ending("2026-02-11").json()), "proxy.reply_form_expired");
  EXPECT_EQ(city.decide(ending("2026-02-12").json()).outcome, Outcome::complete_today);
}

TEST(ProxyTwoVisit, R15_the_notices_form_lapses_with_the_certificate_but_not_the_citys) {
  City city;
  const auto late = [](std::string_view source) {
    return with_form(
               {{"sealed", true}, {"source", boost::json::string(source)}, {"expires_on", "2026-04-30"}})
        .at("2026-04-13 10:00");
  };
  expect_two_visits(city.decide(late("notice").json()), "proxy.reply_form_expired");
  const auto issued = city.decide(late("city").json());
  EXPECT_EQ(issued.outcome, Outcome::complete_today);
  EXPECT_EQ(issued.authentication.action, policy::Action::issue_new);
}

TEST(ProxyTwoVisit, the_end_of_a_certificate_that_is_not_wanted_does_not_matter) {
  City city;
  const auto facts = with_form({{"sealed", true}, {"source", "notice"}})
                         .with("/certificates/signature",
                               boost::json::object{{"state", "valid"}, {"expires_on", "2026-02-01"}});
  expect_two_visits(city.decide(facts.json()), "proxy.reply_form_expired");
  const auto one = facts.with("/wanted", boost::json::array{"authentication"});
  EXPECT_EQ(city.decide(one.json()).outcome, Outcome::complete_today);
}

TEST(ProxyTwoVisit, R23_a_form_of_the_citys_needs_the_day_that_is_printed_on_it) {
  City city;
  expect_two_visits(city.decide(with_form({{"sealed", true}, {"source", "city"}}).json()),
                    "proxy.reply_form_expired");
  City by_days(policy_text({{"notice_ends_with_certificate: true", "city_valid_days: 30"}}));
  const auto issued = [](std::string_view day) {
    return with_form({{"sealed", true}, {"source", "city"}, {"issued_on", boost::json::string(day)}});
  };
  EXPECT_EQ(by_days.decide(issued("2026-01-13").json()).outcome, Outcome::complete_today);
  expect_two_visits(by_days.decide(issued("2026-01-12").json()), "proxy.reply_form_expired");
}

TEST(ProxyTwoVisit, R23_DC32_a_form_of_the_notices_has_not_ended_before_its_certificate_is_read) {
  City city;
  const auto forgotten = [](boost::json::object form) {
    return with_form(std::move(form))
        .with("/card", boost::json::object{{"presented", false}})
        .with("/certificates", boost::json::object{});
  };
  const auto decision = city.decide(forgotten({{"sealed", true}, {"source", "notice"}}).json());
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(decision.missing, testing::ElementsAre("my_number_card"));
  EXPECT_EQ(decision.finding("proxy.reply_form_expired"), nullptr);
  expect_two_visits(
      city.decide(forgotten({{"sealed", true}, {"source", "notice"}, {"expires_on", "2026-02-11"}}).json()),
      "proxy.reply_form_expired");
  expect_two_visits(city.decide(forgotten({{"sealed", true}, {"source", "city"}}).json()),
                    "proxy.reply_form_expired");
  // Read, and no last day is told anywhere.
  const auto revoked = with_form({{"sealed", true}, {"source", "notice"}})
                           .with("/certificates/signature", boost::json::object{{"state", "revoked"}})
                           .with("/certificates/authentication", boost::json::object{{"state", "revoked"}});
  expect_two_visits(city.decide(revoked.json()), "proxy.reply_form_expired");
}

TEST(ProxyTwoVisit, a_move_reported_together_excuses_the_same_household_from_the_form) {
  City city(
      policy_text({{"holder_identity_when:", "own_types: [move_report]\n  holder_identity_when:"},
                   {"notice_ends_with_certificate: true",
                    "notice_ends_with_certificate: true\n      waived_for_household_with: move_report"}}));
  const auto facts = Facts().with("/visitor/role", "proxy").with_document({{"type", "drivers_licence"}});
  expect_two_visits(city.decide(facts.with_document({{"type", "move_report"}}).json()),
                    "proxy.reply_form_missing");
  const auto household = facts.with("/visitor/same_household", true);
  expect_two_visits(city.decide(household.json()), "proxy.reply_form_missing");
  EXPECT_EQ(city.decide(household.with_document({{"type", "move_report"}}).json()).outcome,
            Outcome::complete_today);
}

TEST(ProxyTwoVisit, R10_an_open_envelope_is_no_sealed_form) {
  City city;
  expect_two_visits(city.decide(with_form({{"source", "notice"}, {"sealed", false}}).json()),
                    "proxy.reply_form_not_sealed");
  expect_two_visits(city.decide(with_form({{"source", "notice"}}).json()), "proxy.reply_form_not_sealed");
  City lenient(policy_text({{"sealed: true", "sealed: false"}}));
  EXPECT_EQ(lenient.decide(with_form({{"source", "notice"}}).json()).outcome, Outcome::complete_today);
}

TEST(ProxyTwoVisit, DC29_a_pin_that_cannot_be_verified_is_not_reset_on_the_same_day) {
  City city;
  for (const auto* state : {"mismatched", "forgotten", "locked"}) {
    const auto decision = city.decide(proxy().with("/pins/authentication", state).json());
    expect_two_visits(decision, "proxy.pin_mismatch");
    EXPECT_THAT(decision.pin_resets, IsEmpty());
  }
  EXPECT_EQ(city.decide(proxy().with("/pins/authentication", "unverified").json()).outcome,
            Outcome::complete_today);
}

TEST(ProxyTwoVisit, only_the_pins_that_are_asked_for_count) {
  City city;
  const auto facts =
      proxy().with("/wanted", boost::json::array{"authentication"}).with("/pins/signature", "forgotten");
  EXPECT_EQ(city.decide(facts.json()).outcome, Outcome::complete_today);
}

TEST(ProxyTwoVisit, DC30_DC31_DC32_papers_and_card_are_cores_to_miss) {
  City city;
  auto facts = proxy().with("/documents", boost::json::array());
  facts = facts.with_document({{"type", "reply_form"}, {"sealed", true}, {"source", "notice"}});
  EXPECT_THAT(missing(city.decide(facts.with_document({{"type", "company_badge"}}).json())),
              ElementsAre("photo_identity_document"));
  EXPECT_THAT(missing(city.decide(proxy().with("/card/presented", false).json())),
              ElementsAre("my_number_card"));
}

TEST(ProxyTwoVisit, R22_the_first_visit_needs_the_photo_identification_but_not_the_card) {
  City city;
  const auto no_form = Facts().with("/visitor/role", "proxy").with("/card/presented", false);
  EXPECT_EQ(city.decide(no_form.with_document({{"type", "passport"}}).json()).outcome, Outcome::two_visits);
  const auto nothing = city.decide(no_form.json());
  EXPECT_EQ(nothing.outcome, Outcome::not_today);
  EXPECT_THAT(missing(nothing), ElementsAre("photo_identity_document"));
}

TEST(ProxyTwoVisit, DC33_the_second_visit_with_the_posted_form) {
  City city;
  const auto second = with_form({{"sealed", true}, {"expires_on", "2026-03-31"}})
                          .with("/visit", 2)
                          .with("/first_visit_on", "2026-01-20");
  EXPECT_EQ(city.decide(second.json()).outcome, Outcome::complete_today);
}

TEST(ProxyTwoVisit, a_pin_reset_needs_an_inquiry_and_then_its_answer) {
  City city;
  const auto first = city.decide(proxy().with("/purpose", "pin_reset").json());
  expect_two_visits(first, "proxy.pin_reset_needs_inquiry");
  EXPECT_THAT(codes(first), Not(Contains("proxy.pin_mismatch")));
  const auto second = with_form({{"sealed", true}, {"source", "city"}, {"expires_on", "2026-03-31"}})
                          .with("/purpose", "pin_reset")
                          .with("/visit", 2)
                          .with("/first_visit_on", "2026-01-20");
  EXPECT_EQ(city.decide(second.json()).outcome, Outcome::complete_today);
  auto lost = second;
  lost = lost.with("/pins/authentication", "locked").with("/pins/signature", "forgotten");
  EXPECT_THAT(city.decide(lost.json()).pin_resets,
              ElementsAre(policy::Pin::authentication, policy::Pin::signature));
  EXPECT_THAT(
      city.decide(lost.with("/certificates/signature", boost::json::object{{"state", "absent"}}).json())
          .pin_resets,
      ElementsAre(policy::Pin::authentication))
      << "the card has no such certificate";
  lost = lost.with("/wanted", boost::json::array{"signature"});
  EXPECT_THAT(city.decide(lost.json()).pin_resets, ElementsAre(policy::Pin::signature));
  const auto unsealed = with_form({{"sealed", false}, {"source", "city"}, {"expires_on", "2026-03-31"}})
                            .with("/purpose", "pin_reset")
                            .with("/visit", 2)
                            .with("/first_visit_on", "2026-01-20")
                            .with("/pins/authentication", "locked");
  expect_two_visits(city.decide(unsealed.json()), "proxy.reply_form_not_sealed");
  EXPECT_THAT(city.decide(unsealed.json()).pin_resets, IsEmpty()) << "not before the holder has answered";
}

// All rules always speak; the outcome is that of the weightiest.
TEST(ProxyTwoVisit, A1_speaks_beside_the_rule_that_only_the_representative_can_act) {
  City city;
  const auto child = Facts()
                         .with("/visitor/role", "proxy")
                         .with("/holder/birth_date", "2015-04-10")
                         .with("/pins/authentication", "mismatched");
  const auto decision = city.decide(child.json());
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(codes(decision),
              testing::IsSupersetOf({"legal_representative.required", "proxy.reply_form_missing"}));
}

TEST(ProxyTwoVisit, A4_the_notices_form_ends_with_a_revoked_certificates_last_day) {
  City city;
  const auto revoked = [](std::string_view last) {
    return boost::json::object{{"state", "revoked"}, {"expires_on", boost::json::string(last)}};
  };
  const auto facts = [&](boost::json::object form, std::string_view last) {
    form["sealed"] = true;
    form["source"] = "notice";
    return with_form(std::move(form))
        .with("/certificates/signature", revoked(last))
        .with("/certificates/authentication", revoked(last));
  };
  expect_two_visits(city.decide(facts({{"expires_on", "2026-12-31"}}, "2026-01-10").json()),
                    "proxy.reply_form_expired");
  EXPECT_EQ(city.decide(facts({}, "2026-04-10").json()).outcome, Outcome::complete_today);
  const auto one = with_form({{"sealed", true}, {"source", "notice"}, {"expires_on", "2026-04-10"}})
                       .with("/certificates/signature", revoked("2026-02-01"));
  expect_two_visits(city.decide(one.json()), "proxy.reply_form_expired");
  EXPECT_EQ(city.decide(one.with("/wanted", boost::json::array{"authentication"}).json()).outcome,
            Outcome::complete_today);
  const auto untold = with_form({{"sealed", true}, {"source", "notice"}})
                          .with("/certificates/signature", boost::json::object{{"state", "unknown"}})
                          .with("/wanted", boost::json::array{"signature"});
  EXPECT_EQ(city.decide(untold.json()).outcome, Outcome::complete_today)
      << "it ends with the authentication certificate, as which it is taken";
}

TEST(ProxyTwoVisit, a_city_may_ask_for_no_form) {
  City city(policy_text({{"      document: reply_form\n      sealed: true\n", "      required: false\n"},
                         {"pin_reset_needs_inquiry: true", "pin_reset_needs_inquiry: false"}}));
  const auto bare = Facts().with("/visitor/role", "proxy").with_document({{"type", "drivers_licence"}});
  EXPECT_EQ(city.decide(bare.json()).outcome, Outcome::complete_today);
  EXPECT_EQ(city.decide(bare.with("/pins/signature", "locked").json()).outcome, Outcome::two_visits)
      << "the PINs are another rule";
  EXPECT_THAT(missing(city.decide(Facts().with("/visitor/role", "proxy").json())),
              testing::ElementsAre("photo_identity_document"));
  EXPECT_THAT(
      City::complaints(
          policy_text({{"      document: reply_form\n      sealed: true\n",
                        "      required: false\n      waived_for_household_with: reply_form\n"}})),
      testing::ElementsAre(testing::HasSubstr("reply_form: missing: document; a PIN is initialised by it"),
                           testing::HasSubstr("waived_for_household_with: no form is required of anybody")));
}

TEST(ProxyTwoVisit, only_a_form_that_the_city_posted_may_count_and_more_may_have_to_be_brought) {
  City city(policy_text(
      {{"      sealed: true\n", "      sealed: true\n      sources: [city]\n"},
       {"      notice_ends_with_certificate: true\n", ""},
       {"    pins_must_match: true\n", "    pins_must_match: true\n    also_bring: [expiry_notice]\n"}}));
  const auto notices = with_form({{"sealed", true}, {"source", "notice"}, {"expires_on", "2026-04-10"}});
  EXPECT_THAT(codes(city.decide(notices.json())), testing::Contains("proxy.reply_form_missing"));
  const auto citys = with_form({{"sealed", true}, {"source", "city"}, {"expires_on", "2026-04-10"}});
  EXPECT_EQ(city.decide(citys.json()).outcome, Outcome::complete_today);
  const auto without = city.decide(citys.with("/documents", boost::json::array{}).json());
  EXPECT_THAT(missing(without), testing::ElementsAre("expiry_notice", "photo_identity_document"));
  EXPECT_EQ(without.finding("notice.expected"), nullptr) << "it is not said to go on without it";
  EXPECT_THAT(
      City::complaints(
          policy_text({{"      sealed: true\n", "      sealed: true\n      sources: [city, post]\n"}})),
      testing::ElementsAre(testing::HasSubstr("sources[1]: expected one of notice, city, found \"post\""),
                           testing::HasSubstr("notice_ends_with_certificate: the notice's form does not")));
}

TEST(ProxyTwoVisit, a_form_may_have_no_end) {
  City city(policy_text({{"      sealed: true\n", "      sealed: true\n      ends: never\n"}}));
  const auto from_city = [&](boost::json::object form) {
    form["type"] = "reply_form";
    form["sealed"] = true;
    form["source"] = "city";
    return city
        .decide(Facts()
                    .with("/visitor/role", "proxy")
                    .with_document({{"type", "drivers_licence"}})
                    .with_document(std::move(form))
                    .json())
        .outcome;
  };
  EXPECT_EQ(from_city({}), Outcome::complete_today);
  EXPECT_EQ(from_city({{"expires_on", "2026-02-11"}}), Outcome::two_visits) << "a printed day counts";
  EXPECT_THAT(
      City::complaints(policy_text(
          {{"      sealed: true\n", "      sealed: true\n      ends: never\n      city_valid_days: 30\n"}})),
      testing::ElementsAre(testing::HasSubstr("city_valid_days: contradicts `ends: never`")));
}

TEST(ProxyTwoVisit, nothing_is_said_of_a_seal_where_none_is_asked_for) {
  const auto said = [](City& city) {
    return city.decide(Facts().with("/visitor/role", "proxy").with_document({{"type", "passport"}}).json())
        .finding("proxy.reply_form_missing")
        ->message;
  };
  City sealed;
  EXPECT_THAT(said(sealed).ja, testing::HasSubstr("本人が記入・封入したもの"));
  EXPECT_THAT(said(sealed).en, testing::HasSubstr("filled in and sealed by the holder"));
  City open(policy_text({{"      sealed: true\n", "      sealed: false\n"}}));
  EXPECT_THAT(said(open).ja, testing::HasSubstr("本人が記入したもの"));
  EXPECT_THAT(said(open).en, testing::HasSubstr("filled in by the holder"));
}

TEST(ProxyTwoVisit, a_city_may_initialise_pins_for_the_holder_only) {
  City city(policy_text({{"pin_reset_needs_inquiry: true", "pin_reset_by_holder_only: true"}}));
  const auto asked = proxy().with("/purpose", "pin_reset").with("/pins/authentication", "forgotten");
  for (const int visit : {1, 2}) {
    auto facts = asked.with("/visit", visit);
    if (visit == 2) facts = facts.with("/first_visit_on", "2026-02-01");
    const auto decision = city.decide(facts.json());
    EXPECT_EQ(decision.outcome, Outcome::not_today);
    EXPECT_TRUE(codes(decision).contains("proxy.pin_reset_by_holder"));
    EXPECT_FALSE(codes(decision).contains("proxy.inquiry_days"));
    EXPECT_THAT(decision.pin_resets, IsEmpty());
  }
}

TEST(ProxyTwoVisit, has_nothing_to_say_about_the_holder) {
  City city;
  EXPECT_THAT(codes(city.decide(Facts().json())), IsEmpty());
}

TEST(ProxyTwoVisit, the_best_of_two_forms_counts) {
  City city;
  const auto both = with_form({{"sealed", false}, {"source", "notice"}})
                        .with_document({{"type", "reply_form"}, {"sealed", true}, {"source", "notice"}});
  EXPECT_EQ(city.decide(both.json()).outcome, Outcome::complete_today);
}

// Vendors' rules are explained like core's: the plugin as one rule that is given everything.
TEST(Trace, names_every_plugin_that_was_asked_and_changes_no_decision) {
  City city;
  const auto facts = policy::parse_facts(
      Facts().with("/visitor/role", "proxy").with_document({{"type", "passport"}}).json(), {}, city.policy);
  policy::Trace trace(city.policy, *facts);
  const auto traced = city.built.plugins->decide(city.policy, *facts, &trace);
  ASSERT_TRUE(traced);
  EXPECT_EQ(*traced, *city.built.plugins->decide(city.policy, *facts));
  const auto& rules = trace.rules();
  const auto& last = rules.back().as_object();
  EXPECT_EQ(last.at("rule"), "plugins.proxy-two-visit");
  EXPECT_EQ(last.at("said"), (boost::json::array{"proxy.reply_form_missing", "proxy.inquiry_days"}));
  EXPECT_EQ(last.at("read").at("").at("visitor").at("role"), "proxy");
  EXPECT_GT(last.at("line").as_int64(), 0);
  EXPECT_EQ(rules.at(rules.size() - 2).at("rule"), "plugins.legal-representative");
}

TEST(Order, of_the_configuration_changes_no_decision) {
  std::vector<std::string> order{"holiday-openings", "legal-representative", "proxy-two-visit"};
  const std::vector facts{proxy().with("/pins/authentication", "mismatched"), representative("2015-06-01"),
                          representative("2010-05-01"), Facts().with("/holder/adult_ward", true)};
  City first(policy_text(), order);
  while (std::next_permutation(order.begin(), order.end())) {
    City other(policy_text(), order);
    for (const auto& f : facts) EXPECT_EQ(other.decide(f.json()), first.decide(f.json()));
  }
}

}  // namespace
}  // namespace madoguchi::plugins
