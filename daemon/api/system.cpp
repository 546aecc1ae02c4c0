// system.*: who answers here, and how each part is.
#include "answer.hpp"
#include "base/code_book.hpp"
#include "families.hpp"

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
  return state;
}

// Answered at once and often, so it is made in the request's own memory: nothing to allocate, nothing to
// free.
json::value info(const Parts& parts, const json::storage_ptr& memory) {
  const auto policy = parts.policy(parts.clock.now());
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(parts.clock.now() - parts.started);
  json::value in_force(nullptr, memory);  // none today: system.health has the dates
  if (policy) {
    auto& told = in_force.emplace_object();
    told.reserve(3);
    told.emplace("municipality", (*policy)->municipality.id);
    told.emplace("version", (*policy)->version);
    told.emplace("digest", (*policy)->digest);
  }
  json::object all(6, memory);
  all.emplace("name", "madoguchid");
  all.emplace("version", parts.version);
  all.emplace("api_level", api_level);
  all.emplace("uptime_seconds", static_cast<std::int64_t>(uptime.count()));
  all.emplace("policy", std::move(in_force));
  all.emplace("plugins", parts.plugins(memory));
  return all;
}

json::object health(const Parts& parts) {
  json::object all{{"store", state_of(parts.store.health())}, {"readers", readers_state(parts)}};
  for (auto& [name, state] : parts.other_health()) all[name] = state;
  bool ok = true;
  // An authority that has not been spoken to since the start is no failure.
  for (const auto& [name, state] : all) {
    ok = ok && state.at("state") != "failed" && state.at("state") != "degraded";
  }
  return {{"state", ok ? "ok" : "degraded"}, {"parts", std::move(all)}};
}

}  // namespace

void add_system(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "system.info",
       .summary = "Name, version, API level, uptime and the policy in force.",
       .result = R"({"type":"object","required":["name","version","api_level","uptime_seconds","policy"]})",
       .example = "{}",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(info(parts, params.storage())); },
       .reads = true});
  table.add({.name = "system.health",
             .summary = "The state of each part: readers (pcscd), store, policy, plugins, authorities.",
             .result = R"({"type":"object","required":["state","parts"]})",
             .example = "{}",
             .handler = [&parts](const rpc::Caller&, const json::object&,
                                 rpc::Responder respond) { respond(json::value(health(parts))); },
             .reads = true});
}

}  // namespace madoguchi::api
