// Two cases with one card: never the key of one with the certificate of the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "inside.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::CertificateName;
using renewal::State;
using simulated_card::Layout;

class Beside : public testing::TestWithParam<Layout> {
 protected:
  Beside() : world(options()) {}

  static Options options() {
    Options options;
    options.layout = GetParam();
    options.wanted = {CertificateName::authentication};
    return options;
  }
  // The case's request reached the authority, whose answer was lost; then the daemon ended.
  void leave_unfinished(const std::string& id) {
    const int request = world.line->posts + 2;  // behind the preflight
    world.line->fate = [request](int number) {
      return number == request ? Fate::lost_after : Fate::delivered;
    };
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
    world.restart();
  }
  base::Result<renewal::Case> open_beside(std::vector<std::string> ids) {
    return world.run(world.desk->open({{}, reader_name, "clerk-7", {}, std::move(ids)}));
  }

  World world;
};
INSTANTIATE_TEST_SUITE_P(Layouts, Beside, testing::Values(Layout::spare, Layout::single),
                         [](const auto& layout) { return std::string(name(layout.param)) + "_slot"; });

TEST_P(Beside, no_case_is_opened_while_another_is_unfinished) {
  const auto first = world.ready();
  leave_unfinished(first);
  const auto second = world.open();
  ASSERT_EQ(code_of(second), Code::conflict);
  EXPECT_EQ(second.error().details.at("case").get_string(), first);
  for (const auto* language : {"ja", "en"}) {
    const std::string said(second.error().details.at(language).as_string());
    EXPECT_THAT(said, testing::HasSubstr(first));
    EXPECT_THAT(said, testing::HasSubstr("beside")) << "how to go on";
  }
  world.expect_renewed(world.finish(first));
  EXPECT_TRUE(world.open()) << "nothing stands in the way any more";
}

TEST_P(Beside, a_reason_for_an_override_passes_over_no_case) {
  const auto first = world.ready();
  leave_unfinished(first);
  const auto issued = world.issued(CertificateName::authentication).size();
  const auto second =
      world.run(world.desk->open({{}, reader_name, "clerk-7", "came before the reception ended"}));
  ASSERT_EQ(code_of(second), Code::conflict);
  EXPECT_EQ(second.error().details.at("case").get_string(), first);
  world.expect_renewed(world.finish(first));
  EXPECT_EQ(world.issued(CertificateName::authentication).size(), issued);
}

TEST_P(Beside, every_unfinished_case_has_to_be_named) {
  const auto first = world.ready();
  leave_unfinished(first);
  const auto second = open_beside({first});
  ASSERT_TRUE(second) << base::describe(second.error());
  EXPECT_THAT(second->begun_beside, testing::ElementsAre(first));
  world.verify_all(second->id);
  leave_unfinished(second->id);
  for (const auto& named : {std::vector<std::string>{first}, {first, "no such case"}}) {
    const auto third = open_beside(named);
    ASSERT_EQ(code_of(third), Code::conflict);
    EXPECT_EQ(third.error().details.at("unfinished").as_array(), boost::json::array{second->id});
  }
  const auto third = open_beside({first, second->id});
  ASSERT_TRUE(third) << base::describe(third.error());
  EXPECT_THAT(third->begun_beside, testing::UnorderedElementsAre(first, second->id));
}

TEST_P(Beside, a_case_that_was_named_before_it_began_stands_in_the_way_all_the_same) {
  const auto first = world.open();
  ASSERT_TRUE(first);
  const auto second = open_beside({first->id});
  ASSERT_TRUE(second);
  EXPECT_THAT(second->begun_beside, testing::IsEmpty()) << "there was nothing to pass over";
  world.verify_all(first->id);
  leave_unfinished(first->id);
  world.verify_all(second->id);
  EXPECT_EQ(code_of(world.issue(second->id)), Code::conflict);
}

TEST_P(Beside, no_case_gets_the_card_while_another_is_unfinished) {
  const auto first = world.ready();
  leave_unfinished(first);
  const auto second = world.open("");
  ASSERT_TRUE(second) << base::describe(second.error());
  const auto attached = world.run(world.desk->update({second->id, {}, {}, reader_name, "clerk-7"}));
  ASSERT_EQ(code_of(attached), Code::conflict);
  EXPECT_EQ(attached.error().details.at("case").get_string(), first);
  const auto beside = world.run(world.desk->update({second->id, {}, {}, reader_name, "clerk-7", {first}}));
  ASSERT_TRUE(beside) << base::describe(beside.error());
  EXPECT_THAT(beside->begun_beside, testing::ElementsAre(first));
}

TEST_P(Beside, a_case_that_was_opened_before_the_other_began_waits_for_it) {
  const auto second = world.open();
  ASSERT_TRUE(second);
  const auto first = world.ready();
  leave_unfinished(first);
  world.verify_all(second->id);
  const auto begun = world.issue(second->id);
  ASSERT_EQ(code_of(begun), Code::conflict);
  EXPECT_EQ(begun.error().details.at("case").get_string(), first);
  const auto named = world.run(world.desk->update({second->id, {}, {}, {}, "clerk-7", {first}}));
  ASSERT_TRUE(named) << base::describe(named.error());
  EXPECT_THAT(named->begun_beside, testing::ElementsAre(first));
  world.run(world.desk->cancel({second->id, "opened twice", "clerk-7"}));
  world.expect_renewed(world.finish(first));
}

TEST_P(Beside, a_case_whose_key_is_gone_writes_nothing_and_can_be_cancelled) {
  const auto first = world.ready();
  leave_unfinished(first);
  const auto opened = open_beside({first});
  ASSERT_TRUE(opened) << base::describe(opened.error());
  world.verify_all(opened->id);
  const auto second = world.issue(opened->id);
  ASSERT_TRUE(second) << base::describe(second.error());
  EXPECT_EQ(second->state, State::completed);
  const auto on_card = world.on_card(CertificateName::authentication);

  const auto late = world.issue(first);
  ASSERT_EQ(code_of(late), Code::conflict);
  EXPECT_EQ(world.on_card(CertificateName::authentication), on_card);
  EXPECT_THAT(world.store.kinds(first), testing::Contains("key.lost"));
  const auto left = world.desk->load(first);
  EXPECT_EQ(left->state, State::attention);
  ASSERT_TRUE(left->attention);
  EXPECT_THAT(left->attention->look_en, testing::HasSubstr("cancel this case"));
  EXPECT_EQ(code_of(world.issue(first)), Code::conflict) << "again, and nothing else";
  // The certificate that nobody can use was given back.
  world.expect_renewed(*second, 1);
  const auto cancelled = world.run(world.desk->cancel({first, "renewed by another case", "clerk-7"}));
  ASSERT_TRUE(cancelled) << base::describe(cancelled.error());
  EXPECT_TRUE(world.open());
}

// Nothing is known of it but that it has begun, and nobody can end it.
TEST_P(Beside, a_damaged_case_is_named_as_such_and_passed_over_with_an_audit_entry) {
  const auto first = world.ready();
  leave_unfinished(first);
  const auto sound = open_beside({first});
  ASSERT_TRUE(sound) << base::describe(sound.error());
  world.verify_all(sound->id);
  leave_unfinished(sound->id);
  world.store.damage(first);
  const auto both = world.open();
  ASSERT_EQ(code_of(both), Code::conflict);
  EXPECT_EQ(both.error().details.at("case").as_string(), sound->id) << "which can be gone on with";
  EXPECT_EQ(both.error().details.at("unfinished").as_array(), (json::array{sound->id, first}));
  EXPECT_THAT(world.log.text, testing::HasSubstr("case.unreadable " + first));
  const auto refused = open_beside({sound->id});
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("damaged").as_array(), json::array{first});
  const std::string said(refused.error().details.at("en").as_string());
  EXPECT_THAT(said, testing::AllOf(testing::HasSubstr(first), testing::HasSubstr("damaged"),
                                   testing::HasSubstr("beside"),
                                   testing::Not(testing::HasSubstr("Go on with that"))));
  const auto next = open_beside({sound->id, first});
  ASSERT_TRUE(next) << base::describe(next.error());
  EXPECT_THAT(next->begun_beside, testing::ElementsAre(sound->id, first));
  world.verify_all(next->id);
  EXPECT_EQ(world.issue(next->id)->state, State::completed);
  const auto& entries = world.store.audit;
  EXPECT_TRUE(std::any_of(entries.begin(), entries.end(), [&](const audit::Entry& entry) {
    return entry.what() == "case.begun_beside" && entry.get(audit::Field::visit) == next->id &&
           entry.get(audit::Field::findings).find(first) != std::string::npos;
  }));
  EXPECT_EQ(code_of(world.desk->load(first)), Code::internal) << "as it was";
}

TEST_P(Beside, a_second_visit_is_opened_anew_where_the_record_of_the_first_is_damaged) {
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    if (!is_a_second_visit(facts)) decided->decision["outcome"] = "two_visits";
    return decided;
  };
  const auto first = world.open();
  ASSERT_TRUE(first);
  ASSERT_EQ(first->state, State::waiting);
  const auto second = [&](std::vector<std::string> beside) {
    return world.run(world.desk->open({{{"visit", 2}}, reader_name, "clerk-7", {}, std::move(beside)}));
  };
  EXPECT_EQ(second({first->id}).error().details.at("pointer"), "/facts/visit")
      << "which goes on with the first";
  world.store.damage(first->id);
  const auto refused = second({});
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("damaged").as_array(), json::array{first->id});
  const auto opened = second({first->id});
  ASSERT_TRUE(opened) << base::describe(opened.error());
  EXPECT_THAT(opened->begun_beside, testing::ElementsAre(first->id));
}

// A proxy comes twice, as long as the certificate is about to end.
TEST_P(Beside, a_case_that_waits_is_told_that_another_has_renewed_its_card) {
  const auto soon = base::format_date(base::add_days(base::date_in_japan(world.clock.now()), 365));
  world.decide = [usual = world.decide, soon](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    if (!facts.contains("visitor")) return decided;
    const auto ends = facts.at("certificates").at("authentication").at("expires_on").as_string();
    decided->decision["outcome"] = ends < soon ? "two_visits" : "not_today";
    return decided;
  };
  const auto first =
      world.run(world.desk->open({{{"visitor", {{"role", "proxy"}}}}, reader_name, "clerk-7", {}}));
  ASSERT_TRUE(first) << base::describe(first.error());
  ASSERT_EQ(first->state, State::waiting);
  const auto second = open_beside({first->id});
  ASSERT_TRUE(second) << base::describe(second.error());
  world.verify_all(second->id);
  ASSERT_EQ(world.issue(second->id)->state, State::completed);
  const auto told = world.desk->load(first->id);
  EXPECT_EQ(told->state, State::open);
  EXPECT_EQ(told->decision.at("outcome"), "not_today");
  EXPECT_EQ(told->decision.at("findings").at(0).at("code"), "certificate.renewed_elsewhere");
  EXPECT_THAT(world.store.kinds(first->id),
              testing::IsSupersetOf({"card.renewed_elsewhere", "case.updated"}));
  EXPECT_TRUE(world.open()) << "it is in nobody's way any more";
}

}  // namespace
}  // namespace madoguchi::counter::test
