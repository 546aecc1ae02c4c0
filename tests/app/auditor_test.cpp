// What the daemon itself enters into its audit log, with which key, and how long it stays.
#include "auditor.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "../zeroed_page.hpp"
#include "audit/statement.hpp"
#include "audit_key.hpp"
#include "storage/sqlite.hpp"
#include "support.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;
using audit::Field;
using base::Code;
using testing::ElementsAre;
using testing::HasSubstr;

class SetClock final : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override { return at; }
  base::Instant at{std::chrono::milliseconds(1'790'000'000'000)};
};

// One run of a daemon, as far as its audit log goes.
class Ran {
 public:
  Ran(const Folder& folder, SetClock& clock, const settings::AuditConfig& config = {})
      : store(*storage::open_sqlite(folder.path() / "cases.db", a_ring())) {
    auto made = Auditor::make(config, {loop, *store, clock, log, folder.path(), folder.path(),
                                       [this] { return clock_is_doubted; }});
    if (!made) throw std::runtime_error(base::describe(made.error()));
    auditor = std::move(*made);
    auditor->write_to(*store);
  }
  std::vector<audit::Entry> entries() {
    std::vector<audit::Entry> all;
    const auto rows = store->audit_entries(0, {}, 1000);
    for (const auto& row : *rows) all.push_back(audit::read_line(row.line).value().line.entry);
    return all;
  }
  std::vector<std::string> whats() {
    std::vector<std::string> all;
    for (const auto& entry : entries()) all.push_back(entry.what());
    return all;
  }

  boost::asio::io_context loop;
  RememberingLog log;
  bool clock_is_doubted = false;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<Auditor> auditor;
};

Auditor::InForce in_force(const std::string& digest) {
  return {digest,
          {{{"name", "one"}, {"version", "1.0"}, {"vendor", "Example"}, {"sha256", "ab"}, {"state", "ready"}},
           {{"name", "two"}, {"state", "refused"}}}};
}

TEST(Auditor, enters_its_beginning_and_end_with_policy_and_plugins) {
  const Folder folder;
  SetClock clock;
  Ran run(folder, clock, {.key = {}, .former_keys = {}, .counter = "window-1"});
  run.auditor->begun(in_force("d1"));
  run.auditor->ended();
  EXPECT_THAT(run.whats(),
              ElementsAre("daemon.started", "plugin.loaded", "plugin.refused", "daemon.stopped"));
  const auto entries = run.entries();
  EXPECT_EQ(entries[0].get(Field::policy), "d1");
  EXPECT_EQ(entries[0].get(Field::counter), "window-1");
  EXPECT_EQ(entries[1].get(Field::vendor), "Example");
  EXPECT_EQ(entries[1].get(Field::key), "ab");
  EXPECT_EQ(run.auditor->health().at("state"), "ok");
  // Whoever keeps the daemon's own log has the place, too.
  EXPECT_THAT(run.log.lines, testing::Contains(HasSubstr("audit.head")));
}

TEST(Auditor, enters_who_has_changed_the_policy_and_who_could_not) {
  const Folder folder;
  SetClock clock;
  Ran run(folder, clock);
  const base::Actor admin{.uid = 0, .role = "admin", .staff = {}};
  run.auditor->reloaded(admin, "d1", {}, {"d2", {}});
  run.auditor->reloaded({}, "d2", base::make_fault(Code::policy_invalid), {"d2", {}});
  const auto entries = run.entries();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].what(), "policy.reloaded");
  EXPECT_EQ(entries[0].get(Field::was), "d1");
  EXPECT_EQ(entries[0].get(Field::role), "admin");
  EXPECT_EQ(entries[1].what(), "policy.refused");
  EXPECT_EQ(entries[1].get(Field::reason), "policy.invalid");
  EXPECT_EQ(entries[1].get(Field::uid), "") << "a signal";
}

TEST(Auditor, counts_refused_callers) {
  const Folder folder;
  SetClock clock;
  Ran run(folder, clock);
  for (int i = 0; i < 1000; ++i) run.auditor->refused({.uid = 1007, .role = {}, .staff = {}}, "");
  EXPECT_TRUE(run.entries().empty()) << "the caller is answered first";
  run.loop.poll();
  EXPECT_THAT(run.whats(), ElementsAre("access.connection_refused"));
  run.auditor->ended();
  EXPECT_EQ(run.entries()[1].get(Field::count), "999");
}

TEST(Auditor, a_damaged_end_is_entered_and_told) {
  const Folder folder;
  SetClock clock;
  {
    Ran first(folder, clock);
    first.auditor->begun({"d1", {}});
    folder.write("former.pem", first.auditor->log_for_api().keys.front().to_pem());
  }
  fs::remove(folder.path() / "audit.key");
  {
    Ran again(folder, clock);
    EXPECT_EQ(again.auditor->health().at("state"), "degraded");
    EXPECT_EQ(again.auditor->health().at("why"), "another_key");
    again.auditor->begun({"d1", {}});
    EXPECT_THAT(again.whats(), ElementsAre("daemon.started", "audit.damaged", "daemon.started"));
    EXPECT_EQ(again.entries()[1].get(Field::reason), "another_key");
  }
  // Entered once, and told at each start that nobody vouches for what stood before.
  for (int start = 2; start < 4; ++start) {
    Ran later(folder, clock);
    EXPECT_EQ(later.auditor->health().at("why"), "unproven");
    later.auditor->begun({"d1", {}});
    const auto whats = later.whats();
    EXPECT_EQ(std::count(whats.begin(), whats.end(), "audit.damaged"), 1);
  }
  settings::AuditConfig named;
  named.former_keys = {"former.pem"};
  EXPECT_EQ(Ran(folder, clock, named).auditor->health().at("state"), "ok");
}

TEST(Auditor, a_log_that_is_gone_with_its_store_is_missed) {
  const Folder folder;
  SetClock clock;
  const auto store = folder.path() / "cases.db";
  EXPECT_FALSE(store_is_lost({}, folder.path(), store)) << "the first start";
  Ran(folder, clock).auditor->begun({"d1", {}});
  EXPECT_FALSE(store_is_lost({}, folder.path(), store));
  folder.write("cases.db", "");
  EXPECT_TRUE(store_is_lost({}, folder.path(), store));
  fs::remove(store);
  EXPECT_TRUE(store_is_lost({}, folder.path(), store));
  settings::AuditConfig given;
  given.key = "audit.key";
  EXPECT_FALSE(store_is_lost(given, folder.path(), store))
      << "an administrator's key is there before the first start";
  Ran again(folder, clock);
  again.auditor->begins_anew();
  EXPECT_EQ(again.auditor->health().at("why"), "missing");
  again.auditor->begun({"d1", {}});
  EXPECT_THAT(again.whats(), ElementsAre("audit.damaged", "daemon.started"));
}

TEST(Auditor, begins_with_a_log_of_which_the_disk_has_lost_a_page_and_says_so) {
  const Folder folder;
  SetClock clock;
  {
    Ran first(folder, clock);
    for (int i = 0; i < 60; ++i) first.auditor->reloaded({}, "d1", {}, {"d1", {}});
  }
  tests::zero_page_with(folder.path() / "cases.db", R"({"seq":20,)");
  Ran again(folder, clock);
  again.auditor->begun({"d1", {}});
  EXPECT_EQ(again.auditor->health().at("why"), "unreadable");
  EXPECT_THAT(again.log.lines,
              testing::Contains(testing::AllOf(HasSubstr("audit.damaged"), HasSubstr("unreadable"))));
}

TEST(Auditor, a_store_that_was_restored_is_entered_once) {
  const Folder folder;
  SetClock clock;
  Ran run(folder, clock);
  int forgotten = 0;
  run.auditor->was_restored(65, [&] { ++forgotten; });
  run.auditor->begun({"d1", {}});
  EXPECT_THAT(run.whats(), ElementsAre("store.restored", "daemon.started"));
  EXPECT_EQ(run.entries()[0].get(Field::through), "65");
  EXPECT_EQ(forgotten, 1);
}

TEST(Auditor, entries_that_have_had_their_days_go) {
  const Folder folder;
  SetClock clock;
  settings::AuditConfig config;
  config.keep_days = 30;
  {
    Ran run(folder, clock, config);
    run.auditor->begun({"d1", {}});
    run.auditor->ended();
  }
  clock.at += std::chrono::days(29);
  {
    Ran run(folder, clock, config);
    run.auditor->begun({"d1", {}});
    EXPECT_EQ(run.entries().size(), 3U);
  }
  clock.at += std::chrono::days(3);
  {
    Ran run(folder, clock, config);
    run.clock_is_doubted = true;
    run.auditor->begun({"d1", {}});
    EXPECT_EQ(run.entries().size(), 4U) << "by a date that may be wrong nothing goes";
  }
  Ran run(folder, clock, config);
  run.auditor->begun({"d1", {}});
  EXPECT_THAT(run.whats(), ElementsAre("daemon.started", "daemon.started", "daemon.started", "audit.pruned"));
  EXPECT_FALSE(run.store->audit_marks()->base.empty());
}

// What keeps them may do so for years, and each hour finds it anew.
TEST(Auditor, entries_that_cannot_go_are_told_once_a_day) {
  const Folder folder;
  SetClock clock;
  settings::AuditConfig config;
  config.keep_days = 30;
  Ran run(folder, clock, config);
  auto change = storage::Change{storage::CaseRecord{}, {}, {}};
  change.record->id = "c-1";
  change.record->state = "open";
  change.record->opened_at = clock.at + std::chrono::days(900);
  change.record->updated_at = change.record->opened_at;
  change.record->body = "{}";
  audit::Entry ahead(change.record->opened_at, audit::Kind::visit, "case.opened");
  change.audit = {ahead.put(Field::visit, "c-1")};
  ASSERT_TRUE(run.store->commit(change));
  run.auditor->begun({"d1", {}});
  clock.at += std::chrono::days(40) + std::chrono::hours(3);  // early in the morning
  const auto told = [&] {
    return std::count_if(run.log.lines.begin(), run.log.lines.end(), [](const std::string& line) {
      return line.find("audit.not_pruned") != std::string::npos;
    });
  };
  run.auditor->begun({"d1", {}});
  EXPECT_EQ(told(), 1);
  clock.at += std::chrono::hours(2);
  run.auditor->begun({"d1", {}});
  EXPECT_EQ(told(), 1);
  clock.at += std::chrono::days(1);
  run.auditor->begun({"d1", {}});
  EXPECT_EQ(told(), 2);
}

TEST(AuditKeys, the_own_one_is_made_once_and_is_for_the_daemon_alone) {
  const Folder folder;
  RememberingLog log;
  const auto made = audit_keys({}, folder.path(), folder.path(), log);
  ASSERT_TRUE(made);
  const auto file = folder.path() / "audit.key";
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(audit_keys({}, folder.path(), folder.path(), log)->believed.front().id(),
            made->believed.front().id());
  for (const auto open : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | open);
    const auto refused = audit_keys({}, folder.path(), folder.path(), log);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::forbidden);
    EXPECT_THAT(refused.error().inner, HasSubstr("chmod 0600"));
  }
}

TEST(AuditKeys, a_configured_one_is_never_made_and_refused_when_others_may_use_it) {
  const Folder folder;
  RememberingLog log;
  settings::AuditConfig config;
  config.key = "given.pem";
  EXPECT_EQ(audit_keys(config, folder.path(), folder.path(), log).error().code, Code::not_found);
  EXPECT_EQ(check_audit_keys(config, folder.path(), folder.path()).error().code, Code::not_found);
  const auto key = audit::SigningKey::generate();
  const auto file = folder.write("given.pem", key.to_pem());
  fs::permissions(file, fs::perms::owner_read | fs::perms::group_read);
  EXPECT_EQ(audit_keys(config, folder.path(), folder.path(), log)->own.public_key().id(),
            key.public_key().id());
  for (const auto open : {fs::perms::others_read, fs::perms::others_write, fs::perms::group_write}) {
    fs::permissions(file, fs::perms::owner_read | open);
    EXPECT_EQ(audit_keys(config, folder.path(), folder.path(), log).error().code, Code::forbidden);
  }
  fs::permissions(folder.write("given.pem", "no key"), fs::perms::owner_read);
  const auto no_key = check_audit_keys(config, folder.path(), folder.path());
  ASSERT_FALSE(no_key);
  EXPECT_THAT(no_key.error().inner, HasSubstr("given.pem"));
  EXPECT_FALSE(fs::exists(folder.path() / "audit.key"));
}

TEST(AuditKeys, former_ones_are_believed) {
  const Folder folder;
  RememberingLog log;
  const auto former = audit::SigningKey::generate().public_key();
  settings::AuditConfig config;
  config.former_keys = {"former.pem"};
  folder.write("former.pem", former.to_pem());
  const auto keys = audit_keys(config, folder.path(), folder.path(), log);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->believed.size(), 2U);
  EXPECT_EQ(keys->believed[1].id(), former.id());
}

TEST(AuditKeys, a_credential_of_the_service_managers_comes_before_the_own_one) {
  const Folder folder;
  const Folder credentials;
  RememberingLog log;
  const auto key = audit::SigningKey::generate();
  fs::permissions(credentials.write("audit.key", key.to_pem()),
                  fs::perms::owner_read | fs::perms::group_read);
  ::setenv("CREDENTIALS_DIRECTORY", credentials.path().c_str(), 1);
  const auto keys = audit_keys({}, folder.path(), folder.path(), log);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->own.public_key().id(), key.public_key().id());
  EXPECT_FALSE(fs::exists(folder.path() / "audit.key"));
}

}  // namespace
}  // namespace madoguchi::app
