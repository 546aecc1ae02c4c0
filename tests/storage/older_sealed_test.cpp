// Stores of before are sealed when they are opened, whole or not at all.
#include <sys/wait.h>
#include <unistd.h>

#include "faulty_disk.hpp"
#include "planted.hpp"
#include "storage/reading.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class OlderStore : public SealedStore, public ::testing::WithParamInterface<int> {
 protected:
  void make() {
    const auto name = FIXTURES "/version_" + std::to_string(GetParam()) + ".sql";
    Plain hand(folder_.store());
    hand.run(bytes_of(name));
    // As a daemon that was killed would leave it: still in the log, too.
    hand.run("PRAGMA journal_mode = WAL; UPDATE cases SET body = '{\"facts\":\"" + planted[0] +
             "\"}', card = '" + planted[1] + "'");
    hand.keep_log();
    ASSERT_THAT(found_in(folder_.path(), {planted[0], planted[1]}), Not(IsEmpty()));
  }
  void expect_whole(Store& store) {
    const auto record = store.load("c-old").value();
    EXPECT_THAT(record.body, HasSubstr(planted[0]));
    EXPECT_EQ(record.card, planted[1]);
    EXPECT_EQ(store.journal("c-old").value().size(), 2U);
    EXPECT_EQ(store.last_event().value(), 3);
  }
};

TEST_P(OlderStore, IsSealedWhenItIsOpened) {
  make();
  const std::vector<std::string> plain{planted[0], planted[1], "key.made\":", "本庁"};
  auto store = must_open(folder_.store());
  EXPECT_THAT(found_in(folder_.path(), plain), IsEmpty());
  expect_whole(*store);
  ListQuery of_card;
  of_card.card = planted[1];
  EXPECT_EQ(store->list(of_card).value().records.size(), 2U);
  store.reset();
  EXPECT_THAT(found_in(folder_.path(), plain), IsEmpty());
  EXPECT_THAT(StoreReading::open(folder_.store())->changed_schema().value(), IsEmpty())
      << "as if it had been new";
}

INSTANTIATE_TEST_SUITE_P(Versions, OlderStore, ::testing::Values(1, 2, 3, 4, 5));

class OldStore : public OlderStore {};

// Killed at each write in turn: it is an older store, whole, or a sealed one, whole.
TEST_P(OldStore, IsSealedWholeOrNotAtAll) {
  make();
  Folder kept;
  for (const char* suffix : {"", "-wal"})
    std::filesystem::copy_file(folder_.store().string() + suffix, kept.store().string() + suffix);
  for (int n = 0;; n += 3) {
    for (const char* suffix : {"-shm", ".lock"}) std::filesystem::remove(folder_.store().string() + suffix);
    for (const char* suffix : {"", "-wal"})
      std::filesystem::copy_file(kept.store().string() + suffix, folder_.store().string() + suffix,
                                 std::filesystem::copy_options::overwrite_existing);
    const pid_t child = ::fork();
    if (child == 0) {
      FaultyDisk disk;
      disk.kill_at(n);
      ::_exit(open_sqlite(folder_.store()) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    auto store = must_open(folder_.store());
    expect_whole(*store);
    EXPECT_THAT(found_in(folder_.path(), {planted[0], planted[1], "本庁"}), IsEmpty()) << n;
    store.reset();
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      EXPECT_GT(n, 10);
      break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, OldStore, ::testing::Values(5));

}  // namespace
}  // namespace madoguchi::storage
