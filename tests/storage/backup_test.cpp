// A copy beside a daemon at work, and the store from a copy: whole, or not done.
#include "storage/backup.hpp"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/calendar.hpp"
#include "support.hpp"

namespace madoguchi::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class Backup : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    store_ = must_open(folder_.store());
    store_->seal_with(key_, "window-1");
  }
  void add(const std::string& id) {
    auto change = a_change(id);
    audit::Entry opened(at(1), audit::Kind::decision, "case.opened");
    change.audit.push_back(opened.put(audit::Field::visit, id));
    ASSERT_TRUE(store_->commit(change));
  }
  [[nodiscard]] fs::path copy() const { return folder_.path() / "copy.db"; }
  base::Result<Restored> restore() { return restore_sqlite(copy(), folder_.store(), "now", a_ring()); }
  static std::string trouble(const base::Result<Restored>& result) {
    const auto details = result.error().details;
    return details.contains("trouble") ? std::string(details.at("trouble").as_string()) : "";
  }
  static void by_hand(const fs::path& file, const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      names.push_back(entry.path().filename().string());
    return names;
  }

  Folder folder_;
  std::shared_ptr<const audit::SigningKey> key_ =
      std::make_shared<const audit::SigningKey>(audit::SigningKey::generate());
  std::unique_ptr<Store> store_;
};

TEST_F(Backup, IsOneFileForItsOwnerAndHoldsWhatWasCommitted) {
  add("c-1");
  const auto report = back_up_sqlite(folder_.store(), copy());
  ASSERT_TRUE(report) << inner(report);
  EXPECT_EQ(report->cases, 1);
  EXPECT_EQ(report->audit, 1);
  EXPECT_THAT(report->audit_flaws, ::testing::IsEmpty());
  struct stat status {};
  ASSERT_EQ(::stat(copy().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(status.st_nlink, 1U);
  EXPECT_THAT(files(), ::testing::UnorderedElementsAre("cases.db", "cases.db-wal", "cases.db-shm",
                                                       "cases.db.lock", "copy.db"));
}

TEST_F(Backup, NeverReplacesAFile) {
  std::ofstream(copy()) << "precious";
  EXPECT_EQ(reason(back_up_sqlite(folder_.store(), copy())), "conflict");
  EXPECT_EQ(fs::file_size(copy()), 8U);
}

TEST_F(Backup, IsWholeWhileTheDaemonWrites) {
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread daemon([&] {
    for (int i = 0; !stop; ++i) {
      add("c-" + std::to_string(i));
      ++written;
    }
  });
  for (int i = 0; i < 5; ++i) {
    const int before = written;
    const auto report = back_up_sqlite(folder_.store(), folder_.path() / ("copy" + std::to_string(i)));
    ASSERT_TRUE(report) << inner(report);
    EXPECT_GE(report->cases, before);
    EXPECT_EQ(report->cases, report->audit);
    while (written < before + 3) std::this_thread::yield();
  }
  stop = true;
  daemon.join();
}

TEST_F(Backup, ComesBackAndGoesOnWithCasesAndAuditChain) {
  add("c-1");
  ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
  add("c-2");
  store_.reset();
  const auto restored = restore();
  ASSERT_TRUE(restored) << inner(restored);
  EXPECT_EQ(restored->before, folder_.store().string() + ".before-now");
  EXPECT_EQ(restored_over(folder_.store()), 2) << "the log that is lost went further";
  forget_restored(folder_.store());
  EXPECT_EQ(restored_over(folder_.store()), std::nullopt);
  open();
  EXPECT_TRUE(store_->load("c-1"));
  EXPECT_EQ(reason(store_->load("c-2")), "not_found");
  add("c-3");
  EXPECT_THAT(store_->check_end({key_->public_key()}).value(), ::testing::IsEmpty());
  store_.reset();
  // What stood there is whole, too.
  const auto before = StoreReading::open(restored->before)->report();
  EXPECT_EQ(before->cases, 2);
}

TEST_F(Backup, ReplacesADamagedStoreAndKeepsIt) {
  add("c-1");
  ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
  store_.reset();
  std::ofstream(folder_.store(), std::ios::trunc) << std::string(8192, 'x');
  const auto restored = restore();
  ASSERT_TRUE(restored) << inner(restored);
  EXPECT_EQ(fs::file_size(restored->before), 8192U);
  open();
  EXPECT_TRUE(store_->load("c-1"));
}

TEST_F(Backup, BringsBackAStoreThatIsGone) {
  add("c-1");
  ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
  store_.reset();
  for (const auto* end : {"", "-wal", "-shm"}) fs::remove(folder_.store().string() + end);
  const auto restored = restore();
  ASSERT_TRUE(restored) << inner(restored);
  EXPECT_TRUE(restored->before.empty());
  open();
  EXPECT_TRUE(store_->load("c-1"));
}

TEST_F(Backup, ThatRootPutsBackBelongsToTheDaemonWithAllThatIsBesideIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  constexpr uid_t daemon = 65'534;
  add("c-1");
  ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
  store_.reset();
  for (const auto* end : {"", ".lock"}) fs::remove(folder_.store().string() + end);
  ASSERT_EQ(::chown(folder_.path().c_str(), daemon, daemon), 0);
  ASSERT_TRUE(restore());
  for (const auto* end : {"", ".lock"}) {
    struct stat status {};
    ASSERT_EQ(::stat((folder_.store().string() + end).c_str(), &status), 0) << end;
    EXPECT_EQ(status.st_uid, daemon) << end;
  }
}

// A copy is worth nothing to whoever finds it, and nothing to the city without its key.
// Root restores, and the folder is the daemon's.
// As a power cut leaves it: whole cases that nothing would tell of.
TEST_F(Backup, WhatACutOffRestoreHasLeftGoesWithTheNextStart) {
  add("c-1");
  store_.reset();
  for (const auto* suffix : {"", "-journal", "-wal", "-shm"})
    std::ofstream(folder_.store().string() + ".restoring" + suffix) << "of people";
  open();
  EXPECT_TRUE(store_->load("c-1"));
  for (const auto& name : files()) EXPECT_THAT(name, Not(HasSubstr("restoring")));
}

TEST_F(Backup, IsNotPutWhereALinkLeads) {
  add("c-1");
  ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
  store_.reset();
  fs::remove(folder_.store());
  const auto other = folder_.path() / "of-root";
  std::ofstream(other) << "precious";
  fs::create_symlink(other, folder_.store());
  const auto refused = restore();
  ASSERT_EQ(reason(refused), "conflict");
  EXPECT_THAT(inner(refused), HasSubstr("is a link"));
  std::string kept;
  std::ifstream(other) >> kept;
  EXPECT_EQ(kept, "precious");
}

TEST_F(Backup, NamesItsKeyAndDoesNotHoldIt) {
  auto change = a_change("c-1");
  change.record->body = R"({"name":"山田花子"})";
  ASSERT_TRUE(store_->commit(change));
  const auto report = back_up_sqlite(folder_.store(), copy());
  ASSERT_TRUE(report) << inner(report);
  EXPECT_EQ(report->keys, std::vector{a_key().id()});
  std::ifstream file(copy(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto key = a_key();
  const auto raw = key.reveal();
  EXPECT_EQ(bytes.find(std::string(raw.begin(), raw.end())), std::string::npos);
  EXPECT_EQ(bytes.find(key.to_text()), std::string::npos);
  EXPECT_EQ(bytes.find("山田花子"), std::string::npos);
  EXPECT_NE(bytes.find(key.id()), std::string::npos);
}

TEST_F(Backup, IsNotPutBackWithoutItsKey) {
  add("c-1");
  ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
  add("c-2");
  store_.reset();
  for (const auto* digits : {"", "2", "23"}) {
    const auto refused = restore_sqlite(copy(), folder_.store(), "now", a_ring(digits));
    ASSERT_FALSE(refused);
    EXPECT_EQ(trouble(refused), "sealed");
    const auto details = refused.error().details;
    EXPECT_EQ(details.at("keys"), boost::json::array({a_key().id()}));
  }
  open();
  EXPECT_TRUE(store_->load("c-2")) << "nothing was changed";
  store_.reset();
  const auto restored = restore_sqlite(copy(), folder_.store(), "now", a_ring("21"));
  ASSERT_TRUE(restored) << inner(restored);
  EXPECT_EQ(restored->report.keys, std::vector{a_key().id()});
}

TEST_F(Backup, DoesNotTouchAStoreThatADaemonHas) {
  add("c-1");
  ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
  add("c-2");
  EXPECT_EQ(reason(restore()), "conflict");
  EXPECT_TRUE(store_->load("c-2"));
}

// An entry that was changed stays changed: no reason to have no copy of the cases any more.
TEST_F(Backup, OfAStoreWhoseAuditLogIsNotWholeIsMadeAndPutBackAndSaysSo) {
  struct Case {
    const char* sql;
    audit::Problem flaw;
  };
  for (int i = 1; i <= 6; ++i) add("c-" + std::to_string(i));
  store_.reset();
  for (const auto& each :
       {Case{"DROP TRIGGER audit_never_changes; UPDATE audit SET line = replace(line, 'opened', 'opener') "
             "WHERE seq = 2",
             {audit::Flaw::altered, 2}},
        Case{"DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE seq = 4", {audit::Flaw::missing, 4}},
        Case{"DELETE FROM audit WHERE seq = 6", {audit::Flaw::truncated, 6}},
        Case{"PRAGMA ignore_check_constraints = 1; INSERT INTO audit VALUES (-5, '', 'x')",
             {audit::Flaw::altered, -5}}}) {
    by_hand(folder_.store(), each.sql);
    const auto report = back_up_sqlite(folder_.store(), copy());
    ASSERT_TRUE(report) << inner(report);
    EXPECT_THAT(report->audit_flaws, ::testing::Contains(each.flaw));
    for (const auto* end : {"", "-wal", "-shm"}) fs::remove(folder_.store().string() + end);
    const auto restored = restore();
    ASSERT_TRUE(restored) << inner(restored);
    EXPECT_EQ(restored->report.audit_flaws, report->audit_flaws);
    fs::remove(copy());
  }
  open();
  EXPECT_THAT(store_->check_end({key_->public_key()}).value(),
              ::testing::Contains(audit::Problem{audit::Flaw::truncated, 6}));
  EXPECT_TRUE(store_->load("c-6"));
}

// Where the log is not whole moves with what the daemon adds, and it begins elsewhere with what retention
// takes: the copy is compared with the store of the same moment.
TEST_F(Backup, OfALogThatIsNotWholeIsMadeWhileTheDaemonWritesAndPrunes) {
  const auto due = base::parse_time("2026-04-01T09:00:00+09:00").value();
  const auto young = due + std::chrono::days(40);
  const audit::Entry an_entry(young, audit::Kind::decision, "case.opened");
  Change change;
  change.audit.assign(2'000, audit::Entry(due, audit::Kind::decision, "case.opened"));
  change.audit.insert(change.audit.end(), 400, an_entry);
  ASSERT_TRUE(store_->commit(change));
  store_.reset();
  const auto line = audit::to_text({{999'999'999, std::string(64, 'a')}, an_entry});
  const auto sql =
      "DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE seq > 2000 AND seq % 2 = 0;"
      "INSERT INTO audit VALUES (1000000000, '', '" +
      line + "')";
  by_hand(folder_.store(), sql.c_str());
  open();
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread daemon([&] {
    for (int i = 0; !stop; ++i) {
      add("d-" + std::to_string(i));
      const auto gone = store_->prune_audit(due + std::chrono::days(1), young, 1);
      EXPECT_TRUE(gone && (*gone == 1 || i >= 2'000)) << inner(gone);
      ++written;
    }
  });
  for (int i = 0; i < 5; ++i) {
    const int before = written;
    const auto report = back_up_sqlite(folder_.store(), folder_.path() / ("copy" + std::to_string(i)));
    EXPECT_TRUE(report && !report->audit_flaws.empty()) << inner(report);
    while (written < before + 3) std::this_thread::yield();
  }
  stop = true;
  daemon.join();
}

TEST_F(Backup, RefusesACopyThatIsDamagedOrNewer) {
  for (int i = 0; i < 5; ++i) add("c-" + std::to_string(i));
  struct Case {
    const char* sql;
    const char* trouble;
  };
  for (const auto& each :
       {Case{"PRAGMA user_version = 99", "newer"}, Case{"PRAGMA application_id = 5", "not_a_store"},
        Case{"INSERT INTO case_parts VALUES ('x', 'y', x'00')", "damaged"}}) {
    if (!store_) open();
    ASSERT_TRUE(back_up_sqlite(folder_.store(), copy()));
    by_hand(copy(), each.sql);
    store_.reset();
    const auto restored = restore();
    ASSERT_FALSE(restored) << each.sql;
    EXPECT_EQ(trouble(restored), each.trouble) << each.sql;
    fs::remove(copy());
    EXPECT_EQ(StoreReading::open(folder_.store())->report()->cases, 5);
  }
  for (const auto& name : files()) EXPECT_THAT(name, ::testing::Not(HasSubstr("restoring")));
}

}  // namespace
}  // namespace madoguchi::storage
