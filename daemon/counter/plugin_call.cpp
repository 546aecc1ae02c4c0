// A call of a plugin's own method: its answer is durable before the reply goes out.
#include <boost/json/serialize.hpp>
#include <optional>

#include "inside.hpp"

namespace madoguchi::counter {

namespace json = boost::json;
using base::Code;
using base::make_fault;

Later<json::value> Desk::call(PluginCall request) {
  if (inside_->stopping && !request.reads) co_return refuse_shutting_down();
  if (inside_->parts.plugins == nullptr) co_return make_fault(Code::method_not_found);
  const UnderWay call(inside_->under_way);
  if (!request.case_id.empty()) co_return co_await inside_->call_about_case(std::move(request));
  // No case has such an id: calls that touch what a plugin keeps of its own wait for each other.
  const Gate::Pass pass = co_await inside_->gate.enter("plugin/" + request.plugin);
  co_return inside_->call_about_itself(request);
}

Later<json::value> Desk::Inside::call_about_case(PluginCall request) {
  const Gate::Pass pass = co_await gate.enter(request.case_id);
  auto loaded = recorder.load(request.case_id, request.by);
  if (!loaded) co_return loaded.error();
  auto& visit = *loaded;
  if (const auto caught_up = recorder.catch_up(visit); !caught_up) co_return caught_up.error();
  auto kept = recorder.following().kept(request.plugin, visit.id);
  if (!kept) co_return kept.error();
  if (!kept->owed.empty()) {
    co_return make_fault(Code::plugin_failed,
                         request.plugin + " has not answered to what happened in the case",
                         {{"plugin", request.plugin}});
  }
  const auto step = parts.plugins->call(
      {request.plugin, request.verb, request.params, kept->state, parts.clock.now(), &visit});
  if (!step) co_return step.error();
  const auto recorded =
      recorder.record_call(visit, {request.plugin, request.verb, request.staff}, *kept, *step);
  if (!recorded) co_return recorded.error();
  co_return step->reply;
}

base::Result<json::value> Desk::Inside::call_about_itself(const PluginCall& request) {
  auto kept = request.keeps ? recorder.following().kept(request.plugin, {}) : Kept{};
  if (!kept) return kept.error();
  std::optional<json::object> states;
  if (request.states) {
    auto page = recorder.following().page(request.plugin, request.cursor);
    if (!page) return page.error();
    states = std::move(*page);
  }
  const auto now = parts.clock.now();
  const auto step = parts.plugins->call(
      {request.plugin, request.verb, request.params, kept->state, now, nullptr, states ? &*states : nullptr});
  if (!step) return step.error();
  storage::Change change;
  const auto state = step->state ? json::value(*step->state) : json::value();
  Following::keep(*kept, state, {}, change);
  for (const auto& effect : step->effects) {
    if (const auto* event = std::get_if<policy::PluginEvent>(&effect))
      change.events.push_back(recorder.following().told(request.plugin, *event, {}));
  }
  if (change.plugin_states.empty() && change.events.empty()) return step->reply;
  const json::object who{{"plugin", request.plugin}, {"method", request.verb}, {"staff", request.staff}};
  change.events.push_back({0, now, "plugins", "plugin.called", {}, {}, json::serialize(who)});
  if (const auto committed = recorder.commit(std::move(change), request.by); !committed)
    return committed.error();
  return step->reply;
}

}  // namespace madoguchi::counter
