// A card that was laid down by mistake, e.g. the visitor's own, shown to say who they are.
#include <gtest/gtest.h>

#include <algorithm>

#include "end_at_the_key.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "taken.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;

Options somebody_elses() {
  Options options;
  options.citizen = simulated_card::CitizenKind::leap_day;
  return options;
}

class LaidDown : public testing::Test {
 protected:
  void lay(World& whose) {
    world.readers.insert(reader_name, whose.card);
    world.desk->card_gone(reader_name);
  }
  base::Result<renewal::Case> update(const std::string& id, std::optional<json::object> facts = {}) {
    return world.run(world.desk->update({id, {}, std::move(facts), reader_name, "clerk-7"}));
  }
  static bool advised(const renewal::Case& visit) {
    const auto codes = codes_of(visit.decision);
    return std::find(codes.begin(), codes.end(), "card.another") != codes.end();
  }
  // A proxy comes without the holder's card; what is applied for is about no card yet.
  std::string applied_for(const char* reader = "", json::object told = {}) {
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      if (!is_a_second_visit(facts)) decided->decision["outcome"] = "two_visits";
      return decided;
    };
    return taken(world.open(reader, std::move(told))).id;
  }

  // card.different, with what is needed to go on.
  static std::string way_out(const base::Fault& fault) {
    EXPECT_EQ(fault.code, Code::card_different);
    const auto* call = fault.details.if_contains("call");
    if (call == nullptr) return {};
    EXPECT_FALSE(fault.details.at("ja").as_string().empty());
    EXPECT_FALSE(fault.details.at("en").as_string().empty());
    const auto* needs = fault.details.if_contains("needs");
    return std::string(call->as_string()) + (needs == nullptr ? "" : " " + std::string(needs->as_string()));
  }

  World world;
  World other{somebody_elses()};
};

TEST_F(LaidDown, is_let_go_before_a_pin_was_entered_and_the_exchange_told) {
  lay(other);
  const auto wrong = taken(world.open());
  lay(world);
  const auto right = taken(update(wrong.id));
  EXPECT_NE(right.card, wrong.card);
  EXPECT_FALSE(advised(wrong));
  EXPECT_TRUE(advised(right)) << "whoever has not meant it is to see it";
  EXPECT_TRUE(advised(taken(update(wrong.id)))) << "as long as nothing has begun";
  lay(other);
  EXPECT_FALSE(advised(taken(update(wrong.id)))) << "the first is back";
  lay(world);
  ASSERT_TRUE(update(wrong.id));
  world.verify_all(wrong.id);
}

TEST_F(LaidDown, is_the_next_visitors_where_nobody_has_come_again) {
  const auto id = applied_for();
  ASSERT_TRUE(update(id, json::object{{"visit", 2}}));
  lay(other);
  EXPECT_EQ(way_out(update(id).error()), "cases.update visit") << "the reader still shows this case";
  ASSERT_TRUE(update(id, json::object{{"visit", 2}}));
  lay(world);
  EXPECT_FALSE(advised(taken(update(id, json::object{{"visit", 2}})))) << "and back";
}

TEST_F(LaidDown, is_let_go_at_the_second_visit_also_on_another_day) {
  const auto id = applied_for();
  world.clock.advance(std::chrono::hours(24 * 13));
  lay(other);
  ASSERT_TRUE(update(id, json::object{{"visit", 2}}));
  world.clock.advance(std::chrono::hours(24));
  lay(world);
  EXPECT_TRUE(advised(taken(update(id, json::object{{"visit", 2}}))));
  ASSERT_TRUE(world.verify(id, PinName::resident_register));
  lay(other);
  EXPECT_EQ(code_of(update(id)), Code::card_different) << "the case has its card";
}

TEST_F(LaidDown, is_none_of_a_case_whose_letter_went_out_for_another_and_is_received_anew) {
  lay(other);
  const auto wrong = applied_for(reader_name);
  lay(world);
  const auto refused = update(wrong);
  ASSERT_EQ(way_out(refused.error()), "cases.cancel");
  EXPECT_EQ(refused.error().details.at("case").as_string(), wrong);
  EXPECT_EQ(world.run(world.desk->cancel({wrong, "the wrong card", "clerk-7", false}))->state,
            renewal::State::cancelled);
  EXPECT_EQ(taken(world.open()).state, renewal::State::waiting) << "with the card that was refused";
}

TEST_F(LaidDown, has_its_pin_refused_with_the_update_that_takes_it) {
  const auto id = taken(world.open()).id;
  lay(other);
  const auto refused = world.verify(id, PinName::authentication);
  ASSERT_FALSE(refused);
  EXPECT_EQ(way_out(refused.error()), "cases.update reader");
  ASSERT_TRUE(update(id));
  EXPECT_TRUE(world.verify(id, PinName::authentication,
                           other.citizen.pins.at(simulated_card::PinKind::authentication)));
}

TEST_F(LaidDown, is_no_reason_to_give_up_what_has_begun) {
  const auto id = world.ready();
  constexpr bool made = true;
  end_at_the_key(world, id, made);
  ASSERT_FALSE(renewal::undecided(taken(world.desk->load(id))));
  lay(other);
  EXPECT_EQ(way_out(world.issue(id).error()), "");
  EXPECT_EQ(way_out(update(id).error()), "");
}

TEST_F(LaidDown, is_none_that_was_told_otherwise_at_the_first_visit) {
  const auto ends = base::format_date(world.citizen.expires_on);
  const auto id = applied_for(
      "", {{"certificates",
            json::object{{"authentication", json::object{{"state", "valid"}, {"expires_on", ends}}}}}});
  ASSERT_TRUE(update(id, json::object{{"visit", 2}}));
  lay(other);
  const auto refused = update(id, json::object{{"visit", 2}});
  ASSERT_EQ(code_of(refused), Code::card_different);
  EXPECT_TRUE(refused.error().details.contains("differs"));
  EXPECT_TRUE(refused.error().details.at("ja").as_string().starts_with("利用者証明用電子証明書の有効期限"));
  EXPECT_TRUE(
      refused.error().details.at("en").as_string().starts_with("The user authentication certificate "));
  const auto read = base::format_date(other.citizen.expires_on);
  json::object told{{"visit", 2},
                    {"certificates", json::object{{"authentication", json::object{{"expires_on", read}}}}}};
  EXPECT_TRUE(update(id, std::move(told))) << "it was told wrongly at the first visit";
}

TEST_F(LaidDown, is_refused_by_the_day_that_is_another) {
  const json::object another_day{{"expires_on", "2019-01-31"}};
  const json::object of_certificate{{"authentication", another_day}};
  const auto words = [&](json::object told) {
    const auto id = applied_for("", std::move(told));
    const auto refused = update(id, json::object{{"visit", 2}});
    EXPECT_EQ(code_of(refused), Code::card_different);
    return std::string(refused.error().details.at("ja").as_string());
  };
  EXPECT_TRUE(words({{"card", another_day}}).starts_with("カードの有効期限"));
  EXPECT_TRUE(words({{"card", another_day}, {"certificates", of_certificate}})
                  .starts_with("カードと利用者証明用電子証明書の有効期限"));
}

TEST_F(LaidDown, is_let_go_with_a_pin_that_did_not_match_it) {
  const auto id = applied_for();
  lay(other);
  ASSERT_TRUE(update(id, json::object{{"visit", 2}}));
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication, "9081")), Code::pin_wrong);
  lay(world);
  const auto right = taken(update(id, json::object{{"visit", 2}}));
  EXPECT_TRUE(right.pins.empty());
  EXPECT_EQ(right.facts.at("pins").at("authentication"), "unverified");
  EXPECT_TRUE(world.verify(id, PinName::authentication));
}

TEST_F(LaidDown, stays_where_a_pin_was_entered_for_it) {
  const auto id = taken(world.open()).id;
  ASSERT_TRUE(world.verify(id, PinName::resident_register));
  lay(other);
  EXPECT_EQ(code_of(update(id)), Code::card_different);
}

}  // namespace
}  // namespace madoguchi::counter::test
