// The log, with its warnings and errors counted by their ids.
#pragma once

#include "base/log.hpp"
#include "metrics/counts.hpp"

namespace madoguchi::app {

class CountedLog final : public base::Log {
 public:
  explicit CountedLog(base::Log& inner) : inner_(inner) {}
  void write(base::Level level, std::string_view id, std::initializer_list<base::Field> fields) override {
    inner_.write(level, id, fields);
    if (level == base::Level::warning || level == base::Level::error)
      counts_.add({level == base::Level::error ? "error" : "warning", std::string(id)});
  }
  [[nodiscard]] const metrics::Counter& counts() const { return counts_; }

 private:
  base::Log& inner_;
  metrics::Counter counts_{"madoguchi_log_messages_total",
                           "Warnings and errors in the log, by the ids of the book of messages.",
                           {"level", "id"}};
};

}  // namespace madoguchi::app
