#include "examine.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include "audit_key.hpp"
#include "authorities.hpp"
#include "counter/each_case.hpp"
#include "doctor/examinations.hpp"
#include "examine_policy.hpp"
#include "files.hpp"
#include "key_store.hpp"
#include "smartcard/survey.hpp"
#include "system_clock.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using doctor::Finding;
using doctor::State;

constexpr std::chrono::seconds knock_patience{5};

// Root may read what the daemon may not: what root finds says nothing about it.
void become_owner_of(const fs::path& state) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(state.c_str(), &status) != 0 || status.st_uid == 0) return;
  const auto* user = ::getpwuid(status.st_uid);
  const gid_t group = user != nullptr ? user->pw_gid : status.st_gid;
  const bool done = (user != nullptr ? ::initgroups(user->pw_name, group) : ::setgroups(0, nullptr)) == 0 &&
                    ::setgid(group) == 0 && ::setuid(status.st_uid) == 0;
  if (!done) throw std::runtime_error("cannot take on the rights of the store's owner");
}

class Examination {
 public:
  Examination(settings::DaemonConfig config, fs::path file, const std::vector<std::string>& parts,
              std::ostream& out)
      : config_(std::move(config)),
        file_(std::move(file)),
        folder_(fs::absolute(file_).parent_path()),
        store_(folder_ / config_.store.path),
        parts_(parts),
        out_(out) {}

  int run() {
    part("config", [this] { look_at_config(); });
    part("socket",
         [this] { tell(doctor::examine_socket(folder_ / config_.socket.path, config_.socket.group)); });
    part("store", [this] { look_at_store(); });
    part("policy", [this] {
      examine_policy(config_, folder_, now_, [this](Finding finding) { tell(std::move(finding)); });
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
    look();
  }
  void line(const json::object& object) { out_ << json::serialize(object) << std::endl; }
  void tell(const Finding& finding) {
    worst_ = std::max(worst_, finding.state);
    line({{"finding", doctor::to_json(finding)}});
  }
  doctor::Tell teller() {
    return [this](const Finding& finding) { tell(finding); };
  }

  void look_at_config() {
    struct stat status {};
    const bool open_to_all = ::stat(file_.c_str(), &status) == 0 && (status.st_mode & 0002) != 0;
    if (open_to_all) return tell({State::wrong, "config.writable", {{"path", file_.string()}}});
    tell({State::ok, "config.ok", {{"path", file_.string()}}});
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
      tell({State::wrong, "audit_key.unusable", {{"path", file.string()}, {"why", keys.error().inner}}});
    return std::nullopt;
  }

  void look_at_store() {
    bool no_key = false;
    doctor::StoreSetting setting{store_, file_.string(), {}, keys(no_key)};
    setting.unreadable = [](const storage::CaseRecord& record) {
      const auto read = counter::read_case(record);
      return read ? std::string() : read.error().inner;
    };
    const auto seen = doctor::examine_store(setting, teller());
    if (no_key) look_at_lost_key(seen.has_audit);
    if (const auto disk = doctor::look_at_disk(store_.parent_path())) tell(doctor::judge_disk(*disk));
    tell(doctor::judge_clock({now_, seen.last_entry, doctor::clock_is_synchronised()}));
  }

  void look_at_lost_key(bool has_audit) {
    // As a credential of the service manager's it is nobody's but the service's.
    std::error_code error;
    if (has_audit && fs::exists("/run/credentials/madoguchid.service", error)) return;
    const auto file = audit_key_file(config_.audit, folder_, store_.parent_path());
    tell({has_audit ? State::wrong : State::ok,
          has_audit ? "audit_key.lost" : "audit_key.absent",
          {{"path", file.string()}}});
  }

  void look_at_credentials() {
    if (config_.authorities.empty()) tell({State::ok, "authority.none", {}});
    for (const auto& authority : config_.authorities) {
      const doctor::Credentials own{authority.name, folder_ / authority.ra_certificate,
                                    folder_ / authority.ra_key};
      const auto certificate = doctor::examine_ra_certificate(own, now_);
      tell(certificate);
      if (authority.ra_key_store) {
        if (certificate.id != "ra_certificate.unusable") look_at_key_store(authority);
        continue;
      }
      const auto key = doctor::examine_ra_key(own);
      tell(key);
      // Whether they belong together, and everything else, is known once both can be read.
      if (certificate.id == "ra_certificate.unusable" || key.id != "ra_key.ok") continue;
      if (const auto made = set_up(authority); !made) tell(unusable(authority, made.error()));
    }
  }

  base::Result<std::unique_ptr<Authorities>> set_up(const settings::AuthorityConfig& authority) {
    auto one = config_;
    one.authorities = {authority};
    return Authorities::make(loop_, one, folder_, clock_);
  }

  static Finding unusable(const settings::AuthorityConfig& authority, const base::Fault& fault) {
    return {State::wrong, "authority.unusable", {{"name", authority.name}, {"why", fault.inner}}};
  }

  // Once only: a token counts the times that its PIN was wrong.
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
    for (const auto& authority : config_.authorities) knock(authority);
  }

  void knock(const settings::AuthorityConfig& authority) {
    json::object facts{{"name", authority.name}, {"url", authority.url}};
    base::Result<base::Bytes> answer(base::Bytes{});
    auto transport = knocker(loop_, authority, folder_);
    if (transport) {
      (*transport)->post({}, knock_patience, [&](base::Result<base::Bytes> done) {
        answer = std::move(done);
      });
      loop_.restart();
      loop_.run();
    } else {
      answer = transport.error();
    }
    if (answer) return tell({State::ok, "authority.ok", std::move(facts)});
    facts["why"] = answer.error().inner;
    tell({State::wrong, "authority.unreachable", std::move(facts)});
  }

  settings::DaemonConfig config_;
  fs::path file_, folder_, store_;
  const std::vector<std::string>& parts_;
  std::ostream& out_;
  SystemClock clock_;
  base::Instant now_ = clock_.now();
  boost::asio::io_context loop_{1};
  State worst_ = State::ok;
};

int cannot_begin(std::ostream& out, const Finding& finding) {
  out << json::serialize(json::object{{"finding", doctor::to_json(finding)}}) << std::endl;
  return static_cast<int>(State::wrong);
}

}  // namespace

int examine(const fs::path& file, const std::vector<std::string>& parts, std::ostream& out) {
  const auto text = read_text(file);
  if (!text) return cannot_begin(out, {State::wrong, "config.missing", {{"why", text.error().inner}}});
  auto config = settings::load_daemon_config(*text, file.string());
  if (!config.value) {
    for (const auto& complaint : config.complaints)
      cannot_begin(out, {State::wrong, "config.invalid", {{"why", to_text(complaint)}}});
    return static_cast<int>(State::wrong);
  }
  become_owner_of((fs::absolute(file).parent_path() / config.value->store.path).parent_path());
  return Examination(std::move(*config.value), file, parts, out).run();
}

}  // namespace madoguchi::app
