// What is held is told by kind, and leaves without a trace.
#include "base/bytes.hpp"
#include "planted.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(SealedStore, WhatIsLetGoLeavesNoBytes) {
  auto store = must_open(folder_.store());
  auto ended = planted_change("c-1");
  ended.record->state = "completed";
  ended.record->updated_at = at(2'000);
  store->commit(ended).value();
  for (const char* id : {"c-2", "c-3"}) store->commit(planted_change(id)).value();
  auto later = planted_change("c-4");
  later.record->state = "completed";
  later.record->updated_at = at(9'000);
  store->commit(later).value();
  store.reset();
  std::vector<std::string> sealed;
  for (const char* sql :
       {"SELECT hex(body) FROM cases WHERE id = 'c-1'", "SELECT hex(card) FROM cases WHERE id = 'c-1'",
        "SELECT hex(body) FROM journal WHERE case_id = 'c-1'",
        "SELECT hex(body) FROM case_parts WHERE case_id = 'c-1'",
        "SELECT hex(owed) FROM plugin_states WHERE case_id = 'c-1'",
        "SELECT hex(data) FROM events WHERE case_id = 'c-1'"}) {
    const auto raw = base::from_hex(Plain(folder_.store()).run(sql)).value();
    // Behind what every value begins with.
    sealed.emplace_back(raw.begin() + 12, raw.end());
  }
  store = must_open(folder_.store());
  EXPECT_EQ(found_in(folder_.path(), sealed).size(), sealed.size());
  const Outdated ended_by_5000{{"completed", "cancelled"}, at(5'000)};
  EXPECT_EQ(store->let_go(ended_by_5000, at(10'000), 10).value(), 1);
  EXPECT_THAT(found_in(folder_.path(), sealed), IsEmpty());
  EXPECT_EQ(reason(store->load("c-1")), "not_found");
  EXPECT_THAT(store->journal("c-1").value(), IsEmpty());
  EXPECT_THAT(store->plugin_states("c-1").value(), IsEmpty());
  const auto events = store->events(0, {}, 10).value();
  ASSERT_EQ(events.size(), 4U) << "they stay without gaps";
  EXPECT_EQ(events[0].case_id, "");
  EXPECT_EQ(events[0].data, "{}");
  EXPECT_THAT(events[1].data, HasSubstr(planted[4]));
  const auto audit = store->audit_entries(0, {}, 10).value();
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_THAT(audit[0].line, HasSubstr("case.let_go"));
  EXPECT_EQ(audit[0].case_id, "c-1");
  EXPECT_EQ(store->let_go(ended_by_5000, at(10'000), 10).value(), 0);
  for (const char* id : {"c-2", "c-3", "c-4"}) EXPECT_TRUE(store->load(id)) << id;
  EXPECT_EQ(Plain(folder_.store()).run("DELETE FROM journal"), "the journal is append-only");
}

TEST_F(SealedStore, LetsSoManyGoAtOnce) {
  auto store = must_open(folder_.store());
  for (int n = 1; n <= 5; ++n) {
    auto change = a_change("c-" + std::to_string(n));
    change.record->state = "cancelled";
    store->commit(change).value();
  }
  const Outdated all{{"cancelled"}, at(5'000)};
  EXPECT_EQ(store->let_go(all, at(10'000), 2).value(), 2);
  EXPECT_EQ(store->let_go(all, at(10'000), 2).value(), 2);
  EXPECT_EQ(store->let_go(all, at(10'000), 2).value(), 1);
}

TEST_F(SealedStore, TellsWhatIsHeldAndNotWhatItSays) {
  auto store = must_open(folder_.store());
  for (const char* id : {"c-1", "c-2"}) store->commit(planted_change(id)).value();
  store->commit(a_change("c-3")).value();
  const auto all = store->held({}).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].case_id, "c-1");
  EXPECT_EQ(all[0].state, "open");
  EXPECT_THAT(all[0].parts, ElementsAre("/sagas/0/old_certificate"));
  EXPECT_EQ(all[0].journal, 1);
  EXPECT_THAT(all[0].plugins, ElementsAre("visits"));
  EXPECT_EQ(all[0].card, all[1].card);
  EXPECT_EQ(all[0].card.size(), 12U);
  EXPECT_EQ(all[2].card, "");
  HeldQuery of_card;
  of_card.card = planted[1];
  EXPECT_EQ(store->held(of_card).value().size(), 2U);
  HeldQuery rest;
  rest.after = "c-1";
  rest.limit = 1;
  EXPECT_EQ(store->held(rest).value().at(0).case_id, "c-2");
  HeldQuery one;
  one.case_id = "c-3";
  EXPECT_EQ(store->held(one).value().size(), 1U);
}

}  // namespace
}  // namespace madoguchi::storage
