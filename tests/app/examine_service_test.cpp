// What the service's own rights let it do with its files, and what somebody else who looks may say of that.
#include <pwd.h>
#include <sys/wait.h>

#include "../rights_of.hpp"
#include "examined.hpp"
#include "storage/sqlite.hpp"

namespace madoguchi::app {
namespace {

// The state folder and the keys are the service's, and everything else is root's that all may read.
class ExaminedAsService : public Examined {
 protected:
  ExaminedAsService() {
    for (const auto* name : {"state", "run"}) {
      fs::create_directory(path(name));
      tests::give_to(path(name), service);
    }
    change({{path("cases.db").string(), path("state/cases.db").string()},
            {"/run/madoguchi/madoguchi.sock", path("run/madoguchi.sock").string()},
            {"group: madoguchi", "group: " + std::to_string(::geteuid() == 0 ? service : ::getegid())}});
    {
      auto store = storage::open_sqlite(path("state/cases.db"), a_ring());
      EXPECT_TRUE(store);
    }
    folder_.write("state/audit.key", audit::SigningKey::generate().to_pem());
    ::chmod(path("state/audit.key").c_str(), 0600);
    give_store_key("state/store.key");
    folder_.write("ra.key.pem", "key");
    ::chmod(path("ra.key.pem").c_str(), 0640);
    for (const auto& entry : fs::directory_iterator(path("state"))) tests::give_to(entry.path(), service);
    tests::give_to(path("ra.key.pem"), service);
    ::chmod(path("state").c_str(), 0700);
    ::chmod(folder_.path().c_str(), 0755);
  }
  std::vector<std::string> found_by(uid_t user, const std::vector<std::string>& parts) {
    const tests::RightsOf rights(user);
    return found(parts);
  }
  // Root gives up its rights for good, so a child does it.
  std::vector<std::string> found_by_root(const std::vector<std::string>& parts) {
    const auto said = folder_.write("said", "");
    const auto child = ::fork();
    if (child == 0) {
      std::ofstream out(said);
      ::_exit(examine(config(), parts, out));
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    status_ = WEXITSTATUS(status);
    std::ifstream out(said);
    return ids_in(out);
  }
  static constexpr uid_t service = tests::service_user, clerk = tests::other_user;
};

TEST_F(ExaminedAsService, AndNothingIsWrongWithItsFiles) {
  EXPECT_THAT(found_by(service, {"config", "socket", "store"}), Not(Contains(testing::HasSubstr(" wrong"))));
  EXPECT_EQ(said_.find("wrong"), std::string::npos) << said_;
}

TEST_F(ExaminedAsService, WithFilesThatItMayNotRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs two users";
  ::chmod(config().c_str(), 0600);
  EXPECT_THAT(found_by_root({"config"}), Contains("file.not_for_service wrong"));
  EXPECT_EQ(status_, 2);
  ::chmod(config().c_str(), 0644);
  ::chmod(path("ra.key.pem").c_str(), 0);
  EXPECT_THAT(found_by(service, {"credentials"}), Contains("key.not_for_service wrong"));
  EXPECT_THAT(said_, HasSubstr("chmod 0600 " + path("ra.key.pem").string()));
  ::chmod(path("policy").c_str(), 0700);
  EXPECT_THAT(found_by(service, {"policy"}), testing::ElementsAre("file.not_for_service wrong"));
}

// What it made itself it takes from nobody but itself, which is stricter than what holds for a key that is
// given.
TEST_F(ExaminedAsService, WithKeysOfItsOwnThatItWillNotTake) {
  for (const auto* name : {"store.key", "audit.key"}) {
    const auto key = path(std::string("state/") + name);
    const auto unusable =
        std::string(name).substr(0, 5) == "store" ? "store_key.unusable wrong" : "audit_key.unusable wrong";
    for (const mode_t mode : {0640U, 0440U}) {
      ::chmod(key.c_str(), mode);
      EXPECT_THAT(found_by(service, {"store"}), Contains(unusable)) << name << " " << std::oct << mode;
      EXPECT_THAT(said_, HasSubstr(": " + key.string() + " && chmod 0600 " + key.string()));
    }
    ::chmod(key.c_str(), 0600);
    EXPECT_THAT(found_by(service, {"store"}), Not(Contains(unusable)));
  }
}

// Nothing is wrong with what stands in them, and no authority or vendor could help.
TEST_F(ExaminedAsService, WithACertificateHolidaysAndPluginsThatItMayNotRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs two users";
  folder_.write("ra.crt.pem", "certificate");
  ::chmod(path("ra.crt.pem").c_str(), 0600);
  EXPECT_THAT(found_by(service, {"credentials"}), Contains("key.not_for_service wrong"));
  EXPECT_THAT(said_, HasSubstr(": " + path("ra.crt.pem").string()));
  change({{"folder: " PLUGIN_FOLDER, "folder: " + path("plugins").string()}});
  fs::copy(PLUGIN_FOLDER, path("plugins"), fs::copy_options::recursive);
  ::chmod(path("plugins").c_str(), 0755);
  const auto library = path("plugins/proxy-two-visit.so");
  ::chmod(library.c_str(), 0600);
  EXPECT_THAT(found_by(service, {"policy"}), Contains("file.not_for_service wrong"));
  EXPECT_THAT(said_, HasSubstr("chmod 0640 " + library.string()));
  ::chmod(library.c_str(), 0644);
  fs::rename(library, path("plugins/elsewhere.so"));
  fs::create_symlink(path("plugins/elsewhere.so"), library);
  EXPECT_THAT(found_by(service, {"policy"}), Contains("file.of_other_kind wrong"));
  const auto holidays = path("holidays/japan.yaml");
  ASSERT_TRUE(fs::exists(holidays));
  ::chmod(holidays.c_str(), 0600);
  EXPECT_THAT(found_by(service, {"policy"}), testing::ElementsAre("file.not_for_service wrong"));
  EXPECT_THAT(said_, HasSubstr("chmod 0640 " + holidays.string()));
}

TEST_F(ExaminedAsService, WithKeptPoliciesThatItMayNotWrite) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs two users";
  fs::create_directory(path("state/policies"));
  EXPECT_THAT(found_by(service, {"store"}), Contains("policy.kept_barred wrong"));
  tests::give_to(path("state/policies"), service);
  EXPECT_THAT(found_by(service, {"store"}), Not(Contains("policy.kept_barred wrong")));
  fs::remove(path("state/policies"));
  fs::create_symlink("/nowhere", path("state/policies"));
  EXPECT_THAT(found_by(service, {"store"}), Contains("file.of_other_kind wrong"));
}

// Its keys are accused of nothing by the rights of whoever happens to look.
TEST_F(ExaminedAsService, WithoutTheFolderThatSaysWhoseItIs) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs two users";
  if (::getpwnam("madoguchi") != nullptr) GTEST_SKIP() << "the unit's user is there";
  fs::remove_all(path("state"));
  EXPECT_THAT(found_by_root({"store", "credentials"}),
              testing::IsSupersetOf({"store.no_folder wrong", "service.unknown_user attention"}));
  EXPECT_EQ(said_.find("ra_key"), std::string::npos) << said_;
}

TEST_F(ExaminedAsService, WithoutAStoreWhereTheKeyIs) {
  fs::remove(path("state/cases.db"));
  EXPECT_THAT(found_by(service, {"store"}), Contains("store.lost wrong"));
  EXPECT_THAT(said_, HasSubstr("madoguchi store restore"));
}

TEST_F(ExaminedAsService, WithAStateFolderThatIsRoots) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs two users";
  tests::give_to(path("state"), 0);
  const auto all = found_by_root({"store"});
  EXPECT_THAT(all, Contains("store.unreadable wrong"));
  EXPECT_THAT(all, Not(Contains(testing::StartsWith("audit_key."))));
  EXPECT_THAT(said_, HasSubstr("chmod 0700 " + path("state").string()));
}

// A clerk who asks is told what could not be looked at, and no false alarm.
TEST_F(ExaminedAsService, ByAnOrdinaryUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs two users";
  change({{"/etc/madoguchi/terminal.key.hex", path("terminal.key.hex").string()}});
  folder_.write("terminal.key.hex", std::string(64, 'a'));
  ::chmod(path("terminal.key.hex").c_str(), 0600);
  const auto all = found_by(clerk, {"config", "socket", "store", "credentials"});
  EXPECT_THAT(all, testing::IsSupersetOf({"file.not_permitted attention", "config.ok ok", "socket.ok ok"}));
  EXPECT_THAT(all, Not(Contains(testing::StartsWith("store."))));
  EXPECT_THAT(said_, HasSubstr("sudo madoguchi doctor"));
  EXPECT_EQ(said_.find("chown"), std::string::npos) << said_;
}

}  // namespace
}  // namespace madoguchi::app
