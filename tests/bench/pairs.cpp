#include "pairs.hpp"

#include <boost/json/array.hpp>
#include <stdexcept>

namespace madoguchi::bench {
namespace {

namespace json = boost::json;

// Keeps what was measured instead of printing it.
class Collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs) {
      if (run.error_occurred) throw std::runtime_error(run.benchmark_name() + ": " + run.error_message);
      latest_ = json::object{{"ns", run.GetAdjustedRealTime()}, {"cpu_ns", run.GetAdjustedCPUTime()}};
      for (const auto& [name, counter] : run.counters) latest_[name] = counter.value;
    }
  }
  json::object take() { return std::move(latest_); }

 private:
  json::object latest_;
};

void enroll(const std::string& name, std::int64_t iterations, const Measured& measured) {
  benchmark::RegisterBenchmark(name.c_str(), measured)
      ->Iterations(iterations)
      ->UseRealTime()
      ->Unit(benchmark::kNanosecond);
}

json::object measure(const std::string& name) {
  Collector collector;
  // Google Benchmark adds the iterations to the name; all before them has to match.
  if (benchmark::RunSpecifiedBenchmarks(&collector, nullptr, "^" + name + "/iterations:") != 1)
    throw std::logic_error("no benchmark " + name);
  return collector.take();
}

}  // namespace

json::object Pairs::run(int rounds) const {
  json::object figures;
  for (const auto& pair : pairs_) {
    const std::string ours = pair.name + "/ours";
    const std::string floor = pair.name + "/floor";
    enroll(ours, pair.iterations, pair.ours);
    if (pair.floor) enroll(floor, pair.iterations, pair.floor);
    json::array of_ours;
    json::array of_floor;
    for (int round = -1; round < rounds; ++round) {
      const bool ours_first = round % 2 == 0;
      json::object first = ours_first || !pair.floor ? measure(ours) : measure(floor);
      json::object second;
      if (pair.floor) second = ours_first ? measure(floor) : measure(ours);
      if (round < 0) continue;
      if (!ours_first && pair.floor) std::swap(first, second);
      of_ours.push_back(std::move(first));
      if (pair.floor) of_floor.push_back(std::move(second));
    }
    figures[pair.name] = json::object{{"ours", std::move(of_ours)}, {"floor", std::move(of_floor)}};
  }
  return figures;
}

}  // namespace madoguchi::bench
