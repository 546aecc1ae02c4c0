// What a look from beside says of a store that is whole, and of each way in which it is not.
#include "storage/reading.hpp"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "support.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Reading : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = must_open(folder_.store());
    store_->seal_with(key_, "window-1");
    for (int i = 0; i < 40; ++i) {
      auto change = a_change("c-" + std::to_string(i));
      change.record->parts = {{"/facts", std::string(2'000, 'f')}};
      change.audit.emplace_back(at(i), audit::Kind::visit, "case.opened");
      ASSERT_TRUE(store_->commit(change));
    }
  }
  void by_hand(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.store().c_str(), &handle), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_free(error);
    sqlite3_close(handle);
  }
  std::string trouble() {
    const auto opened = StoreReading::open(folder_.store());
    if (opened) return {};
    const auto fault = opened.error();
    return std::string(fault.details.at("trouble").as_string());
  }
  StoreReport report() {
    auto opened = StoreReading::open(folder_.store());
    if (!opened) throw std::runtime_error(base::describe(opened.error()));
    return opened->report().value();
  }

  Folder folder_;
  std::shared_ptr<const audit::SigningKey> key_ =
      std::make_shared<const audit::SigningKey>(audit::SigningKey::generate());
  std::unique_ptr<Store> store_;
};

TEST_F(Reading, SeesAllOfAStoreThatIsAtWork) {
  auto reading = StoreReading::open(folder_.store());
  ASSERT_TRUE(reading) << inner(reading);
  ASSERT_TRUE(store_->commit(a_change("later")));  // it keeps nobody from writing, and sees one moment
  const auto found = reading->report().value();
  EXPECT_THAT(found.damage, IsEmpty());
  EXPECT_EQ(found.cases, 40);
  EXPECT_EQ(found.journal, 40);
  EXPECT_EQ(found.audit, 40);
  EXPECT_EQ(found.version, found.newest);
  int seen = 0;
  ASSERT_TRUE(reading->each_case([&](const CaseRecord& record) {
    ++seen;
    EXPECT_EQ(record.parts.size(), 1U);
    EXPECT_EQ(record.body, R"({"a":1})");
  }));
  EXPECT_EQ(seen, 40);
  EXPECT_EQ(reading->states().value(), (std::map<std::string, std::int64_t>{{"open", 40}}));
  int lines = 0;
  ASSERT_TRUE(reading->each_journal([&](const std::string& id, const JournalRecord& line) {
    ++lines;
    EXPECT_TRUE(id.starts_with("c-"));
    EXPECT_EQ(line.kind, "case.opened");
  }));
  EXPECT_EQ(lines, 40);
  audit::Verifier verifier({key_->public_key()});
  ASSERT_TRUE(reading->check_audit(verifier));
  EXPECT_EQ(verifier.flaws(), 0);
  EXPECT_EQ(verifier.entries(), 40);
}

TEST_F(Reading, FindsAPageThatWasOverwritten) {
  store_.reset();
  {
    std::fstream file(folder_.store(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 3);
    file << std::string(4096 * 4, '\x5a');
  }
  EXPECT_FALSE(report().damage.empty());
}

TEST_F(Reading, FindsAReferenceIntoNothing) {
  by_hand("INSERT INTO case_parts VALUES ('nobody', '/facts', '{}')");
  ASSERT_EQ(report().damage.size(), 1U);
  EXPECT_THAT(report().damage[0], HasSubstr("case_parts"));
}

TEST_F(Reading, FindsAnAuditEntryThatWasTakenOut) {
  by_hand("DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE seq = 7");
  auto reading = StoreReading::open(folder_.store());
  audit::Verifier verifier({key_->public_key()});
  ASSERT_TRUE(reading->check_audit(verifier));
  ASSERT_EQ(verifier.problems().size(), 1U);
  EXPECT_EQ(verifier.problems()[0], (audit::Problem{audit::Flaw::missing, 7}));
}

TEST_F(Reading, TellsWhatIsNoStoreFromWhatIsDamagedAndFromWhatIsNewer) {
  by_hand("PRAGMA user_version = 99");
  EXPECT_EQ(trouble(), "newer");
  by_hand("PRAGMA application_id = 1");
  EXPECT_EQ(trouble(), "not_a_store");
  store_.reset();
  std::ofstream(folder_.store(), std::ios::trunc) << std::string(8192, 'x');
  EXPECT_EQ(trouble(), "damaged");
  std::filesystem::remove(folder_.store());
  EXPECT_EQ(trouble(), "unreadable");
}

TEST_F(Reading, SaysThatItMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  ::chmod(folder_.store().c_str(), 0);
  EXPECT_EQ(trouble(), "unreadable");
}

TEST_F(Reading, LeavesEveryByteAsItIs) {
  store_.reset();
  by_hand("PRAGMA wal_autocheckpoint = 0; UPDATE probe SET count = count + 1");
  std::ifstream before(folder_.store(), std::ios::binary);
  const std::string was{std::istreambuf_iterator<char>(before), {}};
  static_cast<void>(report());
  std::ifstream after(folder_.store(), std::ios::binary);
  EXPECT_EQ(was, std::string(std::istreambuf_iterator<char>(after), {}));
}

}  // namespace
}  // namespace madoguchi::storage
