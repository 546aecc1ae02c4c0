// What an examination says of one thing.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace madoguchi::doctor {

enum class State : std::uint8_t {
  ok,
  attention,  // works today, and will not for ever; or could not be looked at
  wrong,
};
std::string_view name(State state);

struct Finding {
  State state = State::ok;
  std::string id{};             // of the book of messages
  boost::json::object facts{};  // of its texts
};

// {id, part, state, ja, en, do?: {ja, en}, facts}
boost::json::object to_json(const Finding& finding);

// Takes findings as they come, so that those before a thing that hangs are told.
using Tell = std::function<void(Finding)>;

}  // namespace madoguchi::doctor
