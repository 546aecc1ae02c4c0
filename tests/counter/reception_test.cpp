// A case keeps the policy that it began with for the day; on another day it is received anew.
#include "counter/reception.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

// Policies "one" and "two": "two" comes into force when `replaced` is set.
class Reception : public testing::Test {
 protected:
  Reception() {
    world.decide = [this, usual = world.decide](const boost::json::object& facts, base::Instant received) {
      return decided_with(replaced ? "two" : "one", usual, facts, received);
    };
    world.decide_by = [this, usual = world.decide](const std::string& digest,
                                                   const boost::json::object& facts, base::Instant received,
                                                   const policy::CaseSoFar&) -> base::Result<Decided> {
      if (digest.empty()) return world.decide(facts, received);
      auto decided = usual(facts, received);
      decided->decision["policy"] = boost::json::object{{"digest", digest}};
      return decided;
    };
  }

  static base::Result<Decided> decided_with(const char* digest, const Decide& usual,
                                            const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    decided->decision["policy"] = boost::json::object{{"digest", digest}};
    // As the rules do: the time of reception is filled in.
    if (!decided->facts.contains("at")) decided->facts["at"] = base::format_time(received);
    return decided;
  }

  static bool is_second(const boost::json::object& facts) {
    const auto* visit = facts.if_contains("visit");
    return visit != nullptr && *visit == 2;
  }

  std::string update(const std::string& id, boost::json::object facts = {}) {
    const auto visit = world.run(world.desk->update({id, {}, std::move(facts), {}, "clerk-7"}));
    return visit ? decided_by(*visit) : base::describe(visit.error());
  }

  // Whatever the time of day is.
  [[nodiscard]] std::string earlier_today() const {
    const auto now = world.clock.now();
    return base::format_time(now - (now - base::start_of_day_in_japan(base::date_in_japan(now))) / 2);
  }

  bool replaced = false;
  World world;
};

TEST_F(Reception, KeepsItsPolicyForTheDay) {
  const auto id = world.open()->id;
  replaced = true;
  world.restart();
  EXPECT_EQ(update(id, {{"visit", 1}}), "one");
  ASSERT_TRUE(world.verify(id, mynumber::PinName::authentication));
  EXPECT_EQ(decided_by(*world.desk->load(id)), "one");
  EXPECT_THAT(world.store.kinds(id), Not(Contains("case.policy_changed")));
  EXPECT_EQ(decided_by(*world.open("")), "two") << "the reader is held for the first";
}

TEST_F(Reception, IsOfThePolicyOfTheNextDayAndSaysSo) {
  const auto id = world.open("")->id;
  const auto first = world.desk->load(id)->facts.at("at");
  replaced = true;
  world.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(update(id, {{"visit", 1}}), "two");
  EXPECT_NE(world.desk->load(id)->facts.at("at"), first) << "received today";
  EXPECT_THAT(world.store.kinds(id), ElementsAre("case.opened", "case.updated", "case.policy_changed"));
  const auto journal = *world.store.journal(id);
  EXPECT_EQ(journal.back().body, R"({"from":"one","to":"two"})");
  replaced = false;
  EXPECT_EQ(update(id, {{"visit", 1}}), "two") << "for that day";
}

TEST_F(Reception, IsOfTheTimeThatTheFrontEndNamesWithinToday) {
  const auto id = world.open("")->id;
  const auto earlier = earlier_today();
  replaced = true;
  EXPECT_EQ(update(id, {{"at", earlier}}), "one") << "the same day";
  EXPECT_EQ(world.desk->load(id)->facts.at("at"), boost::json::value(earlier));
  world.clock.advance(std::chrono::hours(24));
  const auto revision = world.desk->load(id)->revision;
  const auto claimed =
      world.run(world.desk->update({id, {}, boost::json::object{{"at", earlier}}, {}, "clerk-7"}));
  ASSERT_EQ(code_of(claimed), base::Code::invalid_params) << "else the day of the papers would never end";
  EXPECT_EQ(claimed.error().details.at("pointer"), "/at");
  EXPECT_EQ(world.desk->load(id)->revision, revision);
  const auto at = earlier_today();
  EXPECT_EQ(update(id, {{"at", at}}), "two");
  EXPECT_EQ(world.desk->load(id)->facts.at("at"), boost::json::value(at));
}

TEST_F(Reception, OfASecondVisitIsNowThoughTheFirstNamedItsTime) {
  const auto at = base::format_time(world.clock.now() - std::chrono::minutes(58));
  world.decide = [usual = world.decide](const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    if (!is_second(facts)) decided->decision["outcome"] = "two_visits";
    return decided;
  };
  const auto id = world.open("", {{"at", at}, {"visit", 1}})->id;
  world.clock.advance(std::chrono::hours(24 * 20));
  replaced = true;
  EXPECT_EQ(update(id, {{"visit", 2}}), "two");
  EXPECT_EQ(world.desk->load(id)->facts.at("at"), boost::json::value(base::format_time(world.clock.now())));
}

TEST_F(Reception, OfACaseThatHasHadNoFirstVisitIsNoSecondOne) {
  for (const char* reader : {"", reader_name}) {
    const auto id = world.open(reader)->id;
    const auto refused =
        world.run(world.desk->update({id, {}, boost::json::object{{"visit", 2}}, {}, "clerk-7"}));
    ASSERT_EQ(code_of(refused), base::Code::conflict);
    EXPECT_EQ(refused.error().details.at("pointer"), "/facts/visit");
    EXPECT_TRUE(refused.error().details.contains("ja"));
    EXPECT_EQ(world.desk->load(id)->revision, 1);
  }
}

TEST(ReceptionFacts, OfASecondVisitToldByMistakeIsTakenBackWithItsDay) {
  renewal::Case visit;
  visit.facts = {{"office", "main"}, {"visit", 1}};
  take_told(visit, {{"visit", 2}, {"first_visit_on", "2026-02-12"}});
  EXPECT_EQ(visit.facts.at("first_visit_on"), "2026-02-12");
  take_told(visit, {{"office", "branch"}});
  EXPECT_EQ(visit.facts.at("first_visit_on"), "2026-02-12");
  take_told(visit, {{"visit", 1}});
  EXPECT_EQ(visit.facts, (boost::json::object{{"office", "branch"}, {"visit", 1}}));
  take_told(visit, {{"visit", 1}, {"first_visit_on", "2026-02-12"}});
  EXPECT_TRUE(visit.facts.contains("first_visit_on")) << "which the rules complain of";
}

TEST(ReceptionFacts, TheFirstVisitIsNoLaterThanTheCasesOwn) {
  renewal::Case visit;
  visit.opened_at = base::parse_time("2026-02-12T10:00:00+09:00").value();
  visit.received_at = base::parse_time("2026-02-16T10:00:00+09:00").value();
  visit.facts = {{"visit", 1}};
  const auto taken = [&](const char* day) {
    return first_visit_was(visit, {{"visit", 2}, {"first_visit_on", day}}).has_value();
  };
  EXPECT_TRUE(taken("2026-02-17")) << "at another counter";
  visit.has_waited = true;
  EXPECT_TRUE(taken("2026-02-12"));
  EXPECT_TRUE(taken("2026-02-16")) << "received once more";
  const auto refused = first_visit_was(visit, {{"first_visit_on", "2026-02-17"}});
  ASSERT_EQ(code_of(refused), base::Code::invalid_params);
  EXPECT_EQ(refused.error().details.at("pointer"), "/first_visit_on");
  EXPECT_TRUE(taken("soon")) << "what is no day the rules refuse";
  visit.facts = {{"visit", 2}, {"first_visit_on", "2026-02-12"}};
  EXPECT_TRUE(taken("2026-02-20")) << "of the round after";
}

TEST(ReceptionFacts, TheTimeOfReceptionIsOfTodayAndNotToCome) {
  const auto now = base::parse_time("2026-02-12T10:00:00+09:00").value();
  const auto taken = [&](const char* at) {
    const auto received = received_today({{"at", at}}, now);
    return received ? "taken" : std::string(received.error().details.at("pointer").as_string());
  };
  EXPECT_EQ(taken("2026-02-12T09:12:00+09:00"), "taken") << "the ticket's";
  EXPECT_EQ(taken("2026-02-11T15:00:00Z"), "taken") << "the day begins";
  EXPECT_EQ(taken("2026-02-12T10:05:00+09:00"), "taken") << "by a clock that is a little ahead";
  EXPECT_EQ(taken("2026-02-12T10:05:01+09:00"), "/at");
  EXPECT_EQ(taken("2026-02-11T23:59:59+09:00"), "/at");
  EXPECT_EQ(taken("2026-02-13T10:00:00+09:00"), "/at");
  EXPECT_TRUE(received_today({{"at", "soon"}}, now)) << "what is no time the rules refuse";
  EXPECT_TRUE(received_today({}, now));
  EXPECT_TRUE(not_to_come({{"at", "2026-02-11T09:00:00+09:00"}}, now)) << "a case may be entered later";
  EXPECT_FALSE(not_to_come({{"at", "2026-02-12T10:05:01+09:00"}}, now));
}

TEST_F(Reception, OfAnotherVisitorOnAnotherDayKnowsNothingOfAForgottenPin) {
  const auto told = [&](const std::string& id) {
    const auto facts = world.desk->load(id)->facts;
    const auto* pins = facts.if_contains("pins");
    return pins != nullptr && pins->as_object().contains("signature");
  };
  const auto id = world
                      .open("", {{"visitor", boost::json::object{{"role", "holder"}}},
                                 {"pins", boost::json::object{{"signature", "forgotten"}}}})
                      ->id;
  ASSERT_TRUE(told(id));
  world.clock.advance(std::chrono::hours(24));
  update(id, {{"visit", 1}});
  EXPECT_TRUE(told(id)) << "the same one";
  world.clock.advance(std::chrono::hours(24));
  update(id, {{"visitor", boost::json::object{{"role", "proxy"}}}});
  EXPECT_FALSE(told(id));
}

TEST_F(Reception, IsNeverToCome) {
  const auto later = base::format_time(world.clock.now() + std::chrono::minutes(30));
  const auto refused = world.open("", {{"at", later}});
  ASSERT_EQ(code_of(refused), base::Code::invalid_params);
  EXPECT_EQ(refused.error().details.at("pointer"), "/at");
}

TEST_F(Reception, OfAnotherDayKnowsOfNoPinButThatItIsLocked) {
  renewal::Case visit;
  visit.received_at = world.clock.now();
  visit.facts = {{"pins", {{"signature", "matched"}, {"authentication", "forgotten"}}}};
  visit.pins[mynumber::PinName::signature] = {renewal::PinOutcome::matched, "holder", world.clock.now()};
  visit.pins[mynumber::PinName::resident_register] = {renewal::PinOutcome::locked, "holder",
                                                      world.clock.now()};
  receive(visit, {}, world.clock.now());
  EXPECT_EQ(visit.pins.size(), 2u) << "the same day";
  receive(visit, {}, world.clock.now() + std::chrono::hours(24));
  ASSERT_EQ(visit.pins.size(), 1u);
  EXPECT_TRUE(visit.pins.contains(mynumber::PinName::resident_register));
  EXPECT_EQ(visit.facts.at("pins"), (boost::json::value{{"authentication", "forgotten"}}));
}

TEST_F(Reception, OfCasesThatMayStillBeDecidedAnew) {
  const auto first = world.open("")->id;
  replaced = true;
  const auto second = world.open("")->id;
  EXPECT_THAT(*policies_under_way(world.store), ElementsAre("one", "two"));
  ASSERT_TRUE(world.run(world.desk->cancel({first, "the holder left", "clerk-7"})));
  EXPECT_THAT(*policies_under_way(world.store), ElementsAre("two"));
  ASSERT_TRUE(world.run(world.desk->update({second, {}, {}, reader_name, "clerk-7"})));
  world.verify_all(second);
  world.line->down = true;
  EXPECT_EQ(code_of(world.issue(second)), base::Code::authority_unreachable);
  ASSERT_FALSE(world.desk->load(second)->sagas.empty());
  EXPECT_THAT(*policies_under_way(world.store), ElementsAre("two")) << "what is left of it may be";
}

// A proxy, who has shown a licence and a copy of the holder's.
renewal::Case a_proxys(base::Instant now) {
  renewal::Case visit;
  visit.received_at = now;
  visit.facts = {{"visitor", {{"role", "proxy"}, {"relationship", "other"}}},
                 {"documents",
                  {{{"type", "drivers_licence"}, {"of", "visitor"}},
                   {{"type", "drivers_licence"}, {"of", "holder"}},
                   {{"type", "passport"}}}}};
  return visit;
}

TEST(ReceptionFacts, PapersOfOneVisitorSayNothingOfAnother) {
  const auto now = base::parse_time("2026-02-12T10:00:00+09:00").value();
  const auto kept = [&](boost::json::object visitor) {
    auto visit = a_proxys(now);
    receive(visit, boost::json::object{{"visitor", std::move(visitor)}}, now);
    return visit.facts.at("documents");
  };
  const auto all = a_proxys(now).facts.at("documents");
  EXPECT_EQ(kept({{"role", "holder"}}), boost::json::array{all.at(1)});
  EXPECT_EQ(kept({{"role", "legal_representative"}}), boost::json::array{all.at(1)});
  EXPECT_EQ(kept({{"role", "proxy"}, {"same_household", true}}), all) << "told once more";
  EXPECT_EQ(kept({{"relationship", "parent"}}), all) << "asked for meanwhile";
  auto mother = a_proxys(now);
  mother.facts["visitor"] = {{"role", "legal_representative"}, {"relationship", "parent"}};
  receive(mother, boost::json::object{{"visitor", {{"relationship", "guardian"}}}}, now);
  EXPECT_EQ(mother.facts.at("documents"), boost::json::array{all.at(1)});
}

TEST(ReceptionFacts, PapersOfOneProxySayNothingOfTheNext) {
  const auto now = base::parse_time("2026-02-12T10:00:00+09:00").value();
  auto visit = a_proxys(now);
  const auto all = visit.facts.at("documents");
  visit.facts["visitor"].as_object()["same_household"] = true;
  auto half_done = visit;
  half_done.sagas.resize(2);
  half_done.sagas.front().phase = renewal::Phase::done;
  auto under_way = visit;
  under_way.sagas.resize(1);
  under_way.sagas.front().phase = renewal::Phase::key_made;
  auto settled = visit;
  settled.sagas.push_back(half_done.sagas.front());
  forget_visitor(visit, {});
  EXPECT_EQ(visit.facts.at("documents"), boost::json::array{all.at(1)});
  EXPECT_EQ(visit.facts.at("visitor"), (boost::json::value{{"role", "proxy"}}));
  forget_visitor(half_done, {});
  EXPECT_EQ(half_done.facts, visit.facts) << "the next has come for what is left";
  forget_visitor(under_way, {});
  EXPECT_EQ(under_way.facts, visit.facts) << "the authority may ask for another key";
  forget_visitor(settled, {});
  EXPECT_EQ(settled.facts.at("documents"), boost::json::array{all.at(1)});
  EXPECT_TRUE(settled.facts.at("visitor").at("same_household").as_bool()) << "it cannot be told anew";
}

TEST_F(Reception, OfAnotherProxyIsRecorded) {
  const boost::json::object proxy{{"visitor", {{"role", "proxy"}}}, {"documents", {{{"type", "passport"}}}}};
  const auto id = world.open("", proxy)->id;
  UpdateRequest request{id, {}, boost::json::object{{"visitor", {{"role", "proxy"}}}}, {}, "clerk-7"};
  request.visitor_changed = true;
  const auto changed = world.run(world.desk->update(std::move(request)));
  ASSERT_TRUE(changed) << base::describe(changed.error());
  EXPECT_EQ(changed->facts.at("documents"), boost::json::array());
  EXPECT_EQ(boost::json::parse(world.store.journal(id)->back().body).at("visitor_changed"), true);
}

TEST(ReceptionFacts, PapersOfAnEarlierDayAreBroughtAgain) {
  const auto now = base::parse_time("2026-02-12T10:00:00+09:00").value();
  auto visit = a_proxys(now);
  receive(visit, {}, now + std::chrono::hours(1));
  EXPECT_TRUE(visit.facts.contains("documents")) << "the same day";
  receive(visit, {}, now + std::chrono::hours(24));
  EXPECT_FALSE(visit.facts.contains("documents"));
}

TEST(ReceptionFacts, PapersOfACaseThatHasBegunAreOfTheDayThatTheyWereToldOn) {
  const auto now = base::parse_time("2026-02-12T10:00:00+09:00").value();
  const auto next_day = now + std::chrono::hours(24);
  auto begun = a_proxys(now);
  begun.sagas.emplace_back();
  auto brought_again = begun;
  receive(begun, {}, now + std::chrono::hours(1));
  EXPECT_TRUE(begun.facts.contains("documents")) << "the same day";
  receive(begun, {}, next_day);
  EXPECT_FALSE(begun.facts.contains("documents"));
  brought_again.papers_at = next_day;
  auto later = brought_again;
  receive(brought_again, {}, next_day + std::chrono::hours(1));
  EXPECT_TRUE(brought_again.facts.contains("documents")) << "though nothing was decided anew yet";
  receive(later, {}, next_day + std::chrono::hours(24));
  EXPECT_FALSE(later.facts.contains("documents"));
}

TEST(ReceptionFacts, WhetherTheHolderIsThereFollowsFromWhoHasCome) {
  const auto now = base::parse_time("2026-02-12T10:00:00+09:00").value();
  renewal::Case visit;
  visit.received_at = now;
  const boost::json::object known{{"at", base::format_time(now)},
                                  {"holder", {{"birth_date", "1980-04-10"}, {"present", false}}},
                                  {"visitor", {{"role", "proxy"}}}};
  visit.facts = known;
  receive(visit, boost::json::object{{"visit", 1}}, now);
  EXPECT_EQ(visit.facts, known);
  const boost::json::object holder{{"visitor", {{"role", "holder"}}}};
  receive(visit, holder, now);
  EXPECT_FALSE(visit.facts.at("holder").as_object().contains("present"));
  visit.facts = known;
  auto told = holder;
  told["holder"] = {{"present", true}};
  receive(visit, told, now);
  EXPECT_TRUE(visit.facts.at("holder").as_object().contains("present")) << "it is told, and merged";
}

}  // namespace
}  // namespace madoguchi::counter::test
