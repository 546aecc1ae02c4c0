#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "support.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SqliteStore : public ::testing::Test {
 protected:
  Folder folder_;
  std::unique_ptr<CaseStore> store_ = must_open(folder_.store());

  std::vector<std::string> ids(const ListQuery& query) {
    std::vector<std::string> found;
    const auto page = store_->list(query);
    if (!page) return {reason(page)};
    for (const auto& record : page->records) found.push_back(record.id);
    return found;
  }
};

TEST_F(SqliteStore, GivesBackWhatWasCommitted) {
  CaseRecord record = a_case("c-1", 1775523600123);
  record.card = "123456789012345";
  record.updated_at = at(1775523600456);
  record.body = std::string("{\"名\":\"窓口\",\"nul\":\"") + '\0' + "\"}";
  Change change{record, {{0, at(7), "key.intent", R"({"file":"0014"})"}}, {an_event("cases", "case.opened")}};
  change.events[0].case_id = "c-1";
  change.events[0].reader = "窓口1";
  change.events[0].data = R"({"n":1})";
  const auto committed = store_->commit(change);
  ASSERT_TRUE(committed) << inner(committed);
  EXPECT_EQ(committed->revision, 1);
  EXPECT_THAT(committed->event_seqs, ElementsAre(1));

  store_.reset();
  store_ = must_open(folder_.store());
  const auto loaded = store_->load("c-1");
  ASSERT_TRUE(loaded) << inner(loaded);
  EXPECT_EQ(loaded->id, record.id);
  EXPECT_EQ(loaded->revision, 1);
  EXPECT_EQ(loaded->state, record.state);
  EXPECT_EQ(loaded->card, record.card);
  EXPECT_EQ(loaded->opened_at, record.opened_at);
  EXPECT_EQ(loaded->updated_at, record.updated_at);
  EXPECT_EQ(loaded->body, record.body);
  const auto journal = store_->journal("c-1");
  ASSERT_TRUE(journal);
  ASSERT_EQ(journal->size(), 1U);
  EXPECT_EQ(journal->at(0).seq, 1);
  EXPECT_EQ(journal->at(0).at, at(7));
  EXPECT_EQ(journal->at(0).kind, "key.intent");
  EXPECT_EQ(journal->at(0).body, R"({"file":"0014"})");
  const auto events = store_->events(0, {}, 10);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1U);
  const auto& event = events->at(0);
  EXPECT_EQ(event.seq, 1);
  EXPECT_EQ(event.at, at(6));
  EXPECT_EQ(event.topic, "cases");
  EXPECT_EQ(event.type, "case.opened");
  EXPECT_EQ(event.case_id, "c-1");
  EXPECT_EQ(event.reader, "窓口1");
  EXPECT_EQ(event.data, R"({"n":1})");
}

TEST_F(SqliteStore, UpdatesTheRevisionThatWasRead) {
  ASSERT_TRUE(store_->commit(a_change("c-1")));
  auto record = store_->load("c-1").value();
  record.state = "issuing";
  record.card = "123";
  record.updated_at = at(2000);
  record.body = R"({"a":2})";
  const auto committed = store_->commit({record, {}, {}});
  ASSERT_TRUE(committed) << inner(committed);
  EXPECT_EQ(committed->revision, 2);
  const auto now = store_->load("c-1").value();
  EXPECT_EQ(now.revision, 2);
  EXPECT_EQ(now.state, "issuing");
  EXPECT_EQ(now.card, "123");
  EXPECT_EQ(now.updated_at, at(2000));
  EXPECT_EQ(now.body, R"({"a":2})");
}

TEST_F(SqliteStore, ACaseKeepsTheTimeItWasOpenedAt) {
  ASSERT_TRUE(store_->commit(a_change("c-1")));
  auto record = a_case("c-1", 99999);
  record.revision = 1;
  ASSERT_TRUE(store_->commit({record, {}, {}}));
  EXPECT_EQ(store_->load("c-1").value().opened_at, at(1000));
}

TEST_F(SqliteStore, ConflictsLeaveNothingBehind) {
  ASSERT_TRUE(store_->commit(a_change("c-1")));
  const auto again = store_->commit(a_change("c-1"));
  EXPECT_EQ(reason(again), "conflict");

  auto stale = a_change("c-1");
  stale.record->revision = 7;
  stale.record->state = "cancelled";
  const auto refused = store_->commit(stale);
  ASSERT_EQ(reason(refused), "conflict");
  EXPECT_EQ(refused.error().details.at("revision"), 1);

  auto nobody = a_change("c-2");
  nobody.record->revision = 1;
  EXPECT_EQ(reason(store_->commit(nobody)), "conflict");

  EXPECT_EQ(store_->load("c-1").value().state, "open");
  EXPECT_EQ(store_->load("c-1").value().revision, 1);
  EXPECT_EQ(reason(store_->load("c-2")), "not_found");
  EXPECT_EQ(store_->journal("c-1").value().size(), 1U);
  EXPECT_EQ(store_->last_event().value(), 1);
}

// The log has this text, and a front-end may have put a PIN where the id belongs.
TEST_F(SqliteStore, OnlyWhatHasTheFormOfACasesIdIsRepeated) {
  for (const std::string id : {"0739", "ABC123", "261123-7k3f92qd", "261123-7K3F92Q", "261123 7K3F92QD",
                               "26112X-7K3F92QD", "261123-7K3F92QDX", "\x1B[2J"}) {
    const auto none = store_->load(id);
    ASSERT_EQ(reason(none), "not_found");
    EXPECT_EQ(none.error().inner.find(id), std::string::npos) << none.error().inner;
  }
  EXPECT_EQ(store_->load("261123-7K3F92QD").error().inner, "no case 261123-7K3F92QD");
}

TEST_F(SqliteStore, JournalIsNumberedWithinItsCase) {
  Change first = a_change("c-1");
  first.journal = {a_line("a"), a_line("b")};
  ASSERT_TRUE(store_->commit(first));
  ASSERT_TRUE(store_->commit(a_change("c-2")));
  Change second{store_->load("c-1").value(), {a_line("c")}, {}};
  ASSERT_TRUE(store_->commit(second));

  std::vector<std::pair<std::int64_t, std::string>> lines;
  for (const auto& line : store_->journal("c-1").value()) lines.emplace_back(line.seq, line.kind);
  EXPECT_THAT(lines, ElementsAre(std::pair(1, "a"), std::pair(2, "b"), std::pair(3, "c")));
  EXPECT_EQ(store_->journal("c-2").value().at(0).seq, 1);
  EXPECT_THAT(store_->journal("c-3").value(), IsEmpty());
}

TEST_F(SqliteStore, JournalNeedsItsCase) {
  EXPECT_EQ(reason(store_->commit({std::nullopt, {a_line("a")}, {an_event("cases")}})), "internal");
  EXPECT_EQ(store_->last_event().value(), 0);
}

TEST_F(SqliteStore, EventsAreNumberedWithoutGaps) {
  const auto first = store_->commit({std::nullopt, {}, {an_event("readers"), an_event("cases")}});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->revision, 0);
  EXPECT_THAT(first->event_seqs, ElementsAre(1, 2));
  auto stale = a_change("c-9");
  stale.record->revision = 3;
  ASSERT_FALSE(store_->commit(stale));
  store_.reset();
  store_ = must_open(folder_.store());
  EXPECT_THAT(store_->commit(a_change("c-1")).value().event_seqs, ElementsAre(3));
  EXPECT_EQ(store_->last_event().value(), 3);
}

TEST_F(SqliteStore, EventsAreReadInOrderByTopic) {
  ASSERT_TRUE(
      store_->commit({std::nullopt,
                      {},
                      {an_event("readers"), an_event("cases"), an_event("po\"licy"), an_event("readers")}}));
  const auto seqs = [&](std::int64_t since, const std::vector<std::string>& topics, int limit) {
    std::vector<std::int64_t> found;
    for (const auto& event : store_->events(since, topics, limit).value()) found.push_back(event.seq);
    return found;
  };
  EXPECT_THAT(seqs(0, {}, 100), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(seqs(2, {}, 100), ElementsAre(3, 4));
  EXPECT_THAT(seqs(0, {"readers"}, 100), ElementsAre(1, 4));
  EXPECT_THAT(seqs(0, {"po\"licy", "cases"}, 100), ElementsAre(2, 3));
  EXPECT_THAT(seqs(0, {"readers"}, 1), ElementsAre(1));
  EXPECT_THAT(seqs(4, {}, 100), IsEmpty());
  EXPECT_THAT(seqs(0, {"queue"}, 100), IsEmpty());
  EXPECT_EQ(reason(store_->events(0, {}, 0)), "invalid_params");
}

TEST_F(SqliteStore, ListsNewestFirstByStateAndCard) {
  const auto add = [&](const char* id, std::int64_t opened, const char* state, const char* card) {
    auto record = a_case(id, opened);
    record.state = state;
    record.card = card;
    ASSERT_TRUE(store_->commit({record, {}, {}}));
  };
  add("a", 10, "open", "");
  add("b", 30, "completed", "1");
  add("c", 20, "open", "1");
  add("d", 20, "cancelled", "2");
  EXPECT_THAT(ids({}), ElementsAre("b", "d", "c", "a"));
  EXPECT_THAT(ids({.states = {"open"}}), ElementsAre("c", "a"));
  EXPECT_THAT(ids({.states = {"completed", "cancelled"}}), ElementsAre("b", "d"));
  EXPECT_THAT(ids({.card = "1"}), ElementsAre("b", "c"));
  EXPECT_THAT(ids({.states = {"open"}, .card = "1"}), ElementsAre("c"));
  EXPECT_THAT(ids({.states = {"ready"}}), IsEmpty());
  EXPECT_THAT(ids({.card = "9"}), IsEmpty());
}

TEST_F(SqliteStore, RefusesABadCursorAndABadLimit) {
  const auto cursor = store_->list({.cursor = "bm90IG91cnM="});
  ASSERT_EQ(reason(cursor), "invalid_params");
  EXPECT_EQ(cursor.error().details.at("pointer"), "/cursor");
  for (const int limit : {0, -1, 501}) {
    const auto page = store_->list({.limit = limit});
    ASSERT_EQ(reason(page), "invalid_params");
    EXPECT_EQ(page.error().details.at("pointer"), "/limit");
  }
  EXPECT_TRUE(store_->list({.limit = 500}));
}

TEST_F(SqliteStore, TheLastPageSaysSo) {
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_TRUE(store_->commit(a_change(id)));
  const auto whole = store_->list({.limit = 4});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->records.size(), 4U);
  EXPECT_EQ(whole->next, "");
  const auto part = store_->list({.limit = 3});
  ASSERT_TRUE(part);
  EXPECT_NE(part->next, "");
  EXPECT_EQ(store_->list({.cursor = part->next, .limit = 3}).value().next, "");
}

// Whatever is opened or changed between two pages: every case that was there from the beginning comes exactly
// once and in order, and none is given twice.
TEST_F(SqliteStore, PagingIsStableUnderChanges) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    Folder folder;
    const auto store = must_open(folder.store());
    std::mt19937 random(seed);
    int made = 0;
    const auto open_one = [&] {
      const std::string id = "c" + std::to_string(random() % 100000) + "-" + std::to_string(made++);
      auto record = a_case(id, static_cast<std::int64_t>(random() % 20));
      record.state = random() % 3 == 0 ? "completed" : "open";
      EXPECT_TRUE(store->commit({record, {}, {}}));
    };
    const auto touch_one = [&](const std::string& id) {
      auto record = store->load(id).value();
      record.updated_at = at(static_cast<std::int64_t>(random() % 100000));
      record.body = R"({"a":3})";
      EXPECT_TRUE(store->commit({record, {}, {}}));
    };
    for (int i = 0; i < 60; ++i) open_one();
    const std::vector<std::string> states =
        seed % 2 == 0 ? std::vector<std::string>{"open"} : std::vector<std::string>{};
    std::set<std::string> at_first;
    for (const auto& record : store->list({.states = states, .limit = 500}).value().records)
      at_first.insert(record.id);

    std::vector<CaseRecord> seen;
    ListQuery query{.states = states, .limit = static_cast<int>(1 + random() % 7)};
    do {
      const auto page = store->list(query).value();
      seen.insert(seen.end(), page.records.begin(), page.records.end());
      query.cursor = page.next;
      for (unsigned i = random() % 4; i > 0; --i) open_one();
      touch_one(seen.at(random() % seen.size()).id);
    } while (!query.cursor.empty());

    std::set<std::string> all;
    for (const auto& record : seen) EXPECT_TRUE(all.insert(record.id).second) << record.id << " came twice";
    EXPECT_TRUE(std::includes(all.begin(), all.end(), at_first.begin(), at_first.end())) << "seed " << seed;
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end(), [](const CaseRecord& a, const CaseRecord& b) {
      return std::pair(a.opened_at, a.id) > std::pair(b.opened_at, b.id);
    }));
  }
}

TEST_F(SqliteStore, ThreadsTakeTurns) {
  constexpr int threads = 4;
  constexpr int each = 25;
  std::vector<std::thread> workers;
  std::array<std::vector<std::int64_t>, threads> seqs;
  for (std::size_t t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        const auto done = store_->commit(a_change(std::to_string(t) + "-" + std::to_string(i)));
        if (done) seqs[t].push_back(done->event_seqs.at(0));
        static_cast<void>(store_->list({.limit = 3}));
      }
    });
  }
  for (auto& worker : workers) worker.join();
  std::set<std::int64_t> all;
  for (const auto& list : seqs) all.insert(list.begin(), list.end());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(threads * each));
  EXPECT_EQ(*all.rbegin(), threads * each);
}

TEST_F(SqliteStore, IsHealthyWithoutLeavingTraces) {
  EXPECT_TRUE(store_->health());
  EXPECT_TRUE(store_->health());
  EXPECT_EQ(store_->last_event().value(), 0);
  EXPECT_THAT(ids({}), IsEmpty());
}

// Part of the daemon's 25 MiB: what SQLite itself keeps after a thousand cases of a usual size, all of them
// read.
TEST_F(SqliteStore, KeepsLittleInMemory) {
  for (int i = 0; i < 1000; ++i) {
    auto change = a_change("c-" + std::to_string(i));
    change.record->body = "\"" + std::string(3000, 'x') + "\"";
    for (int line = 0; line < 5; ++line) change.journal.push_back(a_line("step"));
    ASSERT_TRUE(store_->commit(change));
  }
  ListQuery query{.limit = 100};
  do {
    query.cursor = store_->list(query).value().next;
  } while (!query.cursor.empty());
  EXPECT_LT(sqlite3_memory_used(), 1 << 20);
}

}  // namespace
}  // namespace madoguchi::storage
