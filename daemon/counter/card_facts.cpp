#include "card_facts.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

json::object& child(json::object& parent, std::string_view key) {
  auto& value = parent[key];
  if (!value.is_object()) value = json::object();
  return value.get_object();
}

json::object valid(const mynumber::Certificate& certificate) {
  return {{"state", "valid"}, {"expires_on", base::format_date(certificate.last_day)}};
}

}  // namespace

void overlay(json::object& facts, const mynumber::Inspection& card) {
  auto& about_card = child(facts, "card");
  about_card["presented"] = true;
  if (card.card_expires_on) about_card["expires_on"] = base::format_date(*card.card_expires_on);
  auto& certificates = child(facts, "certificates");
  if (card.authentication) {
    certificates["authentication"] = valid(*card.authentication);
  } else {
    certificates["authentication"] = json::object{{"state", "absent"}};
  }
  if (card.signature) {
    certificates["signature"] = valid(*card.signature);
  } else if (!card.signature_present) {
    certificates["signature"] = json::object{{"state", "absent"}};
  }
  auto& pins = child(facts, "pins");
  for (const auto& [pin, tries] : card.tries) {
    if (tries == 0) pins[mynumber::name(pin)] = "locked";
  }
}

void overlay_signature(json::object& facts, const mynumber::Certificate& certificate) {
  child(facts, "certificates")["signature"] = valid(certificate);
}

void overlay_pin(json::object& facts, mynumber::PinName pin, renewal::PinOutcome outcome) {
  // Once it has been set anew it matches: the holder has just entered it.
  const auto word = outcome == renewal::PinOutcome::reset ? "matched" : renewal::name(outcome);
  child(facts, "pins")[mynumber::name(pin)] = word;
}

void merge(json::object& into, const json::object& from) {
  for (const auto& [key, value] : from) {
    auto* known = into.if_contains(key);
    if (known != nullptr && known->is_object() && value.is_object()) {
      merge(known->get_object(), value.get_object());
    } else {
      into[key] = value;
    }
  }
}

}  // namespace madoguchi::counter
