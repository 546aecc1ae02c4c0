// A small card in memory: applications, files, PIN counters. Enough to damage every file of it and to cut the
// power in the middle of a write; the faithful card is the simulator.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "mynumber/card.hpp"
#include "smartcard/channel.hpp"

namespace madoguchi::mynumber::testing {

struct ModelPin {
  std::string value;
  int tries = 3;
};

struct ModelApplication {
  std::map<std::uint16_t, base::Bytes> files;  // as READ BINARY shows them
  std::map<std::uint16_t, base::Bytes> records;
  std::map<std::uint16_t, ModelPin> pins;
};

class ModelCard final : public smartcard::Channel {
 public:
  // A whole card: certificates in 2048-byte files with filler, token information, record, three PINs.
  ModelCard();
  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override;

  std::map<Application, ModelApplication> applications;
  bool signature_readable = false;
  // How many more bytes UPDATE BINARY stores before the power is gone: then every answer is card.removed.
  std::size_t write_budget = std::numeric_limits<std::size_t>::max();
  int sent = 0;
  int verifies_with_data = 0;

 private:
  smartcard::Response answer(const smartcard::ReceivedCommand& command);
  smartcard::Response select(const smartcard::ReceivedCommand& command);
  smartcard::Response read_binary(const smartcard::ReceivedCommand& command);
  smartcard::Response read_record();
  smartcard::Response verify(const smartcard::ReceivedCommand& command);
  smartcard::Response update_binary(const smartcard::ReceivedCommand& command);

  Application current_ = Application::none;
  std::uint16_t file_ = 0;
  bool dead_ = false;
};

// Token information of 160 bytes with that label and serial.
base::Bytes token_information(std::string_view label, std::string_view serial, char padding = ' ');
// As a certificate's file holds it: filler behind.
base::Bytes in_file(base::Bytes content, std::size_t size = 2048);

}  // namespace madoguchi::mynumber::testing
