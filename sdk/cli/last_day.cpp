#include "last_day.hpp"

#include "guidance.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

bool is_renewed(const json::object& decision, std::string_view name, bool otherwise) {
  const auto* planned = object_at(decision, "certificates");
  const auto* plan = planned != nullptr ? object_at(*planned, name) : nullptr;
  return plan != nullptr ? text_at(*plan, "action") == "renew" : otherwise;
}

// The earliest of what is still in force; empty: there is none.
std::string earliest(const json::object& facts, const json::object& decision) {
  std::string first;
  const auto* certificates = object_at(facts, "certificates");
  if (certificates == nullptr) return first;
  for (const auto& [name, value] : *certificates) {
    if (!value.is_object() || text_at(value.get_object(), "state") != "valid") continue;
    if (!is_renewed(decision, name, true)) continue;
    const auto day = text_at(value.get_object(), "expires_on");
    if (!day.empty() && (first.empty() || day < first)) first = day;
  }
  return first;
}

}  // namespace

void tell_last_day(const Context& context, const json::object& facts, const json::object& decision) {
  const auto day = earliest(facts, decision);
  if (day.empty()) return;
  // What was done already, or is not on the card, stops nothing.
  const bool signature = is_renewed(decision, "signature", true);
  const bool authentication = is_renewed(decision, "authentication", true);
  const auto text = signature == authentication ? Key("guide.last_day")
                    : signature                 ? Key("guide.last_day.signature")
                                                : Key("guide.last_day.authentication");
  context.out.say(text, {spoken_time(context.lang(), day)});
}

}  // namespace madoguchi::cli
