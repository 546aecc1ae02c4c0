// The rules' part, as policy has it: a locked PIN is reset on the spot with proof of identity.
#pragma once

#include "world.hpp"

namespace madoguchi::counter::test {

inline void reset_with_documents(World& world, mynumber::PinName pin) {
  world.decide = [usual = world.decide, name = mynumber::name(pin)](const boost::json::object& facts,
                                                                    base::Instant received) {
    auto decided = usual(facts, received);
    const auto* pins = facts.if_contains("pins");
    const auto* state = pins == nullptr ? nullptr : pins->as_object().if_contains(name);
    if (state == nullptr || *state != "locked") return decided;
    decided->decision["pin_resets"] = boost::json::array{name};
    if (facts.contains("documents")) return decided;
    decided->decision["outcome"] = "not_today";
    decided->decision["missing"] = boost::json::array{"identity_document"};
    return decided;
  };
}

}  // namespace madoguchi::counter::test
