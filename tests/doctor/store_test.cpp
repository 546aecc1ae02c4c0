// A store is broken in one way at a time.
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "../rights_of.hpp"
#include "../zeroed_page.hpp"
#include "storage/sqlite.hpp"
#include "support.hpp"

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;

storage::Keyring ring_of(char digit) {
  storage::Keyring ring;
  ring.keys.push_back(storage::SealingKey::from_text(std::string(64, digit)).value());
  return ring;
}

class StoreSeenFrom : public testing::Test {
 protected:
  void SetUp() override {
    auto store = storage::open_sqlite(path(), ring_);
    ASSERT_TRUE(store);
    (*store)->seal_with(key_, "window-1");
    for (int i = 0; i < 20; ++i) {
      storage::Change change;
      change.record = storage::CaseRecord{.id = "c-" + std::to_string(i), .state = "open", .body = "{}"};
      change.audit.emplace_back(base::Instant(std::chrono::seconds(1'000 + i)), audit::Kind::visit,
                                "case.opened");
      ASSERT_TRUE((*store)->commit(change));
    }
  }
  [[nodiscard]] fs::path path() const { return folder_.path() / "cases.db"; }
  std::vector<std::string> told() {
    Told told;
    seen_ = examine_store(setting_, told.tell());
    said_ = told.said;
    return told.all;
  }
  std::vector<std::string> as_service() {
    const tests::RightsOf service(tests::service_user);
    return told();
  }
  void by_hand(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  Folder folder_;
  storage::Keyring ring_ = ring_of('1');
  std::shared_ptr<const audit::SigningKey> key_ =
      std::make_shared<const audit::SigningKey>(audit::SigningKey::generate());
  StoreSetting setting_{path(),
                        "/etc/madoguchi/madoguchid.yaml",
                        [](const storage::CaseRecord&) { return std::string(); },
                        std::vector{key_->public_key()},
                        &ring_,
                        "/var/lib/madoguchi/store.key"};
  StoreSeen seen_;
  std::string said_;
};

TEST_F(StoreSeenFrom, IsWhole) {
  EXPECT_THAT(told(), ElementsAre("store_key.ok ok", "audit.ok ok", "store.ok ok"));
  ASSERT_EQ(seen_.recorded.size(), 20U);
  EXPECT_EQ(seen_.recorded.front().at, base::Instant(std::chrono::seconds(1'019)));
  EXPECT_TRUE(seen_.has_audit);
}

TEST_F(StoreSeenFrom, IsNotThereYetOrHasNoFolder) {
  setting_.path = folder_.path() / "other.db";
  EXPECT_THAT(told(), ElementsAre("store.absent ok"));
  setting_.path = "/nowhere/cases.db";
  EXPECT_THAT(told(), ElementsAre("store.no_folder wrong"));
}

// Every page and reference is whole, and nothing keeps the records any more.
TEST_F(StoreSeenFrom, HasOtherTablesThanAreMade) {
  by_hand("DROP TRIGGER journal_is_kept");
  EXPECT_THAT(told(), Contains("store.schema_changed wrong"));
  EXPECT_THAT(said_, testing::HasSubstr("trigger journal_is_kept: missing"));
  by_hand(
      "CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal WHEN 0 BEGIN SELECT RAISE(ABORT, ''); END;"
      "CREATE TRIGGER copied AFTER INSERT ON events BEGIN DELETE FROM probe; END;"
      "ALTER TABLE probe ADD COLUMN more TEXT");
  EXPECT_THAT(told(), Contains("store.schema_changed wrong"));
  for (const auto* what : {"trigger journal_is_kept: another than is made",
                           "trigger copied: none of this program's", "table probe: another than is made"})
    EXPECT_THAT(said_, testing::HasSubstr(what));
}

TEST_F(StoreSeenFrom, IsReadableForOthers) {
  ::chmod(path().c_str(), 0644);
  EXPECT_THAT(told(), Contains("store.mode wrong"));
}

// The store is sound in all of these, and whoever restored a backup over it would lose what came after that.
TEST_F(StoreSeenFrom, IsBarredFromTheDaemonInPart) {
  const auto folder = folder_.path();
  for (const auto& entry : fs::directory_iterator(folder)) tests::give_to(entry.path(), tests::service_user);
  tests::give_to(folder, tests::service_user);
  const auto barred_by = [&](const fs::path& file, mode_t mode) {
    struct stat before {};
    if (::stat(file.c_str(), &before) != 0)
      tests::give_to(folder_.write(file.filename().string(), ""), tests::service_user);
    ::chmod(file.c_str(), mode);
    const auto all = as_service();
    ::chmod(file.c_str(), fs::is_directory(file) ? 0700 : 0600);
    EXPECT_THAT(said_, testing::HasSubstr(file.string() + " "));
    EXPECT_THAT(said_, testing::Not(testing::HasSubstr("store restore")));
    return all;
  };
  EXPECT_THAT(as_service(), ElementsAre("store_key.ok ok", "audit.ok ok", "store.ok ok"));
  for (const auto* suffix : {"", "-wal", "-shm", ".lock"})
    EXPECT_THAT(barred_by(path().string() + suffix, 0), ElementsAre("store.unreadable wrong")) << suffix;
  EXPECT_THAT(barred_by(path(), 0400), ElementsAre("store.unreadable wrong"));
  EXPECT_THAT(barred_by(folder, 0500), ElementsAre("store.unreadable wrong"));
  EXPECT_THAT(barred_by(folder, 0), ElementsAre("store.unreadable wrong"));
}

TEST_F(StoreSeenFrom, IsKeptByAnotherProgram) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", nullptr, nullptr, nullptr),
      SQLITE_OK);
  EXPECT_THAT(told(), ElementsAre("store.busy wrong"));
  EXPECT_THAT(said_, testing::HasSubstr("fuser -v " + path().string()));
  sqlite3_close(other);
  EXPECT_THAT(told(), Contains("store.ok ok"));
}

TEST_F(StoreSeenFrom, HasSomethingElseInThePlaceOfAFileOfIts) {
  for (const auto* suffix : {".lock", "-shm", "-wal"}) {
    const fs::path place = path().string() + suffix;
    fs::remove(place);
    fs::create_directory(place);
    EXPECT_THAT(told(), ElementsAre("file.of_other_kind wrong")) << suffix;
    fs::remove(place);
    fs::create_symlink("/nowhere", place);
    EXPECT_THAT(told(), ElementsAre("file.of_other_kind wrong")) << suffix;
    EXPECT_THAT(said_, testing::HasSubstr("a symbolic link"));
    fs::remove(place);
  }
  EXPECT_THAT(told(), Contains("store.ok ok"));
}

TEST_F(StoreSeenFrom, IsOnADiskThatIsNotMounted) {
  fs::rename(path(), folder_.path() / "away.db");
  fs::create_symlink(folder_.path() / "disk" / "cases.db", path());
  setting_.expected = true;
  EXPECT_THAT(told(), ElementsAre("store.link_broken wrong"));
  EXPECT_THAT(said_, testing::HasSubstr("Restore no backup"));
}

TEST_F(StoreSeenFrom, IsOnADiskThatTakesNothingMore) {
  ASSERT_NE(::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit nothing{0, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &nothing);
  const auto all = told();
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(all, ElementsAre("store.disk wrong"));
  EXPECT_THAT(said_, testing::HasSubstr("restore no backup"));
  EXPECT_THAT(told(), ElementsAre("store_key.ok ok", "audit.ok ok", "store.ok ok"));
}

TEST_F(StoreSeenFrom, IsGoneOrEmptyWhereItsKeyStillIs) {
  fs::remove(path());
  EXPECT_THAT(told(), ElementsAre("store.absent ok"));
  setting_.expected = true;
  EXPECT_THAT(told(), ElementsAre("store.lost wrong"));
  EXPECT_THAT(said_, testing::HasSubstr("store restore"));
  folder_.write("cases.db", "");
  EXPECT_THAT(told(), ElementsAre("store.lost wrong"));
  setting_.expected = false;
  EXPECT_THAT(told(), ElementsAre("store.absent ok"));
  fs::remove(path());
  fs::create_directory(path());
  EXPECT_THAT(told(), ElementsAre("store.not_a_store wrong"));
}

// What SQLite says of it holds the byte itself, which is no UTF-8.
TEST_F(StoreSeenFrom, HasAByteOfItsTablesNamesOverwritten) {
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto at = whole.find("sqlite_autoindex_case");
  ASSERT_NE(at, std::string::npos);
  file.seekp(static_cast<std::streamoff>(at) + 17);
  file << '\x9c';
  file.close();
  EXPECT_THAT(told(), ElementsAre("store.damaged wrong"));
  EXPECT_THAT(said_, testing::HasSubstr("sqlite_autoindex_?ase"));
}

TEST_F(StoreSeenFrom, IsOverwritten) {
  std::ofstream(path(), std::ios::trunc) << std::string(8192, 'x');
  EXPECT_THAT(told(), ElementsAre("store.damaged wrong"));
}

TEST_F(StoreSeenFrom, HasAPageOverwritten) {
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096L * 2);
  file << std::string(4096UL * 3, '\x5a');
  file.close();
  EXPECT_THAT(told(), ElementsAre("store.damaged wrong"));
}

TEST_F(StoreSeenFrom, IsOfANewerProgramOrOfAnother) {
  by_hand("PRAGMA user_version = 99");
  EXPECT_THAT(told(), ElementsAre("store.newer wrong"));
  by_hand("PRAGMA application_id = 1");
  EXPECT_THAT(told(), ElementsAre("store.not_a_store wrong"));
}

TEST_F(StoreSeenFrom, HasAnAuditEntryAlteredOrCutOff) {
  by_hand(
      "DROP TRIGGER audit_never_changes; UPDATE audit SET line = replace(line, 'opened', 'closed') WHERE seq "
      "= 3");
  EXPECT_THAT(told(), Contains("audit.chain_damaged wrong"));
}

// The clock is judged all the same.
TEST_F(StoreSeenFrom, HasLostAPageOfItsAuditLog) {
  tests::zero_page_with(path(), R"({"seq":1,)");
  EXPECT_THAT(told(), ElementsAre("store.damaged wrong"));
  ASSERT_FALSE(seen_.recorded.empty());
  EXPECT_EQ(seen_.recorded.front().at, base::Instant(std::chrono::seconds(1'019)));
}

TEST_F(StoreSeenFrom, HasItsAuditLogCutOff) {
  by_hand("DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE seq > 15");
  EXPECT_THAT(told(), Contains("audit.chain_damaged wrong"));
}

// Somebody without the key has put a head of their own there, and a start has gone on from it.
TEST_F(StoreSeenFrom, HasALogThatNobodyVouchesFor) {
  by_hand("UPDATE audit_marks SET line = replace(line, '\"key\":\"', '\"key\":\"00')");
  for (int start = 0; start < 3; ++start) {
    auto store = storage::open_sqlite(path(), ring_);
    ASSERT_TRUE(store);
    (*store)->seal_with(key_, "window-1");
    ASSERT_FALSE((*store)->check_end({key_->public_key()}).value().empty());
    storage::Change change;
    change.audit.emplace_back(base::Instant(std::chrono::seconds(2'000)), audit::Kind::daemon,
                              "daemon.started");
    ASSERT_TRUE((*store)->commit(change));
    store->reset();
    EXPECT_THAT(told(), Contains("audit.unproven wrong"));
    EXPECT_THAT(said_, testing::HasSubstr("audit entries 1 to 20"));
  }
}

TEST_F(StoreSeenFrom, IsSignedWithAnotherKey) {
  setting_.keys = std::vector{audit::SigningKey::generate().public_key()};
  EXPECT_THAT(told(), Contains("audit.unknown_key wrong"));
  setting_.keys.reset();
  EXPECT_THAT(told(), Contains("audit.ok ok"));
}

TEST_F(StoreSeenFrom, IsSealedWithAKeyThatIsNotThere) {
  setting_.unreadable = [](const storage::CaseRecord&) { return std::string("never asked"); };
  const auto other = ring_of('2');
  setting_.ring = &other;
  EXPECT_THAT(told(), ElementsAre("store_key.lost wrong", "audit.ok ok", "store.ok ok"));
  const storage::Keyring none;
  setting_.ring = &none;
  EXPECT_THAT(told(), ElementsAre("store_key.lost wrong", "audit.ok ok", "store.ok ok"));
  setting_.ring = nullptr;
  EXPECT_THAT(told(), ElementsAre("audit.ok ok", "store.ok ok")) << "why has been told";
}

TEST_F(StoreSeenFrom, HoldsAValueThatDoesNotOpen) {
  by_hand("UPDATE events SET data = x'00'; UPDATE cases SET body = zeroblob(60) WHERE id = 'c-3'");
  EXPECT_THAT(told(), Contains("store.unopened wrong"));
}

TEST_F(StoreSeenFrom, HoldsACaseThatCannotBeRead) {
  setting_.unreadable = [](const storage::CaseRecord& record) {
    return record.id == "c-7" || record.id == "c-9" ? std::string("broken") : std::string();
  };
  EXPECT_THAT(told(), Contains("store.undecodable wrong"));
  EXPECT_THAT(said_, testing::AllOf(testing::HasSubstr("c-7, c-9"), testing::HasSubstr("--beside")));
  by_hand(
      "INSERT INTO cases SELECT 'd-9', revision, state, card, card_key, opened_at, updated_at, body FROM "
      "cases "
      "WHERE id = 'c-9'");
  setting_.unreadable = [](const storage::CaseRecord&) { return std::string("broken"); };
  EXPECT_THAT(told(), Contains("store.undecodable wrong"));
  EXPECT_THAT(said_, testing::AllOf(testing::HasSubstr("21 stored cases"), testing::HasSubstr("c-9, ..."),
                                    testing::Not(testing::HasSubstr("d-9"))));
}

}  // namespace
}  // namespace madoguchi::doctor
