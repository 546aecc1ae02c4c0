// Reading a signature certificate with its PIN, for whoever shows what a card says.
#pragma once

#include "pin_entry.hpp"

namespace madoguchi::cli {

// Shown, and told in `card` as card.inspect gave it; nothing where the card has none.
PinEntry::Ended read_signature(const Context& context, client::Client& client, const CardOptions& options,
                               PinEntry& entry, boost::json::object& card);

}  // namespace madoguchi::cli
