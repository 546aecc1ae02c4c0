// Decision cases of a holder's own visit: documents, PINs, who may hold what. Names carry the case's id.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

Facts with(Facts facts, std::string type) {
  facts.documents.push_back(document(std::move(type)));
  return facts;
}

Facts forgotten() {
  auto facts = base_case();
  set_pins(facts, PinState::forgotten);
  return facts;
}

TEST(DecideHolder, DC14_only_at_the_counter) {
  for (const auto channel : {Channel::online, Channel::phone, Channel::mail}) {
    auto facts = base_case();
    facts.channel = channel;
    const auto decision = decide(city(), facts);
    EXPECT_EQ(decision.outcome, Outcome::not_today);
    EXPECT_THAT(codes(decision), ElementsAre("channel.counter_only"));
    EXPECT_EQ(decision.authentication.action, Action::renew) << "worked out whatever the outcome";
  }
}

TEST(DecideHolder, DC15_the_base_case_asks_three_pins_in_order) {
  const auto decision = decide(city(), base_case());
  expect_complete(decision, Action::renew);
  EXPECT_THAT(decision.pins_required,
              ElementsAre(Pin::resident_register, Pin::authentication, Pin::signature));
  EXPECT_THAT(decision.findings, IsEmpty());
  EXPECT_EQ(decision.policy, (PolicyName{"example", "1", std::string(64, '0')}));
}

TEST(DecideHolder, DC17_no_identity_document_when_the_pins_match) {
  auto facts = base_case();
  facts.documents.clear();
  expect_complete(decide(city(), facts), Action::renew);
}

TEST(DecideHolder, DC18_forgotten_pins_are_initialised_in_the_same_visit) {
  const auto decision = decide(city(), with(forgotten(), "drivers_licence"));
  expect_complete(decision, Action::renew);
  EXPECT_THAT(decision.pin_resets,
              UnorderedElementsAre(Pin::signature, Pin::authentication, Pin::resident_register));
  EXPECT_EQ(decision.finding("pin.reset_required")->severity, Severity::info);
}

TEST(DecideHolder, DC19_only_what_is_forgotten_is_initialised) {
  auto facts = with(base_case(), "drivers_licence");
  facts.pins.authentication = PinState::forgotten;
  const auto decision = decide(city(), facts);
  expect_complete(decision, Action::renew);
  EXPECT_THAT(decision.pin_resets, ElementsAre(Pin::authentication));
}

TEST(DecideHolder, DC20_a_reset_needs_an_identity_document) {
  expect_missing(decide(city(), forgotten()), {"identity_document"});
}

TEST(DecideHolder, DC21_the_card_must_be_there) {
  auto facts = base_case();
  facts.card.presented = false;
  const auto decision = decide(city(), facts);
  expect_missing(decision, {"my_number_card"});
  EXPECT_EQ(decision.authentication.new_expires_on, day("2031-04-10"))
      << "its given last day counts all the same";
}

TEST(DecideHolder, R9_what_serves_as_identity_besides_the_card) {
  expect_missing(decide(city(), with(forgotten(), "my_number_card")), {"identity_document"});
  expect_missing(decide(city(), with(forgotten(), "company_badge")), {"identity_document"});
  expect_missing(decide(city(), with(forgotten(), "health_insurance_card")), {"identity_document"});
  expect_complete(decide(city(), with(forgotten(), "eligibility_certificate")), Action::renew);
}

TEST(DecideHolder, R9_a_document_type_counts_through_its_last_day) {
  auto facts = with(forgotten(), "health_insurance_card");
  set_certificates(facts, "2026-01-10");
  facts.at = time("2025-12-01 10:00");
  expect_complete(decide(city(), facts), Action::renew);
  facts.at = time("2025-12-02 10:00");
  expect_missing(decide(city(), facts), {"identity_document"});
}

TEST(DecideHolder, an_expired_or_copied_document_does_not_count) {
  auto facts = with(forgotten(), "drivers_licence");
  facts.documents.back().expires_on = day("2026-02-12");
  expect_complete(decide(city(), facts), Action::renew);
  facts.documents.back().expires_on = day("2026-02-11");
  expect_missing(decide(city(), facts), {"identity_document"});
  facts.documents.back().expires_on.reset();
  facts.documents.back().original = false;
  expect_missing(decide(city(), facts), {"identity_document"});
}

TEST(DecideHolder, R29_a_locked_pin_is_initialised_and_a_missed_one_tried_again) {
  auto facts = with(base_case(), "drivers_licence");
  facts.pins.signature = PinState::locked;
  facts.pins.authentication = PinState::mismatched;
  const auto decision = decide(city(), facts);
  expect_complete(decision, Action::renew);
  EXPECT_THAT(decision.pin_resets, ElementsAre(Pin::signature));
  EXPECT_EQ(decision.finding("pin.retry_possible")->severity, Severity::advise);
  EXPECT_EQ(decision.finding("pin.retry_possible")->params.at("warn_at"), 1);
}

TEST(DecideHolder, R26_only_the_wanted_certificate_and_its_pin) {
  auto facts = base_case();
  facts.wanted = {false, true};
  facts.pins.signature = PinState::forgotten;
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.signature, CertificateDecision{});
  EXPECT_THAT(decision.pins_required, ElementsAre(Pin::resident_register, Pin::authentication));
  EXPECT_THAT(decision.pin_resets, IsEmpty()) << "a PIN that is not asked for is not judged";
}

TEST(DecideHolder, unverified_pins_are_taken_as_matching) {
  auto facts = base_case();
  set_pins(facts, PinState::unverified);
  expect_complete(decide(city(), facts), Action::renew);
}

TEST(DecideHolder, identity_may_be_asked_more_often_by_policy) {
  auto policy = city();
  policy.documents.holder_identity_when = IdentityWhen::new_issuance;
  expect_complete(decide(policy, base_case()), Action::renew);
  auto late = base_case();
  late.at = time("2026-04-13 10:00");
  expect_missing(decide(policy, late), {"identity_document"});
  expect_missing(decide(policy, forgotten()), {"identity_document"});
  policy.documents.holder_identity_when = IdentityWhen::always;
  expect_missing(decide(policy, base_case()), {"identity_document"});
  policy.documents.holder_identity_when = IdentityWhen::never;
  expect_complete(decide(policy, forgotten()), Action::renew);
}

TEST(DecideHolder, residence_elsewhere_blocks) {
  auto facts = base_case();
  facts.holder.resident = false;
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(codes(decision), ElementsAre("residence.not_registered_here"));
  auto policy = city();
  policy.residence_required = false;
  expect_complete(decide(policy, facts), Action::renew);
}

TEST(DecideHolder, R21_everything_that_is_wrong_is_said_at_once) {
  auto facts = forgotten();
  facts.channel = Channel::mail;
  facts.holder.resident = false;
  facts.card.presented = false;
  facts.card.expires_on = day("2026-01-10");
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(decision.missing, ElementsAre("identity_document", "my_number_card"));
  EXPECT_THAT(codes(decision),
              UnorderedElementsAre("channel.counter_only", "residence.not_registered_here",
                                   "card.renewal_required", "documents.missing", "pin.reset_required"));
  EXPECT_EQ(decision.findings.front().severity, Severity::block) << "the most severe comes first";
}

TEST(DecideHolder, DC40_from_the_fifteenth_birthday_the_signature_certificate_may_be_issued) {
  auto facts = base_case();
  facts.signature = {CertificateState::absent, std::nullopt};
  facts.holder.birth_date = day("2011-02-12");
  EXPECT_EQ(decide(city(), facts).signature.action, Action::issue_new);
  facts.holder.birth_date = day("2011-02-13");
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.signature.action, Action::none);
  EXPECT_EQ(decision.authentication.action, Action::renew);
  EXPECT_THAT(decision.pins_required, ElementsAre(Pin::resident_register, Pin::authentication));
}

TEST(DecideHolder, L6_one_born_on_29_february_is_fifteen_on_1_march) {
  auto facts = base_case();
  set_certificates(facts, "2027-04-10");
  facts.signature = {CertificateState::absent, std::nullopt};
  facts.holder.birth_date = day("2012-02-29");
  facts.at = time("2027-02-28 10:00");
  EXPECT_EQ(decide(city(), facts).signature.action, Action::none);
  facts.at = time("2027-03-01 10:00");
  EXPECT_EQ(decide(city(), facts).signature.action, Action::issue_new);
}

TEST(DecideHolder, an_unknown_signature_certificate_is_not_issued_to_a_ward_but_a_valid_one_renewed) {
  auto facts = base_case();
  facts.holder.adult_ward = true;
  EXPECT_EQ(decide(city(), facts).signature.action, Action::renew);
  facts.signature = {};
  EXPECT_EQ(decide(city(), facts).signature.action, Action::none);
  facts.signature = {CertificateState::valid, day("2026-02-11")};
  EXPECT_EQ(decide(city(), facts).signature.action, Action::none);
}

TEST(DecideHolder, L8_a_face_authentication_card_has_one_certificate_and_no_pins) {
  auto facts = forgotten();
  facts.card.face_authentication = true;
  facts.signature = {CertificateState::absent, std::nullopt};
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.signature.action, Action::none);
  EXPECT_EQ(decision.authentication.action, Action::renew);
  EXPECT_THAT(decision.pins_required, IsEmpty());
  EXPECT_THAT(decision.pin_resets, IsEmpty());
}

TEST(DecideHolder, an_expiry_check_does_nothing_to_certificates) {
  auto facts = base_case();
  facts.purpose = Purpose::expiry_check;
  facts.at = time("2025-06-02 10:00");
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.authentication, CertificateDecision{});
  EXPECT_THAT(codes(decision), Not(Contains("window.too_early")));
  EXPECT_THAT(codes(decision), Not(Contains("expiry_check.holder_only")));
}

TEST(DecideHolder, a_visit_for_a_reset_is_about_pins_alone) {
  auto facts = with(base_case(), "drivers_licence");
  facts.purpose = Purpose::pin_reset;
  facts.pins.authentication = PinState::forgotten;
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.authentication.action, Action::none);
  EXPECT_THAT(decision.pins_required, IsEmpty());
  EXPECT_THAT(decision.pin_resets, ElementsAre(Pin::authentication));
}

TEST(DecideHolder, no_pin_is_reset_of_a_certificate_that_the_card_has_none_of) {
  auto facts = with(base_case(), "drivers_licence");
  facts.purpose = Purpose::pin_reset;
  facts.pins.authentication = PinState::forgotten;
  facts.pins.signature = PinState::locked;
  facts.signature = {CertificateState::absent, {}};
  EXPECT_THAT(decide(city(), facts).pin_resets, ElementsAre(Pin::authentication));
}

TEST(DecideHolder, where_nothing_can_be_reset_it_is_said_why) {
  const auto said = [](const Facts& facts) {
    const auto decision = decide(city(), facts);
    const auto* finding = decision.finding("pin.nothing_to_reset");
    return finding == nullptr ? std::string() : std::string(finding->params.at("why").as_string());
  };
  auto facts = with(base_case(), "drivers_licence");
  facts.purpose = Purpose::pin_reset;
  facts.pins = {};
  EXPECT_EQ(said(facts), "untold");
  facts.pins.authentication = PinState::mismatched;
  EXPECT_EQ(said(facts), "") << "there may be tries left";
  facts.pins.authentication = PinState::matched;
  EXPECT_EQ(said(facts), "") << "a new one has been set";
  facts.pins.authentication = PinState::forgotten;
  EXPECT_EQ(said(facts), "");
  facts.wanted = {.signature = true, .authentication = false};
  EXPECT_EQ(said(facts), "not_wanted");
  EXPECT_EQ(decide(city(), facts).finding("pin.nothing_to_reset")->params.at("pins"),
            boost::json::parse(R"(["authentication"])"));
  facts.visitor.role = Role::proxy;
  EXPECT_EQ(said(facts), "not_wanted") << "whoever comes";
  facts.visitor.role = Role::holder;
  facts.wanted = {};
  facts.pins = {};
  facts.pins.signature = PinState::locked;
  facts.signature = {CertificateState::absent, std::nullopt};
  EXPECT_EQ(said(facts), "absent");
  facts.holder.adult_ward = true;
  facts.visitor.role = Role::legal_representative;
  EXPECT_EQ(said(facts), "never_issued");
  facts.pins.authentication = PinState::forgotten;
  EXPECT_EQ(said(facts), "") << "nobody has named the PIN that such a card never had";
  facts.holder.adult_ward = false;
  facts.visitor.role = Role::holder;
  facts.pins.authentication = PinState::unverified;
  facts.card.face_authentication = true;
  EXPECT_EQ(said(facts), "face_authentication");
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today) << "as the contract has it";
  EXPECT_THAT(decision.finding("pin.nothing_to_reset")->message.ja, testing::HasSubstr("切替え"));
  facts.purpose = Purpose::renewal;
  EXPECT_EQ(said(facts), "");
}

TEST(DecideHolder, an_expired_certificate_is_not_brought_back_by_a_reset) {
  auto facts = with(base_case(), "drivers_licence");
  set_certificates(facts, "2026-01-20");
  facts.pins.authentication = PinState::forgotten;
  const auto said = [&] { return decide(city(), facts).finding("certificate.expired")->message.ja; };
  EXPECT_THAT(said(), testing::HasSubstr("手続きが完了するまで"));
  facts.purpose = Purpose::pin_reset;
  EXPECT_THAT(said(), testing::AllOf(testing::HasSubstr("初期化しても"), testing::HasSubstr("新規発行"),
                                     Not(testing::HasSubstr("手続きが完了するまで"))));
  facts.purpose = Purpose::expiry_check;
  EXPECT_THAT(said(), testing::AllOf(testing::HasSubstr("新規発行"),
                                     Not(testing::HasSubstr("手続きが完了するまで"))));
}

TEST(DecideHolder, a_revoked_certificate_is_not_brought_back_by_a_reset_either) {
  auto facts = with(base_case(), "drivers_licence");
  facts.authentication.state = CertificateState::revoked;
  facts.pins.authentication = PinState::forgotten;
  EXPECT_EQ(decide(city(), facts).finding("certificate.revoked"), nullptr) << "a renewal issues another";
  facts.purpose = Purpose::pin_reset;
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today) << "the PIN is initialised all the same";
  EXPECT_THAT(decision.finding("certificate.revoked")->message.ja,
              testing::AllOf(testing::HasSubstr("利用者証明用電子証明書は失効しています"),
                             testing::HasSubstr("新規発行")));
}

TEST(DecideHolder, fees_are_the_policys) {
  auto policy = city();
  policy.fees.renewal_yen = 100;
  policy.fees.new_issuance_yen = 200;
  EXPECT_EQ(decide(policy, base_case()).fee_yen, 100);
  auto facts = base_case();
  facts.signature.state = CertificateState::revoked;
  EXPECT_EQ(decide(policy, facts).fee_yen, 200);
  facts.wanted = {false, false};
  EXPECT_EQ(decide(policy, facts).fee_yen, 0);
}

// A visit in which nothing would be done must not look completed without a word.
TEST(DecideHolder, nothing_to_do_because_nothing_was_read_asks_for_the_card_to_be_read) {
  auto facts = base_case();
  facts.signature = {};
  facts.authentication = {};
  const auto decision = decide(city(), facts);
  ASSERT_NE(decision.finding("certificate.state_needed"), nullptr);
  EXPECT_EQ(decision.finding("certificate.state_needed")->severity, Severity::advise);
  EXPECT_THAT(decision.finding("certificate.state_needed")->message.ja, testing::HasSubstr("読み取って"));
  facts.signature = {CertificateState::valid, day("2026-04-10")};
  EXPECT_EQ(decide(city(), facts).outcome, Outcome::complete_today) << "one of them can be renewed";
  facts.signature = {CertificateState::valid, day("2027-04-10")};
  expect_too_early(decide(city(), facts), "2027-01-11");
}

TEST(DecideHolder, nothing_to_do_because_no_such_certificate_is_issued_is_said) {
  auto facts = base_case();
  facts.wanted = {true, false};
  facts.signature = {CertificateState::absent, {}};
  facts.card.face_authentication = true;
  auto decision = decide(city(), facts);
  ASSERT_NE(decision.finding("certificate.not_issued"), nullptr);
  EXPECT_THAT(decision.finding("certificate.not_issued")->message.en,
              testing::HasSubstr("face authentication"));
  facts.card.face_authentication = false;
  facts.holder.adult_ward = true;
  decision = decide(city(), facts);
  EXPECT_THAT(decision.finding("certificate.not_issued")->message.ja, testing::HasSubstr("成年被後見人"));
  facts.wanted.authentication = true;
  EXPECT_EQ(decide(city(), facts).finding("certificate.not_issued"), nullptr) << "the other one is renewed";
}

TEST(DecideHolder, nothing_to_do_is_not_said_where_a_better_reason_is) {
  auto facts = base_case();
  facts.signature = {};
  facts.authentication = {};
  facts.card.presented = false;
  EXPECT_EQ(decide(city(), facts).finding("certificate.state_needed"), nullptr) << "bring the card";
  facts.card = {true, day("2026-02-11"), false};
  const auto ended = decide(city(), facts);
  EXPECT_EQ(ended.outcome, Outcome::other_procedure);
  EXPECT_EQ(ended.finding("certificate.state_needed"), nullptr);
}

TEST(DecideHolder, the_text_about_the_card_names_what_has_ended) {
  auto facts = base_case();
  facts.card.expires_on = day("2026-02-11");
  const auto ended = decide(city(), facts).finding("card.renewal_required")->message;
  EXPECT_THAT(ended.ja, testing::HasSubstr("有効期限は2026年2月11日です。期限が過ぎている"));
  EXPECT_THAT(ended.ja, Not(testing::HasSubstr("電子証明書"))) << "it is the card that has ended";
  EXPECT_THAT(ended.en, testing::HasSubstr("which has passed"));
  facts.card.expires_on = day("2026-04-10");
  const auto same = decide(city(), facts).finding("card.renewal_required")->message;
  EXPECT_THAT(same.ja, testing::HasSubstr("カードと同じ"));
  EXPECT_THAT(same.en, testing::HasSubstr("would not last longer"));
}

}  // namespace
}  // namespace madoguchi::policy
