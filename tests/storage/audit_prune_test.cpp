// How the oldest entries leave the audit log: those that are due, in their place, and nothing else.
#include "audit/statement.hpp"
#include "audit_log.hpp"
#include "base/calendar.hpp"
#include "storage/reading.hpp"

namespace madoguchi::storage {
namespace {

using audit::Field;
using audit::Flaw;
using audit::Problem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The n-th of this program's days, at nine.
base::Instant on_day(int number) {
  return base::parse_time("2026-01-01T09:00:00+09:00").value() + std::chrono::days(number);
}

audit::Entry entry_of(base::Instant when, const std::string& case_id = "c-gone") {
  audit::Entry entry(when, audit::Kind::pin, "pin.matched");
  return entry.put(Field::visit, case_id);
}

class AuditPruning : public AuditLog {
 protected:
  void SetUp() override {
    open();
    for (int day = 1; day <= 5; ++day) add(on_day(day));
  }
  void add(base::Instant when) { ASSERT_TRUE(store_->commit(only_audit({entry_of(when)}))); }
  void add_case(const std::string& id, base::Instant when) {
    auto change = a_change(id);
    change.record->opened_at = when;
    change.audit = {entry_of(when, id)};
    ASSERT_TRUE(store_->commit(change));
  }
  std::int64_t first() { return store_->audit_entries(0, {}, 1).value().at(0).seq; }
  std::vector<AuditRow> left() { return store_->audit_entries(0, {}, 1000).value(); }
};

TEST_F(AuditPruning, LeavesAChainThatVerifies) {
  EXPECT_EQ(store_->prune_audit(on_day(4), on_day(9), 100).value(), 3);
  const auto rest = left();
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_EQ(rest[0].seq, 4);
  const auto told = audit::read_line(rest.back().line).value().line.entry;
  EXPECT_EQ(told.what(), "audit.pruned");
  EXPECT_EQ(told.get(Field::through), "3");
  EXPECT_EQ(told.get(Field::count), "3");
  EXPECT_THAT(problems_of(*store_), IsEmpty());
  EXPECT_EQ(store_->prune_audit(on_day(4), on_day(10), 100).value(), 0);
  // By pieces, and never the last one.
  EXPECT_EQ(store_->prune_audit(on_day(99), on_day(20), 1).value(), 1);
  EXPECT_EQ(store_->prune_audit(on_day(99), on_day(30), 100).value(), 2);
  open();
  EXPECT_THAT(problems_of(*store_), IsEmpty());
  EXPECT_THAT(end_problems(), IsEmpty());
}

TEST_F(AuditPruning, StopsAtADamagedLine) {
  by_hand("UPDATE audit SET line = 'x' WHERE seq = 2");
  EXPECT_EQ(store_->prune_audit(on_day(99), on_day(9), 100).value(), 1);
  EXPECT_THAT(problems_of(*store_), Contains(Problem{Flaw::altered, 2}));
  // It is stuck from then on, and says so where there is something to be let go.
  const auto stuck = store_->prune_audit(on_day(99), on_day(10), 100);
  EXPECT_EQ(reason(stuck), "internal");
  EXPECT_THAT(inner(stuck), HasSubstr("entry 2 "));
  EXPECT_EQ(store_->prune_audit(on_day(3), on_day(11), 100).value(), 0);
}

// Whoever copies a line that is due to where another stands makes that one neither due nor gone, whatever
// the line's own number is.
TEST_F(AuditPruning, ALineThatIsDueSpeaksForItsOwnPlaceAlone) {
  add(on_day(0));
  for (int day = 7; day <= 9; ++day) add(on_day(day));
  const auto own = left().at(0).line;
  for (const auto* taken : {"UPDATE audit SET case_id = 'c-2' WHERE seq = 1",
                            "UPDATE audit SET line = (SELECT line FROM audit WHERE seq = 6) WHERE seq = 1"}) {
    by_hand("UPDATE audit SET case_id = 'c-gone', line = '" + own + "' WHERE seq = 1;" + taken);
    const auto found = problems_of(*store_);
    EXPECT_THAT(found, Contains(Problem{Flaw::altered, 1}));
    const auto stuck = store_->prune_audit(on_day(2), on_day(10), 500);
    EXPECT_THAT(inner(stuck), HasSubstr("entry 1 ")) << taken;
    EXPECT_EQ(left().size(), 9U);
    EXPECT_EQ(problems_of(*store_), found) << "nothing is signed over it";
  }
}

// Lines that anybody can write, with numbers and hashes that fit them, and a genuine one between.
TEST_F(AuditPruning, ALineThatDoesNotFollowOnTheOneBeforeTakesNothingAlong) {
  add(on_day(900));
  for (int day = 7; day <= 9; ++day) add(on_day(day));
  const auto written = [](std::int64_t seq, const std::string& before, base::Instant when) {
    const auto line = audit::to_text({{seq - 1, before}, entry_of(when)});
    return "UPDATE audit SET line = '" + line + "' WHERE seq = " + std::to_string(seq) + ";";
  };
  by_hand(written(1, audit::no_hash(), on_day(900)) +
          "UPDATE audit SET line = (SELECT line FROM audit WHERE seq = 6) WHERE seq = 2;" +
          written(3, std::string(64, '0'), on_day(0)));
  const auto found = problems_of(*store_);
  for (const int most : {2, 500}) {
    const auto gone = store_->prune_audit(on_day(1), on_day(10), most);
    EXPECT_THAT(inner(gone), HasSubstr("entry 2 ")) << most;
    EXPECT_EQ(left().size(), 9U);
  }
  by_hand(written(2, std::string(64, '7'), on_day(900)));
  EXPECT_THAT(inner(store_->prune_audit(on_day(1), on_day(10), 500)), HasSubstr("entry 2 "));
  EXPECT_EQ(left().size(), 9U);
}

TEST_F(AuditPruning, WhereEntriesAreGoneAllBehindThemStays) {
  by_hand("DELETE FROM audit WHERE seq = 1");
  EXPECT_THAT(inner(store_->prune_audit(on_day(4), on_day(10), 500)), HasSubstr("entry 2 "));
  EXPECT_THAT(problems_of(*store_), Contains(Problem{Flaw::missing, 1}));
}

// Nor are entries signed away by a base that anybody may have put there.
TEST_F(AuditPruning, ABaseThatNobodyHasSignedIsNotGoneOnFrom) {
  const auto third = audit::read_line(left().at(2).line).value().after;
  const auto others = audit::SigningKey::generate();
  by_hand("DELETE FROM audit WHERE seq <= 3");
  for (const auto& base :
       {audit::unsigned_statement(audit::Purpose::base, third, on_day(9)),
        audit::signed_statement(audit::Purpose::base, third, on_day(9), others), std::string("x")}) {
    by_hand("INSERT OR REPLACE INTO audit_marks VALUES ('base', 3, '" + base + "')");
    const auto found = problems_of(*store_);
    EXPECT_FALSE(found.empty());
    EXPECT_THAT(inner(store_->prune_audit(on_day(5), on_day(10), 500)), HasSubstr("base"));
    EXPECT_EQ(problems_of(*store_), found);
  }
  by_hand("UPDATE audit_marks SET line = '" +
          audit::signed_statement(audit::Purpose::base, third, on_day(9), others) + "' WHERE name = 'base'");
  ASSERT_TRUE(store_->check_end({the_key()->public_key(), others.public_key()}));
  EXPECT_EQ(store_->prune_audit(on_day(5), on_day(10), 500).value(), 1) << "by a key that was named";
}

// What a clock that was ahead has dated would keep all that came after it, for years.
TEST_F(AuditPruning, WhatIsDatedAfterTodayGoesWithTheNextThatIsOld) {
  for (const int day : {900, 901, 6, 7, 8}) add(on_day(day));
  const auto let_go = [&](int before, int most) {
    return store_->prune_audit(on_day(before), on_day(10), most).value();
  };
  EXPECT_EQ(let_go(6, 100), 5) << "no old one stands behind those two";
  EXPECT_EQ(let_go(6, 100), 0);
  for (int each = 0; each < 3; ++each) EXPECT_EQ(let_go(7, 1), 1) << "more of them than go at once";
  EXPECT_EQ(let_go(7, 1), 0);
  EXPECT_EQ(first(), 9);
  EXPECT_THAT(problems_of(*store_), IsEmpty());
}

// A clock that is behind sees a young log as dated after today, and a battery that was empty at a start has
// dated one before this program was.
TEST_F(AuditPruning, WhatAnEmptyBatteryHasDatedTakesNothingAlong) {
  const auto flat = base::parse_time("2000-01-01T00:00:05+09:00").value();
  for (int day = 500; day < 700; ++day) add(on_day(day));
  add(flat);
  for (const int day : {340, 341, 342}) add(on_day(day));
  EXPECT_EQ(store_->prune_audit(on_day(342 - 100), on_day(342), 500).value(), 5);
  EXPECT_EQ(store_->prune_audit(on_day(342 - 100), on_day(342), 500).value(), 0);
  EXPECT_EQ(left().size(), 205U);
  // By the right clock each goes in its time, and the flat one with the next that is old.
  EXPECT_EQ(store_->prune_audit(on_day(600), on_day(701), 500).value(), 100);
  EXPECT_EQ(store_->prune_audit(on_day(700), on_day(801), 500).value(), 105);
  EXPECT_THAT(problems_of(*store_), IsEmpty());
}

TEST_F(AuditPruning, WhatIsDatedAfterTodayAtTheBeginningStaysUntilSomethingIsOld) {
  by_hand("DELETE FROM audit; DELETE FROM audit_marks");
  for (const int day : {900, 901, -9'000, 7, 8, 9}) add(on_day(day));
  EXPECT_EQ(store_->prune_audit(on_day(5), on_day(10), 500).value(), 0);
  EXPECT_EQ(store_->prune_audit(on_day(8), on_day(10), 500).value(), 4);
  EXPECT_THAT(problems_of(*store_), IsEmpty());
}

TEST_F(AuditPruning, WhatAnEmptyBatteryHasDatedStaysWithItsCaseAndSaysSo) {
  add_case("c-7", on_day(-9'000));
  for (const int day : {6, 7}) add(on_day(day));
  EXPECT_EQ(store_->prune_audit(on_day(7), on_day(10), 100).value(), 5);
  EXPECT_THAT(inner(store_->prune_audit(on_day(7), on_day(10), 100)),
              HasSubstr("entry 6 is dated before 2026 and of the case c-7, which is kept"));
}

TEST_F(AuditPruning, WhatIsDatedAfterTodayStaysWithItsCaseAndSaysSo) {
  add_case("c-7", on_day(900));
  for (const int day : {6, 7, 8}) add(on_day(day));
  EXPECT_EQ(store_->prune_audit(on_day(7), on_day(10), 100).value(), 5);
  const auto stuck = store_->prune_audit(on_day(7), on_day(10), 100);
  EXPECT_EQ(reason(stuck), "internal");
  EXPECT_THAT(inner(stuck), HasSubstr("entry 6 is dated after today and of the case c-7, which is kept"));
  EXPECT_EQ(store_->unaccounted_cases().value(), 0);
}

// Of a clock that was ahead for long there are more than are looked at in one go.
TEST_F(AuditPruning, MoreThanAreLookedAtKeepNothingWithoutAWord) {
  by_hand("DELETE FROM audit; DELETE FROM audit_marks");
  const std::vector<audit::Entry> ahead(20'001, entry_of(on_day(900)));
  ASSERT_TRUE(store_->commit(only_audit(ahead)));
  EXPECT_EQ(store_->prune_audit(on_day(7), on_day(10), 500).value(), 0) << "nothing old stands behind them";
  for (const int day : {6, 7}) add(on_day(day));
  const auto stuck = store_->prune_audit(on_day(7), on_day(10), 500);
  EXPECT_THAT(inner(stuck), HasSubstr("entries 1 to 20000 are dated after today"));
}

// The day that a clock which was ahead has dated it has come, and what is behind it has had its time long
// since.
TEST_F(AuditPruning, WhatIsDatedAheadSaysThatItKeepsOthersOnceItsDayHasCome) {
  for (const int day : {900, 6, 7}) add(on_day(day));
  EXPECT_EQ(store_->prune_audit(on_day(6), on_day(10), 500).value(), 5);
  EXPECT_EQ(store_->prune_audit(on_day(6), on_day(1'000), 500).value(), 0) << "nothing old stands behind it";
  const auto stuck = store_->prune_audit(on_day(800), on_day(1'000), 500);
  EXPECT_THAT(inner(stuck), HasSubstr("entry 6 is dated 2028-06-19"));
  EXPECT_EQ(store_->prune_audit(on_day(901), on_day(1'000), 500).value(), 3);
  // A clock that is set back by some days is nothing to tell.
  add(on_day(1'020));
  for (const int day : {1'003, 1'004}) add(on_day(day));
  EXPECT_EQ(store_->prune_audit(on_day(1'010), on_day(1'030), 500).value(), 2);
  EXPECT_EQ(store_->prune_audit(on_day(1'010), on_day(1'030), 500).value(), 0);
}

// What is left begins behind the base: a row with an earlier number is no entry, as one below the first is.
TEST_F(AuditPruning, ARowFromBeforeTheBaseIsNoEntryAndIsTold) {
  EXPECT_EQ(store_->prune_audit(on_day(4), on_day(9), 100).value(), 3);
  const auto early = store_->audit_marks().value().head;
  add_case("c-7", on_day(10));
  by_hand("DELETE FROM audit WHERE seq > 6; UPDATE audit_marks SET seq = 6, line = '" + early +
          "' WHERE name = 'head'; INSERT INTO audit VALUES (1, 'c-7', 'x')");
  EXPECT_EQ(store_->unaccounted_cases().value(), 1);
  EXPECT_EQ(first(), 4) << "it is part of no page";
  EXPECT_TRUE(store_->audit_entries(0, "c-7", 10).value().empty());
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::unaccounted, 6}, Problem{Flaw::altered, 1}));
  audit::Verifier beside({the_key()->public_key()});
  ASSERT_TRUE(StoreReading::open(folder_.store())->check_audit(beside));
  EXPECT_THAT(beside.problems(), ElementsAre(Problem{Flaw::altered, 1}, Problem{Flaw::unaccounted, 6}));
  EXPECT_THAT(problems_of(*store_), ElementsAre(Problem{Flaw::altered, 1}));
}

TEST_F(AuditPruning, AGenuineLineFromBeforeTheBaseIsToldAndSetsNoBaseBack) {
  const auto own = left().at(0).line;
  EXPECT_EQ(store_->prune_audit(on_day(4), on_day(9), 100).value(), 3);
  const auto base = store_->audit_marks().value().base;
  by_hand("INSERT INTO audit VALUES (1, 'c-gone', '" + own + "')");
  EXPECT_THAT(end_problems(), ElementsAre(Problem{Flaw::altered, 1}));
  EXPECT_EQ(store_->prune_audit(on_day(4), on_day(9), 100).value(), 0);
  EXPECT_EQ(store_->audit_marks().value().base, base);
  EXPECT_EQ(store_->prune_audit(on_day(5), on_day(9), 100).value(), 1) << "and keeps none of the others";
}

// No start is kept from entering a row by a finding that somebody has written.
TEST_F(AuditPruning, AFindingThatIsNoEntryEntersNothing) {
  EXPECT_EQ(store_->prune_audit(on_day(4), on_day(9), 100).value(), 3);
  audit::Entry finding(on_day(9), audit::Kind::audit, "audit.damaged");
  finding.put(Field::reason, "altered").put(Field::through, std::int64_t{1});
  by_hand("INSERT INTO audit VALUES (1, '', 'x'), (2, '', '" +
          audit::to_text({{1, audit::no_hash()}, finding}) + "')");
  EXPECT_THAT(end_problems(), Contains(Problem{Flaw::altered, 1}));
  add(on_day(10));
  const auto entered = audit::read_line(left().at(3).line).value().line.entry;
  EXPECT_EQ(entered.what(), "audit.damaged");
  EXPECT_EQ(entered.get(Field::through), "1");
}

}  // namespace
}  // namespace madoguchi::storage
