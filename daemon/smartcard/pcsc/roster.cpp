#include "roster.hpp"

#include "worker.hpp"

namespace madoguchi::smartcard {

using base::Code;
using base::Level;
using base::make_fault;
using Kind = ReaderEvent::Kind;

Roster::Workers Roster::replace(Snapshot now) {
  Workers gone;
  for (auto worker = workers_.begin(); worker != workers_.end();) {
    if (now.contains(worker->first)) {
      ++worker;
    } else {
      gone.push_back(worker->second);
      worker = workers_.erase(worker);
    }
  }
  for (const auto& [reader, observation] : now) {
    const auto known = workers_.find(reader);
    if (known != workers_.end()) {
      known->second->observe(observation.counter);
    } else {
      workers_.emplace(reader, make_worker_(reader, observation.counter));
    }
  }
  seen_ = std::move(now);
  return gone;
}

void Roster::publish(Snapshot now) {
  const std::lock_guard order(order_);
  Workers gone;
  std::vector<ReaderEvent> events;
  bool came_up = false;
  std::size_t readers = 0;
  {
    const std::lock_guard lock(mutex_);
    if (service_ == Service::closed) return;
    came_up = service_ != Service::up;
    service_ = Service::up;
    // The service knows nothing of losses.
    for (auto& [reader, observation] : now) {
      if (const auto before = seen_.find(reader); before != seen_.end()) {
        observation.losses = before->second.losses;
      }
    }
    readers = now.size();
    events = reconcile(seen_, now);
    gone = replace(std::move(now));
  }
  if (came_up) {
    outlet_.log(Level::info, "reader.service_up", {{"readers", static_cast<std::int64_t>(readers)}});
    outlet_.event({Kind::service_up, {}});
  }
  for (const auto& worker : gone)
    worker->retire(make_fault(Code::reader_gone, "the reader has been taken away"));
  for (const auto& event : events) outlet_.event(event);
}

void Roster::card_lost(const std::string& reader) {
  const std::lock_guard order(order_);
  std::vector<ReaderEvent> events;
  {
    const std::lock_guard lock(mutex_);
    const auto seen = seen_.find(reader);
    if (service_ != Service::up || seen == seen_.end() || !seen->second.present) return;
    Snapshot now = seen_;
    ++now.at(reader).losses;
    events = reconcile(seen_, now);
    seen_ = std::move(now);
  }
  outlet_.log(Level::warning, "reader.card_left_unnoticed", {{"reader", reader}});
  for (const auto& event : events) outlet_.event(event);
}

void Roster::lose_service(const std::string& why) {
  const std::lock_guard order(order_);
  Workers gone;
  std::vector<ReaderEvent> events;
  {
    const std::lock_guard lock(mutex_);
    if (service_ == Service::closed || service_ == Service::down) return;
    service_ = Service::down;
    events = reconcile(seen_, {});
    gone = replace({});
  }
  outlet_.log(Level::error, "reader.service_down", {{"why", why}});
  for (const auto& worker : gone) worker->retire(make_fault(Code::reader_service_down, why));
  for (const auto& event : events) outlet_.event(event);
  outlet_.event({Kind::service_down, {}});
}

void Roster::close() {
  const std::lock_guard order(order_);
  Workers gone;
  {
    const std::lock_guard lock(mutex_);
    service_ = Service::closed;
    gone = replace({});
  }
  for (const auto& worker : gone)
    worker->retire(make_fault(Code::shutting_down, "the readers are being given up"));
}

std::vector<ReaderStatus> Roster::list() const {
  std::vector<ReaderStatus> readers;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, seen] : seen_) {
    const auto worker = workers_.at(name)->state();
    Presence presence = !seen.present ? Presence::empty : seen.mute ? Presence::mute : Presence::present;
    if (worker.stuck) presence = Presence::stuck;
    const auto count = static_cast<std::uint32_t>(seen.losses) << 16 | seen.counter;
    readers.push_back({name, presence, worker.leased, seen.atr, count, worker.pin_pad});
  }
  return readers;
}

base::Result<void> Roster::health() const {
  const std::lock_guard lock(mutex_);
  switch (service_) {
    case Service::up:
      return {};
    case Service::unknown:
      return make_fault(Code::reader_service_down, "the service has not answered yet");
    case Service::down:
      return make_fault(Code::reader_service_down, "the service is being tried again");
    case Service::closed:
      return make_fault(Code::shutting_down);
  }
  return {};
}

base::Result<std::shared_ptr<Worker>> Roster::find(const std::string& reader) const {
  if (auto healthy = health(); !healthy) return healthy.error();
  const std::lock_guard lock(mutex_);
  const auto worker = workers_.find(reader);
  if (worker == workers_.end()) return make_fault(Code::not_found, "no reader of that name");
  return worker->second;
}

}  // namespace madoguchi::smartcard
