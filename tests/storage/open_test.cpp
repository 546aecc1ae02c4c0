#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include "faulty_disk.hpp"
#include "plain.hpp"
#include "sqlite/migrations.hpp"
#include "support.hpp"

namespace madoguchi::storage {
namespace {

using ::testing::HasSubstr;

mode_t mode(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::filesystem::path beside(const std::filesystem::path& store, const char* suffix) {
  return store.string() + suffix;
}

TEST(Open, OnlyTheOwnerReads) {
  Folder folder;
  const auto old_mask = ::umask(0);
  const auto store = must_open(folder.store());
  ASSERT_TRUE(store->commit(a_change("c-1")));
  ::umask(old_mask);
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    EXPECT_EQ(mode(beside(folder.store(), suffix)), 0600U) << suffix;
  }
}

TEST(Open, AFileThatOthersCouldReadIsClosedToThem) {
  Folder folder;
  must_open(folder.store()).reset();
  ASSERT_EQ(::chmod(folder.store().c_str(), 0666), 0);
  const auto store = must_open(folder.store());
  EXPECT_EQ(mode(folder.store()), 0600U);
}

TEST(Open, SaysWhatIsWrongWithThePlace) {
  Folder folder;
  EXPECT_EQ(reason(open_sqlite(folder.path() / "no" / "cases.db")), "storage.unavailable");
  const auto directory = open_sqlite(folder.path());
  EXPECT_EQ(reason(directory), "storage.unavailable");
}

TEST(Open, RefusesWhatIsNoDatabase) {
  Folder folder;
  const std::string text(5000, 'x');
  std::ofstream(folder.store()) << text;
  EXPECT_EQ(reason(open_sqlite(folder.store())), "storage.unavailable");
  EXPECT_EQ(content(folder.store()), text);
}

TEST(Open, RefusesAnotherProgramsDatabaseAndLeavesItAlone) {
  for (const char* sql :
       {"CREATE TABLE theirs (x)", "PRAGMA application_id = 7", "PRAGMA user_version = 3"}) {
    Folder folder;
    Plain(folder.store()).run(std::string(sql) + "; CREATE TABLE more (x)");
    const auto before = content(folder.store());
    const auto opened = open_sqlite(folder.store());
    EXPECT_EQ(reason(opened), "storage.unavailable");
    EXPECT_THAT(inner(opened), HasSubstr("not a case store"));
    EXPECT_EQ(content(folder.store()), before);
  }
}

TEST(Open, RefusesANewerStoreAndLeavesItAlone) {
  Folder folder;
  must_open(folder.store())->commit(a_change("c-1")).value();
  Plain(folder.store()).run("PRAGMA user_version = 4711");
  const auto before = content(folder.store());
  const auto opened = open_sqlite(folder.store());
  EXPECT_EQ(reason(opened), "storage.unavailable");
  EXPECT_THAT(inner(opened), HasSubstr("version 4711"));
  EXPECT_THAT(inner(opened), HasSubstr("a newer program made it"));
  EXPECT_EQ(content(folder.store()), before);
}

TEST(Open, RefusesADamagedStore) {
  Folder folder;
  must_open(folder.store())->commit(a_change("c-1")).value();
  std::filesystem::resize_file(folder.store(), 4096);
  EXPECT_EQ(reason(open_sqlite(folder.store())), "storage.unavailable");
}

TEST(Open, OneDaemonAtATime) {
  Folder folder;
  auto store = must_open(folder.store());
  const auto link = folder.path() / "link.db";
  std::filesystem::create_symlink(folder.store(), link);
  for (const auto& name : {folder.store(), link, folder.path() / "." / "cases.db"}) {
    const auto second = open_sqlite(name);
    EXPECT_EQ(reason(second), "storage.unavailable") << name;
    EXPECT_THAT(inner(second), HasSubstr("in use by another daemon"));
  }
  // The refused ones must not have loosened the first one's hold or its file.
  EXPECT_TRUE(store->commit(a_change("c-1")));
  store.reset();
  EXPECT_TRUE(must_open(link)->load("c-1"));
}

TEST(Open, OneDaemonAtATimeAcrossProcesses) {
  Folder folder;
  auto store = must_open(folder.store());
  const auto try_in_child = [&] {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto opened = open_sqlite(folder.store());
      ::_exit(opened ? 0 : static_cast<int>(opened.error().code));
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
  };
  EXPECT_EQ(try_in_child(), static_cast<int>(base::Code::storage_unavailable));
  store.reset();
  EXPECT_EQ(try_in_child(), 0);
}

TEST(Open, ASecondProgramMayRead) {
  Folder folder;
  const auto store = must_open(folder.store());
  ASSERT_TRUE(store->commit(a_change("c-1")));
  Plain reader(folder.store());
  EXPECT_EQ(reader.run("SELECT state FROM cases"), "open");
}

TEST(Open, UsesTheSettingsThatWerePromised) {
  Folder folder;
  const auto store = must_open(folder.store());
  Plain reader(folder.store());
  EXPECT_EQ(reader.run("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(reader.run("PRAGMA application_id"), std::to_string(application_id));
  EXPECT_EQ(reader.run("PRAGMA user_version"), std::to_string(migrations().size()));
}

// Not only by our own manners: the tables themselves refuse.
TEST(Open, HistoryCannotBeRewritten) {
  Folder folder;
  must_open(folder.store())->commit(a_change("c-1")).value();
  Plain hand(folder.store());
  EXPECT_THAT(hand.run("UPDATE journal SET kind = 'x'"), HasSubstr("append-only"));
  EXPECT_THAT(hand.run("DELETE FROM journal"), HasSubstr("append-only"));
  EXPECT_THAT(hand.run("UPDATE cases SET opened_at = 1"), HasSubstr("never change"));
  hand.run("INSERT INTO audit VALUES (1, '', '{}')");
  for (const auto* sql : {"UPDATE audit SET line = ''", "DELETE FROM audit"}) {
    EXPECT_THAT(hand.run(sql), HasSubstr("append-only"));
  }
  EXPECT_THAT(hand.run("PRAGMA foreign_keys = ON; INSERT INTO journal VALUES ('none', 1, 1, 'k', x'7b7d')"),
              HasSubstr("FOREIGN KEY"));
}

// A store as version 1 wrote it, kept as text. Whatever the version is by now, it opens and nothing is
// missing.
TEST(Open, OpensAStoreOfVersion1) {
  Folder folder;
  Plain(folder.store()).run(content(FIXTURES "/version_1.sql"));
  const auto store = must_open(folder.store());
  const auto record = store->load("c-old").value();
  EXPECT_EQ(record.revision, 4);
  EXPECT_EQ(record.state, "issuing");
  EXPECT_EQ(record.card, "123456789012345");
  EXPECT_EQ(record.opened_at, at(1775523600123));
  EXPECT_EQ(record.body, R"({"facts":{"office":"本庁"}})");
  EXPECT_EQ(store->journal("c-old").value().size(), 2U);
  EXPECT_EQ(store->journal("c-old").value().at(1).kind, "key.intent");
  EXPECT_EQ(store->last_event().value(), 3);
  EXPECT_EQ(store->events(2, {}, 1).value().at(0).type, "case.progress");
  Change next{record, {a_line("key.made")}, {an_event("cases")}};
  EXPECT_EQ(store->commit(next).value().revision, 5);
  EXPECT_EQ(store->journal("c-old").value().at(2).seq, 3);
}

TEST(Open, OpensAStoreOfVersion2) {
  Folder folder;
  Plain(folder.store()).run(content(FIXTURES "/version_2.sql"));
  const auto store = must_open(folder.store());
  EXPECT_EQ(store->load("c-old").value().revision, 4);
  const auto states = store->plugin_states("c-old").value();
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(states[0].revision, 3);
  EXPECT_EQ(states[0].body, R"({"seen":2})");
  EXPECT_EQ(store->owed_cases().value(), std::vector<std::string>{"c-old"});
  EXPECT_EQ(store->plugin_states("").value().at(0).body, R"({"next":17})");
  EXPECT_EQ(store->states_of("visits", "", 10).value().at(0).case_id, "c-old");
}

// Its cases are whole in their bodies until they are next written.
TEST(Open, TakesTheCasesOfVersion2OverIntoParts) {
  Folder folder;
  Plain(folder.store()).run(content(FIXTURES "/version_2.sql"));
  auto store = must_open(folder.store());
  auto record = store->load("c-old").value();
  EXPECT_EQ(record.body, R"({"facts":{"office":"本庁"}})");
  EXPECT_TRUE(record.parts.empty());
  record.body = R"({"pieces":1})";
  record.parts = {{"/facts", R"({"office":"本庁"})"}};
  EXPECT_EQ(store->commit({record, {a_line("key.made")}, {}}).value().revision, 5);
  store.reset();
  const auto back = must_open(folder.store())->load("c-old").value();
  EXPECT_EQ(back.body, record.body);
  EXPECT_EQ(back.parts, record.parts);
}

TEST(Open, OpensAStoreOfVersion3) {
  Folder folder;
  Plain(folder.store()).run(content(FIXTURES "/version_3.sql"));
  const auto store = must_open(folder.store());
  const auto record = store->load("c-old").value();
  EXPECT_EQ(record.revision, 4);
  EXPECT_EQ(record.body, R"({"pieces":1})");
  EXPECT_EQ(record.parts, (std::map<std::string, std::string>{{"/facts", R"({"office":"本庁"})"}}));
}

TEST(Open, OpensAStoreOfVersion4) {
  Folder folder;
  Plain(folder.store()).run(content(FIXTURES "/version_4.sql"));
  const auto store = must_open(folder.store());
  EXPECT_EQ(store->load("c-old").value().parts.size(), 1U);
  EXPECT_EQ(store->states_of("visits", "", 10).value().at(0).body, R"({"seen":2})");
}

// With the audit log as it was written then, by another program and signed by OpenSSL's.
TEST(Open, OpensAStoreOfVersion5) {
  Folder folder;
  Plain(folder.store()).run(content(FIXTURES "/version_5.sql"));
  const auto store = must_open(folder.store());
  EXPECT_EQ(store->load("c-old").value().parts.size(), 1U);
  ASSERT_EQ(store->audit_entries(0, {}, 10).value().size(), 2U);
  EXPECT_EQ(store->audit_entries(0, "c-old", 10).value().at(0).seq, 2);
  const auto key = audit::PublicKey::from_pem(
                       "-----BEGIN PUBLIC KEY-----\n"
                       "MCowBQYDK2VwAyEAois/db9SAsTw7hdV3jC4PLMNmFgdgArWxuGw1KUzVdY=\n"
                       "-----END PUBLIC KEY-----\n")
                       .value();
  EXPECT_TRUE(store->check_end({key}).value().empty());
  audit::Entry entry(at(0), audit::Kind::key, "key.made");
  Change next;
  next.audit = {entry};
  ASSERT_TRUE(store->commit(next));
  audit::Verifier verifier({});
  verifier.begin_store({});
  for (const auto& row : store->audit_entries(0, {}, 10).value()) verifier.entry(row.line, row.seq);
  EXPECT_TRUE(verifier.problems().empty());
  EXPECT_EQ(verifier.last(), 3);
}

// Sealed as the README says, by another program.
TEST(Open, OpensAStoreOfVersion6) {
  Folder folder;
  Plain(folder.store()).run(content(FIXTURES "/version_6.sql"));
  const auto store = must_open(folder.store());
  const auto record = store->load("c-old").value();
  EXPECT_EQ(record.card, "123456789012345");
  EXPECT_EQ(record.body, R"({"pieces":1})");
  EXPECT_EQ(record.parts, (std::map<std::string, std::string>{{"/facts", R"({"office":"本庁"})"}}));
  ListQuery of_card;
  of_card.card = record.card;
  EXPECT_EQ(store->list(of_card).value().records.at(0).id, "c-old");
  EXPECT_EQ(store->states_of("visits", "", 10).value().at(0).body, R"({"seen":2})");
  EXPECT_EQ(store->journal("c-old").value().at(1).kind, "key.intent");
  ASSERT_TRUE(store->commit({record, {a_line("key.made")}, {}}));
}

class Migration : public ::testing::Test {
 protected:
  Folder folder_;
  std::int64_t version() { return std::stoll(Plain(folder_.store()).run("PRAGMA user_version")); }
  base::Result<void> migrate_with(std::span<const char* const> steps) {
    auto connection = Connection::open(folder_.store());
    if (!connection) return connection.error();
    return migrate(*connection, steps);
  }
};

TEST_F(Migration, RunsWhatIsMissingAndKeepsTheData) {
  must_open(folder_.store())->commit(a_change("c-1")).value();
  std::vector<const char*> steps(migrations().begin(), migrations().end());
  const auto now = static_cast<std::int64_t>(steps.size());
  steps.push_back("ALTER TABLE cases ADD COLUMN office TEXT NOT NULL DEFAULT 'main'");
  steps.push_back("UPDATE cases SET office = office || '!'");
  ASSERT_TRUE(migrate_with(steps));
  EXPECT_EQ(version(), now + 2);
  EXPECT_EQ(Plain(folder_.store()).run("SELECT id || office FROM cases"), "c-1main!");
  // Run again, nothing is done twice.
  ASSERT_TRUE(migrate_with(steps));
  EXPECT_EQ(Plain(folder_.store()).run("SELECT id || office FROM cases"), "c-1main!");
  // And to this program it is now a newer store.
  EXPECT_EQ(reason(open_sqlite(folder_.store())), "storage.unavailable");
}

TEST_F(Migration, AStepIsDoneWholeOrNotAtAll) {
  must_open(folder_.store())->commit(a_change("c-1")).value();
  std::vector<const char*> steps(migrations().begin(), migrations().end());
  const auto now = static_cast<std::int64_t>(steps.size());
  steps.push_back("CREATE TABLE good (x)");
  steps.push_back("CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)");
  EXPECT_FALSE(migrate_with(steps));
  EXPECT_EQ(version(), now + 1);
  Plain look(folder_.store());
  EXPECT_EQ(look.run("SELECT count(*) FROM sqlite_schema WHERE name = 'good'"), "1");
  EXPECT_EQ(look.run("SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), "0");
}

TEST_F(Migration, AStepThatBreaksReferencesIsRefused) {
  must_open(folder_.store())->commit(a_change("c-1")).value();
  std::vector<const char*> steps(migrations().begin(), migrations().end());
  steps.push_back("DELETE FROM cases");
  const auto done = migrate_with(steps);
  EXPECT_EQ(reason(done), "storage.unavailable");
  EXPECT_THAT(inner(done), HasSubstr("breaks references"));
  EXPECT_EQ(Plain(folder_.store()).run("SELECT count(*) FROM cases"), "1");
}

// The disk fails at each of the writes that make a new store, one after the other: the next try succeeds.
TEST_F(Migration, AStoreHalfMadeIsMadeTheNextTime) {
  FaultyDisk disk;
  bool failed = true;
  int n = 0;
  for (; failed; ++n) {
    Folder folder;
    disk.fail_from(n, SQLITE_FULL);
    const auto opened = open_sqlite(folder.store());
    failed = disk.has_failed();
    disk.work_again();
    if (opened) continue;
    EXPECT_EQ(reason(opened), "storage.full") << n;
    EXPECT_TRUE(must_open(folder.store())->commit(a_change("c-1"))) << n;
  }
  EXPECT_GT(n, 5);
}

}  // namespace
}  // namespace madoguchi::storage
