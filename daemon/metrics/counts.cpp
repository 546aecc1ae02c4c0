#include "metrics/counts.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

namespace madoguchi::metrics {
namespace {

Labels named(const std::vector<std::string_view>& names, const std::vector<std::string>& values) {
  Labels labels;
  for (std::size_t i = 0; i < names.size(); ++i) labels.emplace_back(names[i], values.at(i));
  return labels;
}

}  // namespace

void Counter::add(const std::vector<std::string>& values, std::int64_t more) {
  const std::scoped_lock turn(turn_);
  const bool full = counts_.size() >= most && counts_.find(values) == counts_.end();
  counts_[full ? std::vector<std::string>(labels_.size(), "other") : values] += more;
}

void Counter::write(Exposition& to) const {
  to.family(name_, Type::counter, help_);
  const std::scoped_lock turn(turn_);
  for (const auto& [values, count] : counts_) to.sample(named(labels_, values), count);
}

void Durations::add(const std::vector<std::string>& values, std::chrono::nanoseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
  const std::scoped_lock turn(turn_);
  auto& seen = seen_[values];
  ++seen.buckets[static_cast<std::size_t>(bucket)];
  seen.sum += seconds;
}

void Durations::write(Exposition& to) const {
  to.family(name_, Type::histogram, help_);
  const std::scoped_lock turn(turn_);
  for (const auto& [values, seen] : seen_) {
    const auto labels = named(labels_, values);
    std::int64_t below = 0;
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
      below += seen.buckets[i];
      std::ostringstream bound;
      if (i < bounds.size()) bound << bounds[i];
      auto with_bound = labels;
      with_bound.emplace_back("le", i < bounds.size() ? bound.str() : "+Inf");
      to.sample(with_bound, below, "_bucket");
    }
    to.sample(labels, seen.sum, "_sum");
    to.sample(labels, below, "_count");
  }
}

}  // namespace madoguchi::metrics
