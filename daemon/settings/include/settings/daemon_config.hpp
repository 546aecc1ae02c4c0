// The daemon's configuration file, config/madoguchid.yaml.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/vocabulary.hpp"
#include "settings/complaint.hpp"
#include "settings/name_of_secret.hpp"

namespace madoguchi::settings {

// All paths are as written; a relative one is meant from the folder of the configuration file. Files are
// opened by whoever uses them.

struct SocketConfig {
  std::string path = "/run/madoguchi/madoguchi.sock";
  unsigned mode = 0660;
  std::string group;  // empty: the daemon's own
};

// Who has a role: login or group names, or numeric ids.
struct RoleMembers {
  std::vector<std::string> users;
  std::vector<std::string> groups;
};

struct AccessConfig {
  RoleMembers clerk;
  RoleMembers supervisor;
  RoleMembers admin;
  RoleMembers display;
};

struct StoreConfig {
  std::string path = "/var/lib/madoguchi/cases.db";
  std::string
      key;  // file (32 bytes in hexadecimal) that seals; empty: one of the daemon's own beside the store
  std::vector<std::string> former_keys;  // that have sealed some of what is still held
  int keep_days = 30;                    // a case that has ended goes so many days after it was last changed
  int keep_unfinished_days = 750;        // and so long one that was left behind before anything was issued
};

struct AuditConfig {
  std::string key;  // file (PEM, Ed25519); empty: one of the daemon's own beside the store
  std::vector<std::string> former_keys;  // public keys (PEM) that earlier statements are signed with
  std::string counter;                   // what entries call this counter; empty: the computer's name
  int keep_days = 0;                     // entries older than this go; 0: none does
};

struct PolicyConfig {
  std::string path;           // a policy file, or the folder that holds policy.yaml
  bool strict_start = false;  // end rather than start with the policy that was accepted last
};

// Where a plugin runs: in the daemon's own process, or in one of its own.
enum class PluginIsolation : std::uint8_t { none, process };

struct PluginConfig {
  std::string name;
  PluginIsolation isolate = PluginIsolation::process;
  bool allow_unsigned = false;
  bool allow_without_landlock = false;
  bool critical = true;                     // false: the daemon does without it when it fails
  std::chrono::milliseconds deadline{250};  // of one call
  int memory_mib = 128;                     // of an isolated one's process
};

struct PluginsConfig {
  std::string folder = "/usr/lib/madoguchi/plugins";
  std::vector<std::string> trusted_vendors;  // certificates that plugins must be signed under
  std::string host_program = "/usr/lib/madoguchi/madoguchi-plugin-host";
  std::vector<PluginConfig> use;
};

enum class ReaderProfile : std::uint8_t { simulated_spare, simulated_single, genuine };

// Whether PINs of digits are entered at the card reader's own keys.
enum class PinPadUse : std::uint8_t {
  automatic,  // there where the reader has them, and a typed one is refused; elsewhere typed
  optional,   // there or typed
  never,      // typed, whatever a reader claims
  required,   // there, and nowhere else
};

struct ReadersConfig {
  ReaderProfile profile = ReaderProfile::genuine;
  std::string terminal_key;                        // file; with the simulated profiles, and only with them
  std::chrono::milliseconds job_deadline{30'000};  // of one job on a card
  std::chrono::seconds hold{300};                  // how long an idle case keeps its card
  PinPadUse pin_pad = PinPadUse::automatic;
  std::chrono::seconds pin_pad_patience{30};  // how long a reader waits for a PIN at its keys
};

// Who issues: authorities that this counter speaks to, or the official terminal, on which a clerk works.
enum class IssuingChannel : std::uint8_t { cmp, terminal };

enum class RequestBody : std::uint8_t { cr, p10cr, kur };

// A key in an HSM or a TPM, opened by OpenSSL's providers.
struct KeyStoreConfig {
  std::string uri;
  std::vector<std::string> providers;  // beside OpenSSL's own
  std::string modules;                 // folder of the providers; empty: OpenSSL's
  std::string openssl_conf;            // file with the providers' own parameters; empty: none
  std::string pin;                     // file; empty: it has none
};

// One certification authority and the counter's own credentials towards it.
struct AuthorityConfig {
  std::string name;
  std::string url;                                // http:// or https://
  std::vector<policy::Certificate> certificates;  // those that it issues
  RequestBody body = RequestBody::cr;
  std::string ra_certificate;
  std::string ra_key;  // file; empty: ra_key_store is there
  std::optional<KeyStoreConfig> ra_key_store;
  std::vector<std::string> trust;    // certificates that the authority's messages are verified with
  std::vector<std::string> issuers;  // certificates that sign what it issues, or did; empty: not checked
  // Its OCSP responder, http:// or https://; empty: nobody is asked for a certificate's status. Needs
  // `issuers`.
  std::string ocsp_url;
  // Its lists of revoked certificates (CRL), as a rule one an issuer; asked where the responder says nothing.
  // Need `issuers`.
  std::vector<std::string> crl_urls;
  std::string expected_sender;  // subject of the authority's CMP signer; empty: any trusted one
  std::string recipient;        // empty: the expected sender, else the issuer of the counter's certificate
  std::string tls_ca;           // with https://; empty: the system's
  std::chrono::seconds timeout{20};    // of one message
  std::chrono::seconds patience{120};  // how long one run waits for an authority that says "waiting"
};

struct ApiConfig {
  std::size_t max_message_bytes = std::size_t{1} << 20;
  int max_connections = 64;  // displays have half of them at most
  int max_connections_per_user = 48;
  // Of one connection; a display's are fewer, so that whoever serves citizens goes first.
  int max_requests_per_second = 5'000;
  int max_display_requests_per_second = 50;
  int max_requests_per_connection = 32;  // under way at the same time
  int max_subscriptions_per_connection = 8;
  int max_queued_events = 1024;  // a subscriber behind by more is told to resync
};

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, json, journald };

struct LogConfig {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
};

// For a monitor (Prometheus).
struct MetricsConfig {
  std::string socket;  // its path; empty: no metrics are served
  unsigned mode = 0660;
  std::string group;  // empty: the daemon's own
};

struct DaemonConfig {
  SocketConfig socket;
  AccessConfig access;
  StoreConfig store;
  AuditConfig audit;
  PolicyConfig policy;
  PluginsConfig plugins;
  ReadersConfig readers;
  IssuingChannel channel = IssuingChannel::cmp;
  std::vector<AuthorityConfig> authorities;  // cmp: each certificate is issued by exactly one; terminal: none
  ApiConfig api;
  LogConfig log;
  MetricsConfig metrics;
  std::string digest;  // SHA-256 of the text

  // The authority that issues it.
  [[nodiscard]] const AuthorityConfig& authority(policy::Certificate certificate) const;
};

// `file` names the place in complaints; nothing is opened. Without `name_of` such names stay as written, for
// whoever repeats none.
Loaded<DaemonConfig> load_daemon_config(std::string_view text, const std::string& file,
                                        const NameOfSecret& name_of = {});

}  // namespace madoguchi::settings
