#include "spdlog_log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using settings::LogFormat;

spdlog::level::level_enum level_of(base::Level level) {
  switch (level) {
    case base::Level::debug:
      return spdlog::level::debug;
    case base::Level::info:
      return spdlog::level::info;
    case base::Level::warning:
      return spdlog::level::warn;
    case base::Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// syslog(3)
std::string_view priority(base::Level level) {
  switch (level) {
    case base::Level::debug:
      return "<7>";
    case base::Level::info:
      return "<6>";
    case base::Level::warning:
      return "<4>";
    case base::Level::error:
      return "<3>";
  }
  return "<3>";
}

json::value value_of(const base::Field& field) {
  if (const auto* number = std::get_if<std::int64_t>(&field.value)) return *number;
  return json::value(std::get<std::string>(field.value));
}

class SpdlogLog : public base::Log {
 public:
  explicit SpdlogLog(const settings::LogConfig& config)
      : format_(config.format), logger_("madoguchid", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(level_of(static_cast<base::Level>(config.level)));
    logger_.flush_on(spdlog::level::debug);
    switch (format_) {
      case LogFormat::json:
        logger_.set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
        break;
      case LogFormat::text:
        logger_.set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
        break;
      case LogFormat::journald:
        logger_.set_pattern("%v");
        break;
    }
  }

  void write(base::Level level, std::string_view id, std::initializer_list<base::Field> fields) override {
    const auto severity = level_of(level);
    if (!logger_.should_log(severity)) return;
    std::string line;
    if (format_ == LogFormat::json) {
      json::object object{{"id", id}};
      for (const auto& field : fields) object[field.name] = value_of(field);
      line = json::serialize(object);
      line = line.substr(1, line.size() - 2);
    } else {
      if (format_ == LogFormat::journald) line = priority(level);
      line += id;
      for (const auto& field : fields)
        line.append(" ").append(field.name).append("=").append(json::serialize(value_of(field)));
    }
    // As an argument, never as a format: what comes from outside may hold braces.
    logger_.log(severity, "{}", line);
  }

 private:
  LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<base::Log> make_log(const settings::LogConfig& config) {
  return std::make_unique<SpdlogLog>(config);
}

}  // namespace madoguchi::app
