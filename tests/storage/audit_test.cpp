// The audit log in the store: durable with the change that it tells of, and whatever is done to the file
// shows.
#include <sqlite3.h>

#include <functional>
#include <limits>

#include "../zeroed_page.hpp"
#include "audit/statement.hpp"
#include "audit_log.hpp"
#include "faulty_disk.hpp"
#include "storage/reading.hpp"

namespace madoguchi::storage {
namespace {

using audit::Field;
using audit::Flaw;
using audit::Kind;
using audit::Problem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

audit::Entry an_entry(int number, const std::string& case_id = "c-1") {
  audit::Entry entry(at(std::int64_t{1'000} * number), Kind::pin, "pin.matched");
  entry.by({.uid = 1000, .role = "clerk", .staff = "clerk-7"});
  return entry.put(Field::visit, case_id);
}

class Audit : public AuditLog {
 protected:
  void SetUp() override {
    open();
    for (int i = 1; i <= 5; ++i) ASSERT_TRUE(store_->commit(only_audit({an_entry(i)})));
  }
};

TEST_F(Audit, IsDurableWithTheChangeAndOnlyWithIt) {
  auto change = a_change("c-1");
  change.audit = {an_entry(6), an_entry(7)};
  ASSERT_TRUE(store_->commit(change));
  EXPECT_EQ(store_->audit_entries(0, {}, 100).value().size(), 7U);
  // The case is there already: the change is refused, and its entry with it.
  EXPECT_EQ(reason(store_->commit(change)), "conflict");
  EXPECT_EQ(store_->audit_entries(0, {}, 100).value().size(), 7U);
  ASSERT_TRUE(store_->commit(only_audit({an_entry(8)})));
  EXPECT_THAT(problems_of(*store_), IsEmpty());
  open();
  EXPECT_THAT(end_problems(), IsEmpty());
  EXPECT_THAT(problems_of(*store_), IsEmpty());
  const auto last = audit::read_line(store_->audit_entries(7, {}, 1).value().at(0).line).value();
  EXPECT_EQ(last.line.entry.get(Field::counter), "窓口1");
}

TEST_F(Audit, IsListedByCaseAndFromAPlace) {
  ASSERT_TRUE(store_->commit(only_audit({an_entry(6, "c-2"), an_entry(7, "")})));
  EXPECT_EQ(store_->audit_entries(0, "c-2", 10).value().at(0).seq, 6);
  EXPECT_EQ(store_->audit_entries(0, "c-1", 3).value().back().seq, 3);
  EXPECT_EQ(store_->audit_entries(3, {}, 2).value().front().seq, 4);
  EXPECT_TRUE(store_->audit_entries(7, {}, 2).value().empty());
}

TEST_F(Audit, WhatTheDiskRefusesLeavesNoGap) {
  store_.reset();
  FaultyDisk disk;
  open();
  int refused = 0;
  for (int n = 0; n < 12; ++n) {
    disk.fail_from(n, SQLITE_FULL);
    auto change = a_change("c-" + std::to_string(100 + n));
    change.audit = {an_entry(10 + n)};
    if (!store_->commit(change)) ++refused;
    disk.work_again();
    ASSERT_TRUE(store_->commit(only_audit({an_entry(50 + n)})));
  }
  EXPECT_GT(refused, 2);
  EXPECT_THAT(problems_of(*store_), IsEmpty());
  store_.reset();
}

TEST_F(Audit, AChangedLineShows) {
  by_hand("UPDATE audit SET line = replace(line, 'clerk-7', 'clerk-8') WHERE seq = 3");
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::altered, 3}));
}

TEST_F(Audit, ALineFiledUnderAnotherCaseShows) {
  by_hand("UPDATE audit SET case_id = 'c-2' WHERE seq = 2");
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::altered, 2}));
}

TEST_F(Audit, ADroppedLineShows) {
  by_hand("DELETE FROM audit WHERE seq = 3");
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::missing, 3}));
  by_hand("DELETE FROM audit WHERE seq = 1");
  EXPECT_THAT(problems_of(*store_), Contains(Problem{Flaw::missing, 1}));
}

TEST_F(Audit, MovedLinesShow) {
  by_hand(
      "UPDATE audit SET seq = 102 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;"
      "UPDATE audit SET seq = 3 WHERE seq = 102");
  EXPECT_THAT(problems_of(*store_), Contains(Problem{Flaw::altered, 2}));
}

// At the start, and for ever after: no later entry heals it.
TEST_F(Audit, ATailCutOffShowsForEver) {
  by_hand("DELETE FROM audit WHERE seq > 3");
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::truncated, 4, 5}));
  ASSERT_TRUE(store_->commit(only_audit({an_entry(9)})));
  EXPECT_EQ(store_->audit_entries(3, {}, 10).value().at(0).seq, 6);
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::missing, 4, 5}, Problem{Flaw::truncated, 6}));
}

TEST_F(Audit, AHeadTakenAwayShows) {
  by_hand("DELETE FROM audit WHERE seq > 3; DELETE FROM audit_marks");
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::unsealed, 3}));
}

// Whoever has the file and no key can take the whole log away, or put an earlier end back: the cases stay.
TEST_F(Audit, ACaseThatNoEntryIsAboutShows) {
  const auto early = store_->audit_marks().value().head;
  const auto opened = [&](const std::string& id, int number) {
    auto change = a_change(id);
    change.record->opened_at = at(std::int64_t{1'000} * number);
    change.audit.push_back(an_entry(number, id));
    ASSERT_TRUE(store_->commit(change));
  };
  opened("c-7", 7);
  EXPECT_EQ(store_->unaccounted_cases().value(), 0);
  EXPECT_THAT(end_problems(), IsEmpty());
  by_hand("DELETE FROM audit WHERE seq > 5; UPDATE audit_marks SET seq = 5, line = '" + early + "'");
  EXPECT_EQ(store_->unaccounted_cases().value(), 1);
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::unaccounted, 5}));
  // Nor is a row that no entry is one that is about it.
  by_hand("PRAGMA ignore_check_constraints = 1; INSERT INTO audit VALUES (-5, 'c-7', 'x')");
  EXPECT_EQ(store_->unaccounted_cases().value(), 1);
  EXPECT_THAT(end_problems(),
              UnorderedElementsAre(Problem{Flaw::unaccounted, 5}, Problem{Flaw::altered, -5}));
  by_hand("DELETE FROM audit; DELETE FROM audit_marks");
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::unaccounted, 0}));
}

TEST_F(Audit, ACaseFromBeforeWhatIsLeftOfTheLogIsNotMissed) {
  auto change = a_change("c-0");
  change.record->opened_at = at(500);
  ASSERT_TRUE(store_->commit(change));
  EXPECT_EQ(store_->unaccounted_cases().value(), 0);
}

// What was signed for an export is no end of a store.
TEST_F(Audit, ACheckpointIsNoHead) {
  const auto third = audit::read_line(store_->audit_entries(2, {}, 1).value().at(0).line).value().after;
  const auto checkpoint = audit::signed_statement(audit::Purpose::checkpoint, third, at(3'000), *the_key());
  by_hand("DELETE FROM audit WHERE seq > 3; UPDATE audit_marks SET seq = 3, line = '" + checkpoint + "'");
  EXPECT_THAT(end_problems(), Contains(::testing::Field(&Problem::flaw, Flaw::forged)));
  auto renamed = checkpoint;
  renamed.replace(renamed.find("checkpoint"), 10, "head");
  by_hand("UPDATE audit_marks SET line = '" + renamed + "'");
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::forged, 3}));
}

TEST_F(Audit, EverythingGoneShows) {
  by_hand("DELETE FROM audit");
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::truncated, 1, 5}));
}

TEST_F(Audit, ARowPutBehindTheEndShowsAndStopsNobody) {
  by_hand("INSERT INTO audit SELECT 6, case_id, line FROM audit WHERE seq = 5");
  EXPECT_THAT(end_problems(), Contains(Problem{Flaw::altered, 6}));
  ASSERT_TRUE(store_->commit(only_audit({an_entry(9)})));
  EXPECT_THAT(problems_of(*store_), Contains(Problem{Flaw::altered, 6}));
}

TEST_F(Audit, RowsThatStandInTheWayAreGoneRound) {
  by_hand("INSERT INTO audit VALUES (8, '', 'x'), (9, '', 'x')");
  for (int i = 6; i <= 8; ++i) ASSERT_TRUE(store_->commit(only_audit({an_entry(i)})));
  EXPECT_EQ(store_->audit_entries(7, {}, 10).value().back().seq, 10);
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::altered, 8}, Problem{Flaw::altered, 9}));
}

// Whether by a row or by a head: nobody pushes the chain to where no number is left.
TEST_F(Audit, ANumberThatNoChainReachesIsNotFollowed) {
  constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
  const audit::Entry there = an_entry(9);
  const auto changes = [](const std::string& seq, const std::string& line, const std::string& head) {
    return std::vector<std::string>{
        "INSERT INTO audit VALUES (" + seq + ", '', 'x')",
        "UPDATE audit_marks SET line = 'junk'; UPDATE audit SET line = '" + line + "' WHERE seq = " + seq,
        "DELETE FROM audit WHERE seq = " + seq + "; UPDATE audit_marks SET seq = " + seq + ", line = '" +
            head + "'"};
  };
  for (const auto number : {greatest, audit::last_number, audit::last_number / 2 + 1}) {
    const audit::Place place{number, std::string(64, 'a')};
    const auto line = audit::to_text({{number - 1, std::string(64, 'b')}, there});
    const auto head = audit::unsigned_statement(audit::Purpose::head, place, at(9'000));
    for (const auto& sql : changes(std::to_string(number), line, head)) {
      const auto before = store_->audit_marks().value().head;
      const auto end = audit::read_statement(before).value().place.seq;
      by_hand(sql);
      EXPECT_FALSE(end_problems().empty()) << sql;
      for (int start = 0; start < 2; ++start) {
        ASSERT_TRUE(store_->commit(only_audit({an_entry(10)}))) << sql;
        const auto first = store_->audit_entries(end, {}, 1).value().front();
        EXPECT_EQ(first.seq, end + 1) << sql;
        EXPECT_TRUE(audit::read_line(first.line)) << sql;
        open();
        end_problems();
      }
    }
  }
}

// It stays the last one for good: neither does each start enter it again, nor does it hide what else is
// wrong, nor is it the newest record that a clock is judged by.
TEST_F(Audit, ARowFarBehindTheEndIsToldAtEachStartAndEnteredOnce) {
  const auto reasons = [&] {
    std::vector<std::string> all;
    for (const auto& row : store_->audit_entries(0, {}, 1000).value()) {
      const auto read = audit::read_line(row.line);
      if (read && read->line.entry.what() == "audit.damaged")
        all.push_back(std::string(read->line.entry.get(Field::reason)) + " " +
                      std::string(read->line.entry.get(Field::through)));
    }
    return all;
  };
  const auto start = [&](int number) {
    open();
    const auto found = end_problems();
    EXPECT_TRUE(store_->commit(only_audit({an_entry(number)})));
    return found;
  };
  const auto newest = [&] { return StoreReading::open(folder_.store())->recorded_times(1).value().at(0).at; };
  const auto later = audit::to_text({{1'999'999'999, std::string(64, 'b')}, an_entry(4'000'000)});
  by_hand("INSERT INTO audit VALUES (1000000000, '', 'x'), (2000000000, 'c-1', '" + later + "')");
  EXPECT_EQ(newest(), at(5'000));
  const Problem told{Flaw::altered, 1'000'000'000, 2'000'000'000};
  for (int n = 0; n < 3; ++n) {
    EXPECT_THAT(start(20 + n), ElementsAre(told)) << n;
    EXPECT_THAT(reasons(), ElementsAre("altered 1000000000")) << n;
    EXPECT_EQ(newest(), at(1'000L * (20 + n)));
  }
  EXPECT_EQ(store_->audit_entries(5, {}, 4).value().back().seq, 9) << "without a gap";
  for (int n = 0; n < 25; ++n) start(30 + n);
  by_hand("UPDATE audit SET line = replace(line, 'clerk-7', 'clerk-8') WHERE seq = 20");
  EXPECT_THAT(problems_of(*store_),
              AllOf(Contains(Problem{Flaw::altered, 20}), Contains(Problem{Flaw::altered, 1'000'000'000})));
  // Another one is new.
  by_hand("INSERT INTO audit VALUES (500000000, '', 'x')");
  start(60);
  start(61);
  EXPECT_THAT(reasons(), ElementsAre("altered 1000000000", "altered 500000000"));
}

// What the head was put back to is no reason to pass over the rows that follow on it.
TEST_F(Audit, RowsRightBehindAnEarlierHeadAreNotFarBehindIt) {
  const auto early = store_->audit_marks().value().head;
  ASSERT_TRUE(store_->commit(only_audit({an_entry(6), an_entry(7)})));
  by_hand("UPDATE audit_marks SET line = '" + early + "' WHERE name = 'head'");
  EXPECT_THAT(end_problems(), Contains(Problem{Flaw::unsealed, 6, 7}));
  ASSERT_TRUE(store_->commit(only_audit({an_entry(8)})));
  open();
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::unproven, 1, 7})) << "as long as the entry is there";
}

TEST_F(Audit, AnotherKeyShows) {
  const auto other = audit::SigningKey::generate();
  EXPECT_THAT(store_->check_end({other.public_key()}).value(), ElementsAre(Problem{Flaw::another_key, 5}));
}

// Whoever has the file and no key writes the chain anew, every hash of it, and a head that nobody has signed.
class AuditWrittenAnew : public Audit {
 protected:
  void write_anew(const std::function<std::string(const audit::Place&)>& head_for) {
    audit::Chain chain;
    std::string sql = "DELETE FROM audit;";
    for (const auto& row : store_->audit_entries(0, {}, 1000).value()) {
      auto entry = audit::read_line(row.line).value().line.entry;
      const auto line = chain.append(entry.put(Field::staff, "clerk-8"));
      sql += "INSERT INTO audit VALUES (" + std::to_string(line.seq) + ", '" + row.case_id + "', '" +
             line.text + "');";
    }
    by_hand(sql + "UPDATE audit_marks SET line = '" + head_for(chain.head()) + "' WHERE name = 'head'");
  }
  // As a daemon starts, works and ends; any commit may be the first, and a kill may follow on it.
  std::vector<Problem> start(int number) {
    open();
    auto found = end_problems();
    EXPECT_TRUE(store_->commit(only_audit({an_entry(number)})));
    return found;
  }
};

TEST_F(AuditWrittenAnew, IsToldForGoodWhateverHeadStandsThere) {
  const auto other = audit::SigningKey::generate();
  const auto theirs = other.public_key().id();
  const auto by_other = [&](const audit::Place& end) {
    return audit::signed_statement(audit::Purpose::head, end, at(9'000), other);
  };
  const auto renamed = [&](const audit::Place& end) {
    auto head = by_other(end);
    return head.replace(head.find(theirs), theirs.size(), the_key()->public_key().id());
  };
  const auto unsigned_head = [](const audit::Place& end) {
    return audit::unsigned_statement(audit::Purpose::head, end, at(9'000));
  };
  // Once more each time, over what the log says of the time before.
  for (const auto& head : std::vector<std::function<std::string(const audit::Place&)>>{
           by_other, renamed, unsigned_head, [](const audit::Place&) { return std::string("junk"); }}) {
    const auto end = store_->audit_entries(0, {}, 1000).value().back().seq;
    write_anew(head);
    EXPECT_THAT(end_problems(), ::testing::Not(IsEmpty()));
    const auto told = Problem{Flaw::unproven, 1, end};
    for (int n = 0; n < 3; ++n) {
      const auto found = start(20 + n);
      if (n > 0) {
        EXPECT_THAT(found, ElementsAre(told)) << "a start tells it like the first";
      }
      EXPECT_THAT(problems_of(*store_), Contains(AllOf(::testing::Field(&Problem::flaw, Flaw::unproven),
                                                       ::testing::Field(&Problem::through, end))))
          << n;
    }
  }
}

TEST_F(AuditWrittenAnew, IsEnteredWithTheFirstCommitAndBeforeIt) {
  write_anew([](const audit::Place& end) {
    return audit::unsigned_statement(audit::Purpose::head, end, at(9'000));
  });
  ASSERT_FALSE(end_problems().empty());
  auto refused = a_change("c-1");
  refused.record->revision = 7;
  refused.audit = {an_entry(6)};
  EXPECT_FALSE(store_->commit(refused)) << "and nothing of it is lost with one that fails";
  ASSERT_TRUE(store_->commit(only_audit({an_entry(7)})));
  ASSERT_TRUE(store_->commit(only_audit({an_entry(8)})));
  std::vector<std::string> whats;
  for (const auto& row : store_->audit_entries(5, {}, 10).value())
    whats.push_back(audit::read_line(row.line).value().line.entry.what());
  EXPECT_THAT(whats, ElementsAre("audit.damaged", "pin.matched", "pin.matched"));
}

TEST_F(Audit, AKeyThatWasReplacedIsToldUntilTheEarlierOneIsNamed) {
  const auto next = std::make_shared<const audit::SigningKey>(audit::SigningKey::generate());
  const auto with_next = [&](const std::vector<audit::PublicKey>& keys) {
    open();
    store_->seal_with(next, "window-1");
    auto found = store_->check_end(keys).value();
    EXPECT_TRUE(store_->commit(only_audit({an_entry(9)})));
    return found;
  };
  EXPECT_THAT(with_next({next->public_key()}), ElementsAre(Problem{Flaw::another_key, 5}));
  EXPECT_THAT(with_next({next->public_key()}), ElementsAre(Problem{Flaw::unproven, 1, 5}));
  EXPECT_THAT(with_next({next->public_key(), the_key()->public_key()}), IsEmpty());
  // As it should be done there is nothing to tell at any time.
  const auto third = std::make_shared<const audit::SigningKey>(audit::SigningKey::generate());
  open();
  store_->seal_with(third, "window-1");
  EXPECT_THAT(store_->check_end({third->public_key(), next->public_key(), the_key()->public_key()}).value(),
              IsEmpty());
}

// A sector of last year's: the page of that entry, which others stand in as well.
TEST_F(Audit, APageThatIsLostIsFoundAndStopsNobody) {
  for (int i = 6; i <= 100; ++i) ASSERT_TRUE(store_->commit(only_audit({an_entry(i)})));
  for (const std::int64_t lost : {50, 1}) {
    store_.reset();
    tests::zero_page_with(folder_.store(), R"({"seq":)" + std::to_string(lost) + ",");
    open();
    const auto found = end_problems();
    ASSERT_FALSE(found.empty()) << lost;
    EXPECT_EQ(found.back().flaw, Flaw::unreadable);
    EXPECT_LE(found.back().seq, lost);
    EXPECT_FALSE(StoreReading::open(folder_.store())->recorded_times(1000).value().empty())
        << "the clock is judged by what there is";
    EXPECT_GT(found.back().seq, lost - 30);
    EXPECT_TRUE(store_->commit(only_audit({an_entry(200)})));
    EXPECT_EQ(reason(store_->audit_entries(0, {}, 1000)), "storage.unavailable")
        << "and who verifies is told";
  }
}

TEST_F(Audit, BehindALostPageAnEarlierStartsFindingIsStillTold) {
  for (int i = 6; i <= 100; ++i) ASSERT_TRUE(store_->commit(only_audit({an_entry(i)})));
  by_hand("UPDATE audit_marks SET line = 'junk' WHERE name = 'head'");
  ASSERT_FALSE(end_problems().empty());
  ASSERT_TRUE(store_->commit(only_audit({an_entry(101)})));
  store_.reset();
  tests::zero_page_with(folder_.store(), R"({"seq":50,)");
  open();
  EXPECT_THAT(end_problems(), ElementsAre(::testing::Field(&Problem::flaw, Flaw::unreadable),
                                          Problem{Flaw::unproven, 1, 100}));
}

TEST_F(Audit, OfALongLogAStartLooksAtAPieceAndTheRestIsLookedAtLater) {
  constexpr int length = 20'500;
  audit::Chain chain;
  std::string sql = "DELETE FROM audit; DELETE FROM audit_marks; BEGIN;";
  for (int i = 1; i <= length; ++i) {
    const auto row = chain.append(an_entry(i));
    sql += "INSERT INTO audit VALUES (" + std::to_string(row.seq) + ", 'c-1', '" + row.text + "');";
  }
  by_hand(sql + "COMMIT");
  ASSERT_THAT(end_problems(), ElementsAre(Problem{Flaw::unsealed, length}));
  ASSERT_TRUE(store_->commit(only_audit({an_entry(length + 1)})));
  open();
  EXPECT_THAT(end_problems(), IsEmpty());
  LookedBack looked{.done = false};
  for (int pieces = 0; !looked.done && pieces < 5; ++pieces) looked = store_->look_back();
  ASSERT_TRUE(looked.done);
  EXPECT_THAT(looked.found, ElementsAre(Problem{Flaw::unproven, 1, length}));
  EXPECT_TRUE(store_->look_back().found.empty()) << "once";
}

TEST_F(Audit, RowsWithNumbersThatNoEntryHasStopNobody) {
  by_hand(
      "DELETE FROM audit; DELETE FROM audit_marks; PRAGMA ignore_check_constraints = 1;"
      "INSERT INTO audit VALUES (-5, '', '{\"what\":\"audit.damaged\"}')");
  EXPECT_TRUE(store_->check_end({the_key()->public_key()}));
  EXPECT_TRUE(store_->commit(only_audit({an_entry(9)})));
}

TEST_F(Audit, ARowBeforeTheFirstEntryIsToldAtItsNumberAloneAndEnteredOnce) {
  by_hand("PRAGMA ignore_check_constraints = 1; INSERT INTO audit VALUES (-5, '', 'x')");
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::altered, -5}));
  for (int start = 0; start < 3; ++start) {
    open();
    EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::altered, -5}));
    ASSERT_TRUE(store_->commit(only_audit({an_entry(6 + start)})));
  }
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::altered, -5}, Problem{Flaw::altered, 6}))
      << "there, and that it was found";
  EXPECT_EQ(store_->audit_entries(0, {}, 100).value().size(), 9U) << "five, the finding, and one a start";
}

TEST_F(Audit, NobodyPrunesByHand) {
  by_hand(
      "INSERT INTO audit_marks SELECT 'base', 2, replace(line, 'head', 'base') FROM audit_marks;"
      "DELETE FROM audit WHERE seq <= 2");
  EXPECT_THAT(problems_of(*store_), Contains(::testing::Field(&Problem::flaw, Flaw::forged)));
}

// None of them has a number that an entry can name.
TEST_F(Audit, AnotherRowBeforeTheFirstEntryIsEnteredAsWell) {
  const auto findings = [&] {
    std::vector<std::string> counts;
    for (const auto& row : store_->audit_entries(0, {}, 100).value()) {
      const auto entry = audit::read_line(row.line).value().line.entry;
      if (entry.what() == "audit.damaged") counts.emplace_back(entry.get(Field::count));
    }
    return counts;
  };
  for (const auto* row : {"-5", "-4", "-7"}) {
    by_hand(std::string("PRAGMA ignore_check_constraints = 1; INSERT INTO audit VALUES (") + row +
            ", '', 'x')");
    for (int start = 0; start < 2; ++start) {
      open();
      end_problems();
      ASSERT_TRUE(store_->commit(only_audit({an_entry(6)})));
    }
  }
  EXPECT_THAT(findings(), ElementsAre("1", "2", "3"));
}

}  // namespace
}  // namespace madoguchi::storage
