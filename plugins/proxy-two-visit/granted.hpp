// What the holder has answered with a letter that asked about more than the renewal.
#pragma once

#include <madoguchi/step.hpp>
#include <vector>

#include "rules.hpp"

namespace proxy_two_visit {

namespace json = madoguchi::plugin::json;

// Of the PINs that the posted letter of this case asked about whose form is here; the facts alone never say
// so.
struct Granted {
  std::vector<Pin> resets;  // lost, and set anew before the renewal
  // Nothing is told of them any more, as after somebody else's visit. They are not to be tried: the envelope
  // has the new ones.
  std::vector<Pin> untold;
};
Granted granted_resets(const Rules& rules, const Visit& visit);

// A PIN that the holder was asked about is on the card by now, or is what it was: nobody has to tell any more
// that it is lost.
void remember_known(const Case& about, const Event& event, json::object& state);

}  // namespace proxy_two_visit
