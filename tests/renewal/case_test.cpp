#include "renewal/case.hpp"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include "base/result.hpp"
#include "model.hpp"
#include "renewal/codec.hpp"

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;
using mynumber::PinName;

json::object decision(std::string_view outcome = "complete_today") {
  return {
      {"outcome", outcome},
      {"certificates",
       json::object{{"signature", json::object{{"action", "renew"}, {"new_expires_on", "2031-04-10"}}},
                    {"authentication", json::object{{"action", "renew"}, {"new_expires_on", "2031-04-10"}}}}},
      {"pins_required", json::array{"resident_register", "signature", "authentication"}},
      {"pin_resets", json::array()}};
}

Case with_everything() {
  model::World world;
  Case visit;
  visit.id = "261123-7K3F92QD";
  visit.state = State::issuing;
  visit.opened_at = model::at("2026-02-12T10:00:00+09:00");
  visit.updated_at = model::at("2026-02-12T10:05:00.250+09:00");
  visit.staff = "clerk-7";
  visit.reader = "Reader 00 00";
  visit.card = "400000012719843";
  visit.facts = {{"office", "citizens-division"}};
  visit.decision = decision();
  visit.pins[PinName::signature] = {PinOutcome::matched, "holder"};
  auto saga = model::fresh_saga(world, true);
  while (saga.phase != Phase::confirming)
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  saga.failure = Failure{base::Code::authority_rejected, "why", Remedy::another_key};
  saga.torn_writes = 2;
  saga.emptied = true;
  visit.sagas.push_back(saga);
  visit.attention = Attention{base::Code::card_refused, "見る", "look"};
  visit.given_up = true;
  visit.card_gone = true;
  return visit;
}

TEST(Codec, the_stored_form_loses_nothing) {
  const auto visit = with_everything();
  const auto stored = to_stored(visit);
  const auto back = from_stored(stored);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_stored(*back), stored);
  EXPECT_EQ(back->sagas.at(0).enrolment.exchanges.size(), visit.sagas[0].enrolment.exchanges.size());
  EXPECT_EQ(back->sagas.at(0).enrolment.exchanges.at(0).request,
            visit.sagas[0].enrolment.exchanges.at(0).request);
  EXPECT_EQ(back->sagas.at(0).key, visit.sagas[0].key);
  EXPECT_TRUE(back->sagas.at(0).emptied);
  EXPECT_EQ(back->updated_at, visit.updated_at);
  ASSERT_TRUE(visit.sagas[0].authority_seen);
  EXPECT_EQ(back->sagas.at(0).authority_seen, visit.sagas[0].authority_seen);
  EXPECT_EQ(back->sagas.at(0).failure->remedy, Remedy::another_key);
}

TEST(Codec, a_damaged_form_is_a_fault) {
  auto stored = to_stored(with_everything());
  for (const auto* key : {"state", "opened_at", "updated_at"}) {
    auto damaged = stored;
    damaged[key] = 7;
    EXPECT_FALSE(from_stored(damaged)) << key;
  }
  auto damaged = stored;
  damaged["sagas"].get_array().at(0).get_object()["phase"] = "nowhere";
  EXPECT_FALSE(from_stored(damaged));
}

TEST(Codec, clients_see_no_messages_and_no_keys) {
  const auto shown = json::serialize(to_public(with_everything()));
  EXPECT_EQ(shown.find("exchanges"), std::string::npos);
  EXPECT_EQ(shown.find("\"key\""), std::string::npos);
  EXPECT_NE(shown.find("\"expires_on\":\"2031-04-10\""), std::string::npos);
  EXPECT_NE(shown.find("\"look_at\""), std::string::npos);
}

// What is decided stays; a front-end asks for what the next call takes.
TEST(Codec, clients_are_told_of_the_pins_that_are_still_asked_for) {
  model::World world;
  Case visit;
  visit.state = State::partly_completed;
  visit.decision = decision();
  const auto asked = [&] { return json::serialize(to_public(visit).at("decision").at("pins_required")); };
  EXPECT_EQ(asked(), R"(["resident_register","signature","authentication"])") << "nothing has begun";
  visit.sagas.resize(2);
  visit.sagas[0].certificate = mynumber::CertificateName::authentication;
  visit.sagas[0].phase = Phase::done;
  visit.sagas[1].certificate = mynumber::CertificateName::signature;
  visit.sagas[1].phase = Phase::planned;
  EXPECT_EQ(asked(), R"(["resident_register","signature"])");
  visit.sagas[1].phase = Phase::key_unknown;
  EXPECT_EQ(asked(), R"(["resident_register","signature"])") << "it may not have been made";
  visit.sagas[1].phase = Phase::key_made;
  EXPECT_EQ(asked(), R"(["signature"])");
  visit.sagas[1].phase = Phase::failed;
  EXPECT_EQ(asked(), R"(["signature"])") << "it may be tried again";
  visit.state = State::completed;
  EXPECT_EQ(asked(), R"(["resident_register","signature","authentication"])") << "what was asked for";
}

TEST(Codec, clients_are_told_what_a_key_is_still_to_be_made_for) {
  auto visit = with_everything();
  visit.given_up = visit.card_gone = false;
  visit.state = State::attention;
  auto& saga = visit.sagas.at(0);
  const auto told = [&] {
    const auto shown = to_public(visit);
    const auto* flag =
        shown.at("certificates").at("authentication").as_object().if_contains("key_to_be_made");
    return flag != nullptr && flag->as_bool();
  };
  for (const auto phase : {Phase::key_unknown, Phase::key_made, Phase::enrolling, Phase::done}) {
    saga.phase = phase;
    EXPECT_FALSE(told()) << name(phase);
  }
  saga.phase = Phase::planned;
  EXPECT_TRUE(told());
  saga.phase = Phase::failed;
  for (const auto& [remedy, is] : {std::pair{Remedy::another_key, true},
                                   {Remedy::another_size, true},
                                   {Remedy::same_key, false},
                                   {Remedy::write_again, false}}) {
    saga.failure->remedy = remedy;
    EXPECT_EQ(told(), is) << name(remedy);
  }
  saga.failure->remedy = Remedy::another_key;
  visit.given_up = true;
  EXPECT_FALSE(told()) << "none is made for it any more";
  visit.given_up = false;
  visit.state = State::cancelled;
  EXPECT_FALSE(told());
}

TEST(Codec, every_remedy_comes_back) {
  for (const auto remedy :
       {Remedy::ask, Remedy::same_key, Remedy::another_key, Remedy::write_again, Remedy::renewed_elsewhere,
        Remedy::issue_anew, Remedy::no_subject, Remedy::card_gone, Remedy::another_size, Remedy::given_up}) {
    auto visit = with_everything();
    visit.sagas[0].failure->remedy = remedy;
    EXPECT_EQ(from_stored(to_stored(visit))->sagas.at(0).failure->remedy, remedy);
  }
}

TEST(Plan, reads_a_decision) {
  const auto plan = plan_of(decision());
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->certificates.size(), 2u);
  EXPECT_EQ(plan->pins_required,
            (std::vector{PinName::resident_register, PinName::signature, PinName::authentication}));
  EXPECT_FALSE(plan_of({{"outcome", 7}}));
  auto odd = decision();
  odd["pins_required"] = json::array{"another"};
  EXPECT_FALSE(plan_of(odd));
}

TEST(Case, is_ready_when_every_required_pin_has_matched_or_been_reset) {
  Case visit;
  visit.decision = decision();
  EXPECT_EQ(settled(visit), State::open);
  visit.pins[PinName::resident_register] = {PinOutcome::matched, "holder"};
  visit.pins[PinName::signature] = {PinOutcome::mismatched, "holder"};
  visit.pins[PinName::authentication] = {PinOutcome::reset, "holder"};
  EXPECT_EQ(settled(visit), State::open);
  visit.pins[PinName::signature] = {PinOutcome::matched, "holder"};
  EXPECT_EQ(settled(visit), State::ready);
  visit.decision = decision("two_visits");
  EXPECT_EQ(settled(visit), State::waiting);
  visit.decision = decision("not_today");
  EXPECT_EQ(settled(visit), State::open);
}

TEST(Case, does_not_wait_for_the_pin_of_a_certificate_that_the_card_has_none_of) {
  Case visit;
  visit.decision = decision();
  visit.pins[PinName::resident_register] = {PinOutcome::matched, "holder"};
  visit.pins[PinName::authentication] = {PinOutcome::matched, "holder"};
  EXPECT_EQ(settled(visit), State::open);
  visit.facts = {{"certificates", json::object{{"signature", json::object{{"state", "absent"}}}}}};
  EXPECT_TRUE(absent(visit.facts, CertificateName::signature));
  EXPECT_FALSE(absent(visit.facts, CertificateName::authentication));
  EXPECT_EQ(settled(visit), State::ready);
}

// A genuine card's is set anew there, where it is handed over for that too.
TEST(Case, hands_a_pin_that_is_lost_over_to_the_official_terminal) {
  Case visit;
  visit.decision = decision();
  visit.pins[PinName::resident_register] = {PinOutcome::matched, "holder"};
  visit.pins[PinName::authentication] = {PinOutcome::matched, "holder"};
  visit.pins[PinName::signature] = {PinOutcome::locked, "holder"};
  visit.channel = Channel::terminal;
  EXPECT_EQ(settled(visit), State::open);
  visit.decision["pin_resets"] = json::array{"signature"};
  EXPECT_EQ(settled(visit), State::ready);
  visit.channel = Channel::cmp;
  EXPECT_EQ(settled(visit), State::open);
}

TEST(Case, begins_with_the_authentication_certificate) {
  model::World world;
  const auto old = model::fresh_saga(world, true).old_certificate;
  const std::map<CertificateName, base::Bytes> on_card{{CertificateName::signature, old},
                                                       {CertificateName::authentication, old}};
  const auto sagas = plan_sagas(plan_of(decision()).value(), on_card, true);
  ASSERT_TRUE(sagas);
  ASSERT_EQ(sagas->size(), 2u);
  EXPECT_EQ(sagas->at(0).certificate, CertificateName::authentication);
  EXPECT_EQ(sagas->at(1).certificate, CertificateName::signature);
  EXPECT_EQ(sagas->at(0).slot, Slot::spare);
}

TEST(Case, a_certificate_that_the_card_has_none_of_is_not_begun_and_the_other_is) {
  model::World world;
  const auto old = model::fresh_saga(world, true).old_certificate;
  auto sagas = plan_sagas(plan_of(decision()).value(), {{CertificateName::authentication, old}}, true);
  ASSERT_TRUE(sagas);
  EXPECT_EQ(sagas->at(0).phase, Phase::planned);
  ASSERT_EQ(sagas->at(1).phase, Phase::failed);
  EXPECT_EQ(sagas->at(1).failure->remedy, Remedy::no_subject);

  Case visit;
  visit.state = State::issuing;
  visit.sagas = *sagas;
  EXPECT_TRUE(may_cancel(visit));
  visit.sagas[0].phase = Phase::confirming;
  EXPECT_TRUE(waits_for_authority(visit, world.now)) << "whatever came of the other";
  visit.sagas[0].phase = Phase::done;
  EXPECT_FALSE(waits_for_authority(visit, world.now));
  settle_after_run(visit, base::make_fault(base::Code::conflict));
  EXPECT_EQ(visit.state, State::partly_completed);
  EXPECT_NE(visit.attention.value().look_ja.find("署名用電子証明書"), std::string::npos);
  EXPECT_NE(visit.attention->look_en.find("no signature certificate"), std::string::npos);
  EXPECT_TRUE(may_cancel(visit));
}

TEST(Case, a_certificate_that_was_given_back_is_not_shown_as_new) {
  auto visit = with_everything();
  const auto shown = [&] { return to_public(visit).at("certificates").at("authentication").as_object(); };
  EXPECT_TRUE(shown().contains("new"));
  for (const auto phase : {Phase::planned, Phase::key_made, Phase::enrolling, Phase::failed}) {
    visit.sagas[0].phase = phase;
    EXPECT_FALSE(shown().contains("new")) << name(phase);
  }
  visit.sagas[0].failure->remedy = Remedy::write_again;
  EXPECT_TRUE(shown().contains("new")) << "the card is to keep it yet";
}

TEST(Case, the_signature_certificate_ends_with_what_the_authority_gave_for_authentication) {
  model::World world;
  auto first = model::fresh_saga(world, true);
  auto second = first;
  second.certificate = CertificateName::signature;
  first.new_certificate =
      model::certificate_for(model::keys()[1], base::parse_date("2030-01-15").value(), world.now);
  std::vector<Saga> sagas{first, second};
  cap_by_authentication(sagas);
  EXPECT_EQ(base::format_date(sagas[1].preview), "2031-04-10") << "one that was given back before";
  sagas[0].phase = Phase::done;
  cap_by_authentication(sagas);
  EXPECT_EQ(base::format_date(sagas[1].preview), "2030-01-15");
  sagas[1].preview = base::parse_date("2031-04-10").value();
  sagas[1].phase = Phase::enrolling;
  cap_by_authentication(sagas);
  EXPECT_EQ(base::format_date(sagas[1].preview), "2031-04-10") << "a signed request is never changed";
}

TEST(Case, states_after_a_run) {
  Case visit;
  Saga done;
  done.phase = Phase::done;
  Saga halfway;
  halfway.phase = Phase::enrolling;
  Saga failed;
  failed.phase = Phase::failed;
  failed.failure = Failure{base::Code::authority_rejected, "", Remedy::same_key};

  visit.sagas = {done, done};
  settle_after_run(visit, std::nullopt);
  EXPECT_EQ(visit.state, State::completed);
  visit.sagas = {halfway};
  settle_after_run(visit, base::make_fault(base::Code::authority_unreachable));
  EXPECT_EQ(visit.state, State::issuing);
  EXPECT_FALSE(visit.attention);
  visit.sagas = {done, halfway};
  settle_after_run(visit, base::make_fault(base::Code::card_removed));
  EXPECT_EQ(visit.state, State::partly_completed);
  visit.sagas = {failed};
  settle_after_run(visit, base::make_fault(base::Code::authority_rejected));
  EXPECT_EQ(visit.state, State::attention);
  ASSERT_TRUE(visit.attention);
  EXPECT_FALSE(visit.attention->look_ja.empty());
}

TEST(Case, is_cancelled_only_while_the_old_key_works) {
  Case visit;
  EXPECT_TRUE(may_cancel(visit));
  Saga saga;
  visit.sagas = {saga};
  EXPECT_TRUE(may_cancel(visit));
  visit.sagas[0].phase = Phase::enrolling;
  EXPECT_FALSE(may_cancel(visit));
  visit.sagas[0].phase = Phase::failed;
  visit.sagas[0].slot = Slot::spare;
  EXPECT_TRUE(may_cancel(visit));
  visit.sagas[0].slot = Slot::active;
  EXPECT_FALSE(may_cancel(visit)) << "the old key is gone: the card needs its new certificate";
  visit.sagas[0].phase = Phase::planned;
  EXPECT_TRUE(may_cancel(visit));
  visit.sagas[0].key_before = {1};
  EXPECT_FALSE(may_cancel(visit)) << "planned again, after a key that was burnt";
}

TEST(Case, beside_a_spare_slot_is_cancelled_until_its_request_is_sent) {
  Case visit;
  visit.sagas.resize(1);
  auto& saga = visit.sagas[0];
  saga.slot = Slot::spare;
  for (const auto phase : {Phase::planned, Phase::key_intended, Phase::key_unknown, Phase::key_made,
                           Phase::request_signed, Phase::enrolling, Phase::write_intended, Phase::written,
                           Phase::activation_intended, Phase::activation_unknown, Phase::in_use}) {
    saga.phase = phase;
    saga.key_before = {1};
    EXPECT_EQ(may_cancel(visit), phase < Phase::enrolling) << name(phase);
    saga.slot = Slot::active;
    EXPECT_FALSE(may_cancel(visit)) << name(phase);
    saga.slot = Slot::spare;
  }
}

TEST(Case, whose_card_is_gone_can_end_wherever_it_does_not_end_by_itself) {
  for (int i = 0; i <= static_cast<int>(Phase::failed); ++i) {
    Case visit;
    visit.state = State::issuing;
    visit.sagas.resize(2);
    for (auto& saga : visit.sagas) saga.key_before = {1};
    auto& saga = visit.sagas[0];
    saga.phase = static_cast<Phase>(i);
    SCOPED_TRACE(name(saga.phase));
    if (saga.phase == Phase::failed) saga.failure = Failure{base::Code::conflict, "", Remedy::same_key};
    const bool ends_alone = saga.phase >= Phase::in_use && saga.phase < Phase::done;
    EXPECT_EQ(may_cancel(visit, true), !ends_alone);
    if (ends_alone) continue;
    visit.given_up = true;
    EXPECT_TRUE(waits_for_authority(visit, {}));
    settle_after_run(visit, base::make_fault(base::Code::authority_unreachable));
    EXPECT_FALSE(visit.attention) << "there is nothing to look at";
    const bool told = saga.phase < Phase::enrolling || saga.ended();
    EXPECT_EQ(visit.state == State::cancelled, told);
    EXPECT_EQ(owes_the_authority(visit), !told);
    EXPECT_EQ(waits_for_authority(visit, {}), !told);
  }
}

TEST(Case, whose_card_is_gone_gives_its_certificate_back_and_no_other) {
  for (int i = 0; i <= static_cast<int>(Phase::failed); ++i) {
    Saga saga;
    saga.phase = static_cast<Phase>(i);
    SCOPED_TRACE(name(saga.phase));
    for (const auto remedy : {Remedy::write_again, Remedy::same_key, Remedy::ask}) {
      if (saga.phase == Phase::failed) saga.failure = Failure{base::Code::conflict, "", remedy};
      const bool unused = (saga.phase >= Phase::write_intended && saga.phase <= Phase::activation_unknown) ||
                          (saga.phase == Phase::failed && remedy == Remedy::write_again);
      const auto event = given_back(saga, true);
      ASSERT_EQ(event.has_value(), unused);
      const auto after = apply(saga, event.value_or(Event{Happening::card_gone, {}, {}, {}}));
      ASSERT_EQ(static_cast<bool>(after), unused);
      if (!unused) continue;
      EXPECT_EQ(after->phase, Phase::refusing);
      const auto ended = apply(*after, {Happening::refusal_told, {}, {}, {}});
      ASSERT_TRUE(ended);
      EXPECT_FALSE(owes_the_authority(*ended));
      EXPECT_FALSE(restart_of(*ended)) << "there is no card to try it on";
    }
  }
}

TEST(Case, whose_card_works_gives_back_only_what_the_card_did_not_keep) {
  for (int i = 0; i <= static_cast<int>(Phase::failed); ++i) {
    Saga saga;
    saga.slot = Slot::spare;
    saga.phase = static_cast<Phase>(i);
    SCOPED_TRACE(name(saga.phase));
    if (saga.phase == Phase::failed)
      saga.failure = Failure{base::Code::card_refused, "", Remedy::write_again};
    const auto event = given_back(saga, false);
    ASSERT_EQ(event.has_value(), saga.phase == Phase::failed);
    if (!event) continue;
    Case visit;
    visit.state = State::attention;
    visit.given_up = true;
    visit.sagas = {apply(saga, *event).value()};
    settle_after_run(visit, base::make_fault(base::Code::authority_unreachable));
    EXPECT_EQ(visit.state, State::issuing);
    EXPECT_FALSE(visit.attention);
    EXPECT_TRUE(waits_for_authority(visit, {}));
    EXPECT_TRUE(may_cancel(visit)) << "it is being cancelled";
    visit.sagas[0] = apply(visit.sagas[0], {Happening::refusal_told, {}, {}, {}}).value();
    EXPECT_FALSE(restart_of(visit.sagas[0]));
    settle_after_run(visit, {});
    EXPECT_EQ(visit.state, State::cancelled);
  }
}

TEST(Case, that_has_ended_but_for_the_record_of_it_is_not_cancelled_but_goes_on_by_itself) {
  Case visit;
  visit.state = State::issuing;
  EXPECT_FALSE(waits_for_authority(visit, {}));
  visit.sagas.resize(2);
  for (auto& saga : visit.sagas) saga.phase = Phase::done;
  EXPECT_FALSE(may_cancel(visit));
  EXPECT_TRUE(waits_for_authority(visit, {}));
}

}  // namespace
}  // namespace madoguchi::renewal
