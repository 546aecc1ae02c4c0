// The single examinations. judge_*() are plain functions; look_at_*() and examine_*() go and see.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/key.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "doctor/finding.hpp"
#include "smartcard/survey.hpp"
#include "storage/case_store.hpp"
#include "storage/keyring.hpp"
#include "storage/reading.hpp"

namespace madoguchi::doctor {

// --- the disk that the store is on

struct DiskSeen {
  std::string path;
  std::uint64_t free_bytes = 0;
  bool read_only = false;
};
// Nothing where it cannot be told.
std::optional<DiskSeen> look_at_disk(const std::filesystem::path& folder);
Finding judge_disk(const DiskSeen& seen);

// --- the clock

struct ClockSeen {
  base::Instant now{};
  // When something was recorded here, by the clock of then: the newest record first.
  std::vector<storage::Recorded> recorded{};
  std::optional<bool> synchronised{};  // nothing where the kernel does not say
};
// A counter makes fewer in the days that judge_clock() looks at: two days, or where it is used rarely the
// days of a few uses. With fewer than it needs a clock is doubted on.
constexpr int records_looked_at = 10'000;
std::optional<bool> clock_is_synchronised();
// A clock that is more than 14 days ahead of the records before it is doubted until people have worked by it
// on two days: what a mistyped date deletes does not come back. A machine that is used on a day or two a
// month and is off in between would never have those two days, and never delete anything. So such a gap is
// believed where the records show that it is usual: two more beside it, each at least two thirds as long and
// of a hundred days at most, and the machine on for three days at most, with people at work, between one and
// the next. They lie before it, or one of them is a usual one that came next. It is believed from the fourth
// use on, and up to a hundred days. It vouches for itself alone: a longer one before it, by a year that was
// mistyped or a use that was left out, is doubted until people have worked on two days since all the same. Of
// a machine that is used daily the records show no such thing, not after a closure either. What stays: where
// use is rare, a date that is ahead by no more than one and a half of its intervals passes for the next use.
// A clock that is behind a record is told for three days of its own. What the daemon alone has recorded by a
// hardware clock that falls back to the same old date counts neither for that clock nor against the right
// one.
Finding judge_clock(const ClockSeen& seen);

// --- the store with its audit log

struct StoreSetting {
  std::filesystem::path path;
  std::string config;  // the configuration's file, for the remedies
  // What is wrong with a stored case; empty when it can be read.
  std::function<std::string(const storage::CaseRecord&)> unreadable;
  std::optional<std::vector<audit::PublicKey>> keys;  // nothing: not to be had, only the chain is checked
  // Those that the store may be sealed with. nullptr: not to be had, and told already; what is said of people
  // is not looked into.
  const storage::Keyring* ring = nullptr;
  std::string key_file{};  // where the daemon's own is, for the remedies
  // There was one here before: an empty one in its place would pass for it.
  bool expected = false;
};
struct StoreSeen {
  std::vector<storage::Recorded> recorded{};  // the audit log's entries, as ClockSeen has them
  bool has_audit = false;
};
StoreSeen examine_store(const StoreSetting& setting, const Tell& tell);
// Whether everybody may put files into the store's folder. A sticky one keeps from others only what is there,
// and a store without its -wal takes the first that is put beside it for its own.
bool everybody_adds_to(const std::filesystem::path& folder);
// The group that may, where anybody else than root and this process is in it, or may be; empty: none.
std::string group_that_adds_to(const std::filesystem::path& folder);
// What this process, with the service's rights, may not do with the store's folder and files.
std::vector<Finding> store_rights(const std::filesystem::path& store);

// --- rights

// Of whom this process has the rights: a login name, else a number.
std::string own_name();
// Why it may not use a file in this way (R_OK, W_OK and X_OK of access(2)); empty: it may, or there is none,
// or the disk is read-only, which is said elsewhere.
std::string barred(const std::filesystem::path& path, int how);

// Where something else than what the service needs, or makes itself, stands in a place; links are not
// followed.
std::optional<Finding> of_other_kind(const std::filesystem::path& path, std::filesystem::file_type expected);

// --- the counter's own credentials towards an authority

struct Credentials {
  std::string authority;
  std::filesystem::path certificate, key;
};
// `pem_or_der`: what stands in the certificate's file.
Finding judge_ra_certificate(const Credentials& of, base::ByteView pem_or_der, base::Instant now);
// Nothing where there is no certificate.
std::optional<base::Instant> end_of_certificate(base::ByteView pem_or_der);
Finding examine_ra_certificate(const Credentials& of, base::Instant now);
Finding examine_ra_key(const Credentials& of);
// Where the service manager lays out what only the service may read (LoadCredential=).
bool handed_over(const std::filesystem::path& path);

// --- the issuers of what an authority issues

struct IssuerFile {
  std::string authority;
  std::filesystem::path path;
};
// What is wrong with the certificates (DER) that stand in it.
std::vector<Finding> judge_issuers(const IssuerFile& of, const std::vector<base::Bytes>& certificates,
                                   base::Instant now);
// All that are configured for an authority, beside the certificates of CAs that it shows: those that it names
// as its own, and those enclosed with its answers.
std::vector<Finding> compare_issuers(const std::string& authority, const std::vector<base::Bytes>& configured,
                                     const std::vector<base::Bytes>& named,
                                     const std::vector<base::Bytes>& enclosed, base::Instant now);

// --- pcscd, readers and cards

// `socket`: pcscd's.
void examine_readers(const std::filesystem::path& socket, const smartcard::Survey& survey, const Tell& tell);
std::filesystem::path pcscd_socket();
// A reader that the kernel's own driver has taken. `sys`: /sys, unless a test has another.
std::optional<Finding> examine_usb(const std::filesystem::path& sys);

// --- the daemon's socket

struct SocketSetting {
  std::filesystem::path path;
  std::string group{};
  bool by_manager = false;  // the service manager makes it, with its own rights
  bool as_service = true;   // this process has the service's rights
};
// The first thing that keeps the daemon from serving there.
Finding examine_socket(const SocketSetting& setting);

// A file that the user who looks may not read.
Finding not_permitted(const std::filesystem::path& path);

}  // namespace madoguchi::doctor
