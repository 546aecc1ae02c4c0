// Reading a certificate with its PIN, for whoever shows what a card says.
#pragma once

#include "pin_entry.hpp"

namespace madoguchi::cli {

// What the PIN opens is told in `card`, as card.inspect gave it; nothing where the card has no such
// certificate.
PinEntry::Ended read_with_pin(const Context& context, client::Client& client, const CardOptions& options,
                              PinEntry& entry, const std::string& certificate, boost::json::object& card);

}  // namespace madoguchi::cli
