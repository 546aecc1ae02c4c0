#include "examine.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "api/privacy.hpp"
#include "audit_key.hpp"
#include "authorities.hpp"
#include "base/key_file.hpp"
#include "counter/each_case.hpp"
#include "doctor/examinations.hpp"
#include "examine_authority.hpp"
#include "examine_policy.hpp"
#include "files.hpp"
#include "key_store.hpp"
#include "roles.hpp"
#include "service_rights.hpp"
#include "smartcard/survey.hpp"
#include "storage/key_places.hpp"
#include "store_key.hpp"
#include "system_clock.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using doctor::Finding;
using doctor::State;

std::string own_group() {
  const auto* group = ::getgrgid(::getegid());
  return group != nullptr ? group->gr_name : std::to_string(::getegid());
}

// Then systemd makes the daemon's socket, with root's rights.
bool socket_is_managers() {
  std::error_code error;
  if (!fs::exists("/run/systemd/system", error)) return false;
  for (const auto* folder : {"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}) {
    if (fs::exists(fs::path(folder) / "madoguchid.socket", error)) return true;
  }
  return false;
}

class Examination {
 public:
  // `as_service`: with the daemon's rights.
  Examination(settings::DaemonConfig config, fs::path file, bool as_service,
              const std::vector<std::string>& parts, std::ostream& out)
      : config_(std::move(config)),
        file_(std::move(file)),
        as_service_(as_service),
        folder_(fs::absolute(file_).parent_path()),
        store_(folder_ / config_.store.path),
        parts_(parts),
        out_(out) {}

  int run() {
    // Whoever asked knows then whether it is about the service or about themselves.
    line({{"as_service", as_service_}});
    part("config", [this] { look_at_config(); });
    part("socket", [this] {
      tell(doctor::examine_socket(
          {folder_ / config_.socket.path, config_.socket.group, socket_is_managers(), as_service_}));
    });
    part("store", [this] { look_at_store(); });
    part("policy", [this] {
      if (readable(folder_ / config_.policy.path)) examine_policy(config_, folder_, now_, teller());
    });
    part("credentials", [this] { look_at_credentials(); });
    part("readers", [this] { look_at_readers(); });
    part("authorities", [this] { look_at_authorities(); });
    return static_cast<int>(worst_);
  }

 private:
  template <class Look>
  void part(const char* name, Look look) {
    if (!parts_.empty() && std::find(parts_.begin(), parts_.end(), name) == parts_.end()) return;
    line({{"begin", name}});
    part_ = name;
    look();
  }
  void line(const json::object& object) { out_ << json::serialize(object) << std::endl; }
  void tell(Finding finding) {
    finding = rights_weighed(std::move(finding));
    worst_ = std::max(worst_, finding.state);
    line({{"finding", doctor::to_json(finding)}});
  }
  doctor::Tell teller() {
    return [this](Finding finding) { tell(std::move(finding)); };
  }
  // What the service may not read is wrong; what somebody else may not read says nothing about the service.
  Finding rights_weighed(Finding finding) const {
    if (!as_service_ && finding.id == "store.unreadable")
      return doctor::not_permitted(std::string(finding.facts.at("path").as_string()));
    if (!as_service_ || finding.id != "file.not_permitted") return finding;
    finding.facts["user"] = doctor::own_name();
    finding.facts["group"] = own_group();
    const bool key = part_ == "credentials";
    return {State::wrong, key ? "key.not_for_service" : "file.not_for_service", std::move(finding.facts)};
  }
  bool readable(const fs::path& path) {
    if (doctor::barred(path, R_OK).empty()) return true;
    tell(doctor::not_permitted(path));
    return false;
  }

  void look_at_config() {
    if (!readable(file_)) return;
    struct stat status {};
    const bool open_to_all = ::stat(file_.c_str(), &status) == 0 && (status.st_mode & 0002) != 0;
    if (open_to_all) return tell({State::wrong, "config.writable", {{"path", file_.string()}}});
    look_at_access();
    if (!config_.metrics.socket.empty()) look_at_metrics();
    tell({State::ok, "config.ok", {{"path", file_.string()}}});
  }

  // The counter works without them, and nobody would notice that nothing watches it.
  void look_at_metrics() {
    const auto socket = folder_ / config_.metrics.socket;
    const auto folder = socket.parent_path();
    std::error_code error;
    if (!fs::is_directory(folder, error) && error != std::errc::permission_denied)
      return tell({State::attention, "metrics.no_folder", {{"path", folder.string()}}});
    if (socket.lexically_normal() == (folder_ / config_.socket.path).lexically_normal())
      return tell({State::attention, "metrics.same_socket", {{"path", socket.string()}}});
    auto found = doctor::examine_socket({socket, config_.metrics.group, false, as_service_});
    if (found.state == State::ok) return;
    found.state = State::attention;
    if (found.id == "socket.unknown_group" || found.id == "socket.group_not_own") {
      found.id = "metrics.group";
      found.facts["user"] = doctor::own_name();
    }
    tell(std::move(found));
  }

  void look_at_access() {
    for (const auto& name : unknown_in(config_.access))
      tell({State::attention, "access.unknown_name", {{"name", name}, {"path", file_.string()}}});
  }

  std::optional<std::vector<audit::PublicKey>> keys(bool& absent) {
    const auto file = audit_key_file(config_.audit, folder_, store_.parent_path());
    auto keys = present_audit_keys(config_.audit, folder_, store_.parent_path());
    absent = !keys && keys.error().code == base::Code::not_found;
    if (keys) {
      tell({State::ok, "audit_key.ok", {{"path", file.string()}}});
      return std::move(*keys);
    }
    if (!absent)
      tell({State::wrong,
            "audit_key.unusable",
            {{"path", file.string()}, {"why", keys.error().inner}, {"user", doctor::own_name()}}});
    return std::nullopt;
  }

  // The disk first: it may be what the rest comes from.
  void look_at_store() {
    look_at_store_folder(store_.parent_path());
    if (const auto disk = doctor::look_at_disk(store_.parent_path())) tell(doctor::judge_disk(*disk));
    std::vector<storage::Recorded> recorded;
    if (auto why = doctor::barred(store_.parent_path(), R_OK | X_OK); why.empty()) {
      recorded = look_into_store();
    } else {
      for (const auto& finding : doctor::store_rights(store_)) tell(finding);
    }
    for (const auto& copy : storage::stores_set_aside(store_)) look_at_copy(copy);
    const auto kept = store_.parent_path() / "policies";
    if (auto odd = doctor::of_other_kind(kept, fs::file_type::directory)) {
      tell(std::move(*odd));
    } else if (auto why = doctor::barred(kept, R_OK | W_OK | X_OK); as_service_ && !why.empty()) {
      tell({State::wrong,
            "policy.kept_barred",
            {{"path", kept.string()}, {"why", std::move(why)}, {"user", doctor::own_name()}}});
    }
    tell(doctor::judge_clock({now_, std::move(recorded), doctor::clock_is_synchronised()}));
  }

  void look_at_store_folder(const fs::path& folder) {
    if (doctor::everybody_adds_to(folder))
      return tell({State::wrong, "store.open_folder", {{"path", folder.string()}}});
    const auto group = as_service_ ? doctor::group_that_adds_to(folder) : std::string();
    if (!group.empty())
      tell({State::attention, "store.group_folder", {{"path", folder.string()}, {"group", group}}});
  }

  void look_at_copy(const storage::SetAside& copy) {
    json::object facts{{"path", copy.path.string()}, {"bytes", copy.bytes}};
    const auto day = api::leaves_on(copy, {config_.store.keep_days, config_.store.keep_unfinished_days});
    if (!day) return tell({State::attention, "store.set_aside_needed", std::move(facts)});
    facts["date"] = base::format_date(*day);
    tell({State::ok, "store.set_aside", std::move(facts)});
  }

  std::vector<storage::Recorded> look_into_store() {
    bool no_key = false;
    const auto ring = store_ring();
    doctor::StoreSetting setting{store_, file_.string(), {}, keys(no_key)};
    setting.expected = had_store(config_.audit, folder_, store_);
    setting.ring = ring ? &*ring : nullptr;
    setting.key_file = (store_.parent_path() / storage::key_file_name).string();
    setting.unreadable = [](const storage::CaseRecord& record) {
      const auto read = counter::read_case(record);
      return read ? std::string() : read.error().inner;
    };
    auto seen = doctor::examine_store(setting, teller());
    if (no_key) look_at_lost_key(seen.has_audit);
    return std::move(seen.recorded);
  }

  // Nothing where one that is there, or that the configuration names, cannot be used.
  std::optional<storage::Keyring> store_ring() {
    auto ring = present_store_keys(config_.store, folder_, store_.parent_path());
    std::error_code error;
    if (!ring) {
      auto facts = ring.error().details;
      facts["why"] = ring.error().inner;
      facts["user"] = doctor::own_name();
      tell({State::wrong, "store_key.unusable", std::move(facts)});
      return std::nullopt;
    }
    if (ring->keys.empty() && !fs::exists(store_, error)) tell({State::ok, "store_key.absent", {}});
    return std::move(*ring);
  }

  void look_at_lost_key(bool has_audit) {
    // As a credential of the service manager's it is nobody's but the service's.
    std::error_code error;
    if (has_audit && fs::exists(base::services_credentials, error)) return;
    const auto file = audit_key_file(config_.audit, folder_, store_.parent_path());
    tell({has_audit ? State::wrong : State::ok,
          has_audit ? "audit_key.lost" : "audit_key.absent",
          {{"path", file.string()}}});
  }

  void look_at_terminal_key() {
    if (config_.readers.profile == settings::ReaderProfile::genuine)
      return tell({State::ok, "terminal_key.none", {}});
    const auto path = folder_ / config_.readers.terminal_key;
    json::object facts{{"path", path.string()}};
    std::error_code error;
    if (path.string().starts_with("/run/credentials/") && !fs::exists(path, error))
      return tell({State::ok, "terminal_key.handed_over", std::move(facts)});
    if (!readable(path)) return;
    const auto key = read_terminal_key(path);
    if (key) return tell({State::ok, "terminal_key.ok", std::move(facts)});
    facts["why"] = key.error().inner;
    tell({State::wrong, "terminal_key.unusable", std::move(facts)});
  }

  void look_at_credentials() {
    // By root's own rights the keys of whoever runs it would pass for somebody else's.
    if (!as_service_ && ::geteuid() == 0)
      return tell({State::attention, "service.unknown_user", {{"path", store_.parent_path().string()}}});
    look_at_terminal_key();
    for (const auto& authority : config_.authorities) {
      const doctor::Credentials own{authority.name, folder_ / authority.ra_certificate,
                                    folder_ / authority.ra_key};
      const auto certificate = doctor::examine_ra_certificate(own, now_);
      tell(certificate);
      look_at_issuers(authority);
      const bool read = certificate.id != "ra_certificate.unusable" && certificate.id != "file.not_permitted";
      if (authority.ra_key_store) {
        if (read) look_at_key_store(authority);
        continue;
      }
      const auto key = doctor::examine_ra_key(own);
      tell(key);
      // Whether they belong together, and everything else, is known once both can be read.
      if (!read || key.id != "ra_key.ok") continue;
      if (const auto made = set_up(authority); !made) tell(unusable(authority, made.error()));
    }
  }

  void look_at_issuers(const settings::AuthorityConfig& authority) {
    for (const auto& file : authority.issuers) {
      const auto path = folder_ / file;
      // One that cannot be used is told of with the rest of the authority's.
      const auto bytes = read_bytes(path);
      if (!bytes) continue;
      for (const auto& each :
           doctor::judge_issuers({authority.name, path}, authority::certificates_in(*bytes), now_))
        tell(each);
    }
  }

  base::Result<std::unique_ptr<Authorities>> set_up(const settings::AuthorityConfig& authority) {
    auto made = Authorities::make(loop_, only(authority), folder_, clock_);
    if (!made) unusable_.insert(authority.name);
    return made;
  }

  static Finding unusable(const settings::AuthorityConfig& authority, const base::Fault& fault) {
    return {State::wrong, "authority.unusable", {{"name", authority.name}, {"why", fault.inner}}};
  }

  // Once only in all that is looked at: a token counts the times that its PIN was wrong.
  void look_at_key_store(const settings::AuthorityConfig& authority) {
    const auto made = set_up(authority);
    if (made) return tell(*judge_key_store(authority, folder_, nullptr));
    const auto fault = made.error();
    tell(judge_key_store(authority, folder_, &fault).value_or(unusable(authority, fault)));
  }

  void look_at_readers() {
    if (const auto taken = doctor::examine_usb("/sys")) tell(*taken);
    doctor::examine_readers(doctor::pcscd_socket(), smartcard::survey_readers(), teller());
  }

  void look_at_authorities() {
    if (config_.authorities.empty()) tell({State::ok, "authority.none", {}});
    for (const auto& authority : config_.authorities)
      examine_authority(only(authority), folder_, clock_, teller(), !unusable_.contains(authority.name));
  }
  [[nodiscard]] settings::DaemonConfig only(const settings::AuthorityConfig& authority) const {
    auto one = config_;
    one.authorities = {authority};
    return one;
  }

  settings::DaemonConfig config_;
  fs::path file_;
  bool as_service_;
  fs::path folder_, store_;
  const std::vector<std::string>& parts_;
  std::set<std::string> unusable_;  // authorities whose credentials are known not to do
  std::ostream& out_;
  SystemClock clock_;
  base::Instant now_ = clock_.now();
  boost::asio::io_context loop_{1};
  State worst_ = State::ok;
  std::string_view part_{};  // that is looked at
};

int cannot_begin(std::ostream& out, const Finding& finding) {
  out << json::serialize(json::object{{"finding", doctor::to_json(finding)}}) << std::endl;
  return static_cast<int>(finding.state);
}

}  // namespace

int examine(const fs::path& file, const std::vector<std::string>& parts, std::ostream& out) {
  const auto text = read_text(file);
  if (!text && !doctor::barred(file, R_OK).empty()) return cannot_begin(out, doctor::not_permitted(file));
  if (!text) return cannot_begin(out, {State::wrong, "config.missing", {{"why", text.error().inner}}});
  const auto folder = fs::absolute(file).parent_path();
  auto config = settings::load_daemon_config(*text, file.string(), names_of_secrets(folder));
  if (!config.value) {
    std::vector<std::string> complaints;
    for (const auto& complaint : config.complaints) complaints.push_back(to_text(complaint));
    for (auto& why : telling_first(std::move(complaints)))
      cannot_begin(out, {State::wrong, "config.invalid", {{"why", std::move(why)}}});
    return static_cast<int>(State::wrong);
  }
  const auto store = folder / config.value->store.path;
  const bool as_service = become_service(store);
  return Examination(std::move(*config.value), file, as_service, parts, out).run();
}

}  // namespace madoguchi::app
