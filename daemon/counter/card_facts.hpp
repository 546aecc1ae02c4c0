// What a card says, as facts. It wins over what was typed.
#pragma once

#include <boost/json/object.hpp>

#include "mynumber/card.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

void overlay(boost::json::object& facts, const mynumber::Inspection& card);
// The signature certificate, once its PIN has opened it.
void overlay_signature(boost::json::object& facts, const mynumber::Certificate& certificate);
void overlay_pin(boost::json::object& facts, mynumber::PinName pin, renewal::PinOutcome outcome);

// Objects by key, everything else replaced.
void merge(boost::json::object& into, const boost::json::object& from);

}  // namespace madoguchi::counter
