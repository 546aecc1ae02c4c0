// What a monitor reads: counts that were kept, and how everything is at this moment.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "authorities.hpp"
#include "base/clock.hpp"
#include "counted_log.hpp"
#include "counted_store.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::app {

struct OverloadCount : metrics::Counter {
  OverloadCount()
      : Counter(
            "madoguchi_overloaded_total",
            "Requests and connections that a limit refused, or whose connection made room for another one.",
            {"limit"}) {}
};

// Outlives the monitor; asked when somebody reads.
struct Watched {
  const StoreCounts& store;
  const CountedLog& log;
  const ExchangeCounts& exchanges;
  const OverloadCount& overloaded;
  std::filesystem::path store_file;
  const base::Clock& clock;
  base::Instant started{};
  std::string version{};
  const smartcard::Readers& readers;
  std::function<std::size_t()> stuck_calls;
  std::function<std::size_t()> under_way;    // cases that are being worked on
  std::function<std::size_t()> connections;  // of front-ends
  std::function<std::size_t()> requests;     // being worked on
  std::function<boost::json::array()> plugins;
  std::function<boost::json::object()> health;  // of the parts: name to {state, ...}
  // When the counter's own certificates end, by authority.
  std::function<std::vector<std::pair<std::string, base::Instant>>()> certificates;
};

class Monitor {
 public:
  explicit Monitor(Watched watched) : watched_(std::move(watched)) {}
  // Exposition format 0.0.4.
  std::string page();

 private:
  const std::map<std::string, std::int64_t>& cases();

  Watched watched_;
  // Counting goes through all cases: not more often than this, however often somebody reads.
  static constexpr std::chrono::seconds counted_every{15};
  std::map<std::string, std::int64_t> cases_;
  std::chrono::steady_clock::time_point counted_{};
};

}  // namespace madoguchi::app
