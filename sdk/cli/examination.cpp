#include "examination.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "captured_program.hpp"
#include "doctor/finding.hpp"
#include "doctor/listening.hpp"
#include "messages/book.hpp"
#include "settings/daemon_config.hpp"
#include "unit_finding.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using doctor::Finding;
using doctor::State;

// A service that turns answers within moments; one that does not is what is to be found out.
constexpr std::chrono::seconds patience{8};

json::object told(State state, const char* id, json::object facts = {}) {
  return doctor::to_json(Finding{state, id, std::move(facts)});
}

// --- what the service says of itself

// Of which examined part a part of system.health is told.
bool same_part(std::string_view health, std::string_view examined) {
  if (health.starts_with("authority.")) return examined == "authority" || examined == "ra_certificate";
  if (health == "readers") return examined == "pcscd" || examined == "reader";
  if (health == "plugins") return examined == "plugin";
  if (health == "store") return examined == "store" || examined == "disk";
  return health == examined;
}

bool known_already(const json::array& findings, std::string_view health_part) {
  return std::any_of(findings.begin(), findings.end(), [&](const json::value& finding) {
    return gravity(finding) < 2 && same_part(health_part, text_at(finding.as_object(), "part"));
  });
}

// What only the running service knows, e.g. that an entry of the audit log was lost.
void add_health(const json::object& health, json::array& findings, const TellFinding& tell) {
  const auto* parts = object_at(health, "parts");
  if (parts == nullptr) return;
  for (const auto& [name, value] : *parts) {
    if (!value.is_object()) continue;
    const auto& part = value.get_object();
    const auto state = text_at(part, "state");
    const auto* remedy = object_at(part, "remedy");
    if ((state != "failed" && state != "degraded") || remedy == nullptr || known_already(findings, name))
      continue;
    const auto id = text_at(*remedy, "id");
    const auto* message = messages::find(id);
    json::object finding{{"id", id}, {"part", name}, {"state", state == "failed" ? "wrong" : "attention"}};
    for (const auto* lang : {"ja", "en"}) {
      auto words = text_at(part, lang);
      if (words.empty() && message != nullptr)
        words = messages::filled(lang[0] == 'j' ? message->ja : message->en, part);
      finding[lang] = words.empty() ? std::string(name) : words;
    }
    finding["do"] = {{"ja", text_at(*remedy, "ja")}, {"en", text_at(*remedy, "en")}};
    finding["facts"] = part;
    if (tell) tell(finding);
    findings.push_back(std::move(finding));
  }
}

json::object no_answer(const Context& context, const client::RpcError& error) {
  const auto socket = context.socket.empty() ? client::default_socket() : context.socket;
  if (error.reason == client::reasons::no_permission)
    return told(State::wrong, "daemon.no_permission", {{"socket", socket}});
  if (error.reason == client::reasons::no_daemon) {
    const char* id = doctor::listens(socket) ? "daemon.socket_gone" : "daemon.down";
    return told(State::wrong, id, {{"socket", socket}});
  }
  if (error.reason == "forbidden") return told(State::wrong, "daemon.forbidden");
  const auto why = error.reason == client::reasons::timeout
                       ? "no answer within " + std::to_string(patience.count()) + " s"
                       : error.reason;
  return told(State::wrong, "daemon.silent", {{"why", why}});
}

json::object version_found(const json::object& info) {
  const auto version = text_at(info, "version");
  if (version == MADOGUCHI_VERSION) return told(State::ok, "daemon.ok", {{"version", version}});
  return told(State::wrong, "daemon.other_version", {{"daemon", version}, {"command", MADOGUCHI_VERSION}});
}

// Nothing when it was interrupted.
std::optional<json::object> ask_daemon(const Context& context, json::object& health) {
  const auto failed = [&](const client::RpcError& error) -> std::optional<json::object> {
    if (error.reason == client::reasons::interrupted) return std::nullopt;
    return no_answer(context, error);
  };
  auto client = context.connect();
  if (!client) return failed(client.error());
  client::CallOptions options;
  options.timeout = patience;
  const auto info = client->call("system.info", {}, options);
  if (!info) return failed(info.error());
  if (!info->is_object()) return failed(client::make_error(client::reasons::garbled));
  const auto told = client->call("system.health", {}, options);
  if (!told && told.error().code == 0) return failed(told.error());
  if (told && told->is_object()) health = told->get_object();
  return version_found(info->get_object());
}

// --- what the service manager says

std::optional<json::object> unit(const Context& context) {
  std::error_code error;
  if (!fs::exists("/run/systemd/system", error)) return std::nullopt;  // as sd_booted(3)
  const auto shown = capture({"systemctl", "show", "madoguchid.service", "--property", unit_properties},
                             std::chrono::seconds(5), context.interrupts);
  if (shown.how != Captured::How::exited || shown.status != 0) return std::nullopt;
  return doctor::to_json(unit_finding(shown.output));
}

}  // namespace

void show_finding(const Context& context, const json::object& finding) {
  const auto state = text_at(finding, "state");
  context.out.line(word(context.lang(), "doctor.state", state) + " " + words_at(context, finding) + "  [" +
                   text_at(finding, "id") + "]");
  if (const auto* remedy = object_at(finding, "do"))
    context.out.say("doctor.do", {words_at(context, *remedy)});
}

Examined examine(const Context& context, const std::string& config, const TellFinding& tell) {
  json::array findings;
  const auto add = [&](json::object finding) {
    if (tell) tell(finding);
    findings.push_back(std::move(finding));
  };
  json::object health;
  auto asked = ask_daemon(context, health);
  if (!asked) return {{}, true, false};
  // Whether that is wrong depends on who looks, which the examiner says.
  const bool roleless = text_at(*asked, "id") == "daemon.forbidden";
  if (!roleless) add(*asked);
  if (auto found = unit(context)) add(std::move(*found));
  auto examined = examine_parts(context, config, {}, Pace::brisk, tell);
  findings.insert(findings.end(), examined.findings.begin(), examined.findings.end());
  // Root and the service's own user look after it, and need no role for that.
  if (roleless) add(examined.as_service ? told(State::ok, "daemon.unasked") : *asked);
  add_health(health, findings, tell);
  sort_by_gravity(findings);
  return {std::move(findings), examined.interrupted, examined.as_service};
}

Context at_service_of(const Context& context, const std::string& config) {
  const char* named = std::getenv("MADOGUCHI_SOCKET");
  if (!context.socket.empty() || (named != nullptr && *named != '\0')) return context;
  std::ifstream file(config, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto read = settings::load_daemon_config(text, config);
  if (!read.value) return context;
  const auto socket = fs::absolute(config).parent_path() / read.value->socket.path;
  return {context.interrupts, context.out, socket.string()};
}

int conclude(const Context& context, const Examined& examined) {
  if (examined.interrupted) return interrupted;
  std::array<int, 3> counts{};
  for (const auto& finding : examined.findings) ++counts[static_cast<std::size_t>(gravity(finding))];
  const auto [wrong, attention, well] = counts;
  context.out.document(json::object{{"state", wrong > 0       ? "wrong"
                                              : attention > 0 ? "attention"
                                                              : "ok"},
                                    {"findings", examined.findings}});
  context.out.say("doctor.summary", {std::to_string(wrong), std::to_string(attention), std::to_string(well)});
  return finish(context, wrong > 0 ? refused : attention > 0 ? unfinished : done);
}

int show_findings(const Context& context, const Examined& examined) {
  if (examined.interrupted) return interrupted;
  for (const auto& finding : examined.findings) show_finding(context, finding.as_object());
  return conclude(context, examined);
}

}  // namespace madoguchi::cli
