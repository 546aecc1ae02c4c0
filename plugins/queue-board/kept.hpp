// The board as the daemon keeps it for the plugin: short names, since all of it is written at every ticket.
#pragma once

#include <madoguchi/json.hpp>

#include "board.hpp"

namespace queue_board {

Board read_board(const madoguchi::plugin::json::object& kept);
madoguchi::plugin::json::object write_board(const Board& board);

}  // namespace queue_board
