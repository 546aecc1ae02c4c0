// One card and the reader it is in, driven by vpcd and by a control socket; one thread.
#pragma once

#include <chrono>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "control_socket.hpp"
#include "reader_link.hpp"
#include "simulated_card/card.hpp"
#include "simulated_card/faults.hpp"
#include "simulated_card/store.hpp"

namespace madoguchi::simulated_card {

struct RunOptions {
  std::string state;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string control;  // empty: none
  std::string log;      // empty: none
  KeySource keys = generate_rsa_2048;
  bool absent = false;  // start with the card outside the reader
};

class Runner {
 public:
  static base::Result<std::unique_ptr<Runner>> start(RunOptions options, FaultPlan faults);
  // Until SIGTERM or SIGINT.
  void run();

 private:
  using Clock = std::chrono::steady_clock;
  // A card with the file that remembers it.
  struct Held {
    std::string path;
    std::unique_ptr<FileMemory> memory;
    std::unique_ptr<Card> card;
  };
  struct Late {
    base::Bytes answer;
    Clock::time_point due;
  };

  Runner(RunOptions options, FaultPlan faults, Held held);
  static base::Result<Held> hold(const std::string& path, const KeySource& keys);

  void insert();
  void remove();
  void connect_when_due();
  void serve_reader();
  void serve_frame(base::Bytes payload);
  void serve_command(base::ByteView command);
  void answer(base::Bytes bytes);
  void send_late();
  [[nodiscard]] int patience() const;
  void note(std::string_view direction, std::string_view text);

  boost::json::object control(const boost::json::object& request);
  [[nodiscard]] boost::json::object status() const;

  RunOptions options_;
  FaultPlan faults_;
  Held held_;
  ReaderLink link_;
  std::optional<ControlSocket> control_;
  std::ofstream log_;
  Descriptor signals_;
  // In the reader as far as the card is concerned; the reader itself may be away.
  bool inserted_ = false;
  bool taken_ = false;  // the reader has spoken to it since then
  Clock::time_point next_attempt_;
  std::optional<Late> late_;
  std::size_t commands_ = 0;
  std::deque<std::uint8_t> history_;  // the latest instructions, oldest first
  std::map<std::uint8_t, std::size_t> counts_;
};

}  // namespace madoguchi::simulated_card
