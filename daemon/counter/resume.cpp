// What needs neither card nor clerk goes on by itself after the daemon's end, or its authority's: the citizen
// has left with a card that works, and the authority is still to be told.
#include <algorithm>

#include "counter/each_case.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "talk.hpp"

namespace madoguchi::counter {

base::Result<std::vector<std::string>> Desk::Inside::waiting_cases() {
  std::vector<std::string> waiting;
  const auto listed = each_case(parts.store, renewal::states_under_way(), {}, [&](const auto& record) {
    const auto visit = read_case(record);
    // One case that cannot be read must not stand in the way of the others.
    if (visit && on_its_channel(parts, *visit) && renewal::waits_for_authority(*visit, parts.clock.now()))
      waiting.push_back(record.id);
  });
  if (!listed) return listed.error();
  return waiting;
}

// Whatever is the matter with one case, the others go on.
boost::asio::awaitable<void> Desk::Inside::apart(std::string id, boost::asio::awaitable<void> work) {
  try {
    co_await std::move(work);
  } catch (const std::exception& error) {
    parts.log.write(base::Level::error, "case.resume_failed", {{"case", id}, {"why", error.what()}});
  }
}

boost::asio::awaitable<void> Desk::Inside::resume_one(std::string id) {
  const UnderWay call(under_way);
  const Gate::Pass pass = co_await gate.enter(id);
  auto visit = recorder.load(id);
  // A clerk may have gone on with it meanwhile.
  if (stopping || !visit || !renewal::waits_for_authority(*visit, parts.clock.now())) co_return;
  boost::json::object note{{"resumed", true}};
  base::Result<renewal::Case> done = co_await go_on(std::move(*visit), Runner::With::alone, std::move(note));
  parts.log.write(
      base::Level::info, "case.resumed",
      {{"case", id},
       {"outcome", done ? std::string(renewal::name(done->state)) : base::describe(done.error())}});
}

// Plugins that could not be told what had happened in a case hear of it as soon as they answer again.
boost::asio::awaitable<void> Desk::Inside::settle_with_plugins() {
  const auto owed = parts.store.owed_cases();
  if (!owed) co_return;  // whatever ails the store, the next to write to it says so
  for (const auto& id : *owed) {
    if (stopping) co_return;
    co_await apart(id, settle_one(id));
  }
}

boost::asio::awaitable<void> Desk::Inside::settle_one(std::string id) {
  const UnderWay call(under_way);
  const Gate::Pass pass = co_await gate.enter(id);
  auto visit = recorder.load(id);
  const auto told = visit ? recorder.catch_up(*visit) : base::Result<void>(visit.error());
  if (!told) {
    parts.log.write(base::Level::error, "plugin.still_owed",
                    {{"case", id}, {"why", base::describe(told.error())}});
  }
}

boost::asio::awaitable<void> Desk::resume() {
  auto delay = inside_->parts.resume_after;
  while (!inside_->stopping) {
    co_await inside_->settle_with_plugins();
    const auto waiting = inside_->waiting_cases();
    if (waiting) {
      for (const auto& id : *waiting) {
        if (!inside_->stopping) co_await inside_->apart(id, inside_->resume_one(id));
      }
    } else {
      inside_->parts.log.write(base::Level::error, "case.resume_failed",
                               {{"why", base::describe(waiting.error())}});
    }
    co_await pause(inside_->parts.loop, delay, inside_->stopping);
    delay = std::min(delay * 2, inside_->parts.resume_at_most);
  }
}

}  // namespace madoguchi::counter
