#include "station/pins_of_card.hpp"

namespace madoguchi::station {

const mynumber::CardProfile& card_profile(settings::ReaderProfile profile) {
  switch (profile) {
    case settings::ReaderProfile::simulated_spare:
      return mynumber::simulated_spare();
    case settings::ReaderProfile::simulated_single:
      return mynumber::simulated_single();
    case settings::ReaderProfile::genuine:
      break;
  }
  return mynumber::genuine();
}

std::vector<settings::Complaint> pin_complaints(const policy::Policy& policy,
                                                const mynumber::CardProfile& card) {
  std::vector<settings::Complaint> complaints;
  const auto same = [&](const std::string& key, const std::string& told, const std::string& cards) {
    if (told == cards) return;
    const auto at = policy.origin(key);
    complaints.push_back({at.file,
                          {at.line, at.column},
                          key,
                          "expected " + cards + ", as it is on " + std::string(card.name) + " cards"});
  };
  for (const auto pin :
       {policy::Pin::signature, policy::Pin::authentication, policy::Pin::resident_register}) {
    const auto name = mynumber::pin_named(to_text(pin));
    if (!name) continue;
    const auto& told = policy.pins.of(pin);
    const auto& rules = card.rules(*name);
    const auto key = "pins." + std::string(to_text(pin)) + ".";
    same(key + "min_length", std::to_string(told.min_length), std::to_string(rules.min_length));
    same(key + "max_length", std::to_string(told.max_length), std::to_string(rules.max_length));
    same(key + "tries", std::to_string(told.tries), std::to_string(rules.max_tries));
    const auto characters =
        rules.digits_only ? policy::PinCharacters::digits : policy::PinCharacters::upper_letters_and_digits;
    same(key + "characters", std::string(to_text(told.characters)), std::string(to_text(characters)));
  }
  return complaints;
}

}  // namespace madoguchi::station
