// What is counted and measured while the daemon works. Safe to use from several threads.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "metrics/exposition.hpp"

namespace madoguchi::metrics {

// One number for each combination of its labels' values. Values are words of closed lists; should one grow
// without bound after all, what comes beyond `most` is counted together as "other".
class Counter {
 public:
  Counter(std::string_view name, std::string_view help, std::vector<std::string_view> labels)
      : name_(name), help_(help), labels_(std::move(labels)) {}
  void add(const std::vector<std::string>& values, std::int64_t more = 1);
  void write(Exposition& to) const;

 private:
  static constexpr std::size_t most = 256;

  std::string name_, help_;
  std::vector<std::string_view> labels_;
  mutable std::mutex turn_;
  std::map<std::vector<std::string>, std::int64_t> counts_;
};

// How long something took, by labels as a counter's.
class Durations {
 public:
  Durations(std::string_view name, std::string_view help, std::vector<std::string_view> labels)
      : name_(name), help_(help), labels_(std::move(labels)) {}
  void add(const std::vector<std::string>& values, std::chrono::nanoseconds took);
  void write(Exposition& to) const;

 private:
  // From a commit on a fast disk to an authority's patience.
  static constexpr std::array<double, 12> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                 0.1,   0.25,   1,     5,    20,    60};
  struct Seen {
    std::array<std::int64_t, bounds.size() + 1> buckets{};
    double sum = 0;
  };

  std::string name_, help_;
  std::vector<std::string_view> labels_;
  mutable std::mutex turn_;
  std::map<std::vector<std::string>, Seen> seen_;
};

}  // namespace madoguchi::metrics
