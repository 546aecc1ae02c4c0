#include "pad_health.hpp"

#include <algorithm>

#include "messages/book.hpp"

namespace madoguchi::app {

std::optional<boost::json::object> pad_health(settings::PinPadUse use,
                                              const std::vector<smartcard::ReaderStatus>& readers) {
  if (use != settings::PinPadUse::required) return std::nullopt;
  // Which keys a reader has is known once a card on it was reached.
  const auto lacking = std::find_if(readers.begin(), readers.end(), [](const auto& reader) {
    return reader.pin_pad == std::optional(false);
  });
  if (lacking == readers.end()) return std::nullopt;
  boost::json::object state{{"state", "degraded"}, {"reader", lacking->name}};
  const auto* message = messages::find("reader.no_pin_pad");
  state["ja"] = messages::filled(message->ja, state);
  state["en"] = messages::filled(message->en, state);
  return state;
}

}  // namespace madoguchi::app
