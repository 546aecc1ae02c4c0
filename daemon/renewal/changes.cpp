#include "renewal/changes.hpp"

#include <boost/json/array.hpp>
#include <set>

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;

json::value in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? json::value() : *value;
}

// The same document may be brought by the holder and by the visitor, so that their number counts.
std::multiset<std::string> documents_of(const json::object& facts) {
  std::multiset<std::string> types;
  const auto documents = in(facts, "documents");
  if (!documents.is_array()) return types;
  for (const auto& each : documents.get_array()) {
    const auto type = each.is_object() ? in(each.get_object(), "type") : json::value();
    if (type.is_string()) types.emplace(type.get_string());
  }
  return types;
}

}  // namespace

json::object changes_between(const Case& before, const Case& after) {
  json::object changed;
  const auto tell = [&](std::string_view key, const json::value& from, const json::value& to) {
    if (from != to) changed[key] = json::object{{"from", from}, {"to", to}};
  };
  const auto state = [](const Case& visit) { return json::value(json::string_view(name(visit.state))); };
  tell("state", state(before), state(after));
  tell("outcome", in(before.decision, "outcome"), in(after.decision, "outcome"));
  for (const auto* key : {"purpose", "office", "visit"})
    tell(key, in(before.facts, key), in(after.facts, key));
  const auto reader = [](const Case& visit) {
    return visit.reader.empty() ? json::value() : json::value(visit.reader);
  };
  tell("reader", reader(before), reader(after));
  auto added = documents_of(after.facts);
  for (const auto& known : documents_of(before.facts)) {
    if (const auto found = added.find(known); found != added.end()) added.erase(found);
  }
  if (!added.empty()) changed["documents"] = json::array(added.begin(), added.end());
  return changed;
}

}  // namespace madoguchi::renewal
