// One thing is broken at a time, and the examination names it.
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "../rights_of.hpp"
#include "base/calendar.hpp"
#include "doctor/listening.hpp"
#include "support.hpp"

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

TEST(Disk, IsNamedBeforeItIsFullAndWhenItIs) {
  EXPECT_EQ(checked(judge_disk({"/s", 10'000 * mib, false})), "disk.ok ok");
  EXPECT_EQ(checked(judge_disk({"/s", 200 * mib, false})), "disk.low attention");
  EXPECT_EQ(checked(judge_disk({"/s", 3 * mib, false})), "disk.full wrong");
  EXPECT_EQ(checked(judge_disk({"/s", 10'000 * mib, true})), "disk.read_only wrong");
}

TEST(Disk, IsSeen) {
  const Folder folder;
  const auto seen = look_at_disk(folder.path());
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->path, folder.path().string());
  EXPECT_FALSE(look_at_disk(folder.path() / "nowhere"));
}

class Certificate : public testing::Test {
 protected:
  static base::Bytes pem(const char* from, const char* to) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), from);
    ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), to);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(bio.get(), certificate.get());
    char* text = nullptr;
    const auto length = BIO_get_mem_data(bio.get(), &text);
    return {text, text + length};
  }
  std::string judged(const base::Bytes& bytes) {
    const auto finding = judge_ra_certificate(own_, bytes, *base::parse_time("2026-11-28T10:00:00+09:00"));
    facts_ = finding.facts;
    return checked(finding);
  }

  Credentials own_{"J-LIS", "/etc/madoguchi/ra.crt.pem", "/etc/madoguchi/ra.key.pem"};
  boost::json::object facts_;
};

TEST_F(Certificate, ThatEndsInFiveDaysIsNamedWithItsLastDay) {
  EXPECT_EQ(judged(pem("20260101000000Z", "20261203030000Z")), "ra_certificate.ends_soon attention");
  EXPECT_EQ(facts_.at("days"), 5);
  EXPECT_EQ(facts_.at("date"), "2026-12-03");
  EXPECT_EQ(facts_.at("path"), "/etc/madoguchi/ra.crt.pem");
}

TEST_F(Certificate, IsNamedWhenItHasEndedOrNotBegunOrIsNone) {
  EXPECT_EQ(judged(pem("20260101000000Z", "20270601000000Z")), "ra_certificate.ok ok");
  EXPECT_EQ(judged(pem("20260101000000Z", "20261127000000Z")), "ra_certificate.ended wrong");
  EXPECT_EQ(judged(pem("20261201000000Z", "20270601000000Z")), "ra_certificate.not_yet wrong");
  EXPECT_EQ(judged({'n', 'o'}), "ra_certificate.unusable wrong");
}

TEST_F(Certificate, IsNamedWhenItIsNotThere) {
  own_.certificate = "/nowhere/ra.crt.pem";
  EXPECT_EQ(checked(examine_ra_certificate(own_, {})), "ra_certificate.unusable wrong");
}

TEST_F(Certificate, ItsKeyIsNamedWhenEverybodyMayReadItOrItIsGone) {
  const Folder folder;
  own_.key = folder.path() / "ra.key.pem";
  EXPECT_EQ(checked(examine_ra_key(own_)), "ra_key.missing wrong");
  std::ofstream(own_.key) << "key";
  ::chmod(own_.key.c_str(), 0644);
  EXPECT_EQ(checked(examine_ra_key(own_)), "ra_key.mode wrong");
  ::chmod(own_.key.c_str(), 0660);
  EXPECT_EQ(checked(examine_ra_key(own_)), "ra_key.mode wrong") << "the daemon refuses it as well";
  ::chmod(own_.key.c_str(), 0640);
  EXPECT_EQ(checked(examine_ra_key(own_)), "ra_key.ok ok");
  own_.key = "/run/credentials/madoguchid.service/ra.key.pem";
  EXPECT_EQ(checked(examine_ra_key(own_)), "ra_key.handed_over ok");
}

TEST(Socket, ItsFolderAndGroupAreLookedAt) {
  const Folder folder;
  const auto path = folder.path() / "s.sock";
  EXPECT_EQ(checked(examine_socket({path})), "socket.ok ok");
  EXPECT_EQ(checked(examine_socket({path, "no-such-group"})), "socket.unknown_group wrong");
  EXPECT_EQ(checked(examine_socket({"/nowhere/s.sock"})), "socket.no_folder wrong");
  folder.write("s.sock", "no socket");
  EXPECT_EQ(checked(examine_socket({path})), "socket.occupied wrong");
  fs::remove(path);
  ::chmod(folder.path().c_str(), 0777);
  EXPECT_EQ(checked(examine_socket({path})), "socket.open_folder wrong");
}

// Connecting would be a stranger's in the daemon's log; and one whose file was deleted still is somebody's.
TEST(Socket, ThatIsServedIsKnownWithoutBeingConnectedTo) {
  const Folder folder;
  const auto path = folder.path() / "s.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto bound = path.string() + ".new";
  ASSERT_LT(bound.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, bound.c_str(), bound.size());
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  fs::rename(bound, path);
  EXPECT_FALSE(listens(path));
  ASSERT_EQ(::listen(listener, 5), 0);
  EXPECT_TRUE(listens(path));
  EXPECT_FALSE(listens(folder.path() / "other.sock"));
  ::chmod(folder.path().c_str(), 0777);  // nothing could be made there now
  EXPECT_EQ(checked(examine_socket({path})), "socket.ok ok");
  pollfd anybody{listener, POLLIN, 0};
  EXPECT_EQ(::poll(&anybody, 1, 0), 0);
  fs::remove(path);
  EXPECT_TRUE(listens(path));
  ::close(listener);
  EXPECT_FALSE(listens(path));
}

TEST(Socket, WhatStandsInThePlaceOfItsLockIsNamed) {
  const Folder folder;
  const auto path = folder.path() / "s.sock";
  fs::create_directory(path.string() + ".lock");
  EXPECT_EQ(checked(examine_socket({path})), "file.of_other_kind wrong");
  fs::remove(path.string() + ".lock");
  fs::create_symlink("/nowhere", path.string() + ".lock");
  EXPECT_EQ(checked(examine_socket({path})), "file.of_other_kind wrong");
}

TEST(Socket, WhatItsDaemonMayNotDoThereIsNamed) {
  const Folder folder;
  const auto path = folder.path() / "s.sock";
  ::chmod(folder.path().c_str(), 0755);
  tests::give_to(folder.path(), tests::service_user);
  const auto seen = [](const SocketSetting& setting) {
    const tests::RightsOf service(tests::service_user);
    return checked(examine_socket(setting));
  };
  EXPECT_EQ(seen({path, std::to_string(::getegid() == 0 ? tests::service_user : ::getegid())}),
            "socket.ok ok");
  EXPECT_EQ(seen({path, "4711"}), "socket.group_not_own wrong");
  folder.write("s.sock.lock", "");
  ::chmod((path.string() + ".lock").c_str(), 0);
  EXPECT_EQ(seen({path}), "socket.no_rights wrong");
  fs::remove(path.string() + ".lock");
  ::chmod(folder.path().c_str(), 0555);
  EXPECT_EQ(seen({path}), "socket.no_rights wrong");
  // The service manager makes it as root; and what another user may not do says nothing.
  EXPECT_EQ(seen({path, "4711", true}), "socket.ok ok");
  EXPECT_EQ(seen({path, "4711", false, false}), "socket.ok ok");
  ::chmod(folder.path().c_str(), 0755);
}

}  // namespace
}  // namespace madoguchi::doctor
