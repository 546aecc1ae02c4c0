// The book of messages: one row for each thing that an operator is told of, in the log, by system.health or
// by `madoguchi doctor`, with what to do about it. Ids are stable: monitoring tests them.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

namespace madoguchi::messages {

enum class Origin : std::uint8_t {
  log,     // a warning or an error in the log
  doctor,  // found by an examination, or a part's state in system.health
};

struct Message {
  std::string_view id;
  Origin origin{};
  // {name} stands for the fact of that name.
  std::string_view ja, en;
  std::string_view do_ja, do_en;  // empty where nothing is to be done
};

// Sorted by id.
std::span<const Message* const> book();
const Message* find(std::string_view id);

// {name} replaced by the fact of that name; left as it is where there is none.
std::string filled(std::string_view text, const boost::json::object& facts);

// {id, ja, en} of what is to be done; empty for an unknown id or where nothing is.
boost::json::object remedy(std::string_view id, const boost::json::object& facts = {});

}  // namespace madoguchi::messages
