// What run() says before anything is started: exit status and complaint.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "app/world.hpp"
#include "storage/sqlite.hpp"
#include "store_key.hpp"
#include "support.hpp"

namespace madoguchi::app {
namespace {

using testing::HasSubstr;

const std::string shipped = std::string(CONFIG_FOLDER) + "/madoguchid.yaml";

struct Ended {
  int status;
  std::string said;
};

Ended ended(const std::string& config, bool check_only) {
  testing::internal::CaptureStderr();
  Options options;
  options.config = config;
  options.check_only = check_only;
  const int status = run(options);
  return {status, testing::internal::GetCapturedStderr()};
}

// The shipped configuration with some texts replaced.
std::string shipped_with(const Folder& folder,
                         const std::vector<std::pair<std::string, std::string>>& changes) {
  std::filesystem::copy(std::string(CONFIG_FOLDER), folder.path(), std::filesystem::copy_options::recursive);
  std::ifstream file(shipped);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (const auto& [from, to] : changes) text.replace(text.find(from), from.size(), to);
  return folder.write("madoguchid.yaml", text).string();
}

TEST(Run, ChecksTheShippedConfiguration) {
  const Folder folder;
  const auto config = shipped_with(
      folder, {{"# folder: /usr/lib/madoguchi/plugins", "folder: " PLUGIN_FOLDER},
               {"# host_program: /usr/lib/madoguchi/madoguchi-plugin-host", "host_program: " HOST_PROGRAM}});
  const auto [status, said] = ended(config, true);
  EXPECT_EQ(status, 0) << said;
}

TEST(Run, ChecksThatEveryPluginIsLetIn) {
  const Folder folder;
  const auto config = shipped_with(folder, {{"# folder: /usr/lib/madoguchi/plugins", "folder: /nowhere"}});
  const auto [status, said] = ended(config, true);
  EXPECT_EQ(status, 2);
  for (const auto* name : {"legal-representative", "proxy-two-visit", "holiday-openings"})
    EXPECT_THAT(said, HasSubstr("plugins: " + std::string(name) + ": /nowhere: No such file"));
}

TEST(Run, NamesAConfigurationThatIsNotThere) {
  const auto [status, said] = ended("/nowhere/madoguchid.yaml", false);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("/nowhere/madoguchid.yaml"));
}

TEST(Run, ComplainsWithPlaceAndKey) {
  const Folder folder;
  const auto [status, said] = ended(folder.write("madoguchid.yaml", "sockets: {}\n").string(), true);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("madoguchid.yaml:1:1: sockets"));
}

TEST(Run, ChecksThePolicyToo) {
  const Folder folder;
  // With no policy beside it, what is right in the file is of no use.
  std::filesystem::copy_file(shipped, folder.path() / "madoguchid.yaml");
  const auto [status, said] = ended((folder.path() / "madoguchid.yaml").string(), true);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("policy/utsunomiya"));
}

// The plugins as they were built here, so that nothing but what a test changes is wrong.
using Changes = std::initializer_list<std::pair<std::string, std::string>>;
Ended run_with(const Folder& folder, Changes changes, bool check_only) {
  std::vector<std::pair<std::string, std::string>> all(changes);
  all.emplace_back("# folder: /usr/lib/madoguchi/plugins", "folder: " PLUGIN_FOLDER);
  all.emplace_back("# host_program: /usr/lib/madoguchi/madoguchi-plugin-host", "host_program: " HOST_PROGRAM);
  return ended(shipped_with(folder, all), check_only);
}
Ended started_with(const Folder& folder, Changes changes) {
  return ended(shipped_with(folder, changes), false);
}

TEST(Run, ChecksKeysAndCertificatesAllAtOnce) {
  const Folder folder;
  const auto key = folder.write("terminal.hex", "short").string();
  const auto certificate = folder.write("ra.crt.pem", "no certificate").string();
  ::chmod(key.c_str(), 0600);
  const auto [status, said] = run_with(folder,
                                       {{"/etc/madoguchi/terminal.key.hex", key},
                                        {"/etc/madoguchi/ra.crt.pem", certificate},
                                        {"/etc/madoguchi/ra.key.pem", certificate},
                                        {"/etc/madoguchi/root.crt.pem", certificate},
                                        {"/var/lib/madoguchi/cases.db", certificate + "/cases.db"}},
                                       true);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("terminal.hex: not 32 bytes in hexadecimal"));
  EXPECT_THAT(said, HasSubstr("authority development: "));
  EXPECT_THAT(said, HasSubstr("ra.crt.pem: not a folder"));
}

TEST(Run, RepeatsNoSecretThatWasWrittenInPlaceOfItsFile) {
  const Folder folder;
  const auto [status, said] =
      run_with(folder,
               {{"/etc/madoguchi/terminal.key.hex", "Tokyo.2026"},
                {"/etc/madoguchi/ra.crt.pem", (folder.path() / "madoguchid.yaml").string()},
                {"/etc/madoguchi/ra.key.pem", "Qm9/xx=="},
                {"# key: /etc/madoguchi/store.key", "key: /nowhere/314159"}},
               true);
  EXPECT_EQ(status, 0) << said;
  const auto here = folder.path().string() + "/(named by ";
  EXPECT_THAT(said, HasSubstr(here + "readers.terminal_key, line "));
  EXPECT_THAT(said, HasSubstr(here + "authorities[0].ra_key, line "));
  EXPECT_THAT(said, HasSubstr("/(named by store.key, line "));
  for (const auto* secret : {"Tokyo", "Qm9", "314159"}) EXPECT_THAT(said, testing::Not(HasSubstr(secret)));
}

TEST(Run, TakesACredentialThatIsHandedOverLaterForNoFault) {
  const Folder folder;
  const auto [status, said] =
      run_with(folder, {{"/etc/madoguchi/ra.crt.pem", (folder.path() / "ra.crt.pem").string()}}, true);
  EXPECT_EQ(status, 0) << said;
  EXPECT_THAT(said, HasSubstr("notice: authority development: "));
}

// A store in the folder, sealed with the key that a start makes beside it.
void put_store(const Folder& folder) {
  RememberingLog log;
  const auto ring = store_keys({}, folder.path(), folder.path(), log);
  ASSERT_TRUE(storage::open_sqlite(folder.path() / "cases.db", ring.value()));
}

std::vector<std::string> names_in(const Folder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    names.push_back(entry.path().filename());
  return names;
}

class RunChecks : public testing::Test {
 protected:
  Ended check() {
    if (config_.empty()) config_ = shipped_with(folder_, changes());
    return ended(config_, true);
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> changes() const {
    return {{"# folder: /usr/lib/madoguchi/plugins", "folder: " PLUGIN_FOLDER},
            {"# host_program: /usr/lib/madoguchi/madoguchi-plugin-host", "host_program: " HOST_PROGRAM},
            {"/var/lib/madoguchi/cases.db", (folder_.path() / "cases.db").string()}};
  }
  Folder folder_;
  std::string config_;
};

TEST_F(RunChecks, TheKeysThatAStartWouldTakeAndMakesNone) {
  EXPECT_EQ(check().status, 0);
  const auto names = names_in(folder_);
  EXPECT_THAT(names, testing::Not(testing::Contains("store.key")));
  EXPECT_THAT(names, testing::Not(testing::Contains("audit.key")));
  put_store(folder_);
  const auto sound = check();
  EXPECT_EQ(sound.status, 0) << sound.said;
}

// P8
TEST_F(RunChecks, P8ThatNotEverybodyMayReplaceTheStore) {
  put_store(folder_);
  ::chmod(folder_.path().c_str(), 0777);
  const auto [status, said] = check();
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr(folder_.path().string() + " can be written to by everybody; see that"));
  EXPECT_THAT(
      said,
      HasSubstr(
          "run chmod 0700 on it, or where others need it give the store a folder of its own (store.path)"));
  ::chmod(folder_.path().c_str(), 01777);
  EXPECT_EQ(check().status, 2) << "anybody may put a -wal beside a store that has none";
  ::chmod(folder_.path().c_str(), 0770);
  EXPECT_EQ(check().status, 0) << "a group is let in on purpose";
  ::chmod(folder_.path().c_str(), 0700);
  EXPECT_EQ(check().status, 0);
}

TEST_F(RunChecks, TheDaemonsOwnKeysRightsAndText) {
  put_store(folder_);
  std::filesystem::permissions(folder_.path() / "store.key",
                               std::filesystem::perms::owner_read | std::filesystem::perms::others_read);
  const auto audit_key = folder_.write("audit.key", "no key");
  ::chmod(audit_key.c_str(), 0600);
  const auto [status, said] = check();
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("store.key: not a file of the daemon's alone"));
  EXPECT_THAT(said, HasSubstr("audit.key: "));
}

TEST_F(RunChecks, ThatTheKeyOpensTheStore) {
  put_store(folder_);
  const auto key = folder_.path() / "store.key";
  std::filesystem::remove(key);
  const auto lost = check();
  EXPECT_EQ(lost.status, 2);
  EXPECT_THAT(lost.said, HasSubstr("the store is sealed with a key that is not here"));
  EXPECT_FALSE(std::filesystem::exists(key));
  ::chmod(folder_.write("store.key", std::string(64, '9')).c_str(), 0600);
  const auto another = check();
  EXPECT_EQ(another.status, 2);
  EXPECT_THAT(another.said, HasSubstr("the store is sealed with a key that is not here"));
}

TEST_F(RunChecks, WhatStandsInTheStoresPlace) {
  folder_.write("cases.db", std::string(5000, 'x'));
  const auto [status, said] = check();
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("cases.db"));
}

TEST(Run, NamesTheStoreThatItCannotOpen) {
  const Folder folder;
  const auto store = (folder.path() / "no-such-folder" / "cases.db").string();
  const auto [status, said] =
      started_with(folder, {{"/var/lib/madoguchi/cases.db", store}, {"format: journald", "format: text"}});
  EXPECT_EQ(status, 1);
  EXPECT_THAT(said, HasSubstr("daemon.cannot_start"));
  EXPECT_THAT(said, HasSubstr("no-such-folder"));
}

TEST(Run, NamesTheAuthorityWhoseCredentialsAreMissing) {
  const Folder folder;
  const auto [status, said] =
      started_with(folder, {{"/var/lib/madoguchi/cases.db", (folder.path() / "cases.db").string()},
                            {"/etc/madoguchi/ra.crt.pem", (folder.path() / "ra.crt.pem").string()},
                            {"format: journald", "format: text"}});
  EXPECT_EQ(status, 1);
  EXPECT_THAT(said, HasSubstr("authority development"));
  EXPECT_THAT(said, HasSubstr("ra.crt.pem"));
}

}  // namespace
}  // namespace madoguchi::app
