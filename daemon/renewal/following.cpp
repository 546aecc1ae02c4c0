#include "renewal/following.hpp"

namespace madoguchi::renewal {

namespace json = boost::json;

std::optional<Heard> heard_of(std::string_view record) {
  if (record == "case.opened" || record == "case.updated") return Heard{.deniable = true};
  if (record == "issue.begun") return Heard{.deniable = true, .beginning = true};
  // That the citizen has left is no less so when a plugin does not answer.
  if (record == "case.cancelled" || record == "case.given_up" || record == "case.completed" ||
      record == "case.stopped") {
    return Heard{};
  }
  // The PIN that it is about has been tried.
  if (record == "case.redecided") return Heard{};
  if (record.starts_with("pin.") && !record.ends_with("intent")) return Heard{};
  return std::nullopt;
}

json::object event_of(std::string_view record, base::Instant at, const json::object& body) {
  json::object event{{"type", record}, {"at", base::format_time(at)}};
  for (const auto* key : {"pin", "reason"}) {
    if (const auto* value = body.if_contains(key)) event[key] = *value;
  }
  return event;
}

json::object to_plugin(const Case& visit) {
  json::object pins;
  for (const auto& [pin, record] : visit.pins) pins[mynumber::name(pin)] = name(record.outcome);
  return {
      {"id", visit.id},       {"state", name(visit.state)}, {"opened_at", base::format_time(visit.opened_at)},
      {"facts", visit.facts}, {"decision", visit.decision}, {"pins", std::move(pins)}};
}

}  // namespace madoguchi::renewal
