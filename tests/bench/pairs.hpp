// Ours and a floor, measured in turns within one run: the machine's mood changes, their ratio does not.
#pragma once

#include <benchmark/benchmark.h>

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace madoguchi::bench {

// As Google Benchmark wants it: what is between two iterations of `state` is measured. Counters of the state
// are reported with the time.
using Measured = std::function<void(benchmark::State& state)>;

struct Pair {
  std::string name;
  std::int64_t iterations = 1;  // of one measurement
  Measured ours;
  Measured floor{};  // empty: there is nothing to compare with
};

class Pairs {
 public:
  void add(Pair pair) { pairs_.push_back(std::move(pair)); }

  // Every pair `rounds` times, its two sides changing who goes first; one round more goes before, as a
  // warm-up. {name: {"ours": [{"ns": wall time of an iteration, "cpu_ns": the measuring thread's,
  // counters...}, ...], "floor": [...]}}. Throws when a side says that it could not be measured.
  [[nodiscard]] boost::json::object run(int rounds) const;

 private:
  std::vector<Pair> pairs_;
};

}  // namespace madoguchi::bench
