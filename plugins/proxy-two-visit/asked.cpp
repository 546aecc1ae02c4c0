#include "asked.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace proxy_two_visit {
namespace {

using namespace madoguchi::plugin;

constexpr std::array both{Pin::signature, Pin::authentication};

const Certificate& certificate_of(const Visit& visit, Pin pin) {
  return pin == Pin::signature ? visit.signature : visit.authentication;
}

json::string named(Pin pin) {
  return json::string(pin_names[static_cast<std::size_t>(pin)]);
}

bool lost(const Visit& visit, Pin pin) {
  return visit.pin(pin) == PinState::forgotten || visit.pin(pin) == PinState::locked;
}

// A card that is known to hold none has no PIN for it either.
bool held(const Visit& visit, Pin pin) {
  const auto& certificate = certificate_of(visit, pin);
  return certificate.wanted && certificate.state != CertificateState::absent;
}

// In the order in which they are asked for at the counter.
std::vector<Pin> lost_pins(const Visit& visit) {
  std::vector<Pin> pins;
  if (lost(visit, Pin::resident_register)) pins.push_back(Pin::resident_register);
  for (const auto pin : {Pin::authentication, Pin::signature}) {
    if (held(visit, pin) && lost(visit, pin)) pins.push_back(pin);
  }
  return pins;
}

// Nobody has read yet what could be decided of it.
bool undecided(const Visit& visit, Pin pin) {
  const auto& certificate = certificate_of(visit, pin);
  if (!certificate.wanted || certificate.action != Action::none) return false;
  if (pin == Pin::signature && visit.card.face_authentication) return false;
  return certificate.state == CertificateState::unknown &&
         visit.authentication.state == CertificateState::unknown;
}

std::string_view action_of(const Visit& visit, Pin pin) {
  const auto& certificate = certificate_of(visit, pin);
  if (!certificate.wanted) return {};
  if (visit.purpose == Purpose::pin_reset) return held(visit, pin) && lost(visit, pin) ? "reset_pin" : "";
  if (certificate.action != Action::none) return action_names[static_cast<std::size_t>(certificate.action)];
  return undecided(visit, pin) ? "undecided" : "";
}

}  // namespace

json::array asked_certificates(const Visit& visit) {
  json::array certificates;
  const auto add = [&](Pin pin, std::string_view action) {
    if (!action.empty())
      certificates.push_back(json::object{{"certificate", named(pin)}, {"action", json::string(action)}});
  };
  for (const auto pin : both) add(pin, action_of(visit, pin));
  if (!certificates.empty()) return certificates;
  // Which of them it is has not been told.
  const bool reset = visit.purpose == Purpose::pin_reset;
  for (const auto pin : both) {
    if (held(visit, pin)) add(pin, reset ? "reset_pin" : "undecided");
  }
  return certificates;
}

json::array mandate(json::array certificates, const Visit& visit, Date return_by) {
  for (auto& item : certificates) {
    auto& asked = item.as_object();
    const bool signature = asked.at("certificate").as_string() == pin_names[0];
    // One that nobody has read is taken to end with the other.
    const auto& own = signature ? visit.signature.expires_on : visit.authentication.expires_on;
    const auto& ends = own ? own : visit.authentication.expires_on;
    if (asked.at("action").as_string() == action_names[0] && ends && *ends < return_by)
      asked["action"] = "undecided";
  }
  return certificates;
}

std::optional<json::array> asked_pins(const Visit& visit) {
  // Such a card has none.
  if (visit.card.face_authentication) return json::array();
  const bool reset = visit.purpose == Purpose::pin_reset;
  if (!reset && (undecided(visit, Pin::authentication) || undecided(visit, Pin::signature)))
    return std::nullopt;
  const auto pins = reset ? lost_pins(visit) : visit.pins_required;
  if (pins.empty()) return std::nullopt;
  json::array asked;
  for (const auto pin : pins) asked.emplace_back(named(pin));
  return asked;
}

json::array asked_resets(const Rules& rules, const Visit& visit) {
  json::array resets;
  if (visit.purpose != Purpose::renewal || rules.pin_reset_by_holder_only || visit.card.face_authentication)
    return resets;
  // Where the card has stayed with the holder nobody knows yet which are asked for.
  const bool open = undecided(visit, Pin::authentication) || undecided(visit, Pin::signature);
  const auto& required = visit.pins_required;
  for (const auto pin : lost_pins(visit)) {
    if (open || std::find(required.begin(), required.end(), pin) != required.end())
      resets.emplace_back(named(pin));
  }
  return resets;
}

}  // namespace proxy_two_visit
