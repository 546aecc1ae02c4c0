// system.*: who answers here, and how each part is.
#include "answer.hpp"
#include "base/code_book.hpp"
#include "families.hpp"
#include "messages/book.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;

// Raised only by a change that old clients cannot live with.
constexpr int api_level = 1;

json::object state_of(const base::Result<void>& health) {
  if (health) return {{"state", "ok"}};
  const auto& entry = base::entry(health.error().code);
  return {{"state", "failed"}, {"reason", entry.reason}, {"ja", entry.ja}, {"en", entry.en}};
}

json::object readers_state(const Parts& parts) {
  auto state = state_of(parts.readers.health());
  std::int64_t stuck = 0;
  const auto readers = parts.readers.list();
  for (const auto& reader : readers) stuck += reader.presence == smartcard::Presence::stuck ? 1 : 0;
  state["readers"] = static_cast<std::int64_t>(readers.size());
  state["stuck"] = stuck;
  if (stuck > 0 && state.at("state") == "ok") state["state"] = "degraded";
  return state;
}

bool is(const json::object& state, std::string_view key, std::string_view text) {
  const auto* value = state.if_contains(key);
  return value != nullptr && value->is_string() && std::string_view(value->get_string()) == text;
}

// The message that says what is to be done about a part that is not well.
std::string_view remedy_for(std::string_view part, const json::object& state) {
  if (part == "store") return is(state, "reason", "storage.full") ? "store.full" : "store.unavailable";
  if (part == "readers") return is(state, "state", "failed") ? "reader.service_down" : "reader.stuck";
  if (part == "audit") return is(state, "why", "not_recorded") ? "audit.lost" : "audit.damaged";
  if (part == "clock") {
    if (is(state, "why", "jumped")) return "clock.jumped";
    if (is(state, "why", "ahead")) return "clock.ahead_start";
    return is(state, "why", "behind") ? "clock.behind" : "clock.implausible_start";
  }
  if (part == "pin_pad") return "reader.no_pin_pad";
  if (part == "plugins") return "plugin.ill";
  if (part.starts_with("authority.")) {
    const auto* why = state.if_contains("why");  // of the counter's certificate
    return why != nullptr ? std::string_view(why->as_string()) : "authority.unreachable";
  }
  if (part != "policy") return {};
  if (is(state, "state", "failed")) return "policy.not_in_force";
  return state.contains("reason") ? "policy.degraded" : "policy.ends_soon";
}

// Which plugins have a say, for everybody; why one failed is for those who may list them.
json::array outline(const json::array& plugins) {
  json::array all;
  for (const auto& plugin : plugins) {
    json::object about;
    for (const auto* key : {"name", "version", "vendor", "state"}) {
      if (const auto* value = plugin.get_object().if_contains(key)) about[key] = *value;
    }
    all.push_back(std::move(about));
  }
  return all;
}

// What a client asks first and a monitor all the time: only the uptime is another each time.
class Info {
 public:
  // Valid until the next call.
  std::string_view text(const Parts& parts) {
    const auto in_force = parts.policy(parts.clock.now());
    auto policy = in_force ? *in_force : nullptr;  // none today: system.health has the dates
    const auto revision = parts.plugins_revision();
    if (before_.empty() || policy != policy_ || revision != revision_) {
      policy_ = std::move(policy);
      revision_ = revision;
      write(parts);
    }
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(parts.clock.now() - parts.started);
    text_.assign(before_).append(std::to_string(uptime.count())).append(after_);
    return text_;
  }

 private:
  void write(const Parts& parts) {
    before_ = R"({"name":"madoguchid","version":)";
    rpc::append_text(before_, parts.version);
    before_.append(R"(,"api_level":)").append(std::to_string(api_level)).append(R"(,"uptime_seconds":)");
    after_ = R"(,"policy":)";
    json::value policy;
    if (policy_ != nullptr) {
      policy = json::object{{"municipality", policy_->municipality.id},
                            {"version", policy_->version},
                            {"digest", policy_->digest}};
    }
    rpc::append_json(after_, policy);
    after_.append(R"(,"plugins":)");
    rpc::append_json(after_, outline(parts.plugins()));
    after_.push_back('}');
  }

  std::shared_ptr<const policy::Policy> policy_;  // held, so that no other can have its address
  std::uint64_t revision_ = 0;
  std::string before_, after_;
  std::string text_;
};

json::object health(const Parts& parts) {
  json::object all{{"store", state_of(parts.store.health())}, {"readers", readers_state(parts)}};
  for (auto& [name, state] : parts.other_health()) all[name] = state;
  bool ok = true;
  for (auto& [name, value] : all) {
    auto& state = value.as_object();
    // An authority that has not been spoken to since the start is no failure.
    if (!is(state, "state", "failed") && !is(state, "state", "degraded")) continue;
    ok = false;
    if (auto remedy = messages::remedy(remedy_for(name, state), state); !remedy.empty())
      state["remedy"] = std::move(remedy);
  }
  return {{"state", ok ? "ok" : "degraded"}, {"parts", std::move(all)}};
}

}  // namespace

void add_system(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "system.info",
       .summary = "Name, version, API level, uptime and the policy in force.",
       .result =
           R"({"type":"object","required":["name","version","api_level","uptime_seconds","policy"],"properties":{
           "name":{"type":"string"},"version":{"type":"string"},
           "api_level":{"type":"integer","description":"another one only where old clients cannot go on"},
           "uptime_seconds":{"type":"integer"},
           "policy":{"anyOf":[{"$ref":"#/components/schemas/PolicyUsed"},{"type":"null"}],
             "description":"null: none is in force today"},
           "plugins":{"type":"array","items":{"type":"object","required":["name","state"],"properties":{
             "name":{"type":"string"},"version":{"type":"string"},"vendor":{"type":"string"},
             "state":{"type":"string"}}}}}})",
       .example = "{}",
       .handler = [&parts, info = std::make_shared<Info>()](
                      const rpc::Caller&, const json::object&,
                      rpc::Responder respond) { respond.text(info->text(parts)); },
       .reads = true});
  table.add({.name = "system.health",
             .summary = "The state of each part: readers (pcscd), store, audit log, policy, plugins, clock, "
                        "authorities; with what to do about one that is not well.",
             .result = R"({"type":"object","required":["state","parts"],"properties":{
                 "state":{"enum":["ok","degraded"]},
                 "parts":{"type":"object","description":"by name; an authority's begins with `authority.`",
                   "additionalProperties":{"type":"object","required":["state"],"additionalProperties":true,
                     "properties":{"state":{"enum":["ok","degraded","failed","untried"]},
                       "reason":{"type":"string","description":"as data.reason of an error"},
                       "ja":{"type":"string"},"en":{"type":"string"},
                       "ends_on":{"type":"string","format":"date","description":"the last day of the policy's versions, or of the counter's own certificate towards an authority"},
                       "days_left":{"type":"integer","description":"to that day"},
                       "remedy":{"type":"object","required":["id","ja","en"],
                         "description":"what to do; id as `madoguchi messages` has it","properties":{
                         "id":{"type":"string"},"ja":{"type":"string"},"en":{"type":"string"}}}}}}}})",
             .example = "{}",
             .handler = [&parts](const rpc::Caller&, const json::object&,
                                 rpc::Responder respond) { respond(json::value(health(parts))); },
             .reads = true});
}

}  // namespace madoguchi::api
