// One thing of an installation is broken at a time, and the examination names it and says what to do.
#include "base/calendar.hpp"
#include "examine_policy.hpp"
#include "examined.hpp"
#include "own_certificate.hpp"
#include "policy_health.hpp"
#include "storage/sqlite.hpp"

namespace madoguchi::app {
namespace {

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

TEST_F(Examined, ASocketOfTheMetricsThatCannotBeServed) {
  std::ofstream(config(), std::ios::app) << "metrics: {socket: /run/madoguchi/madoguchi.sock}\n";
  change({{"/run/madoguchi/madoguchi.sock", path("m.sock").string()},
          {"/run/madoguchi/madoguchi.sock", path("m.sock").string()}});
  EXPECT_THAT(found({"config"}), Contains("metrics.same_socket attention"));
  change({{"metrics: {socket: " + path("m.sock").string(),
           "metrics: {group: no-such-group-here, socket: " + path("n.sock").string()}});
  EXPECT_THAT(found({"config"}), Contains("metrics.group attention"));
  EXPECT_THAT(said_, HasSubstr("no-such-group-here"));
}

TEST_F(Examined, AnRaKeyThatEverybodyMayRead) {
  folder_.write("ra.key.pem", "key");
  ::chmod(path("ra.key.pem").c_str(), 0644);
  EXPECT_THAT(found({"credentials"}), Contains("ra_key.mode wrong"));
  EXPECT_THAT(said_, HasSubstr("chmod 0600 " + path("ra.key.pem").string()));
  EXPECT_THAT(said_, HasSubstr("ra_certificate.unusable"));
}

TEST_F(Examined, AFolderWhereTheRaCertificateShouldBe) {
  fs::create_directory(path("ra.crt.pem"));
  EXPECT_THAT(found({"credentials"}), Contains("ra_certificate.unusable wrong"));
  EXPECT_THAT(said_, HasSubstr("Is a directory"));
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

// P8: whoever may write there could put another store in the place of ours.
TEST_F(Examined, P8AStoreInAFolderThatIsOpenToAll) {
  EXPECT_THAT(found({"store"}), Not(Contains("store.open_folder wrong")));
  ::chmod(folder_.path().c_str(), 0777);
  EXPECT_THAT(found({"store"}), Contains("store.open_folder wrong"));
  EXPECT_THAT(said_, HasSubstr("chmod 0700 " + folder_.path().string()));
  ::chmod(folder_.path().c_str(), 01777);
  EXPECT_THAT(found({"store"}), Contains("store.open_folder wrong"))
      << "anybody may put a -wal beside a store that has none";
}

TEST_F(Examined, AStoreInAFolderThatAGroupMayWriteTo) {
  ::chmod(folder_.path().c_str(), 0770);
  EXPECT_THAT(found({"store"}), Not(Contains("store.group_folder attention"))) << "nobody else is in it";
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives a folder to any group";
  constexpr gid_t nobodys = 54321;
  ASSERT_EQ(::chown(folder_.path().c_str(), static_cast<uid_t>(-1), nobodys), 0);
  EXPECT_THAT(found({"store"}), Contains("store.group_folder attention"));
  EXPECT_THAT(said_, HasSubstr("group 54321 may write"));
  ::chmod(folder_.path().c_str(), 0750);
  EXPECT_THAT(found({"store"}), Not(Contains("store.group_folder attention")));
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
