// Which reader is meant where none was named: the only one with a card, or the one that the clerk chooses.
#pragma once

#include <string>
#include <string_view>

#include "context.hpp"

namespace madoguchi::cli {

// Leaves one that is named. Otherwise the one reader with a card in it; with several, the clerk is asked at
// the terminal, and without one they are to name it. Not `done`: there is none, and why has been said.
int pick_reader(const Context& context, client::Client& client, std::string& reader);

// As fail(), and which case is at work on that reader where one is.
int fail_at_reader(const Context& context, client::Client& client, const client::RpcError& error,
                   const std::string& reader);

// It takes PINs at keys of its own, as the configuration wants them used.
bool has_pin_pad(client::Client& client, std::string_view reader);

// One that can be spoken to.
bool has_card(client::Client& client, std::string_view reader);

// Its card is at work for that case, so that nobody else may look at it.
bool is_held_by(client::Client& client, std::string_view reader, std::string_view case_id);

// None that is anybody's who has just come: at work for a case at most.
bool no_card_to_read(client::Client& client);

// No card anywhere, not even one that is at work or does not answer.
bool no_card_on_any_reader(client::Client& client);

}  // namespace madoguchi::cli
