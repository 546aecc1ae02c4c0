// A plugin that can be asked, wherever it runs.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/result.hpp"
#include "extension/manifest.hpp"

namespace madoguchi::extension {

// In the order of the ABI's descriptor. The numbers are part of the protocol with the child process.
enum class Verb : std::uint8_t {
  describe = 1,
  check = 2,
  create = 3,
  decide = 4,
  schedule = 5,
  advance = 6,
  call = 7
};
std::string_view to_text(Verb verb);

// Loading and looking at a section happen once and may read files.
inline constexpr std::chrono::milliseconds opening_deadline{5'000};

// A longer answer is no answer.
inline constexpr std::size_t longest_answer = std::size_t{1} << 20;

// The plugin's own word that it takes the request for not valid (MADOGUCHI_REFUSED): no answer, but no sign
// that anything is wrong with the plugin either.
inline base::Fault request_refused(std::string inner) {
  return base::make_fault(base::Code::plugin_failed, std::move(inner), {{"refused", true}});
}
inline bool is_request_refused(const base::Fault& fault) {
  return fault.details.contains("refused");
}

class Running {
 public:
  virtual ~Running() = default;
  // The answer's document. plugin_failed or plugin_timeout with what happened in `inner`; see
  // request_refused(). `create` comes once, before the last four.
  virtual base::Result<std::string> ask(Verb verb, std::string_view request,
                                        std::chrono::milliseconds deadline) = 0;
  // Memory in use by its process, in bytes; nothing for one in this process.
  [[nodiscard]] virtual std::optional<std::size_t> resident_bytes() const { return std::nullopt; }
};

}  // namespace madoguchi::extension
