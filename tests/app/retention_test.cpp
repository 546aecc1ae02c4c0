// Cases go by themselves once they have had their time; what says what to do with a card stays.
#include "retention.hpp"

#include <gmock/gmock.h>

#include "base/calendar.hpp"
#include "clock_watch.hpp"
#include "doctor/examinations.hpp"
#include "storage/reading.hpp"
#include "storage/sqlite.hpp"
#include "support.hpp"

namespace madoguchi::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct SetClock final : base::Clock {
  [[nodiscard]] base::Instant now() const override { return at; }
  base::Instant at = base::parse_time("2026-06-01T09:00:00+09:00").value();
};

class Kept : public testing::Test {
 protected:
  Kept() {
    auto opened = storage::open_sqlite(folder_.path() / "cases.db", a_ring());
    if (!opened) throw std::runtime_error(base::describe(opened.error()));
    store_ = std::move(*opened);
    config_.keep_days = 30;
    config_.keep_unfinished_days = 60;
  }
  void add(const std::string& id, const char* state, const char* changed) {
    storage::Change change;
    change.record = storage::CaseRecord{.id = id, .state = state, .body = "{}"};
    change.record->opened_at = change.record->updated_at = base::parse_time(changed).value();
    store_->commit(change).value();
  }
  // The machine is switched on, and it and who works there enter it; what the clock is judged to be.
  std::string start(bool somebody_works = true) {
    auto reading = storage::StoreReading::open(folder_.path() / "cases.db").value();
    ClockSteps steps;
    steps.began_after(reading.recorded_times(doctor::records_looked_at).value());
    steps.look(clock_.at, std::chrono::seconds(100));
    storage::Change change;
    change.audit.emplace_back(clock_.at, audit::Kind::daemon, "daemon.started");
    if (somebody_works)
      change.audit.emplace_back(clock_.at, audit::Kind::visit, "case.opened").by({.uid = 0});
    store_->commit(change).value();
    Retention retention(config_, folder_.path() / "cases.db", loop_, *store_, clock_, log_,
                        [&] { return steps.health(clock_.at).at("state") != "ok"; });
    retention.begin();
    retention.end();
    return steps.judge(clock_.at).id;
  }
  std::vector<std::string> left() {
    std::vector<std::string> ids;
    for (const auto& held : store_->held({{}, {}, {}, 500}).value()) ids.push_back(held.case_id);
    return ids;
  }

  Folder folder_;
  std::unique_ptr<storage::Store> store_;
  settings::StoreConfig config_;
  boost::asio::io_context loop_;
  SetClock clock_;
  RememberingLog log_;
  bool moved_ = false;
};

TEST_F(Kept, WhatHasHadItsTimeGoesAndNothingElse) {
  add("ended-long-ago", "completed", "2026-05-01T23:59:59+09:00");
  add("ended-a-day-later", "completed", "2026-05-02T00:00:00+09:00");
  add("given-up-long-ago", "cancelled", "2026-01-01T12:00:00+09:00");
  add("waits-for-too-long", "waiting", "2026-04-01T23:59:59+09:00");
  add("waits", "waiting", "2026-04-02T00:00:00+09:00");
  for (const auto* state : {"issuing", "attention", "partly_completed"})
    add(state, state, "2020-01-01T12:00:00+09:00");
  Retention retention(config_, folder_.path() / "cases.db", loop_, *store_, clock_, log_,
                      [this] { return moved_; });
  retention.begin();
  EXPECT_THAT(left(),
              UnorderedElementsAre("ended-a-day-later", "waits", "issuing", "attention", "partly_completed"));
  EXPECT_THAT(log_.lines, ElementsAre("store.let_go"));
  retention.end();
}

TEST_F(Kept, ManyGoInPiecesAndTheLoopTurnsBetween) {
  for (int n = 0; n < 50; ++n) add("c-" + std::to_string(n), "completed", "2026-01-01T12:00:00+09:00");
  Retention retention(config_, folder_.path() / "cases.db", loop_, *store_, clock_, log_,
                      [this] { return moved_; });
  retention.begin();
  EXPECT_EQ(left().size(), 30U);
  loop_.run_one();
  EXPECT_EQ(left().size(), 10U);
  loop_.run_one();
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_EQ(log_.lines.size(), 3U);
  retention.end();
  loop_.run();  // nothing waits any more
}

TEST_F(Kept, LeavesAnAuditEntryForEach) {
  add("c-1", "completed", "2026-01-01T12:00:00+09:00");
  Retention retention(config_, folder_.path() / "cases.db", loop_, *store_, clock_, log_,
                      [this] { return moved_; });
  retention.begin();
  const auto entries = store_->audit_entries(0, "c-1", 10).value();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_THAT(entries[0].line, HasSubstr("case.let_go"));
  retention.end();
}

// A date that is years ahead by mistake would take everything, and the right one brings nothing back.
TEST_F(Kept, NothingGoesWhileTheClockIsNotToBeTrusted) {
  add("c-1", "completed", "2026-05-20T12:00:00+09:00");
  clock_.at += std::chrono::hours(24 * 365 * 3);
  moved_ = true;
  Retention retention(config_, folder_.path() / "cases.db", loop_, *store_, clock_, log_,
                      [this] { return moved_; });
  retention.begin();
  EXPECT_THAT(left(), ElementsAre("c-1"));
  EXPECT_THAT(log_.lines, IsEmpty());
  retention.end();
}

// The year was mistyped while the machine was off; what each start enters by that clock is no proof of it.
TEST_F(Kept, NothingGoesByAClockThatIsAheadAtTheStartNorAfterARestart) {
  add("c-1", "completed", "2026-05-20T12:00:00+09:00");
  EXPECT_EQ(start(), "clock.ok");
  clock_.at += std::chrono::hours(24 * 365 * 3);
  EXPECT_EQ(start(), "clock.ahead");
  EXPECT_EQ(start(), "clock.ahead") << "again on the same day";
  for (int days = 0; days < 3; ++days) {
    clock_.at += std::chrono::hours(24);
    EXPECT_EQ(start(false), "clock.ahead") << "it is switched on by itself";
  }
  EXPECT_EQ(start(), "clock.ahead");
  EXPECT_THAT(left(), ElementsAre("c-1"));
  clock_.at += std::chrono::hours(24);
  EXPECT_EQ(start(), "clock.ok") << "the machine had stood still";
  EXPECT_THAT(left(), IsEmpty());
}

// On one Sunday a month: at no time two days of work lie behind it.
TEST_F(Kept, WhatHasHadItsTimeGoesOnAMachineThatIsUsedOnceAMonth) {
  add("c-1", "completed", "2026-06-01T12:00:00+09:00");
  EXPECT_EQ(start(), "clock.ok");
  for (const int weeks : {4, 5}) {
    clock_.at += std::chrono::weeks(weeks);
    EXPECT_EQ(start(), "clock.ahead");
  }
  EXPECT_THAT(left(), ElementsAre("c-1"));
  clock_.at += std::chrono::weeks(4);
  EXPECT_EQ(start(), "clock.ok");
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Kept, AClockThatIsBehindIsToldAtTheSecondStartToo) {
  const auto start = [&] {
    auto reading = storage::StoreReading::open(folder_.path() / "cases.db").value();
    ClockSteps steps;
    steps.began_after(reading.recorded_times(doctor::records_looked_at).value());
    steps.look(clock_.at, std::chrono::seconds(100));
    storage::Change change;
    change.audit.emplace_back(clock_.at, audit::Kind::visit, "case.opened").by({.uid = 0});
    store_->commit(change).value();
    return std::string(steps.health(clock_.at).at("state").as_string());
  };
  EXPECT_EQ(start(), "ok");
  clock_.at += std::chrono::hours(24);
  EXPECT_EQ(start(), "ok");
  clock_.at -= std::chrono::hours(24 * 30);
  EXPECT_EQ(start(), "degraded");
  EXPECT_EQ(start(), "degraded");
  clock_.at += std::chrono::hours(24 * 31);
  EXPECT_EQ(start(), "degraded") << "which of the two was right the log does not tell";
  clock_.at += std::chrono::hours(24);
  EXPECT_EQ(start(), "degraded");
  clock_.at += std::chrono::hours(24);
  EXPECT_EQ(start(), "ok") << "right again";
}

// What a restore has put aside holds the same people, and goes by the same rules once all of it may.
TEST_F(Kept, AStoreThatARestoreHasPutAsideGoesWhenAllInItMay) {
  const auto put_aside = [&](const char* stamp, const char* state, const char* changed) {
    const auto path = folder_.path() / ("cases.db.before-" + std::string(stamp));
    auto copy = storage::open_sqlite(path, a_ring()).value();
    storage::Change change;
    change.record = storage::CaseRecord{.id = "c-1", .state = state, .body = "{}"};
    change.record->opened_at = change.record->updated_at = base::parse_time(changed).value();
    copy->commit(change).value();
    copy.reset();
    const auto written =
        std::chrono::file_clock::from_sys(base::parse_time("2026-05-01T12:00:00+09:00").value());
    std::filesystem::last_write_time(path, written);
    return path;
  };
  const auto due = put_aside("20260501-120000", "completed", "2026-04-01T12:00:00+09:00");
  const auto waits = put_aside("20260501-120001", "waiting", "2026-04-30T12:00:00+09:00");
  const auto needed = put_aside("20260501-120002", "issuing", "2026-01-01T12:00:00+09:00");
  const auto damaged = folder_.write("cases.db.before-20260501-120003", "no store");
  const auto somebodys = folder_.write("cases.db.before-upgrade", "");
  Retention retention(config_, folder_.path() / "cases.db", loop_, *store_, clock_, log_,
                      [this] { return moved_; });
  moved_ = true;
  retention.begin();
  EXPECT_TRUE(std::filesystem::exists(due)) << "by a date that may be wrong nothing goes";
  moved_ = false;
  retention.begin();
  EXPECT_FALSE(std::filesystem::exists(due));
  EXPECT_FALSE(std::filesystem::exists(due.string() + "-wal"));
  EXPECT_THAT(log_.lines, ElementsAre("store.set_aside_let_go " + due.string()));
  for (const auto& path : {waits, needed, damaged, somebodys})
    EXPECT_TRUE(std::filesystem::exists(path)) << path;
  clock_.at += std::chrono::hours(24 * 365);
  retention.begin();
  EXPECT_FALSE(std::filesystem::exists(waits));
  EXPECT_TRUE(std::filesystem::exists(needed)) << "it says what to do with a card";
  retention.end();
}

class Failing final : public storage::Holdings {
 public:
  base::Result<std::vector<storage::Held>> held(const storage::HeldQuery&) override { return fault(); }
  base::Result<std::int64_t> let_go(const storage::Outdated&, base::Instant, int) override {
    ++asked;
    return fault();
  }
  base::Result<storage::Sealing> sealing() override { return fault(); }
  base::Result<storage::Resealed> reseal(const storage::Resealed&, int) override { return fault(); }
  int asked = 0;

 private:
  static base::Fault fault() { return base::make_fault(base::Code::storage_full, "no room"); }
};

TEST_F(Kept, AStoreThatFailsIsToldAndNotAskedAgainAtOnce) {
  Failing failing;
  Retention retention(config_, folder_.path() / "cases.db", loop_, failing, clock_, log_,
                      [this] { return moved_; });
  retention.begin();
  EXPECT_THAT(log_.lines, ElementsAre(HasSubstr("store.not_let_go")));
  EXPECT_THAT(log_.lines[0], HasSubstr("no room"));
  EXPECT_EQ(loop_.run_for(std::chrono::milliseconds(500)), 0U);
  EXPECT_EQ(failing.asked, 1);
  retention.end();
}

}  // namespace
}  // namespace madoguchi::app
