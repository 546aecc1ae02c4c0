#include "examination.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "beside.hpp"
#include "captured_program.hpp"
#include "doctor/finding.hpp"
#include "messages/book.hpp"
#include "unit_finding.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using doctor::Finding;
using doctor::State;

// A policy's plugins may take their time, and each authority has 5 s.
constexpr std::chrono::seconds patience{90};

json::object told(State state, const char* id, json::object facts = {}) {
  return doctor::to_json(Finding{state, id, std::move(facts)});
}

int gravity(const json::value& finding) {
  const auto state = text_at(finding.as_object(), "state");
  return state == "wrong" ? 0 : state == "attention" ? 1 : 2;
}

// --- what madoguchid --examine finds

// One that says nothing of how it is passes for one that is well.
void add_silent(std::vector<std::string>& silent, json::array& findings) {
  for (auto& part : silent)
    findings.push_back(
        told(State::wrong, "examiner.ended", {{"part", std::move(part)}, {"why", "no finding"}}));
  silent.clear();
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
void add_health(const json::object& health, json::array& findings) {
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
    findings.push_back(std::move(finding));
  }
}

json::object no_answer(const Context& context, const client::RpcError& error) {
  const auto socket = context.socket.empty() ? client::default_socket() : context.socket;
  if (error.reason == client::reasons::no_daemon) {
    const bool barred = ::access(socket.c_str(), W_OK) != 0 && errno == EACCES;
    return told(State::wrong, barred ? "daemon.no_permission" : "daemon.down", {{"socket", socket}});
  }
  if (error.reason == "forbidden") return told(State::wrong, "daemon.forbidden");
  return told(State::wrong, "daemon.silent", {{"why", error.reason}});
}

json::object version_found(const json::object& info) {
  const auto version = text_at(info, "version");
  if (version == MADOGUCHI_VERSION) return told(State::ok, "daemon.ok", {{"version", version}});
  return told(State::wrong, "daemon.other_version", {{"daemon", version}, {"command", MADOGUCHI_VERSION}});
}

json::object ask_daemon(const Context& context, json::object& health) {
  auto client = context.connect();
  if (!client) return no_answer(context, client.error());
  const auto info = client->call("system.info", {});
  if (!info) return no_answer(context, info.error());
  if (!info->is_object()) return no_answer(context, client::make_error(client::reasons::garbled));
  if (const auto told = client->call("system.health", {}); told && told->is_object())
    health = told->get_object();
  return version_found(info->get_object());
}

// --- what the service manager says

void add_unit(const Context& context, json::array& findings) {
  std::error_code error;
  if (!fs::exists("/run/systemd/system", error)) return;  // as sd_booted(3)
  const auto shown = capture({"systemctl", "show", "madoguchid.service", "--property", unit_properties},
                             std::chrono::seconds(10), context.interrupts);
  if (shown.how == Captured::How::exited && shown.status == 0)
    findings.push_back(doctor::to_json(unit_finding(shown.output)));
}

void sort_by_gravity(json::array& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const json::value& a, const json::value& b) { return gravity(a) < gravity(b); });
}

std::string words_of(const Context& context, const json::object& finding) {
  return words_at(context, finding);
}

void show_one(const Context& context, const json::object& finding) {
  const auto state = text_at(finding, "state");
  context.out.line(word(context.lang(), "doctor.state", state) + " " + words_of(context, finding) + "  [" +
                   text_at(finding, "id") + "]");
  if (const auto* remedy = object_at(finding, "do"))
    context.out.say("doctor.do", {words_of(context, *remedy)});
}

}  // namespace

ExaminerLines lines_of(const std::string& output) {
  ExaminerLines lines;
  std::istringstream text(output);
  bool garbled = false;
  for (std::string line; std::getline(text, line);) {
    boost::system::error_code error;
    const auto parsed = json::parse(line, error);
    const auto* object = error ? nullptr : parsed.if_object();
    const auto* finding = object != nullptr ? object_at(*object, "finding") : nullptr;
    const auto* as_service = object != nullptr ? object->if_contains("as_service") : nullptr;
    if (as_service != nullptr && as_service->is_bool()) {
      lines.as_service = as_service->get_bool();
      continue;
    }
    auto part = object != nullptr ? text_at(*object, "begin") : std::string();
    if (!part.empty()) {
      lines.last_part = part;
      lines.silent.push_back(std::move(part));
      garbled = false;
    } else {
      // That a part has a line, legible or not, is known; each illegible part is told of once.
      if (!lines.silent.empty() && lines.silent.back() == lines.last_part) lines.silent.pop_back();
      if (finding != nullptr) lines.findings.emplace_back(*finding);
      if (finding == nullptr && !garbled)
        lines.findings.push_back(told(State::wrong, "examiner.garbled", {{"part", lines.last_part}}));
      garbled = garbled || finding == nullptr;
    }
  }
  return lines;
}

Examined examine_parts(const Context& context, const std::string& config,
                       const std::vector<std::string>& parts) {
  const auto program = beside({"madoguchid", "../sbin/madoguchid"}).string();
  std::vector<std::string> command{program, "--config", config, "--examine"};
  for (const auto& part : parts) command.insert(command.end(), {"--part", part});
  const auto captured = capture(command, patience, context.interrupts);
  auto lines = lines_of(captured.output);
  switch (captured.how) {
    case Captured::How::interrupted:
      return {std::move(lines.findings), true, false};
    case Captured::How::not_started:
      lines.findings.push_back(
          told(State::wrong, "examiner.missing",
               {{"path", program}, {"why", std::generic_category().message(captured.status)}}));
      break;
    case Captured::How::overdue:
      lines.findings.push_back(told(State::wrong, "examiner.stuck", {{"part", lines.last_part}}));
      break;
    case Captured::How::killed:
      lines.findings.push_back(
          told(State::wrong, "examiner.ended",
               {{"part", lines.last_part}, {"why", "signal " + std::to_string(captured.status)}}));
      break;
    case Captured::How::exited:
      add_silent(lines.silent, lines.findings);
      // 0 to 2 are its own words.
      if (captured.status > 2 || lines.findings.empty())
        lines.findings.push_back(
            told(State::wrong, "examiner.ended",
                 {{"part", lines.last_part}, {"why", "status " + std::to_string(captured.status)}}));
      break;
  }
  sort_by_gravity(lines.findings);
  return {std::move(lines.findings), false, lines.as_service};
}

Examined examine(const Context& context, const std::string& config) {
  json::object health;
  auto asked = ask_daemon(context, health);
  auto examined = examine_parts(context, config, {});
  // Root and the service's own user look after it, and need no role for that.
  if (examined.as_service && text_at(asked, "id") == "daemon.forbidden")
    asked = told(State::ok, "daemon.unasked");
  json::array findings{std::move(asked)};
  add_unit(context, findings);
  findings.insert(findings.end(), examined.findings.begin(), examined.findings.end());
  add_health(health, findings);
  sort_by_gravity(findings);
  return {std::move(findings), examined.interrupted, examined.as_service};
}

int show_findings(const Context& context, const Examined& examined) {
  if (examined.interrupted) return interrupted;
  std::array<int, 3> counts{};
  for (const auto& finding : examined.findings) ++counts[static_cast<std::size_t>(gravity(finding))];
  const auto [wrong, attention, well] = counts;
  context.out.document(json::object{{"state", wrong > 0       ? "wrong"
                                              : attention > 0 ? "attention"
                                                              : "ok"},
                                    {"findings", examined.findings}});
  for (const auto& finding : examined.findings) show_one(context, finding.as_object());
  context.out.say("doctor.summary", {std::to_string(wrong), std::to_string(attention), std::to_string(well)});
  return finish(context, wrong > 0 ? refused : attention > 0 ? unfinished : done);
}

}  // namespace madoguchi::cli
