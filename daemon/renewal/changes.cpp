#include "renewal/changes.hpp"

#include <algorithm>
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

json::value within(const json::object& facts, std::string_view object, std::string_view key,
                   json::value otherwise) {
  const auto* found = facts.if_contains(object);
  auto value = found != nullptr && found->is_object() ? in(found->get_object(), key) : json::value();
  return value.is_null() ? std::move(otherwise) : value;
}

// In one order, whichever they are told in.
json::value wanted_in(const json::object& facts) {
  const auto told = in(facts, "wanted");
  json::array wanted;
  for (const auto certificate : {CertificateName::signature, CertificateName::authentication}) {
    const json::value name(mynumber::name(certificate));
    const bool has = !told.is_array() || std::find(told.get_array().begin(), told.get_array().end(), name) !=
                                             told.get_array().end();
    if (has) wanted.push_back(name);
  }
  return wanted;
}

// Those of `more` that `less` has not.
json::array without(std::multiset<std::string> more, const std::multiset<std::string>& less) {
  for (const auto& known : less) {
    if (const auto found = more.find(known); found != more.end()) more.erase(found);
  }
  return json::array(more.begin(), more.end());
}

// As a clerk has told them; what came of one here has a line of its own.
json::object told_pins(const Case& before, const Case& after) {
  json::object changed;
  for (const auto pin : {mynumber::PinName::resident_register, mynumber::PinName::authentication,
                         mynumber::PinName::signature}) {
    const auto key = mynumber::name(pin);
    auto from = within(before.facts, "pins", key, "unverified");
    auto to = within(after.facts, "pins", key, "unverified");
    if (from != to) changed[key] = json::object{{"from", std::move(from)}, {"to", std::move(to)}};
  }
  return changed;
}

}  // namespace

json::value visitor_in(const json::object& facts) {
  return within(facts, "visitor", "role", "holder");
}

bool comes_as_proxy(const Case& visit) {
  const auto role = visitor_in(visit.facts);
  if (role != "legal_representative") return role == "proxy";
  const auto* findings = visit.decision.if_contains("findings");
  if (findings == nullptr || !findings->is_array()) return false;
  const auto& said = findings->get_array();
  return std::any_of(said.begin(), said.end(), [](const json::value& item) {
    const auto* code = item.is_object() ? item.get_object().if_contains("code") : nullptr;
    return code != nullptr && *code == "legal_representative.not_applicable";
  });
}

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
  tell("visitor", visitor_in(before.facts), visitor_in(after.facts));
  const auto ward = [](const Case& visit) { return within(visit.facts, "holder", "adult_ward", false); };
  tell("adult_ward", ward(before), ward(after));
  tell("wanted", wanted_in(before.facts), wanted_in(after.facts));
  if (auto pins = told_pins(before, after); !pins.empty()) changed["pins"] = std::move(pins);
  const auto reader = [](const Case& visit) {
    return visit.reader.empty() ? json::value() : json::value(visit.reader);
  };
  tell("reader", reader(before), reader(after));
  const auto had = documents_of(before.facts);
  const auto has = documents_of(after.facts);
  if (auto added = without(has, had); !added.empty()) changed["documents"] = std::move(added);
  if (auto gone = without(had, has); !gone.empty()) changed["documents_gone"] = std::move(gone);
  return changed;
}

}  // namespace madoguchi::renewal
