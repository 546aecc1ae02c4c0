#include "simulated_card/trace.hpp"

#include <algorithm>
#include <iterator>

#include "smartcard/apdu.hpp"

namespace madoguchi::simulated_card {
namespace {

constexpr std::uint8_t carrying_pins[] = {0x20, 0x24, 0x2C, 0x32};
constexpr std::size_t shown_answer = 32;

bool carries_pin(std::uint8_t ins) {
  return std::find(std::begin(carrying_pins), std::end(carrying_pins), ins) != std::end(carrying_pins);
}

}  // namespace

std::string trace_command(base::ByteView command) {
  if (command.size() < 4) return "malformed, " + std::to_string(command.size()) + " bytes";
  std::string line = base::to_hex(command.first(4));
  auto parsed = smartcard::parse_command(command);
  if (!parsed) return line + " malformed, " + std::to_string(command.size()) + " bytes";
  if (!parsed->data.empty()) {
    line += carries_pin(command[1]) ? " [" + std::to_string(parsed->data.size()) + " bytes hidden]"
                                    : " " + base::to_hex(parsed->data);
    base::wipe(parsed->data.data(), parsed->data.size());
  }
  if (parsed->expected) line += " le=" + std::to_string(*parsed->expected);
  return line;
}

std::string trace_answer(base::ByteView answer) {
  if (answer.size() < 2) return "cut to " + base::to_hex(answer);
  const auto data = answer.first(answer.size() - 2);
  std::string line = base::to_hex(answer.last(2));
  if (data.empty()) return line;
  line += " " + base::to_hex(data.first(std::min(data.size(), shown_answer)));
  if (data.size() > shown_answer) line += "... (" + std::to_string(data.size()) + " bytes)";
  return line;
}

}  // namespace madoguchi::simulated_card
