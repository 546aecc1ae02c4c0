// The readers as everybody sees them, each with its worker.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "outlet.hpp"
#include "smartcard/readers.hpp"
#include "smartcard/reconcile.hpp"

namespace madoguchi::smartcard {

class Worker;

class Roster {
 public:
  using MakeWorker = std::function<std::shared_ptr<Worker>(const std::string& reader, std::uint16_t counter)>;

  Roster(MakeWorker make_worker, Outlet& outlet) : make_worker_(std::move(make_worker)), outlet_(outlet) {}

  // What the service shows now, which also says that it is up.
  void publish(Snapshot now);
  // A session found that its card had left, and the service has not counted that: the card has been put back
  // faster than it looks, or never left but can no longer be trusted to be what it was. Listeners hear of a
  // removal and an insertion, as they have to do something about both.
  void card_lost(const std::string& reader);
  // The service is gone: every reader leaves, and their workers drop handles and contexts (R6). Once an
  // outage.
  void lose_service(const std::string& why);
  // No changes from now on; what waits at the workers ends with shutting_down.
  void close();

  [[nodiscard]] std::vector<ReaderStatus> list() const;
  [[nodiscard]] base::Result<void> health() const;
  [[nodiscard]] base::Result<std::shared_ptr<Worker>> find(const std::string& reader) const;

 private:
  enum class Service : std::uint8_t { unknown, up, down, closed };
  using Workers = std::vector<std::shared_ptr<Worker>>;

  // Makes `now` the readers' state; gives the workers that have lost their reader.
  Workers replace(Snapshot now);

  const MakeWorker make_worker_;
  Outlet& outlet_;
  // Held from a change to the end of its events, so that events keep the changes' order. Taken before mutex_.
  std::mutex order_;
  mutable std::mutex mutex_;
  Service service_ = Service::unknown;
  Snapshot seen_;
  std::map<std::string, std::shared_ptr<Worker>> workers_;
};

}  // namespace madoguchi::smartcard
