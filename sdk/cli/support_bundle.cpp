// support-bundle: what a vendor's support needs. Everything is told field by field from what is known to be
// harmless, and nothing is taken over as a text that somebody may have written a name into.
#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "captured_program.hpp"
#include "care.hpp"
#include "examination.hpp"
#include "fail_saying.hpp"
#include "log_lines.hpp"
#include "settings/daemon_config.hpp"
#include "tar.hpp"
#include "terminal.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t most_log_lines = 1'000;

struct Member {
  std::string name;
  Key what;
  std::string content;
};

std::string pretty(const json::value& value) {
  return json::serialize(value) + "\n";
}

std::string read_all(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

json::object only(const json::object& from, std::initializer_list<const char*> keys) {
  json::object kept;
  for (const auto* key : keys) {
    if (const auto* value = from.if_contains(key)) kept[key] = *value;
  }
  return kept;
}

// One that does not answer has a bundle, too.
client::Reply asked(client::Client& daemon, const char* method) {
  client::CallOptions options;
  options.timeout = std::chrono::seconds(8);
  return daemon.call(method, {}, options);
}

json::object versions(client::Client* daemon) {
  utsname system{};
  ::uname(&system);
  json::object told{{"command", MADOGUCHI_VERSION},
                    {"kernel", std::string(system.sysname) + " " + system.release},
                    {"machine", system.machine}};
  std::ifstream os("/etc/os-release");
  for (std::string line; std::getline(os, line);) {
    if (line.starts_with("PRETTY_NAME=")) told["system"] = line.substr(line.find('=') + 1);
  }
  if (daemon == nullptr) return told;
  const auto info = asked(*daemon, "system.info");
  if (info && info->is_object())
    told["daemon"] = only(info->get_object(), {"version", "api_level", "uptime_seconds", "policy"});
  return told;
}

json::object of_authority(const settings::AuthorityConfig& authority) {
  return {{"name", authority.name},
          {"secure", authority.url.starts_with("https://")},
          {"certificates", authority.certificates.size()},
          {"body", static_cast<int>(authority.body)},
          {"trust", authority.trust.size()},
          {"issuers", authority.issuers.size()},
          {"ocsp", !authority.ocsp_url.empty()},
          {"crls", authority.crl_urls.size()},
          {"timeout_seconds", authority.timeout.count()},
          {"patience_seconds", authority.patience.count()}};
}

json::object of_plugin(const settings::PluginConfig& plugin) {
  return {{"name", plugin.name},
          {"isolated", plugin.isolate == settings::PluginIsolation::process},
          {"allow_unsigned", plugin.allow_unsigned},
          {"critical", plugin.critical},
          {"deadline_ms", plugin.deadline.count()},
          {"memory_mib", plugin.memory_mib}};
}

// As it was understood: comments, users and places of keys are not in it.
json::object configuration(const std::string& file) {
  const auto config = settings::load_daemon_config(read_all(file), file);
  if (!config.value) return {{"valid", false}, {"complaints", config.complaints.size()}};
  const auto& c = *config.value;
  json::array authorities;
  for (const auto& authority : c.authorities) authorities.push_back(of_authority(authority));
  json::array plugins;
  for (const auto& plugin : c.plugins.use) plugins.push_back(of_plugin(plugin));
  return {{"valid", true},
          {"digest", c.digest},
          {"socket", {{"path", c.socket.path}, {"mode", c.socket.mode}}},
          {"store", c.store.path},
          {"audit", {{"own_key", c.audit.key.empty()}, {"keep_days", c.audit.keep_days}}},
          {"policy", {{"path", c.policy.path}, {"strict_start", c.policy.strict_start}}},
          {"plugins", std::move(plugins)},
          {"readers",
           {{"profile", static_cast<int>(c.readers.profile)},
            {"job_deadline_ms", c.readers.job_deadline.count()},
            {"hold_seconds", c.readers.hold.count()},
            {"pin_pad", static_cast<int>(c.readers.pin_pad)}}},
          {"channel", c.channel == settings::IssuingChannel::terminal ? "terminal" : "cmp"},
          {"authorities", std::move(authorities)},
          {"api",
           {{"max_message_bytes", c.api.max_message_bytes},
            {"max_connections", c.api.max_connections},
            {"max_requests_per_connection", c.api.max_requests_per_connection}}},
          {"log", {{"level", static_cast<int>(c.log.level)}, {"format", static_cast<int>(c.log.format)}}}};
}

json::array plugins(client::Client& daemon) {
  json::array told;
  const auto listed = asked(daemon, "plugins.list");
  if (!listed || !listed->is_object()) return told;
  const auto* all = array_at(listed->get_object(), "plugins");
  if (all == nullptr) return told;
  for (const auto& plugin : *all) {
    if (plugin.is_object())
      told.push_back(only(plugin.get_object(), {"name", "version", "vendor", "sha256", "isolation", "state",
                                                "hooks", "calls", "failures", "memory_bytes"}));
  }
  return told;
}

json::object health(client::Client& daemon) {
  const auto told = asked(daemon, "system.health");
  if (!told || !told->is_object()) return {{"reason", told ? "client.garbled" : told.error().reason}};
  json::object parts;
  if (const auto* all = object_at(told->get_object(), "parts")) {
    for (const auto& [name, part] : *all) {
      if (part.is_object())
        parts[name] = only(part.get_object(), {"state", "reason", "why", "since", "seconds", "readers",
                                               "stuck", "days_left", "ends_on", "remedy", "plugins"});
    }
  }
  return {{"state", text_at(told->get_object(), "state")}, {"parts", std::move(parts)}};
}

// What is in the store, as the doctor counted it.
json::object store_counts(const json::array& findings) {
  for (const auto& finding : findings) {
    const auto& object = finding.as_object();
    if (text_at(object, "id") != "store.ok") continue;
    if (const auto* facts = object_at(object, "facts"))
      return only(*facts, {"cases", "journal", "events", "audit", "bytes", "version"});
  }
  return {};
}

// A case's id is the only thing of a visit that the doctor names; where keys are is nobody else's business,
// nor is where an authority is, and what its address says besides; a configuration names users.
json::array harmless(json::array findings) {
  for (auto& finding : findings) {
    auto& object = finding.as_object();
    const auto part = text_at(object, "part");
    if (text_at(object, "id") == "store.undecodable" || part == "ra_key" || part == "audit_key" ||
        part == "store_key" || part == "terminal_key" || part == "authority" || part == "file" ||
        part == "access" || part == "config")
      object = only(object, {"id", "part", "state"});
  }
  return findings;
}

std::string log_of(const Context& context, const BundleOptions& options) {
  if (!options.log.empty()) return read_all(options.log);
  return capture({"journalctl", "--unit", "madoguchid", "--output", "cat", "--lines", "20000", "--no-pager"},
                 std::chrono::seconds(20), context.interrupts)
      .output;
}

std::vector<Member> collect(const Context& context, const BundleOptions& options) {
  auto client = context.connect();
  auto* daemon = client ? &*client : nullptr;
  const auto examined = examine(context, options.config);
  std::vector<Member> members{
      {"versions.json", "bundle.what.versions", pretty(versions(daemon))},
      {"configuration.json", "bundle.what.configuration", pretty(configuration(options.config))},
      {"doctor.json", "bundle.what.doctor", pretty(harmless(examined.findings))},
      {"store.json", "bundle.what.store", pretty(store_counts(examined.findings))},
      {"log.json", "bundle.what.log", pretty(log_without_texts(log_of(context, options), most_log_lines))}};
  if (daemon == nullptr) return members;
  members.push_back({"health.json", "bundle.what.health", pretty(health(*daemon))});
  members.push_back({"plugins.json", "bundle.what.plugins", pretty(plugins(*daemon))});
  return members;
}

// 0, or errno.
int write_new(const std::string& file, std::string_view bytes) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return errno;
  int error = 0;
  while (error == 0 && !bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) error = errno;
  }
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  ::close(fd);
  if (error != 0) ::unlink(file.c_str());
  return error;
}

void show_contents(const Context& context, const std::vector<Member>& members) {
  context.out.say("bundle.contains");
  for (const auto& member : members)
    context.out.say("bundle.member",
                    {member.name, std::to_string(member.content.size()), say(context.lang(), member.what)});
  context.out.say("bundle.nothing_personal");
}

bool agreed(const Context& context, const BundleOptions& options) {
  if (options.yes) return true;
  auto terminal = Terminal::open(context.interrupts);
  if (!terminal || context.out.json()) return false;
  const auto answer = terminal->ask(say(context.lang(), "bundle.ask", {options.output}));
  return answer && (*answer == "y" || *answer == "Y" || *answer == "yes" || *answer == "はい");
}

}  // namespace

int make_support_bundle(const Context& asked, const BundleOptions& options) {
  const auto context = at_service_of(asked, options.config);
  const auto members = collect(context, options);
  show_contents(context, members);
  const bool write = agreed(context, options);
  json::array listed;
  Tar tar;
  for (const auto& member : members) {
    listed.push_back(json::object{{"name", member.name}, {"bytes", member.content.size()}});
    tar.add("madoguchi-support/" + member.name, member.content, std::time(nullptr));
  }
  if (write) {
    if (const int error = write_new(options.output, tar.finish()); error != 0) {
      return fail_saying(context, "bundle.not_written", "bundle.not_written",
                         options.output + ": " + std::generic_category().message(error));
    }
    context.out.say("bundle.written", {options.output});
  } else {
    context.out.say("bundle.not_asked");
  }
  context.out.document(
      json::object{{"members", std::move(listed)}, {"output", options.output}, {"written", write}});
  return finish(context, write ? done : person_needed);
}

}  // namespace madoguchi::cli
