#include "settings/daemon_config.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/url.hpp"
#include "ra_key.hpp"
#include "scan.hpp"
#include "secret_file.hpp"
#include "section.hpp"

namespace madoguchi::settings {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 3> profiles{"simulated-spare", "simulated-single", "genuine"};
constexpr std::array<std::string_view, 4> pad_uses{"auto", "optional", "never", "require"};
constexpr std::array<std::string_view, 2> channels{"cmp", "terminal"};
constexpr std::array<std::string_view, 3> bodies{"cr", "p10cr", "kur"};
constexpr std::array<std::string_view, 2> isolations{"none", "process"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 3> formats{"text", "json", "journald"};

template <class Duration>
void read_duration(Section& section, std::string_view key, Duration& into, int least, int most) {
  int value = static_cast<int>(into.count());
  section.integer(key, value, least, most, Need::optional);
  into = Duration(value);
}

// Always in quotes or not, a mode is octal: "0660".
void read_mode(Section& section, unsigned& into) {
  std::string text;
  section.text("mode", text, Need::optional);
  if (text.empty()) return;
  const bool octal = text.size() == 4 && text[0] == '0' &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '7'; });
  if (!octal) return section.complain("mode", "expected an octal mode such as 0660, found \"" + text + "\"");
  into = static_cast<unsigned>(std::stoul(text, nullptr, 8));
}

constexpr std::size_t longest_socket = 107;  // sun_path, with its end

void read_metrics(Section& root, MetricsConfig& metrics) {
  root.section("metrics", Need::optional, [&](Section& s) {
    s.text("socket", metrics.socket, Need::required, longest_socket);
    read_mode(s, metrics.mode);
    s.text("group", metrics.group, Need::optional);
  });
}

void read_socket(Section& root, SocketConfig& socket) {
  root.section("socket", Need::optional, [&](Section& s) {
    s.text("path", socket.path, Need::optional, longest_socket);
    read_mode(s, socket.mode);
    s.text("group", socket.group, Need::optional);
  });
}

std::vector<std::string> plain(std::vector<Placed> placed) {
  std::vector<std::string> texts;
  texts.reserve(placed.size());
  for (auto& item : placed) texts.push_back(std::move(item.text));
  return texts;
}

void read_role(Section& access, std::string_view role, RoleMembers& members) {
  access.section(role, Need::optional, [&](Section& s) {
    members.users = plain(s.texts("users", Need::optional));
    members.groups = plain(s.texts("groups", Need::optional));
  });
}

bool nobody(const RoleMembers& members) {
  return members.users.empty() && members.groups.empty();
}

void read_access(Section& root, AccessConfig& access) {
  root.section("access", Need::required, [&](Section& s) {
    read_role(s, "clerk", access.clerk);
    read_role(s, "supervisor", access.supervisor);
    read_role(s, "admin", access.admin);
    read_role(s, "display", access.display);
    if (nobody(access.clerk) && nobody(access.supervisor) && nobody(access.admin) && nobody(access.display)) {
      s.complain("", "nobody has a role, so nobody could connect; name users or groups");
    }
  });
}

PluginConfig read_plugin(Section& section) {
  PluginConfig plugin;
  section.text("name", plugin.name, Need::required, 64);
  section.word("isolate", plugin.isolate, Words(isolations), Need::optional);
  section.flag("allow_unsigned", plugin.allow_unsigned, Need::optional);
  section.flag("allow_without_landlock", plugin.allow_without_landlock, Need::optional);
  section.flag("critical", plugin.critical, Need::optional);
  read_duration(section, "deadline_ms", plugin.deadline, 1, 10'000);
  section.integer("memory_mib", plugin.memory_mib, 16, 65'536, Need::optional);
  return plugin;
}

// Plugins are named, never given by path: what is not in the folder cannot be loaded.
void read_plugins(Section& root, PluginsConfig& plugins) {
  root.section("plugins", Need::optional, [&](Section& s) {
    s.text("folder", plugins.folder, Need::optional);
    plugins.trusted_vendors = plain(s.texts("trusted_vendors", Need::optional));
    s.text("host_program", plugins.host_program, Need::optional);
    s.each("use", Need::required, [&](Section& one) {
      auto plugin = read_plugin(one);
      const auto same = [&](const PluginConfig& p) { return p.name == plugin.name; };
      if (!plugin.name.empty() && std::any_of(plugins.use.begin(), plugins.use.end(), same)) {
        one.complain("name", "the plugin \"" + plugin.name + "\" stands here a second time");
      }
      plugins.use.push_back(std::move(plugin));
    });
  });
}

void read_readers(Section& root, ReadersConfig& readers) {
  root.keep_to_itself("readers");
  root.section("readers", Need::required, [&](Section& s) {
    s.word("profile", readers.profile, Words(profiles), Need::required);
    read_secret_file(s, "terminal_key", readers.terminal_key);
    read_duration(s, "job_deadline_ms", readers.job_deadline, 100, 600'000);
    read_duration(s, "hold_seconds", readers.hold, 10, 3'600);
    s.word("pin_pad", readers.pin_pad, Words(pad_uses), Need::optional);
    read_duration(s, "pin_pad_seconds", readers.pin_pad_patience, 5, 120);
    if (!s.has("profile")) return;
    const bool genuine = readers.profile == ReaderProfile::genuine;
    if (genuine && s.has("terminal_key")) {
      s.complain("terminal_key", "only simulated cards have one; take it out");
    }
    if (!genuine && !s.has("terminal_key")) {
      s.complain("terminal_key", "missing; a simulated profile needs the file of the terminal key");
    }
  });
}

bool is_secure(std::string_view url) {
  return url.starts_with("https://");
}

constexpr const char* url_expected =
    "expected http://host... or https://host..., without a user name, a query or a fragment";

// Complains of one that is there and cannot be asked.
bool check_url(Section& section, const char* key, std::string_view url) {
  if (base::parse_url(url)) return true;
  if (!url.empty()) section.complain(key, url_expected);
  return false;
}

void read_lists(Section& section, std::vector<std::string>& urls) {
  for (auto& placed : section.texts("crl_urls", Need::optional)) {
    if (!base::parse_url(placed.text)) section.report().complain(placed.at, placed.key, url_expected);
    urls.push_back(std::move(placed.text));
  }
}

void read_urls(Section& section, AuthorityConfig& authority) {
  section.text("url", authority.url, Need::required);
  section.text("ocsp_url", authority.ocsp_url, Need::optional);
  section.text("tls_ca", authority.tls_ca, Need::optional);
  const bool usable = check_url(section, "url", authority.url);
  check_url(section, "ocsp_url", authority.ocsp_url);
  read_lists(section, authority.crl_urls);
  const bool secure = is_secure(authority.url) || is_secure(authority.ocsp_url) ||
                      std::any_of(authority.crl_urls.begin(), authority.crl_urls.end(), is_secure);
  if (usable && !secure && !authority.tls_ca.empty()) {
    section.complain("tls_ca", "only used with an https:// url");
  }
}

// Which attributes there are is known where the name is used; a backslash takes the next character as it is.
bool is_subject(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      parts.emplace_back();
    } else if (parts.empty()) {
      return false;
    } else {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      parts.back() += text[i];
    }
  }
  return !parts.empty() && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    const auto equals = part.find('=');
    return equals != std::string::npos && equals > 0 && part.find(' ') > equals &&
           part.find_first_not_of(' ', equals + 1) != std::string::npos;
  });
}

void read_subject(Section& section, const char* key, std::string& into) {
  section.text(key, into, Need::optional);
  if (into.empty() || is_subject(into)) return;
  section.complain(key, quote(into) + " is not a name of the form /C=JP/O=.../CN=...");
}

AuthorityConfig read_authority(Section& section) {
  AuthorityConfig authority;
  section.text("name", authority.name, Need::required, 64);
  read_urls(section, authority);
  section.words("certificates", authority.certificates, policy::names<policy::Certificate>(), Need::required);
  section.word("body", authority.body, Words(bodies), Need::optional);
  section.text("ra_certificate", authority.ra_certificate, Need::required);
  read_ra_key(section, authority);
  authority.trust = plain(section.texts("trust", Need::required));
  authority.issuers = plain(section.texts("issuers", Need::optional));
  for (const auto* key : {"ocsp_url", "crl_urls"}) {
    if (!section.has(key) || section.has("issuers")) continue;
    section.complain(
        key, "needs \"issuers\": a certificate's status is asked for, and its answer believed, by them");
  }
  read_subject(section, "expected_sender", authority.expected_sender);
  read_subject(section, "recipient", authority.recipient);
  read_duration(section, "timeout_seconds", authority.timeout, 1, 600);
  read_duration(section, "patience_seconds", authority.patience, 0, 3'600);
  return authority;
}

// Genuine cards are written at the official terminal, by its own rights and keys: whoever leaves others here
// may believe that they are used.
void read_terminal(Section& root, ReaderProfile profile) {
  root.knows("authorities");
  if (root.has("authorities")) {
    root.complain("authorities",
                  "not used with \"channel: terminal\", where the official terminal issues; take it out");
  }
  if (profile != ReaderProfile::genuine) {
    root.complain("channel",
                  "terminal is for genuine cards; set readers.profile to genuine, or the channel to cmp");
  }
}

void read_authorities(Section& root, std::vector<AuthorityConfig>& authorities) {
  root.each("authorities", Need::required, [&](Section& s) {
    auto authority = read_authority(s);
    for (const auto& earlier : authorities) {
      if (!authority.name.empty() && earlier.name == authority.name) {
        s.complain("name", "the authority \"" + authority.name + "\" stands here a second time");
      }
      for (const auto c : authority.certificates) {
        const bool twice = std::find(earlier.certificates.begin(), earlier.certificates.end(), c) !=
                           earlier.certificates.end();
        if (twice)
          s.complain("certificates",
                     std::string(to_text(c)) + " is issued by \"" + earlier.name + "\" already");
      }
    }
    authorities.push_back(std::move(authority));
  });
  if (authorities.empty()) return;
  for (const auto c : {policy::Certificate::signature, policy::Certificate::authentication}) {
    const bool issued = std::any_of(authorities.begin(), authorities.end(), [&](const AuthorityConfig& a) {
      return std::find(a.certificates.begin(), a.certificates.end(), c) != a.certificates.end();
    });
    if (!issued)
      root.complain("authorities", "no authority issues the " + std::string(to_text(c)) + " certificate");
  }
}

void read_api(Section& root, ApiConfig& api) {
  root.section("api", Need::optional, [&](Section& s) {
    int bytes = static_cast<int>(api.max_message_bytes);
    s.integer("max_message_bytes", bytes, 4'096, 16 << 20, Need::optional);
    api.max_message_bytes = static_cast<std::size_t>(bytes);
    s.integer("max_connections", api.max_connections, 1, 10'000, Need::optional);
    s.integer("max_connections_per_user", api.max_connections_per_user, 1, 10'000, Need::optional);
    s.integer("max_requests_per_second", api.max_requests_per_second, 1, 1'000'000, Need::optional);
    s.integer("max_display_requests_per_second", api.max_display_requests_per_second, 1, 1'000'000,
              Need::optional);
    s.integer("max_requests_per_connection", api.max_requests_per_connection, 1, 1'000, Need::optional);
    s.integer("max_subscriptions_per_connection", api.max_subscriptions_per_connection, 1, 100,
              Need::optional);
    s.integer("max_queued_events", api.max_queued_events, 1, 100'000, Need::optional);
  });
}

// A proxy's second visit may come two years after the first (the facts' own limit): until then its case is
// needed.
constexpr int longest_wait_days = 731;

void read_store(Section& root, StoreConfig& store) {
  root.keep_to_itself("store");
  root.section("store", Need::optional, [&](Section& s) {
    s.text("path", store.path, Need::required);
    read_secret_file(s, "key", store.key);
    store.former_keys = read_secret_files(s, "former_keys");
    s.integer("keep_days", store.keep_days, 1, 36'500, Need::optional);
    s.integer("keep_unfinished_days", store.keep_unfinished_days, longest_wait_days, 36'500, Need::optional);
  });
}

void read_config(Section& root, DaemonConfig& config) {
  read_socket(root, config.socket);
  read_access(root, config.access);
  read_store(root, config.store);
  root.keep_to_itself("audit");
  root.section("audit", Need::optional, [&](Section& s) {
    read_secret_file(s, "key", config.audit.key);
    config.audit.former_keys = read_secret_files(s, "former_keys");
    s.text("counter", config.audit.counter, Need::optional, 128);
    s.integer("keep_days", config.audit.keep_days, 1, 36'500, Need::optional);
  });
  root.section("policy", Need::required, [&](Section& s) {
    s.text("path", config.policy.path, Need::required);
    s.flag("strict_start", config.policy.strict_start, Need::optional);
  });
  read_plugins(root, config.plugins);
  read_readers(root, config.readers);
  root.word("channel", config.channel, Words(channels), Need::optional);
  if (config.channel == IssuingChannel::terminal) {
    read_terminal(root, config.readers.profile);
  } else {
    read_authorities(root, config.authorities);
  }
  read_api(root, config.api);
  root.section("log", Need::optional, [&](Section& s) {
    s.word("level", config.log.level, Words(levels), Need::optional);
    s.word("format", config.log.format, Words(formats), Need::optional);
  });
  read_metrics(root, config.metrics);
}

}  // namespace

const AuthorityConfig& DaemonConfig::authority(policy::Certificate certificate) const {
  for (const auto& candidate : authorities) {
    const auto& served = candidate.certificates;
    if (std::find(served.begin(), served.end(), certificate) != served.end()) return candidate;
  }
  throw std::logic_error("a configuration that was not loaded: no authority for a certificate");
}

Loaded<DaemonConfig> load_daemon_config(std::string_view text, const std::string& file,
                                        const NameOfSecret& name_of) {
  Loaded<DaemonConfig> loaded;
  auto tree = read_tree(text, file);
  Report report(file, name_of);
  report.add(std::move(tree.complaints));
  DaemonConfig config;
  if (tree.root) {
    Section::read(*tree.root, tree.root->at, "", report, [&](Section& root) { read_config(root, config); });
  }
  loaded.complaints = report.sorted();
  if (!loaded.complaints.empty()) return loaded;
  config.digest =
      base::to_hex(base::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  loaded.value = std::move(config);
  return loaded;
}

}  // namespace madoguchi::settings
