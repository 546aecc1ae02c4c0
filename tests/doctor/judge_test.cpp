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

base::Instant at(const char* text) {
  return *base::parse_time(text);
}

// What people have recorded.
ClockSeen seen(base::Instant now, const std::vector<base::Instant>& recorded,
               std::optional<bool> synchronised = true) {
  ClockSeen all{now, {}, synchronised};
  for (const auto at : recorded) all.recorded.push_back({at, true});
  return all;
}

TEST(Clock, ThatCannotBeRightIsNamed) {
  EXPECT_EQ(checked(judge_clock({at("1970-01-01T00:10:00+09:00")})), "clock.implausible wrong");
  EXPECT_EQ(checked(judge_clock({at("2099-01-01T00:10:00+09:00")})), "clock.implausible wrong");
}

TEST(Clock, ThatIsBehindWhatWasRecordedIsNamed) {
  const auto now = at("2026-11-28T10:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(now, {at("2026-11-28T10:00:30+09:00")}))), "clock.behind wrong");
  EXPECT_EQ(checked(judge_clock(seen(now, {at("2026-11-28T10:00:02+09:00")}))), "clock.ok ok");
}

// What such a clock has recorded itself since, at this start or at those before, is no reason to believe it.
TEST(Clock, ThatIsBehindIsNamedForThreeDays) {
  const auto ahead = at("2029-11-28T10:00:00+09:00");
  const auto began = at("2026-11-28T10:00:00+09:00");
  const auto judged = [&](std::chrono::hours after) {
    return checked(judge_clock(seen(began + after, {began + after, began + after / 2, began, ahead, began})));
  };
  EXPECT_EQ(judged(std::chrono::hours(0)), "clock.behind wrong");
  EXPECT_EQ(judged(std::chrono::hours(71)), "clock.behind wrong");
  EXPECT_EQ(judged(std::chrono::hours(72)), "clock.ok ok") << "it may as well have been put right";
}

TEST(Clock, ThatIsFarAheadOfWhatWasRecordedIsNamed) {
  const auto last = at("2026-11-28T10:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(at("2038-11-28T10:00:00+09:00"), {last}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(at("2026-12-12T10:00:00+09:00"), {last}))), "clock.ok ok");
  EXPECT_EQ(checked(judge_clock(seen(at("2026-12-12T10:00:01+09:00"), {last}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(at("2038-11-28T10:00:00+09:00"), {}))), "clock.ok ok") << "a new store";
}

// A machine that has stood still for months is right, and one that somebody has set wrongly is noticed.
TEST(Clock, ThatIsAheadIsBelievedOncePeopleHaveWorkedByItOnTwoDays) {
  const auto old = at("2026-11-28T10:00:00+09:00");
  const auto first = at("2029-11-30T16:59:00+09:00");
  const auto second = at("2029-12-03T08:30:00+09:00");  // after a weekend
  EXPECT_EQ(checked(judge_clock(seen(first, {first, old}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(second, {first, first, old}))), "clock.ahead attention");
  const auto third = at("2029-12-04T08:30:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(third, {third, second, second, first, old}))), "clock.ok ok");
  // Nor is it forgotten for another clock that was wrong, back or ahead, between two of its days.
  const auto flat = at("2000-01-01T09:00:00+09:00");
  const auto far = at("2040-01-01T09:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(second, {second, flat, first, flat, old}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(third, {third, flat, second, flat, first, far, old}))), "clock.ok ok");
}

// The hardware's clock is a year ahead, and a time service puts it right minutes after each start.
TEST(Clock, ThatWasPutRightEachTimeIsNotBelievedForItsEarlierDays) {
  const auto day = [](const char* year, const char* month_and_day, const char* hour) {
    return at((std::string(year) + "-" + month_and_day + "T" + hour + ":00:00+09:00").c_str());
  };
  const auto now = day("2027", "06-03", "08");
  std::vector<base::Instant> recorded{now};
  for (const auto* date : {"06-02", "06-01"}) {
    for (const auto* hour : {"17", "09"}) recorded.push_back(day("2026", date, hour));
    recorded.push_back(day("2027", date, "08"));
  }
  EXPECT_EQ(checked(judge_clock(seen(now, recorded))), "clock.ahead attention");
  const auto right = day("2026", "06-04", "09");
  recorded.insert(recorded.begin(), right);
  EXPECT_EQ(checked(judge_clock(seen(right + std::chrono::hours(72), recorded))), "clock.ok ok")
      << "the right one is not doubted for the other";
}

TEST(Clock, ThatIsMistypedASecondTimeIsNotBelievedForTheFirst) {
  const auto old = at("2026-11-25T10:00:00+09:00");
  const auto wrong = at("2029-11-26T10:00:00+09:00");
  const auto right = at("2026-11-28T10:00:00+09:00");
  const auto again = wrong + std::chrono::days(9);
  const std::vector recorded{again, right + std::chrono::days(1), right, wrong + std::chrono::days(1), wrong,
                             old};
  EXPECT_EQ(checked(judge_clock(seen(again, recorded))), "clock.ahead attention");
}

// A second that a time service takes back takes nothing from a day.
TEST(Clock, ThatIsSetBackByALittleIsNotDoubted) {
  const auto old = at("2026-11-28T10:00:00+09:00");
  const auto first = at("2029-11-30T16:59:00+09:00");
  const auto second = at("2029-12-03T08:30:00+09:00");
  const auto third = at("2029-12-04T08:30:00+09:00");
  const auto little = std::chrono::seconds(2);
  EXPECT_EQ(checked(judge_clock(seen(third, {third + little, second - little, second, first, old}))),
            "clock.ok ok");
}

// The year was mistyped on a Friday, and the machine stays on, or is switched on by itself, while nobody is
// there.
TEST(Clock, ThatIsAheadIsNotBelievedForDaysOnWhichNobodyWorked) {
  const storage::Recorded old{at("2026-11-26T17:00:00+09:00"), true};
  const storage::Recorded friday{at("2029-11-30T17:00:00+09:00"), true};
  const auto monday = at("2029-12-03T00:01:00+09:00");
  ClockSeen left_on{monday, {friday, old}, true};
  for (int days = 0; days < 3; ++days)
    left_on.recorded.insert(left_on.recorded.begin(), {friday.at + std::chrono::days(days), false});
  EXPECT_EQ(checked(judge_clock(left_on)), "clock.ahead attention");
  left_on.recorded.insert(left_on.recorded.begin(), {monday, true});
  EXPECT_EQ(checked(judge_clock(left_on)), "clock.ahead attention") << "the second day is not over";
  left_on.now += std::chrono::days(1);
  EXPECT_EQ(checked(judge_clock(left_on)), "clock.ok ok");
}

TEST(Clock, OfAMachineThatIsUsedNowAndThenIsNotDoubted) {
  const auto now = at("2026-11-28T10:00:00+09:00");
  const auto ago = [&](int days) { return now - std::chrono::days(days); };
  EXPECT_EQ(checked(judge_clock(seen(now, {ago(13), ago(26), ago(300)}))), "clock.ok ok");
}

TEST(Clock, ThatNobodyKeepsIsNamedAndOneThatCannotBeToldIsNot) {
  const auto now = at("2026-11-28T10:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(now, {}, false))), "clock.not_synchronised attention");
  EXPECT_EQ(checked(judge_clock(seen(now, {}, std::nullopt))), "clock.ok ok");
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
    const auto finding = judge_ra_certificate(own_, bytes, at("2026-11-28T10:00:00+09:00"));
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
