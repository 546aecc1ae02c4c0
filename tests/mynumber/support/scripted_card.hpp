// A card that says exactly what the test wrote, and fails the test when it is asked anything else.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "smartcard/channel.hpp"

namespace madoguchi::mynumber::testing {

class ScriptedCard final : public smartcard::Channel {
 public:
  ~ScriptedCard() override;
  // `command` and `answer` in hexadecimal, spaces allowed. An answer that begins with '!' is a fault's public
  // reason: nothing came back.
  ScriptedCard& expect(std::string_view command, std::string_view answer);
  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override;
  [[nodiscard]] int sent() const { return sent_; }

 private:
  struct Step {
    std::string command;
    std::string answer;
  };
  std::deque<Step> steps_;
  int sent_ = 0;
};

std::string hex_of(const smartcard::Command& command);

}  // namespace madoguchi::mynumber::testing
