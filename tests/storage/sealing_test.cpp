// What is held about people cannot be read in the store's files, nor moved, nor lost with a key unnoticed.
#include "base/bytes.hpp"
#include "planted.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(SealedStore, ShowsNothingInItsFiles) {
  auto store = must_open(folder_.store());
  store->commit(planted_change("c-1")).value();
  expect_planted(*store, "c-1");
  EXPECT_THAT(found_in(folder_.path(), planted), IsEmpty()) << "while it is open";
  EXPECT_THAT(found_in(folder_.path(), {"case.opened", "open"}), Not(IsEmpty()))
      << "the search finds what is there";
  store.reset();
  EXPECT_THAT(found_in(folder_.path(), planted), IsEmpty());
  expect_planted(*must_open(folder_.store()), "c-1");
}

TEST_F(SealedStore, SealsTheSameTextDifferentlyEachTime) {
  auto store = must_open(folder_.store());
  store->commit(planted_change("c-1")).value();
  auto second = planted_change("c-2");
  store->commit(second).value();
  store.reset();
  EXPECT_EQ(Plain(folder_.store()).run("SELECT count(DISTINCT hex(body)) FROM journal"), "2");
  EXPECT_EQ(Plain(folder_.store()).run("SELECT count(DISTINCT hex(card_key)) FROM cases"), "1");
}

TEST_F(SealedStore, WithoutItsKeySaysWhichAndIsLeftAlone) {
  must_open(folder_.store())->commit(planted_change("c-1")).value();
  const auto before = bytes_of(folder_.store());
  for (const auto& ring : {std::string("2"), std::string("23")}) {
    const auto opened = open_sqlite(folder_.store(), a_ring(ring));
    EXPECT_EQ(reason(opened), "storage.unavailable");
    EXPECT_THAT(inner(opened), HasSubstr("is sealed with a key that is not here: " + a_key('1').id()));
    EXPECT_THAT(inner(opened), HasSubstr(a_key('2').id()));
    EXPECT_EQ(bytes_of(folder_.store()), before);
  }
  expect_planted(*must_open(folder_.store()), "c-1");
}

// A second key must never be made in place of one that was lost.
TEST_F(SealedStore, AFirstKeyIsMadeForANewStoreOnly) {
  int made = 0;
  Keyring ring;
  ring.make = [&made] {
    ++made;
    return base::Result<SealingKey>(a_key('7'));
  };
  must_open(folder_.store(), ring)->commit(planted_change("c-1")).value();
  EXPECT_EQ(made, 1);
  const auto again = open_sqlite(folder_.store(), ring);
  EXPECT_THAT(inner(again), HasSubstr(a_key('7').id()));
  EXPECT_EQ(made, 1);
  expect_planted(*must_open(folder_.store(), a_ring("7")), "c-1");
}

TEST_F(SealedStore, WithoutAnyKeyIsNotMade) {
  EXPECT_EQ(reason(open_sqlite(folder_.store(), Keyring{})), "storage.unavailable");
  Keyring failing;
  failing.make = [] {
    return base::Result<SealingKey>(base::make_fault(base::Code::storage_full, "no room"));
  };
  EXPECT_EQ(reason(open_sqlite(folder_.store(), failing)), "storage.full");
  expect_planted(
      *[&] {
        auto store = must_open(folder_.store());
        store->commit(planted_change("c-1")).value();
        return store;
      }(),
      "c-1");
}

// Whatever byte is changed: the case is damaged, and no other.
TEST_F(SealedStore, ADamagedCaseIsNoOthersDamage) {
  auto store = must_open(folder_.store());
  for (const char* id : {"c-1", "c-2"}) store->commit(planted_change(id)).value();
  store.reset();
  const auto size = std::stoi(Plain(folder_.store()).run("SELECT length(body) FROM cases WHERE id = 'c-1'"));
  const auto flip = [](const std::string& place) {
    return "UPDATE cases SET body = CAST(substr(body, 1, " + place + " - 1) || iif(hex(substr(body, " +
           place + ", 1)) = '00', x'01', x'00') || substr(body, " + place + " + 1) AS BLOB) WHERE id = 'c-1'";
  };
  for (int at = 1; at <= size; at += 5) {
    by_hand("CREATE TABLE kept AS SELECT body FROM cases WHERE id = 'c-1'; " + flip(std::to_string(at)));
    store = must_open(folder_.store());
    EXPECT_EQ(reason(store->load("c-1")), "internal") << at;
    EXPECT_THAT(inner(store->load("c-1")), HasSubstr("c-1 is damaged"));
    const auto page = store->list({}).value();
    ASSERT_EQ(page.records.size(), 2U);
    EXPECT_THAT(page.records[0].body, HasSubstr(planted[0]));
    EXPECT_EQ(page.records[1].body, "");
    EXPECT_TRUE(store->load("c-2"));
    store.reset();
    by_hand("UPDATE cases SET body = (SELECT body FROM kept) WHERE id = 'c-1'; DROP TABLE kept");
  }
  EXPECT_TRUE(must_open(folder_.store())->load("c-1"));
}

TEST_F(SealedStore, AValueOpensInItsOwnPlaceOnly) {
  auto store = must_open(folder_.store());
  for (const char* id : {"c-1", "c-2"}) store->commit(planted_change(id)).value();
  store.reset();
  by_hand("UPDATE cases SET body = (SELECT body FROM cases WHERE id = 'c-2') WHERE id = 'c-1'");
  by_hand(
      "UPDATE journal SET body = (SELECT body FROM case_parts WHERE case_id = 'c-1') WHERE case_id = 'c-1'");
  by_hand("UPDATE plugin_states SET body = owed WHERE case_id = 'c-1'");
  store = must_open(folder_.store());
  EXPECT_EQ(reason(store->load("c-1")), "internal");
  EXPECT_EQ(store->journal("c-1").value().at(0).body, "");
  EXPECT_EQ(reason(store->plugin_states("c-1")), "internal");
  EXPECT_EQ(store->states_of("visits", "", 10).value().size(), 1U);
  EXPECT_TRUE(store->load("c-2"));
}

TEST_F(SealedStore, ANewKeySealsAndTheOldOneOpens) {
  must_open(folder_.store())->commit(planted_change("c-1")).value();
  {
    auto store = must_open(folder_.store(), a_ring("21"));
    expect_planted(*store, "c-1");
    store->commit({a_case("c-2"), {a_line("case.opened")}, {}}).value();
    EXPECT_EQ(store->sealing().value().key, a_key('2').id());
    EXPECT_THAT(store->sealing().value().former, ElementsAre(a_key('1').id()));
  }
  // Each is needed now.
  for (const auto& [ring, missing] : {std::pair("1", '2'), std::pair("2", '1')})
    EXPECT_THAT(inner(open_sqlite(folder_.store(), a_ring(ring))), HasSubstr("here: " + a_key(missing).id()));
}

TEST_F(SealedStore, SealedAnewNeedsTheNewKeyOnly) {
  {
    auto store = must_open(folder_.store());
    store->commit(planted_change("c-1")).value();
    for (int n = 2; n < 30; ++n) store->commit(a_change("c-" + std::to_string(n))).value();
    store->commit({{}, {}, {}, {{"visits", "", 0, planted[5], {}}}, {}}).value();
  }
  auto store = must_open(folder_.store(), a_ring("21"));
  Resealed place;
  int pieces = 0;
  for (; !place.done; ++pieces) {
    place = store->reseal(place, 4).value();
    // Work goes on meanwhile.
    store->commit(a_change("d-" + std::to_string(pieces))).value();
  }
  EXPECT_GT(pieces, 7);
  EXPECT_THAT(store->sealing().value().former, IsEmpty());
  store.reset();
  const auto bytes = bytes_of(folder_.store());
  const auto raw = base::from_hex(a_key('1').id()).value();
  EXPECT_EQ(bytes.find(std::string("\1") + std::string(raw.begin(), raw.end())), std::string::npos);
  store = must_open(folder_.store(), a_ring("2"));
  expect_planted(*store, "c-1");
  EXPECT_EQ(store->plugin_states("").value().at(0).body, planted[5]);
  EXPECT_TRUE(store->load("c-29"));
  EXPECT_TRUE(store->load("d-3"));
  ASSERT_TRUE(store->commit(a_change("c-30")));
  EXPECT_EQ(Plain(folder_.store()).run("UPDATE journal SET body = x''"), "the journal is append-only");
}

// What does not open cannot be sealed anew: it is counted, and its key is needed until it has gone.
TEST_F(SealedStore, SealingAnewLeavesNothingUnderAKeyThatIsForgotten) {
  {
    auto store = must_open(folder_.store());
    for (const char* id : {"c-1", "c-2"}) store->commit(planted_change(id)).value();
    store->commit({{}, {}, {}, {{"visits", "of-no-case", 0, planted[5], {}}}, {}}).value();
  }
  by_hand(
      "UPDATE journal SET body = (SELECT body FROM case_parts WHERE case_id = 'c-1') WHERE case_id = 'c-1'; "
      "UPDATE plugin_states SET owed = body WHERE case_id = 'c-2'");
  const auto reseal = [](Store& store) {
    Resealed place;
    while (!place.done) place = store.reseal(place, 4).value();
    return place.damaged;
  };
  {
    auto store = must_open(folder_.store(), a_ring("21"));
    EXPECT_EQ(reseal(*store), 2);
    EXPECT_THAT(store->sealing().value().former, ElementsAre(a_key('1').id()));
  }
  EXPECT_THAT(inner(open_sqlite(folder_.store(), a_ring("2"))), HasSubstr("here: " + a_key('1').id()));
  {
    auto store = must_open(folder_.store(), a_ring("21"));
    EXPECT_EQ(store->let_go({{"open"}, at(5'000)}, at(10'000), 10).value(), 2);
    EXPECT_EQ(reseal(*store), 0);
    EXPECT_THAT(store->sealing().value().former, IsEmpty());
  }
  auto store = must_open(folder_.store(), a_ring("2"));
  EXPECT_EQ(store->plugin_states("of-no-case").value().at(0).body, planted[5]);
}

// A short page would be taken for the last one.
TEST_F(SealedStore, DamagedStatesOfAPluginMakeNoPageShort) {
  {
    auto store = must_open(folder_.store());
    for (int n = 1; n <= 7; ++n) store->commit(planted_change("c-" + std::to_string(n))).value();
  }
  by_hand("UPDATE plugin_states SET body = owed WHERE case_id IN ('c-2', 'c-3', 'c-7')");
  auto store = must_open(folder_.store());
  std::vector<std::string> seen;
  for (std::string after;;) {
    const auto page = store->states_of("visits", after, 2).value();
    for (const auto& state : page) seen.push_back(state.case_id);
    if (page.size() < 2) break;
    after = page.back().case_id;
  }
  EXPECT_THAT(seen, ElementsAre("c-1", "c-4", "c-5", "c-6"));
}

TEST_F(SealedStore, SealingAnewMayEndHalfWay) {
  {
    auto store = must_open(folder_.store());
    for (int n = 1; n < 9; ++n) store->commit(planted_change("c-" + std::to_string(n))).value();
  }
  must_open(folder_.store(), a_ring("21"))->reseal({}, 3).value();
  auto store = must_open(folder_.store(), a_ring("21"));
  Resealed place;
  while (!place.done) place = store->reseal(place, 3).value();
  store.reset();
  expect_planted(*must_open(folder_.store(), a_ring("2")), "c-1");
}

TEST(SealingKey, IsReadFromHexadecimalOnly) {
  const auto key = SealingKey::generate();
  EXPECT_EQ(SealingKey::from_text(key.to_text() + "\n").value().id(), key.id());
  EXPECT_NE(SealingKey::generate().id(), key.id());
  EXPECT_EQ(key.to_text().find(key.id()), std::string::npos);
  for (const auto& text : {std::string(), std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'g')})
    EXPECT_FALSE(SealingKey::from_text(text)) << text;
}

}  // namespace
}  // namespace madoguchi::storage
