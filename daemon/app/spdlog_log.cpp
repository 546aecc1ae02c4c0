#include "spdlog_log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"
#include "messages/book.hpp"

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

// What the book says of a warning or an error; nullptr for everything else.
const messages::Message* explained(base::Level level, std::string_view id) {
  return level == base::Level::warning || level == base::Level::error ? messages::find(id) : nullptr;
}

json::object facts_of(std::initializer_list<base::Field> fields) {
  json::object facts;
  for (const auto& field : fields) facts[field.name] = value_of(field);
  return facts;
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
      if (const auto* message = explained(level, id)) {
        const auto facts = facts_of(fields);
        object["ja"] = messages::filled(message->ja, facts);
        object["en"] = messages::filled(message->en, facts);
      }
      line = json::serialize(object);
      line = line.substr(1, line.size() - 2);
    } else {
      if (format_ == LogFormat::journald) line = priority(level);
      line += id;
      for (const auto& field : fields)
        line.append(" ").append(field.name).append("=").append(json::serialize(value_of(field)));
      // Not filled in: the fields stand before it, escaped as they must be in a line.
      if (const auto* message = explained(level, id)) line.append(" # ").append(message->ja);
    }
    // As an argument, never as a format: what comes from outside may hold braces. Written out is also how
    // JSON has what a terminal or an editor would obey.
    logger_.log(severity, "{}", base::on_one_line(line));
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
