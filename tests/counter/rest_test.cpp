// What is left of a case that is half done, on another day, and by another visitor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_at_the_key.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::Phase;
using renewal::State;

// One certificate of two is done; the other is left to another day, with rules of a test's own.
class Rest : public testing::Test {
 protected:
  explicit Rest(std::chrono::hours later = std::chrono::hours(24)) : world(separate()) {
    id = world.ready();
    world.signature_line->down = true;
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
    world.signature_line->down = false;
    EXPECT_EQ(world.desk->load(id)->state, State::partly_completed);
    world.clock.advance(later);
  }
  static Options separate() {
    Options options;
    options.two_authorities = true;
    return options;
  }
  // The main office alone is open then.
  void open_at_the_main_office_only() {
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const auto* office = facts.if_contains("office");
      if (office != nullptr && *office == "main") return decided;
      decided->decision["outcome"] = "not_today";
      decided->decision["findings"] =
          json::array{json::object{{"code", "office.closed"},
                                   {"severity", "block"},
                                   {"message", {{"ja", "本日は閉まっています。"}, {"en", "Closed."}}}}};
      return decided;
    };
  }
  base::Result<renewal::Case> update(std::optional<json::object> facts = {}) {
    return world.run(world.desk->update({id, {}, std::move(facts), {}, "clerk-7"}));
  }

  World world;
  std::string id;
};

TEST_F(Rest, is_done_at_another_office) {
  open_at_the_main_office_only();
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  const auto& why = stopped.error().details;
  EXPECT_EQ(why.at("call"), "cases.update");
  EXPECT_EQ(why.at("changed").at("outcome").at("now"), "not_today");
  EXPECT_THAT(std::string(why.at("ja").as_string()), testing::HasSubstr("本日は閉まっています。"));
  EXPECT_EQ(why.at("decision").at("findings").at(0).at("code"), "office.closed");
  const auto moved = update(json::object{{"office", "main"}});
  ASSERT_TRUE(moved) << base::describe(moved.error());
  EXPECT_EQ(moved->state, State::partly_completed);
  EXPECT_EQ(moved->facts.at("office"), "main");
  world.expect_renewed(world.finish(id));
}

TEST_F(Rest, stays_as_it_was_where_it_cannot_be_done) {
  open_at_the_main_office_only();
  const auto before = world.desk->load(id)->sagas;
  const auto told = update(json::object{{"office", "branch"}});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->decision.at("outcome"), "not_today") << "it is shown";
  EXPECT_TRUE(told->pins.empty()) << "those of another day do not count";
  EXPECT_EQ(told->decision.at("certificates").at("authentication").at("action"), "renew");
  EXPECT_EQ(told->state, State::partly_completed);
  EXPECT_EQ(told->sagas.at(1).preview, before.at(1).preview);
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
}

TEST_F(Rest, is_done_as_the_rules_are_by_then_once_that_was_told) {
  world.options.action = "issue_new";
  ASSERT_EQ(code_of(world.issue(id)), Code::conflict);
  const auto anew = update();
  ASSERT_TRUE(anew) << base::describe(anew.error());
  EXPECT_EQ(anew->sagas.at(0).action, renewal::Action::renew);
  EXPECT_EQ(anew->sagas.at(1).action, renewal::Action::issue_new);
  EXPECT_EQ(anew->decision.at("certificates").at("authentication").at("action"), "renew");
  EXPECT_EQ(anew->decision.at("certificates").at("signature").at("action"), "issue_new");
  const auto done = world.finish(id);
  EXPECT_EQ(done.state, State::completed);
}

TEST_F(Rest, of_an_office_that_the_policy_names_otherwise_by_then_says_so) {
  world.decide = [usual = world.decide](const json::object& facts,
                                        base::Instant received) -> base::Result<Decided> {
    const auto* office = facts.if_contains("office");
    if (office != nullptr && *office == "main") return usual(facts, received);
    return base::make_fault(Code::invalid_params, "no such office", {{"pointer", "/facts/office"}});
  };
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  EXPECT_EQ(stopped.error().details.at("pointer"), "/facts/office");
  ASSERT_TRUE(update(json::object{{"office", "main"}}));
  world.expect_renewed(world.finish(id));
}

// A proxy without a form takes two visits; a PIN that was forgotten is set anew.
class RestOfAVisitor : public Rest {
 protected:
  RestOfAVisitor() {
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const auto says = [&](const char* part, const char* key, const char* word) {
        const auto* object = facts.if_contains(part);
        const auto* value = object == nullptr ? nullptr : object->as_object().if_contains(key);
        return value != nullptr && *value == word;
      };
      const auto* visit = facts.if_contains("visit");
      if (says("visitor", "role", "proxy") && (visit == nullptr || *visit != 2)) {
        decided->decision["outcome"] = "two_visits";
        decided->decision["findings"] = json::array{
            json::object{{"code", "proxy.reply_form_missing"},
                         {"severity", "second_visit"},
                         {"message", {{"ja", "照会書が必要です。"}, {"en", "The form is needed."}}}}};
      }
      if (says("pins", "signature", "forgotten")) decided->decision["pin_resets"] = json::array{"signature"};
      return decided;
    };
  }
  static json::object proxy() { return {{"visitor", json::object{{"role", "proxy"}}}}; }
  void expect_left_undone() {
    EXPECT_TRUE(world.verify(id, PinName::signature));
    const auto refused = world.issue(id);
    ASSERT_EQ(code_of(refused), Code::conflict);
    EXPECT_THAT(std::string(refused.error().details.at("ja").as_string()),
                testing::HasSubstr("照会書が必要です。"));
    EXPECT_EQ(world.desk->load(id)->sagas.at(1).phase, Phase::planned);
  }
};

TEST_F(RestOfAVisitor, is_not_issued_to_somebody_else_than_may_have_it) {
  const auto told = update(proxy());
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->state, State::partly_completed);
  EXPECT_EQ(told->decision.at("outcome"), "two_visits");
  EXPECT_EQ(told->facts.at("visitor").at("role"), "proxy");
  expect_left_undone();
  const auto second = update(json::object{{"visit", 2}, {"first_visit_on", "2026-02-12"}});
  ASSERT_TRUE(second) << base::describe(second.error());
  EXPECT_EQ(second->decision.at("outcome"), "complete_today");
  world.expect_renewed(world.finish(id));
}

TEST_F(RestOfAVisitor, who_comes_the_same_day_as_the_one_who_was_received_is_judged_too) {
  ASSERT_EQ(update()->decision.at("outcome"), "complete_today");
  ASSERT_EQ(update(proxy())->decision.at("outcome"), "two_visits");
  expect_left_undone();
  auto holder = update(json::object{{"visitor", json::object{{"role", "holder"}}}});
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->decision.at("outcome"), "complete_today");
  world.expect_renewed(world.finish(id));
}

TEST_F(RestOfAVisitor, has_its_own_pins_and_a_lost_one_set_anew_before_it_goes_on) {
  const auto at = base::format_time(world.clock.now() - std::chrono::minutes(10));
  const auto told = update(json::object{{"at", at}, {"pins", json::object{{"signature", "forgotten"}}}});
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->facts.at("at"), json::value(at));
  EXPECT_EQ(told->decision.at("pin_resets"), json::array{"signature"});
  EXPECT_EQ(told->decision.at("pins_required"), (json::array{"resident_register", "signature"}))
      << "not that of the certificate that is done";
  const auto early = world.issue(id);
  ASSERT_EQ(code_of(early), Code::pin_required);
  EXPECT_EQ(early.error().details.at("pin"), "signature");
  ASSERT_TRUE(world.verify(id, PinName::resident_register));
  auto request = world.pin_request(id, PinName::signature, "HARU2026");
  const auto reset = world.run(world.desk->reset_pin(std::move(request)));
  ASSERT_TRUE(reset) << base::describe(reset.error());
  EXPECT_TRUE(reset->visit.decision.at("pin_resets").as_array().empty());
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
}

TEST_F(RestOfAVisitor, a_pin_that_comes_back_to_mind_need_not_be_set_anew) {
  ASSERT_TRUE(update(json::object{{"pins", json::object{{"signature", "forgotten"}}}}));
  const auto checked = world.verify(id, PinName::signature);
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked->visit.decision.at("pin_resets").as_array().empty());
  world.expect_renewed(world.finish(id));
}

// A proxy's PIN that does not match takes two visits; one that its holder has forgotten is set anew.
class RestAndItsPins : public Rest {
 protected:
  explicit RestAndItsPins(std::chrono::hours later = std::chrono::hours(24)) : Rest(later) {
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const auto* pins = facts.if_contains("pins");
      const auto* pin = pins == nullptr ? nullptr : pins->as_object().if_contains("resident_register");
      if (pin == nullptr) return decided;
      const auto* visitor = facts.if_contains("visitor");
      const bool proxy = visitor != nullptr && visitor->at("role") == "proxy";
      if (proxy && (*pin == "mismatched" || *pin == "locked")) {
        decided->decision["outcome"] = "two_visits";
        decided->decision["findings"] =
            json::array{json::object{{"code", "proxy.pin_mismatch"},
                                     {"severity", "second_visit"},
                                     {"message", {{"ja", "一致しません。"}, {"en", "No match."}}}}};
      }
      if (!proxy && *pin == "forgotten") decided->decision["pin_resets"] = json::array{"resident_register"};
      return decided;
    };
  }
  base::Result<renewal::Case> proxy_comes() {
    return update(json::object{{"visitor", json::object{{"role", "proxy"}}}});
  }
  void expect_waits_for(std::string_view pin, std::string_view call) {
    const auto stopped = world.issue(id);
    ASSERT_EQ(code_of(stopped), Code::pin_required) << base::describe(stopped.error());
    EXPECT_EQ(stopped.error().details.at("pin"), json::value(pin));
    EXPECT_EQ(stopped.error().details.at("call"), json::value(call));
    EXPECT_EQ(world.desk->load(id)->sagas.at(1).phase, Phase::planned);
  }
  std::string outcome() { return std::string(world.desk->load(id)->decision.at("outcome").as_string()); }
};

TEST_F(RestAndItsPins, takes_each_that_its_decision_asks_for) {
  ASSERT_TRUE(update());
  ASSERT_TRUE(world.verify(id, PinName::signature));
  expect_waits_for("resident_register", "cases.verify_pin");
  ASSERT_EQ(code_of(world.verify(id, PinName::resident_register, "9999")), Code::pin_wrong);
  ASSERT_TRUE(world.verify(id, PinName::signature));
  expect_waits_for("resident_register", "cases.verify_pin");
  world.expect_renewed(world.finish(id));
}

TEST_F(RestAndItsPins, is_decided_anew_by_one_that_does_not_match) {
  ASSERT_EQ(proxy_comes()->decision.at("outcome"), "complete_today");
  ASSERT_EQ(code_of(world.verify(id, PinName::resident_register, "9999")), Code::pin_wrong);
  EXPECT_EQ(outcome(), "two_visits");
  EXPECT_THAT(world.store.kinds(id), testing::Contains("case.redecided"));
  ASSERT_TRUE(world.verify(id, PinName::signature));
  const auto refused = world.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_THAT(std::string(refused.error().details.at("ja").as_string()),
              testing::HasSubstr("一致しません。"));
  EXPECT_EQ(world.desk->load(id)->sagas.at(1).phase, Phase::planned);
  ASSERT_TRUE(world.verify(id, PinName::resident_register));
  EXPECT_EQ(outcome(), "complete_today");
  world.expect_renewed(world.finish(id));
}

TEST_F(RestAndItsPins, says_which_one_has_not_matched) {
  world.decide_by = [this](const std::string&, const json::object& facts, base::Instant received,
                           const policy::CaseSoFar& so_far) {
    auto decided = world.decide(facts, received);
    if (decided->decision.at("outcome") != "two_visits" || so_far.application) return decided;
    auto& finding = decided->decision["findings"].as_array().at(0).as_object();
    finding["source"] = "proxy-two-visit";
    finding["params"] = json::object{{"follows", "no_application"}};
    return decided;
  };
  ASSERT_EQ(proxy_comes()->decision.at("outcome"), "complete_today");
  ASSERT_EQ(code_of(world.verify(id, PinName::resident_register, "9999")), Code::pin_wrong);
  EXPECT_EQ(outcome(), "not_today");
  const auto findings = world.desk->load(id)->decision.at("findings").as_array();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings.at(0).at("code"), "proxy.pin_mismatch");
  EXPECT_EQ(findings.at(0).at("severity"), "require");
  EXPECT_EQ(findings.at(1).at("code"), "rest.no_application");
}

TEST_F(RestAndItsPins, is_not_done_with_one_that_the_proxy_has_locked) {
  ASSERT_TRUE(proxy_comes());
  mynumber::VerifyGuards guards;
  guards.accept_last_try = true;
  for (int i = 0; i < 3; ++i) static_cast<void>(world.verify(id, PinName::resident_register, "9999", guards));
  ASSERT_EQ(world.tries_left(PinName::resident_register), 0);
  EXPECT_EQ(outcome(), "two_visits");
  ASSERT_TRUE(world.verify(id, PinName::signature));
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
}

TEST_F(RestAndItsPins, sets_the_resident_register_s_anew_too) {
  ASSERT_TRUE(update(json::object{{"pins", json::object{{"resident_register", "forgotten"}}}}));
  ASSERT_TRUE(world.verify(id, PinName::signature));
  expect_waits_for("resident_register", "cases.reset_pin");
  ASSERT_TRUE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::resident_register, "2468"))));
  world.citizen.pins[simulated_card::PinKind::resident_register] = "2468";
  world.expect_renewed(world.finish(id));
}

class RestOnTheSameDay : public RestAndItsPins {
 protected:
  RestOnTheSameDay() : RestAndItsPins(std::chrono::hours(0)) {}
};

TEST_F(RestOnTheSameDay, counts_what_was_entered_for_the_first_part) {
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
}

TEST_F(RestOnTheSameDay, counts_nothing_that_somebody_else_has_entered) {
  ASSERT_TRUE(update(json::object{{"visitor", json::object{{"role", "holder"}}}}));
  ASSERT_EQ(proxy_comes()->decision.at("outcome"), "complete_today");
  expect_waits_for("resident_register", "cases.verify_pin");
  world.expect_renewed(world.finish(id));
}

TEST_F(RestOnTheSameDay, is_not_done_after_a_pin_that_does_not_match) {
  ASSERT_EQ(code_of(world.verify(id, PinName::resident_register, "9999")), Code::pin_wrong);
  expect_waits_for("resident_register", "cases.verify_pin");
  world.expect_renewed(world.finish(id));
}

TEST_F(RestOfAVisitor, what_is_settled_is_refused_by_name_with_the_way_out) {
  const auto refused = update(json::object{{"wanted", json::array{"signature"}}, {"purpose", "pin_reset"}});
  ASSERT_EQ(code_of(refused), Code::conflict);
  const auto& details = refused.error().details;
  EXPECT_EQ(details.at("refused"), (json::array{"/facts/wanted", "/facts/purpose"}));
  EXPECT_EQ(details.at("call"), "cases.cancel");
  EXPECT_TRUE(details.contains("ja") && details.contains("en"));
  const auto card = world.desk->load(id)->facts.at("card");
  EXPECT_TRUE(update(json::object{{"card", card}})) << "as it is known";
}

// The card was taken away where the second key was to be made.
class KeyInDoubt : public RestAndItsPins {
 protected:
  KeyInDoubt() : RestAndItsPins(std::chrono::hours(0)) {}
  void interrupt(bool made) {
    end_at_the_key(world, id, made);
    ASSERT_EQ(world.desk->load(id)->sagas.at(1).phase, Phase::key_intended);
  }
  base::Result<renewal::Case> proxy_comes_with_the_card() {
    const json::object facts{{"visitor", json::object{{"role", "proxy"}}}};
    return world.run(world.desk->update({id, {}, facts, reader_name, "clerk-7"}));
  }
};

TEST_F(KeyInDoubt, is_looked_for_before_who_has_come_is_told) {
  interrupt(false);
  const auto blind = proxy_comes();
  ASSERT_EQ(code_of(blind), Code::conflict);
  EXPECT_EQ(blind.error().details.at("refused"), json::array{"/facts/visitor"});
  EXPECT_EQ(blind.error().details.at("call"), "cases.update");
  EXPECT_EQ(blind.error().details.at("needs"), "reader");
  const auto told = proxy_comes_with_the_card();
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->sagas.at(1).phase, Phase::planned);
  EXPECT_EQ(told->facts.at("visitor").at("role"), "proxy");
  EXPECT_EQ(told->state, State::partly_completed);
  EXPECT_FALSE(world.desk->held(reader_name)) << "the look leaves nothing behind";
  world.expect_renewed(world.finish(id));
}

TEST_F(KeyInDoubt, that_was_made_stands_whoever_has_come) {
  interrupt(true);
  const auto told = proxy_comes_with_the_card();
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->sagas.at(1).phase, Phase::key_made);
  EXPECT_EQ(told->facts.at("visitor").at("role"), "proxy") << "the authority may ask for another";
  world.expect_renewed(world.finish(id));
}

TEST_F(KeyInDoubt, on_another_day_an_update_with_the_card_tells_what_is_decided_by_then) {
  interrupt(false);
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  const auto told = world.run(world.desk->update({id, {}, {}, reader_name, "clerk-7"}));
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->decision.at("certificates").at("signature").at("action"), "issue_new");
  EXPECT_TRUE(told->pins.empty()) << "of another day";
  expect_waits_for("resident_register", "cases.verify_pin");
  EXPECT_EQ(world.finish(id).state, State::completed);
}

}  // namespace
}  // namespace madoguchi::counter::test
