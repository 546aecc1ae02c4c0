#include "support/scripted_card.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/code_book.hpp"

namespace madoguchi::mynumber::testing {
namespace {

std::string compact(std::string_view text) {
  std::string result(text);
  result.erase(std::remove(result.begin(), result.end(), ' '), result.end());
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

}  // namespace

std::string hex_of(const smartcard::Command& command) {
  base::Bytes encoded(command.encoded_size());
  command.encode(encoded);
  return base::to_hex(encoded);
}

ScriptedCard::~ScriptedCard() {
  for (const Step& step : steps_) ADD_FAILURE() << "never sent: " << step.command;
}

ScriptedCard& ScriptedCard::expect(std::string_view command, std::string_view answer) {
  steps_.push_back({compact(command), answer.starts_with('!') ? std::string(answer) : compact(answer)});
  return *this;
}

base::Result<smartcard::Response> ScriptedCard::transmit(const smartcard::Command& command) {
  ++sent_;
  const std::string hex = hex_of(command);
  if (steps_.empty()) {
    ADD_FAILURE() << "sent beyond the script: " << hex;
    return base::make_fault(base::Code::reader_gone, "the script has ended");
  }
  const Step step = steps_.front();
  steps_.pop_front();
  EXPECT_EQ(hex, step.command);
  if (step.answer.starts_with('!')) {
    const auto code = base::code_of(std::string_view(step.answer).substr(1));
    EXPECT_TRUE(code) << step.answer;
    return base::make_fault(code.value_or(base::Code::internal), "scripted");
  }
  return smartcard::parse_response(base::from_hex(step.answer).value());
}

}  // namespace madoguchi::mynumber::testing
