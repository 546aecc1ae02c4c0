// A card in JSON, for people and scripts: nothing secret of its own.
#pragma once

#include <boost/json/object.hpp>

#include "simulated_card/factory.hpp"

namespace madoguchi::simulated_card {

// kind, name, card_number, card_expires_on, layout, tries, keys, certificates with their slots.
boost::json::object describe(const CardImage& image);
// What the factory made, with the values of its PINs: to be told to whoever tries the card.
boost::json::object describe(const MadeCard& made, const std::string& file);

}  // namespace madoguchi::simulated_card
