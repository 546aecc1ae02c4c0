#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "audit/statement.hpp"
#include "faulty_disk.hpp"
#include "support.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::HasSubstr;

// Case n exists whole, i.e. with its two journal lines and its event of the same number.
bool is_whole(CaseStore& store, std::int64_t n) {
  const auto id = "c-" + std::to_string(n);
  const auto record = store.load(id);
  const auto journal = store.journal(id);
  const auto event = store.events(n - 1, {}, 1);
  return record && journal && journal->size() == 2 && event && event->size() == 1 && event->at(0).seq == n &&
         event->at(0).case_id == id;
}

Change nth_change(std::int64_t n) {
  auto change = a_change("c-" + std::to_string(n));
  change.journal.push_back(a_line("more"));
  change.events[0].case_id = change.record->id;
  change.audit = {audit::Entry(at(5), audit::Kind::decision, "case.opened")};
  change.audit[0].put(audit::Field::visit, change.record->id);
  return change;
}

// One entry a case, chained without a gap to an end that is known.
bool audit_is_whole(Store& store, std::int64_t count) {
  audit::Verifier verifier({});
  verifier.begin_store({});
  const auto rows = store.audit_entries(0, {}, 10'000);
  if (!rows) return false;
  for (const auto& row : *rows) verifier.entry(row.line, row.seq);
  const auto head = audit::read_statement(store.audit_marks().value().head);
  return verifier.problems().empty() && verifier.last() == count && head && head->place.seq == count;
}

// Opens the store, commits case after case and tells each commit's number once it was acknowledged, until it
// is killed at its n-th write, truncation or sync.
[[noreturn]] void commit_until_killed(const std::filesystem::path& path, int acknowledge, int n) {
  FaultyDisk disk;
  disk.kill_at(n);
  const auto store = must_open(path);
  for (std::int64_t number = store->last_event().value() + 1;; ++number) {
    if (!store->commit(nth_change(number))) ::_exit(1);
    if (::write(acknowledge, &number, sizeof number) != sizeof number) ::_exit(2);
  }
}

// One store, killed again and again, each time one write later, its first opening included.
TEST(Durability, WhatWasAcknowledgedSurvivesKill9) {
  Folder folder;
  std::int64_t acknowledged = 0;
  std::int64_t unacknowledged = 0;
  for (int n = 0; n < 80; ++n) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      commit_until_killed(folder.store(), ends[1], n);
    }
    ::close(ends[1]);
    std::int64_t number = 0;
    while (::read(ends[0], &number, sizeof number) == ssize_t{sizeof number}) acknowledged = number;
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;

    const auto store = must_open(folder.store());
    const auto last = store->last_event().value();
    EXPECT_GE(last, acknowledged);
    EXPECT_LE(last, acknowledged + 1);  // one may have been committed and not yet told
    unacknowledged += last - acknowledged;
    acknowledged = last;
    for (std::int64_t i = 1; i <= last; ++i) ASSERT_TRUE(is_whole(*store, i)) << i << " of " << last;
    EXPECT_EQ(reason(store->load("c-" + std::to_string(last + 1))), "not_found");
    EXPECT_TRUE(last == 0 || audit_is_whole(*store, last));
  }
  EXPECT_GT(acknowledged, 100);
  EXPECT_GT(unacknowledged, 0);  // else the kills hit too few places
}

// A disk that keeps nothing but what it was told to sync loses power after every single commit.
TEST(Durability, WhatWasAcknowledgedSurvivesAPowerCut) {
  Folder folder;
  Folder mirror;
  FaultyDisk disk;
  disk.mirror_synced_into(mirror.path());
  const auto store = must_open(folder.store());
  for (std::int64_t n = 1; n <= 300; ++n) {
    auto change = nth_change(n);
    // Large enough that the log is written back into the main file some times on the way.
    change.record->body = "\"" + std::string(20000, 'x') + "\"";
    ASSERT_TRUE(store->commit(change));
    if (n % 10 != 0 && n > 10) continue;
    Folder after;
    for (const char* suffix : {"", "-wal"}) {
      const auto name = mirror.store().string() + suffix;
      if (std::filesystem::exists(name)) std::filesystem::copy_file(name, after.store().string() + suffix);
    }
    const auto survivor = must_open(after.store());
    ASSERT_EQ(survivor->last_event().value(), n);
    for (std::int64_t i = std::max<std::int64_t>(1, n - 10); i <= n; ++i)
      ASSERT_TRUE(is_whole(*survivor, i)) << i;
  }
}

class Refusal : public ::testing::TestWithParam<std::pair<int, const char*>> {};

// The disk refuses from the n-th write or sync on, for every n: the commit says so, nothing is left of it,
// and the same change succeeds once the disk works again.
TEST_P(Refusal, LeavesNothingBehindAndMayBeTriedAgain) {
  const auto [code, expected] = GetParam();
  Folder folder;
  FaultyDisk disk;
  auto store = must_open(folder.store());
  std::int64_t done = 0;
  int refused = 0;
  for (int n = 0; n < 20; ++n) {
    const auto change = nth_change(done + 1);
    disk.fail_from(n, code);
    const auto tried = store->commit(change);
    if (!disk.has_failed()) break;
    if (!tried) {
      ++refused;
      EXPECT_EQ(reason(tried), expected) << n;
      EXPECT_EQ(reason(store->health()), expected);
      EXPECT_EQ(store->last_event().value(), done) << n;
      EXPECT_EQ(reason(store->load(change.record->id)), "not_found");
      disk.work_again();
      ASSERT_TRUE(store->health());
      ASSERT_TRUE(store->commit(change)) << n;
    }
    disk.work_again();
    ++done;
  }
  disk.work_again();
  EXPECT_GT(refused, 2);
  store.reset();
  store = must_open(folder.store());
  EXPECT_GE(store->last_event().value(), done);
  for (std::int64_t i = 1; i <= done; ++i) EXPECT_TRUE(is_whole(*store, i)) << i;
}

INSTANTIATE_TEST_SUITE_P(Disk, Refusal,
                         ::testing::Values(std::pair(SQLITE_FULL, "storage.full"),
                                           std::pair(SQLITE_IOERR_WRITE, "storage.unavailable"),
                                           std::pair(SQLITE_IOERR_FSYNC, "storage.unavailable"),
                                           std::pair(SQLITE_READONLY, "storage.unavailable")),
                         [](const auto& given) { return "Code" + std::to_string(given.param.first); });

// No simulation: the kernel itself refuses to let the files grow.
TEST(Durability, AFullDiskIsSaidAndNothingIsLost) {
  Folder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const auto store = must_open(folder.store());
    if (!store->commit(nth_change(1))) ::_exit(1);
    if (::signal(SIGXFSZ, SIG_IGN) == SIG_ERR) ::_exit(1);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 300UL * 1024;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::int64_t n = 2;
    while (n < 10000) {
      const auto done = store->commit(nth_change(n));
      if (!done) {
        if (done.error().code != base::Code::storage_full) ::_exit(2);
        break;
      }
      ++n;
    }
    if (store->last_event().value() != n - 1) ::_exit(3);
    if (reason(store->load("c-" + std::to_string(n))) != "not_found") ::_exit(4);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(store->commit(nth_change(n)) ? 0 : 5);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  const auto store = must_open(folder.store());
  const auto last = store->last_event().value();
  EXPECT_GT(last, 5);
  for (std::int64_t i = 1; i <= last; ++i) EXPECT_TRUE(is_whole(*store, i)) << i;
}

TEST(Durability, AFileTakenAwayIsNoticedBeforeAnythingIsAcknowledged) {
  Folder folder;
  const auto store = must_open(folder.store());
  ASSERT_TRUE(store->commit(nth_change(1)));
  std::filesystem::rename(folder.store(), folder.path() / "elsewhere.db");
  const auto done = store->commit(nth_change(2));
  EXPECT_EQ(reason(done), "storage.unavailable");
  EXPECT_THAT(inner(done), HasSubstr("moved"));
  EXPECT_EQ(reason(store->health()), "storage.unavailable");
  std::filesystem::rename(folder.path() / "elsewhere.db", folder.store());
  EXPECT_TRUE(store->commit(nth_change(2)));
}

}  // namespace
}  // namespace madoguchi::storage
