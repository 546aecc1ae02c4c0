#include "event_loop.hpp"

#include <algorithm>

#include "activity.hpp"
#include "roster.hpp"
#include "watchdog.hpp"

namespace madoguchi::smartcard {
namespace {

using base::Level;

// Becomes "changed" when readers come or go.
constexpr const char* notification_reader = "\\\\?PnP?\\Notification";
constexpr int max_list_attempts = 8;
// Between looks while the list of readers is in motion.
constexpr std::chrono::milliseconds settle{10};

std::vector<std::string> split(const std::vector<char>& names, std::size_t length) {
  std::vector<std::string> readers;
  std::string name;
  for (std::size_t i = 0; i < std::min(length, names.size()); ++i) {
    if (names[i] != '\0') {
      name.push_back(names[i]);
      continue;
    }
    if (name.empty()) break;
    readers.push_back(std::move(name));
    name.clear();
  }
  return readers;
}

Observation observation_of(const SCARD_READERSTATE& state) {
  Observation seen;
  seen.mute = (state.dwEventState & SCARD_STATE_MUTE) != 0;
  seen.present = seen.mute || (state.dwEventState & SCARD_STATE_PRESENT) != 0;
  seen.counter = static_cast<std::uint16_t>(state.dwEventState >> 16);
  const auto length = std::min<std::size_t>(state.cbAtr, sizeof(state.rgbAtr));
  if (seen.present) seen.atr.assign(state.rgbAtr, state.rgbAtr + length);
  return seen;
}

}  // namespace

void EventLoop::run() {
  auto delay = world_.limits.first_retry;
  const auto stopping = [this] {
    const std::lock_guard lock(mutex_);
    return stopping_;
  };
  while (!stopping()) {
    Outcome outcome = context_ || establish() ? look() : Outcome::lost;
    if (condemned_.exchange(false) && outcome != Outcome::lost) {
      why_ = "a reader's thread found the service gone";
      outcome = Outcome::lost;
    }
    if (outcome == Outcome::lost && !stopping()) {
      drop(why_);
      pause(delay);
      delay = std::min(delay * 2, world_.limits.longest_retry);
    } else if (outcome == Outcome::again) {
      pause(settle);
    } else {
      delay = world_.limits.first_retry;
    }
  }
  drop("stopping");
}

void EventLoop::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void EventLoop::cancel() {
  std::optional<SCARDCONTEXT> context;
  {
    const std::lock_guard lock(mutex_);
    context = context_;
  }
  if (context) world_.api.cancel(*context);
}

void EventLoop::condemn(unsigned generation) {
  if (generation == generation_) condemned_ = true;
}

bool EventLoop::establish() {
  SCARDCONTEXT context = 0;
  bool established = false;
  const LONG code = timed("SCardEstablishContext", {}, [&] {
    const LONG result = world_.api.establish_context(&context);
    established = result == SCARD_S_SUCCESS;
    return result;
  });
  if (established) {
    const std::lock_guard lock(mutex_);
    context_ = context;
  }
  if (code != SCARD_S_SUCCESS) {
    why_ = call_text("SCardEstablishContext", code);
    return false;
  }
  ++generation_;
  condemned_ = false;
  return true;
}

EventLoop::Outcome EventLoop::look() {
  std::vector<std::string> names;
  if (const Outcome listed = list(names); listed != Outcome::fine) return listed;
  const bool all_known = adopt(names);
  if (all_known) publish();
  return wait_for_change(all_known);
}

// The list may grow between "how long" and "give me" (R1).
EventLoop::Outcome EventLoop::list(std::vector<std::string>& names) {
  std::vector<char> buffer;
  for (int attempt = 0; attempt < max_list_attempts; ++attempt) {
    DWORD length = 0;
    LONG code =
        timed("SCardListReaders", {}, [&] { return world_.api.list_readers(*context_, nullptr, &length); });
    if (code == SCARD_S_SUCCESS) {
      buffer.assign(length, '\0');
      code = timed("SCardListReaders", {},
                   [&] { return world_.api.list_readers(*context_, buffer.data(), &length); });
    }
    if (code == SCARD_E_INSUFFICIENT_BUFFER) continue;
    if (code == SCARD_E_NO_READERS_AVAILABLE) return Outcome::fine;
    if (code != SCARD_S_SUCCESS) return trouble("SCardListReaders", code);
    names = split(buffer, length);
    return Outcome::fine;
  }
  return Outcome::again;
}

bool EventLoop::adopt(const std::vector<std::string>& names) {
  std::erase_if(readers_, [&](const auto& reader) {
    return std::find(names.begin(), names.end(), reader.first) == names.end();
  });
  for (const auto& name : names) readers_.try_emplace(name);
  return std::all_of(readers_.begin(), readers_.end(),
                     [](const auto& reader) { return reader.second.seen.has_value(); });
}

EventLoop::Outcome EventLoop::wait_for_change(bool all_known) {
  std::vector<SCARD_READERSTATE> states;
  const auto ask = [&](const char* name, DWORD state) {
    SCARD_READERSTATE entry{};
    entry.szReader = name;
    entry.dwCurrentState = state;
    states.push_back(entry);
  };
  for (const auto& [name, known] : readers_) ask(name.c_str(), known.state);
  ask(notification_reader, notification_state_);

  const auto wait = all_known ? world_.limits.wait : std::chrono::milliseconds(0);
  const LONG code = timed("SCardGetStatusChange", wait, [&] {
    return world_.api.get_status_change(*context_, static_cast<DWORD>(wait.count()), states.data(),
                                        states.size());
  });
  if (code == SCARD_E_TIMEOUT || code == SCARD_E_CANCELLED) {
    for (auto& [name, known] : readers_) known.half_changed.reset();
    return all_known ? Outcome::fine : Outcome::again;
  }
  // A reader left after it was listed.
  if (code == SCARD_E_UNKNOWN_READER) return Outcome::again;
  if (code != SCARD_S_SUCCESS) return trouble("SCardGetStatusChange", code);

  notification_state_ = states.back().dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
  states.pop_back();
  bool all_settled = true;
  for (const auto& state : states) {
    if (!take_over(state)) all_settled = false;
  }
  publish();
  return all_settled ? Outcome::fine : Outcome::again;
}

bool EventLoop::take_over(const SCARD_READERSTATE& state) {
  const auto reader = readers_.find(state.szReader);
  if ((state.dwEventState & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0) {
    readers_.erase(reader);
    return false;
  }
  Known& known = reader->second;
  Observation now = observation_of(state);
  if (known.seen && known.seen->present != now.present && known.seen->counter == now.counter) {
    const auto time = std::chrono::steady_clock::now();
    if (!known.half_changed) known.half_changed = time;
    if (time - *known.half_changed < world_.limits.notice) return false;
  }
  known.half_changed.reset();
  known.state = state.dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
  known.seen = std::move(now);
  return true;
}

void EventLoop::publish() {
  Snapshot now;
  for (const auto& [name, known] : readers_) {
    if (known.seen) now.emplace(name, *known.seen);
  }
  world_.roster.publish(std::move(now));
}

EventLoop::Outcome EventLoop::trouble(std::string_view name, LONG code) {
  why_ = call_text(name, code);
  return Outcome::lost;
}

void EventLoop::drop(const std::string& why) {
  world_.roster.lose_service(why);
  readers_.clear();
  notification_state_ = SCARD_STATE_UNAWARE;
  if (!context_) return;
  const SCARDCONTEXT context = *context_;
  {
    const std::lock_guard lock(mutex_);
    context_.reset();
  }
  // Its answer says nothing that could be acted upon: the context is given up either way.
  timed("SCardReleaseContext", {}, [&] { return world_.api.release_context(context); });
}

void EventLoop::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return stopping_; });
}

LONG EventLoop::timed(std::string_view name, std::chrono::milliseconds wait,
                      const std::function<LONG()>& call) {
  overran_ = false;
  const auto deadline = std::chrono::steady_clock::now() + wait + world_.limits.call;
  const auto watch = world_.watchdog.arm(deadline, [this, name = std::string(name)] {
    overran_ = true;
    world_.activity.stuck();  // before anybody hears of it
    world_.outlet.log(Level::error, "reader.service_stuck", {{"call", name}});
    world_.roster.lose_service(name + " does not return");
  });
  const LONG code = call();
  world_.watchdog.disarm(watch);
  if (!overran_) return code;
  world_.activity.recovered();
  return SCARD_E_SERVICE_STOPPED;
}

}  // namespace madoguchi::smartcard
