// The text exposition format of Prometheus, version 0.0.4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace madoguchi::metrics {

inline constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

using Labels = std::vector<std::pair<std::string_view, std::string>>;

enum class Type : std::uint8_t { counter, gauge, histogram };

// Writes families one after the other; the samples of one follow on family().
class Exposition {
 public:
  void family(std::string_view name, Type type, std::string_view help);
  // `suffix`: e.g. "_bucket"; empty for all but histograms.
  void sample(const Labels& labels, double value, std::string_view suffix = {});
  void sample(const Labels& labels, std::int64_t value, std::string_view suffix = {});
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void head(const Labels& labels, std::string_view suffix);

  std::string text_;
  std::string family_;
};

}  // namespace madoguchi::metrics
