// The public code book: every reason with its JSON-RPC number, its texts and whether trying again can help.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/fault.hpp"

namespace madoguchi::base {

// May the same call succeed if made again?
enum class Retry : std::uint8_t {
  never,         // no: something else has to be decided first
  now,           // yes, as it is, after a moment
  after_action,  // yes, once a person did what the text says (insert the card, enter the PIN ...)
};

struct CodeEntry {
  Code code;
  int number;               // JSON-RPC error code
  std::string_view reason;  // stable public name
  Retry retry;
  std::string_view en;  // one line, for a clerk, says what to do next
  std::string_view ja;
};

const CodeEntry& entry(Code code);
std::span<const CodeEntry> code_book();
std::optional<Code> code_of(std::string_view reason);

}  // namespace madoguchi::base
