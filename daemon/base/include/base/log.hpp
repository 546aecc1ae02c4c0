// The log as rooms see it: an event's id and its fields. There is no overload for a secret, so none can be
// logged.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace madoguchi::base {

enum class Level : std::uint8_t { debug, info, warning, error };

struct Field {
  std::string_view name;
  std::variant<std::int64_t, std::string> value;
};

class Log {
 public:
  virtual ~Log() = default;
  // `id` is stable and dotted, e.g. `reader.quarantined`. Safe to call from any thread.
  virtual void write(Level level, std::string_view id, std::initializer_list<Field> fields = {}) = 0;
};

}  // namespace madoguchi::base
