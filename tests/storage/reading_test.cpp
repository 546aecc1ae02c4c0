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
      audit::Entry opened(at(i), audit::Kind::decision, "case.opened");
      change.audit.push_back(opened.put(audit::Field::visit, change.record->id));
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
  static std::vector<base::Instant> times(const std::vector<Recorded>& recorded) {
    std::vector<base::Instant> all;
    all.reserve(recorded.size());
    for (const auto& each : recorded) all.push_back(each.at);
    return all;
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
  EXPECT_EQ(found.keys, std::vector{a_key().id()});
  int seen = 0;
  ASSERT_TRUE(reading->unseal_with(a_ring()));
  ASSERT_TRUE(reading->each_case([&](const CaseRecord& record) {
    ++seen;
    EXPECT_EQ(record.parts.size(), 1U);
    EXPECT_EQ(record.body, R"({"a":1})");
  }));
  EXPECT_EQ(seen, 40);
  EXPECT_EQ(reading->states().value(), (std::map<std::string, std::int64_t>{{"open", 40}}));
  EXPECT_THAT(reading->damaged_values().value(), IsEmpty());
  audit::Verifier verifier({key_->public_key()});
  ASSERT_TRUE(reading->check_audit(verifier));
  EXPECT_EQ(verifier.flaws(), 0);
  EXPECT_EQ(verifier.entries(), 40);
}

TEST_F(Reading, TellsWhenTheNewestEntriesWereMade) {
  auto reading = StoreReading::open(folder_.store());
  EXPECT_EQ(times(reading->recorded_times(3).value()), (std::vector{at(39), at(38), at(37)}));
  EXPECT_EQ(reading->recorded_times(100).value().size(), 40U);
  by_hand(
      "DROP TRIGGER audit_never_changes; UPDATE audit SET line = 'no line' WHERE seq = 39; "
      "UPDATE audit SET line = '{\"at\":7}' WHERE seq = 38");
  auto again = StoreReading::open(folder_.store());
  EXPECT_EQ(times(again->recorded_times(3).value()), std::vector{at(39)})
      << "what cannot be read is passed over";
}

TEST_F(Reading, TellsWhichOfThemSomebodyHadMade) {
  const base::Actor clerk{.uid = 0, .role = "clerk"};
  Change change;
  change.audit.emplace_back(at(40), audit::Kind::visit, "case.completed").by(clerk);
  change.audit.emplace_back(at(41), audit::Kind::policy, "policy.reloaded").by(clerk);
  change.audit.emplace_back(at(42), audit::Kind::daemon, "daemon.started");
  ASSERT_TRUE(store_->commit(change));
  std::vector<bool> by_people;
  for (const auto& each : StoreReading::open(folder_.store())->recorded_times(4).value())
    by_people.push_back(each.by_a_person);
  EXPECT_THAT(by_people, testing::ElementsAre(false, false, true, false));
}

TEST_F(Reading, FindsAPageThatWasOverwritten) {
  store_.reset();
  {
    std::fstream file(folder_.store(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096L * 24);  // behind the tables' descriptions
    file << std::string(4096UL * 4, '\x5a');
  }
  EXPECT_FALSE(report().damage.empty());
}

// Without the key it counts, and says of nobody anything.
TEST_F(Reading, NeedsTheKeysForWhatIsSaidOfPeople) {
  auto reading = StoreReading::open(folder_.store());
  EXPECT_EQ(reading->report()->cases, 40);
  EXPECT_EQ(reading->states().value().at("open"), 40);
  EXPECT_FALSE(reading->each_case([](const CaseRecord&) { FAIL(); }));
  EXPECT_FALSE(reading->damaged_values());
  for (const auto* digits : {"", "2"}) {
    const auto refused = reading->unseal_with(a_ring(digits));
    ASSERT_FALSE(refused);
    const auto fault = refused.error();
    EXPECT_EQ(fault.details.at("trouble"), "sealed");
    EXPECT_EQ(fault.details.at("keys"), boost::json::array({a_key().id()}));
  }
  ASSERT_TRUE(reading->unseal_with(a_ring("21")));
  EXPECT_TRUE(reading->each_case([](const CaseRecord& record) { EXPECT_EQ(record.body, R"({"a":1})"); }));
}

TEST_F(Reading, CountsTheValuesThatDoNotOpen) {
  by_hand("DROP TRIGGER journal_keeps_its_text");
  by_hand(
      "UPDATE journal SET body = CAST(body || x'00' AS BLOB) WHERE case_id IN "
      "('c-1', 'c-2')");
  by_hand(
      "UPDATE case_parts SET body = (SELECT body FROM case_parts WHERE case_id = 'c-4') WHERE case_id = "
      "'c-3'");
  by_hand("UPDATE cases SET body = x'' WHERE id = 'c-5'");
  auto reading = StoreReading::open(folder_.store());
  ASSERT_TRUE(reading->unseal_with(a_ring()));
  EXPECT_EQ(
      reading->damaged_values().value(),
      (std::map<std::string, std::int64_t>{{"case_parts.body", 1}, {"cases.body", 1}, {"journal.body", 2}}));
  int empty = 0;
  ASSERT_TRUE(reading->each_case([&](const CaseRecord& record) {
    if (record.body.empty() || record.parts.at("/facts").empty()) ++empty;
  }));
  EXPECT_EQ(empty, 2);
}

// They are the log's own to tell, and as many as anybody puts there hide nothing that a copy would mend.
TEST_F(Reading, FindsDamageBehindRowsOfTheLogThatAreNone) {
  for (const int rows : {1, 20, 300}) {
    const auto sql =
        "PRAGMA ignore_check_constraints = 1; DELETE FROM audit WHERE seq < 1; WITH RECURSIVE n(i) AS "
        "(SELECT "
        "0 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(rows - 1) + ") INSERT INTO audit SELECT -i, '', 'x' FROM n";
    if (rows == 1) by_hand("DROP TRIGGER audit_is_kept");
    by_hand(sql.c_str());
    EXPECT_THAT(report().damage, IsEmpty()) << rows;
  }
  by_hand("PRAGMA ignore_check_constraints = 1; UPDATE cases SET revision = -5 WHERE id = 'c-3'");
  EXPECT_THAT(report().damage, testing::ElementsAre(HasSubstr("cases")));
}

TEST_F(Reading, FindsAReferenceIntoNothing) {
  by_hand("INSERT INTO case_parts VALUES ('nobody', '/facts', x'00')");
  ASSERT_EQ(report().damage.size(), 1U);
  EXPECT_THAT(report().damage[0], HasSubstr("case_parts"));
}

TEST_F(Reading, WhoseTablesCannotBeReadIsDamagedAndNoOtherFile) {
  store_.reset();
  {
    std::fstream file(folder_.store(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(4096UL * 6, '\x5a');
  }
  EXPECT_EQ(trouble(), "damaged");
}

TEST_F(Reading, FindsAnAuditEntryThatWasTakenOut) {
  by_hand("DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE seq = 7");
  auto reading = StoreReading::open(folder_.store());
  audit::Verifier verifier({key_->public_key()});
  ASSERT_TRUE(reading->check_audit(verifier));
  ASSERT_EQ(verifier.problems().size(), 2U);
  EXPECT_EQ(verifier.problems()[0], (audit::Problem{audit::Flaw::missing, 7}));
  EXPECT_EQ(verifier.problems()[1].flaw, audit::Flaw::unaccounted) << "the opening of its case";
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
