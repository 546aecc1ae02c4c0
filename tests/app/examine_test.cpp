// One thing of an installation is broken at a time, and the examination names it and says what to do.
#include "examine.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sstream>

#include "../rights_of.hpp"
#include "base/calendar.hpp"
#include "examine_policy.hpp"
#include "own_certificate.hpp"
#include "policy_health.hpp"
#include "storage/sqlite.hpp"
#include "support.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

using Changes = std::vector<std::pair<std::string, std::string>>;

class Examined : public testing::Test {
 protected:
  Examined() {
    fs::copy(std::string(CONFIG_FOLDER), folder_.path(), fs::copy_options::recursive);
    change({{"# folder: /usr/lib/madoguchi/plugins", "folder: " PLUGIN_FOLDER},
            {"# host_program: /usr/lib/madoguchi/madoguchi-plugin-host", "host_program: " HOST_PROGRAM},
            {"clerk: {groups: [madoguchi]}", "clerk: {groups: [0]}"},
            {"supervisor: {groups: [madoguchi-supervisors]}", "supervisor: {groups: [0]}"},
            {"/var/lib/madoguchi/cases.db", path("cases.db").string()},
            {"/etc/madoguchi/ra.key.pem", path("ra.key.pem").string()},
            {"/etc/madoguchi/ra.crt.pem", path("ra.crt.pem").string()}});
  }
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] fs::path config() const { return path("madoguchid.yaml"); }
  void change(const Changes& changes) {
    std::ifstream file(config());
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    for (const auto& [from, to] : changes) {
      ASSERT_NE(text.find(from), std::string::npos) << from;
      text.replace(text.find(from), from.size(), to);
    }
    folder_.write("madoguchid.yaml", text);
  }
  // "id state" of each finding.
  std::vector<std::string> found(const std::vector<std::string>& parts) {
    std::stringstream out;
    status_ = examine(config(), parts, out);
    return ids_in(out);
  }
  std::vector<std::string> ids_in(std::istream& lines) {
    std::vector<std::string> all;
    said_.clear();
    for (std::string line; std::getline(lines, line);) {
      const auto object = json::parse(line).as_object();
      if (!object.contains("finding")) continue;
      const auto& finding = object.at("finding").as_object();
      all.push_back(std::string(finding.at("id").as_string()) + " " +
                    std::string(finding.at("state").as_string()));
      if (finding.at("state") != "ok") said_ += json::serialize(finding) + "\n";
    }
    return all;
  }

  void give_store_key(const std::string& name) {
    folder_.write(name, a_ring().keys[0].to_text());
    ::chmod(path(name).c_str(), 0600);
  }

  Folder folder_;
  int status_ = -1;
  std::string said_;
};

TEST_F(Examined, AConfigurationThatIsMissingOrWrongOrOpenToAll) {
  EXPECT_THAT(found({"config"}), testing::ElementsAre("config.ok ok"));
  EXPECT_EQ(status_, 0);
  ::chmod(config().c_str(), 0666);
  EXPECT_THAT(found({"config"}), testing::ElementsAre("config.writable wrong"));
  folder_.write("madoguchid.yaml", "sockets: {}\n");
  EXPECT_THAT(found({}), testing::Each("config.invalid wrong"));
  EXPECT_THAT(said_, HasSubstr("madoguchid.yaml:1:1: sockets"));
  fs::remove(config());
  EXPECT_THAT(found({}), testing::ElementsAre("config.missing wrong"));
  EXPECT_EQ(status_, 2);
}

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

TEST_F(ExaminedAsService, WithKeptPoliciesThatItMayNotWrite) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs two users";
  fs::create_directory(path("state/policies"));
  EXPECT_THAT(found_by(service, {"store"}), Contains("policy.kept_barred wrong"));
  tests::give_to(path("state/policies"), service);
  EXPECT_THAT(found_by(service, {"store"}), Not(Contains("policy.kept_barred wrong")));
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
  const auto all = found_by(clerk, {"config", "socket", "store", "credentials"});
  EXPECT_THAT(all, testing::IsSupersetOf({"file.not_permitted attention", "config.ok ok", "socket.ok ok"}));
  EXPECT_THAT(all, Not(Contains(testing::StartsWith("store."))));
  EXPECT_THAT(said_, HasSubstr("sudo madoguchi doctor"));
  EXPECT_EQ(said_.find("chown"), std::string::npos) << said_;
}

TEST_F(Examined, ATerminalKeyThatIsMissingOrNone) {
  const auto key = path("terminal.key.hex");
  change({{"/etc/madoguchi/terminal.key.hex", key.string()}});
  EXPECT_THAT(found({"credentials"}), Contains("terminal_key.unusable wrong"));
  folder_.write("terminal.key.hex", "zz");
  ::chmod(key.c_str(), 0600);
  EXPECT_THAT(found({"credentials"}), Contains("terminal_key.unusable wrong"));
  EXPECT_THAT(said_, HasSubstr("not 32 bytes in hexadecimal"));
  folder_.write("terminal.key.hex", std::string(64, 'a') + "\n");
  EXPECT_THAT(found({"credentials"}), Contains("terminal_key.ok ok"));
}

TEST_F(Examined, APolicyAndItsPlugins) {
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.ok ok", "plugins.ok ok"));
  EXPECT_EQ(status_, 0) << said_;
}

TEST_F(Examined, APolicyThatIsNotValid) {
  std::ofstream(path("policy/utsunomiya/policy.yaml"), std::ios::app) << "nonsense: true\n";
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.refused wrong"));
  EXPECT_THAT(said_, HasSubstr("policy.yaml:"));
  EXPECT_THAT(said_, HasSubstr("nonsense"));
  EXPECT_THAT(said_, HasSubstr("madoguchi policy check"));
}

TEST_F(Examined, APluginThatIsMissingAndOneThatIsNotSigned) {
  change({{"folder: " PLUGIN_FOLDER, "folder: " + path("plugins").string()}});
  fs::create_directory(path("plugins"));
  for (const auto& entry : fs::directory_iterator(PLUGIN_FOLDER)) {
    if (entry.path().filename().string().starts_with("proxy-two-visit") || entry.path().extension() == ".p7s")
      continue;
    fs::copy(entry.path(), path("plugins"), fs::copy_options::recursive);
  }
  EXPECT_THAT(found({"policy"}), Contains("plugin.missing wrong"));
  EXPECT_THAT(said_, HasSubstr("proxy-two-visit"));
  EXPECT_EQ(status_, 2);
}

// The useful complaint comes first, whatever else the slip has led to.
TEST_F(Examined, AKeyThatIsMisspelt) {
  change({{"readers:", "reeders:"}});
  EXPECT_THAT(found({}), testing::Each("config.invalid wrong"));
  EXPECT_THAT(said_.substr(0, said_.find('\n')), HasSubstr("did you mean \\\"readers\\\"?"));
  change({{"reeders:", "readers:"}});
  const auto policy = path("policy/utsunomiya/policy.yaml");
  std::ifstream file(policy);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  text.replace(text.find("holidays:"), 9, "holydays:");
  folder_.write("policy/utsunomiya/policy.yaml", text);
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.refused wrong", "policy.refused wrong"));
  EXPECT_THAT(said_.substr(0, said_.find('\n')), HasSubstr("did you mean \\\"holidays\\\"?"));
}

TEST_F(Examined, PluginsThatAreExposedChangedGoneOrWithoutTheirProgram) {
  change({{"folder: " PLUGIN_FOLDER, "folder: " + path("plugins").string()}});
  const auto fresh = [&] {
    fs::remove_all(path("plugins"));
    fs::copy(PLUGIN_FOLDER, path("plugins"), fs::copy_options::recursive);
    ::chmod(path("plugins").c_str(), 0755);
  };
  fresh();
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.ok ok", "plugins.ok ok"));
  ::chmod(path("plugins").c_str(), 0777);
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.ok ok", "plugin.exposed wrong"));
  EXPECT_THAT(said_, HasSubstr("chmod go-w " + path("plugins").string()));
  fresh();
  std::ofstream(path("plugins/proxy-two-visit.so"), std::ios::app) << "x";
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.ok ok", "plugin.changed wrong"));
  EXPECT_THAT(said_, HasSubstr("security officer"));
  fs::remove(path("plugins/proxy-two-visit.so"));
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.ok ok", "plugin.missing wrong"));
  fs::remove_all(path("plugins"));
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.ok ok", "plugin.no_folder wrong"));
  fresh();
  change({{"host_program: " HOST_PROGRAM, "host_program: /nowhere/host"}});
  EXPECT_THAT(found({"policy"}), testing::ElementsAre("policy.ok ok", "plugin.host_missing wrong"));
  EXPECT_EQ(said_.find("Give its vendor"), std::string::npos);
}

TEST_F(Examined, HolidaysThatAreKnownForAFewMonthsMoreOrNoLonger) {
  const auto on = [&](const char* day) {
    std::ifstream file(config());
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto loaded = settings::load_daemon_config(text, config().string());
    std::vector<std::string> ids;
    const auto now = base::start_of_day_in_japan(base::parse_date(day).value());
    examine_policy(*loaded.value, folder_.path(), now,
                   [&](const doctor::Finding& finding) { ids.push_back(finding.id); });
    return ids;
  };
  EXPECT_THAT(on("2027-09-30"), Not(Contains(testing::StartsWith("policy.holidays"))));
  EXPECT_THAT(on("2027-10-20"), Contains("policy.holidays_end"));
  EXPECT_THAT(on("2027-12-31"), Contains("policy.holidays_end"));
  EXPECT_THAT(on("2028-01-01"), Contains("policy.holidays_ended"));
}

TEST(Holidays, MatterWhereAnOfficeClosesOnThem) {
  policy::Policy policy;
  policy.calendar.known_to = base::parse_date("2027-12-31");
  policy.offices.emplace_back().on_holidays = policy::OnHolidays::as_weekday;
  EXPECT_EQ(holidays_end(policy, *base::parse_date("2028-02-01")), std::nullopt);
  policy.offices.emplace_back().on_holidays = policy::OnHolidays::closed;
  EXPECT_EQ(holidays_end(policy, *base::parse_date("2028-02-01")), policy.calendar.known_to);
  EXPECT_EQ(holidays_end(policy, *base::parse_date("2027-02-01")), std::nullopt);
}

TEST_F(Examined, NamesOfNobodyAndAMetricsFolderThatIsNotThere) {
  std::ofstream(config(), std::ios::app) << "metrics: {socket: /nowhere/m.sock}\n";
  EXPECT_THAT(found({"config"}), testing::IsSupersetOf({"metrics.no_folder attention", "config.ok ok"}));
  change({{"clerk: {groups: [0]}", "clerk: {groups: [no-such-group-here]}"}});
  EXPECT_THAT(found({"config"}), Contains("access.unknown_name attention"));
  EXPECT_THAT(said_, HasSubstr("no-such-group-here"));
}

TEST_F(Examined, AnRaKeyThatEverybodyMayRead) {
  folder_.write("ra.key.pem", "key");
  ::chmod(path("ra.key.pem").c_str(), 0644);
  EXPECT_THAT(found({"credentials"}), Contains("ra_key.mode wrong"));
  EXPECT_THAT(said_, HasSubstr("chmod 0640 " + path("ra.key.pem").string()));
  EXPECT_THAT(said_, HasSubstr("ra_certificate.unusable"));
}

TEST_F(Examined, AnRaKeyInAStoreIsTriedInTheFilesPlace) {
  OwnCertificate().write_certificate(path("ra.crt.pem"));
  change({{"ra_key: " + path("ra.key.pem").string(),
           "ra_key_store: {uri: 'pkcs11:token=ra', providers: [no-such-hsm]}"},
          {"/etc/madoguchi/root.crt.pem", path("ra.crt.pem").string()},
          {"[/etc/madoguchi/signature.crt.pem, /etc/madoguchi/authentication.crt.pem]",
           "[" + path("ra.crt.pem").string() + "]"}});
  EXPECT_THAT(found({"credentials"}),
              testing::IsSupersetOf({"ra_certificate.ok ok", "ra_key.no_provider wrong"}));
  EXPECT_THAT(said_, HasSubstr("no-such-hsm"));
}

TEST_F(Examined, AnAuthorityThatDoesNotListen) {
  change({{"http://127.0.0.1:8829/pkix/", "http://127.0.0.1:9/pkix/"}});
  EXPECT_THAT(found({"authorities"}), testing::ElementsAre("authority.unreachable wrong"));
  EXPECT_THAT(said_, HasSubstr("connecting to 127.0.0.1:9"));
}

TEST_F(Examined, AServiceOfReadersThatDoesNotRun) {
  ::setenv("PCSCLITE_CSOCK_NAME", path("pcscd.comm").c_str(), 1);
  EXPECT_THAT(found({"readers"}), Contains("pcscd.not_running wrong"));
  ::unsetenv("PCSCLITE_CSOCK_NAME");
  EXPECT_THAT(said_, HasSubstr("systemctl enable --now pcscd.socket"));
}

TEST_F(Examined, AStoreThatIsDamagedAndAnAuditKeyThatIsGone) {
  EXPECT_THAT(found({"store"}), Contains("store.absent ok"));
  EXPECT_FALSE(fs::exists(path("cases.db")));
  {
    auto store = storage::open_sqlite(path("cases.db"), a_ring());
    storage::Change change;
    change.audit.emplace_back(base::Instant(std::chrono::seconds(5)), audit::Kind::daemon, "daemon.started");
    ASSERT_TRUE((*store)->commit(change));
  }
  EXPECT_THAT(found({"store"}), testing::IsSupersetOf({"store.ok ok", "audit_key.lost wrong"}));
  folder_.write("audit.key", audit::SigningKey::generate().to_pem());
  ::chmod(path("audit.key").c_str(), 0644);
  EXPECT_THAT(found({"store"}), Contains("audit_key.unusable wrong"));
  ::chmod(path("audit.key").c_str(), 0600);
  EXPECT_THAT(found({"store"}), Contains("audit_key.ok ok"));
  std::ofstream(path("cases.db"), std::ios::trunc) << std::string(8192, 'x');
  EXPECT_THAT(found({"store"}), Contains("store.damaged wrong"));
  EXPECT_THAT(said_, HasSubstr("madoguchi store restore"));
  // What else can be looked at still is.
  EXPECT_THAT(found({"store"}), Contains(testing::StartsWith("disk.")));
}

TEST_F(Examined, AStoreWithACaseThatIsNone) {
  {
    auto store = storage::open_sqlite(path("cases.db"), a_ring());
    storage::Change change;
    change.record = storage::CaseRecord{.id = "c-1", .state = "open", .body = "{}"};
    ASSERT_TRUE((*store)->commit(change));
  }
  give_store_key("store.key");
  EXPECT_THAT(found({"store"}), Contains("store.undecodable wrong"));
  EXPECT_THAT(said_, HasSubstr("c-1"));
}

TEST_F(Examined, AStoreWhoseKeyIsGoneOrOpenToAllOrNone) {
  EXPECT_THAT(found({"store"}), Contains("store_key.absent ok"));
  {
    auto store = storage::open_sqlite(path("cases.db"), a_ring());
    storage::Change change;
    change.record = storage::CaseRecord{.id = "c-1", .state = "open", .body = "{}"};
    ASSERT_TRUE((*store)->commit(change));
  }
  EXPECT_THAT(found({"store"}), testing::IsSupersetOf({"store_key.lost wrong", "store.ok ok"}));
  EXPECT_THAT(said_, HasSubstr(a_ring().keys[0].id()));
  EXPECT_THAT(said_, HasSubstr(path("store.key").string()));
  EXPECT_THAT(said_, Not(HasSubstr("c-1"))) << "nothing is read without it";
  give_store_key("store.key");
  ::chmod(path("store.key").c_str(), 0644);
  EXPECT_THAT(found({"store"}), Contains("store_key.unusable wrong"));
  ::chmod(path("store.key").c_str(), 0600);
  EXPECT_THAT(found({"store"}), Contains("store_key.ok ok"));
  std::ofstream(path("store.key"), std::ios::trunc) << "words";
  EXPECT_THAT(found({"store"}), Contains("store_key.unusable wrong"));
  EXPECT_THAT(said_, Not(HasSubstr("words")));
  change({{"  # key: /etc/madoguchi/store.key", "  key: " + path("city.key").string()}});
  fs::remove(path("store.key"));
  EXPECT_THAT(found({"store"}), Contains("store_key.unusable wrong")) << "named, and not there";
  give_store_key("city.key");
  EXPECT_THAT(found({"store"}), Contains("store_key.ok ok"));
}

}  // namespace
}  // namespace madoguchi::app
