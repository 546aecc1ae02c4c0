#include "monitor.hpp"

#include "storage/reading.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using metrics::Exposition;
using metrics::Type;

std::int64_t signed_of(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

void gauge(Exposition& to, const char* name, const char* help, std::int64_t value) {
  to.family(name, Type::gauge, help);
  to.sample({}, value);
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_uint64()) return static_cast<std::int64_t>(value->get_uint64());
  return value->is_int64() ? value->get_int64() : 0;
}

void write_readers(Exposition& to, const Watched& watched) {
  std::map<std::string, std::int64_t> states{{"empty", 0}, {"present", 0}, {"mute", 0}, {"stuck", 0}};
  std::int64_t leased = 0;
  for (const auto& reader : watched.readers.list()) {
    using smartcard::Presence;
    leased += reader.leased ? 1 : 0;
    const auto& presence = reader.presence;
    ++states[presence == Presence::empty     ? "empty"
             : presence == Presence::present ? "present"
             : presence == Presence::mute    ? "mute"
                                             : "stuck"];
  }
  to.family("madoguchi_readers", Type::gauge, "Card readers, by what is in them.");
  for (const auto& [state, count] : states) to.sample({{"state", state}}, count);
  gauge(to, "madoguchi_readers_held", "Card readers that are held for a case.", leased);
  gauge(to, "madoguchi_reader_calls_stuck", "Calls to pcscd that do not return.",
        signed_of(watched.stuck_calls()));
  gauge(to, "madoguchi_reader_service_up", "1 while pcscd can be reached.", watched.readers.health() ? 1 : 0);
}

void write_plugins(Exposition& to, const json::array& plugins) {
  struct Family {
    const char *name, *help, *member;
    Type type;
  };
  for (const auto& family :
       {Family{"madoguchi_plugin_calls_total", "Calls of a plugin.", "calls", Type::counter},
        Family{"madoguchi_plugin_failures_total", "Calls that it failed, or did not answer in time.",
               "failures", Type::counter},
        Family{"madoguchi_plugin_resident_bytes", "Memory of an isolated plugin's process.", "resident_bytes",
               Type::gauge}}) {
    to.family(family.name, family.type, family.help);
    for (const auto& each : plugins) {
      const auto& plugin = each.as_object();
      if (plugin.contains(family.member))
        to.sample({{"plugin", text(plugin, "name")}}, number(plugin, family.member));
    }
  }
  to.family("madoguchi_plugin_ready", Type::gauge, "1 while a plugin is asked.");
  for (const auto& each : plugins) {
    const auto& plugin = each.as_object();
    to.sample({{"plugin", text(plugin, "name")}}, std::int64_t{text(plugin, "state") == "ready" ? 1 : 0});
  }
}

void write_health(Exposition& to, const json::object& parts) {
  to.family("madoguchi_part_well", Type::gauge, "0 while system.health has something against a part.");
  for (const auto& [name, part] : parts) {
    const auto state = text(part.as_object(), "state");
    to.sample({{"part", std::string(name)}}, std::int64_t{state == "failed" || state == "degraded" ? 0 : 1});
  }
}

void write_certificates(Exposition& to, const std::vector<std::pair<std::string, base::Instant>>& ends) {
  to.family("madoguchi_ra_certificate_not_after_seconds", Type::gauge,
            "When the counter's certificate towards an authority ends, in seconds since 1970.");
  for (const auto& [authority, end] : ends) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(end.time_since_epoch()).count();
    to.sample({{"authority", authority}}, std::int64_t{seconds});
  }
}

}  // namespace

const std::map<std::string, std::int64_t>& Monitor::cases() {
  const auto now = std::chrono::steady_clock::now();
  if (counted_ != std::chrono::steady_clock::time_point() && now - counted_ < counted_every) return cases_;
  counted_ = now;
  auto reading = storage::StoreReading::open(watched_.store_file);
  if (!reading) return cases_;
  if (auto counted = reading->states()) cases_ = std::move(*counted);
  return cases_;
}

std::string Monitor::page() {
  Exposition to;
  to.family("madoguchi_build_info", Type::gauge, "1, with the version.");
  to.sample({{"version", watched_.version}}, std::int64_t{1});
  gauge(to, "madoguchi_uptime_seconds", "Since the start.",
        std::chrono::duration_cast<std::chrono::seconds>(watched_.clock.now() - watched_.started).count());
  to.family("madoguchi_cases", Type::gauge, "Cases in the store, by their state.");
  for (const auto& [state, count] : cases()) to.sample({{"state", state}}, count);
  gauge(to, "madoguchi_cases_under_way", "Cases that are being worked on.", signed_of(watched_.under_way()));
  gauge(to, "madoguchi_connections", "Front-ends that are connected.", signed_of(watched_.connections()));
  gauge(to, "madoguchi_requests_under_way", "Requests that are being worked on.",
        signed_of(watched_.requests()));
  write_readers(to, watched_);
  write_plugins(to, watched_.plugins());
  write_health(to, watched_.health());
  write_certificates(to, watched_.certificates());
  watched_.store.commits.write(to);
  watched_.store.steps.write(to);
  watched_.store.pins.write(to);
  watched_.exchanges.took.write(to);
  watched_.overloaded.write(to);
  watched_.log.counts().write(to);
  return to.text();
}

}  // namespace madoguchi::app
