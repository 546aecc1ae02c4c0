// Commands to a card through the reader port and the daemon, and the same commands by SCardTransmit alone.
#include <winscard.h>

#include <array>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "connection.hpp"
#include "mynumber/card.hpp"
#include "mynumber/profile.hpp"
#include "smartcard/pcsc_readers.hpp"
#include "suites.hpp"

namespace madoguchi::bench {
namespace {

using smartcard::Channel;
using smartcard::Command;
using smartcard::Response;

constexpr std::chrono::seconds patience{30};

void need(const char* call, LONG code) {
  if (code != SCARD_S_SUCCESS)
    throw std::runtime_error(std::string(call) + ": " + pcsc_stringify_error(code));
}

class Silence final : public base::Log {
 public:
  void write(base::Level /*level*/, std::string_view /*id*/,
             std::initializer_list<base::Field> /*fields*/) override {}
};

// PC/SC with nothing around it: one context, and a handle as exclusive as the daemon's.
class Bare {
 public:
  explicit Bare(std::string reader) : reader_(std::move(reader)) {
    need("SCardEstablishContext", SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_));
  }
  ~Bare() { SCardReleaseContext(context_); }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  void begin() {
    // Whoever had the card before may just be letting go of it.
    const auto deadline = std::chrono::steady_clock::now() + patience;
    LONG code = connect();
    while (code == SCARD_E_SHARING_VIOLATION && std::chrono::steady_clock::now() < deadline) code = connect();
    need("SCardConnect", code);
    need("SCardBeginTransaction", SCardBeginTransaction(card_));
  }
  void end() {
    need("SCardEndTransaction", SCardEndTransaction(card_, SCARD_LEAVE_CARD));
    need("SCardDisconnect", SCardDisconnect(card_, SCARD_RESET_CARD));
  }
  void transmit(const base::Bytes& command) {
    const SCARD_IO_REQUEST* protocol = protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    DWORD size = answer_.size();
    need("SCardTransmit",
         SCardTransmit(card_, protocol, command.data(), command.size(), nullptr, answer_.data(), &size));
    if (size < 2) throw std::runtime_error("SCardTransmit: no answer");
  }

 private:
  LONG connect() {
    return SCardConnect(context_, reader_.c_str(), SCARD_SHARE_EXCLUSIVE,
                        SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card_, &protocol_);
  }

  std::string reader_;
  SCARDCONTEXT context_ = 0;
  SCARDHANDLE card_ = 0;
  DWORD protocol_ = 0;
  std::array<BYTE, 65538> answer_{};
};

// The daemon's own way to a card, without the daemon.
class Ported {
 public:
  explicit Ported(const std::string& reader) : reader_(reader), readers_([](const auto&) {}, log_) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!present()) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("no card in the reader " + reader);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  void perform(const smartcard::CardJob& job) {
    auto lease = readers_.lease(reader_);
    if (!lease) throw std::runtime_error(base::describe(lease.error()));
    std::promise<base::Result<void>> promise;
    auto done = promise.get_future();
    (*lease)->submit(job, patience,
                     [&promise](base::Result<void> result) { promise.set_value(std::move(result)); });
    if (const auto result = done.get(); !result) throw std::runtime_error(base::describe(result.error()));
  }

 private:
  bool present() const {
    for (const auto& reader : readers_.list()) {
      if (reader.name == reader_) return reader.presence == smartcard::Presence::present;
    }
    return false;
  }

  std::string reader_;
  Silence log_;
  smartcard::PcscReaders readers_;
};

base::Bytes encoded(const Command& command) {
  base::Bytes bytes(command.encoded_size());
  command.encode(bytes);
  return bytes;
}

class Recording final : public Channel {
 public:
  explicit Recording(Channel& card) : card_(card) {}
  base::Result<Response> transmit(const Command& command) override {
    commands_.push_back(encoded(command));
    return card_.transmit(command);
  }
  std::vector<base::Bytes> take() { return std::move(commands_); }

 private:
  Channel& card_;
  std::vector<base::Bytes> commands_;
};

// What the daemon sends to inspect a card.
std::vector<base::Bytes> inspection(const std::string& reader) {
  std::vector<base::Bytes> commands;
  Ported(reader).perform([&](Channel& card) -> base::Result<void> {
    Recording recording(card);
    mynumber::CardState state;
    const auto seen = mynumber::inspect(recording, state, *mynumber::profile_named("simulated-spare"));
    if (!seen) return seen.error();
    commands = recording.take();
    return {};
  });
  return commands;
}

Command select_jpki() {
  return Command({0x00, 0xA4, 0x04, 0x0C}, {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01});
}
Command select_certificate() {
  return Command({0x00, 0xA4, 0x02, 0x0C}, {0x00, 0x0A});
}
// The first 256 bytes of the user authentication certificate.
Command read_binary() {
  return Command({0x00, 0xB0, 0x00, 0x00}, {}, 256);
}

Measured commands_by_port(const std::string& reader) {
  const auto ported = std::make_shared<Ported>(reader);
  return [ported](benchmark::State& state) {
    ported->perform([&state](Channel& card) -> base::Result<void> {
      for (const auto& command : {select_jpki(), select_certificate()}) {
        if (const auto answer = smartcard::exchange(card, command); !answer) return answer.error();
      }
      for ([[maybe_unused]] auto _ : state) {
        const auto answer = smartcard::exchange(card, read_binary());
        if (!answer) return answer.error();
        if (answer->data.size() != 256) state.SkipWithError("the card gives no certificate");
      }
      return {};
    });
  };
}

Measured commands_bare(const std::string& reader) {
  const auto bare = std::make_shared<Bare>(reader);
  return [bare](benchmark::State& state) {
    const auto command = encoded(read_binary());
    bare->begin();
    bare->transmit(encoded(select_jpki()));
    bare->transmit(encoded(select_certificate()));
    for ([[maybe_unused]] auto _ : state) bare->transmit(command);
    bare->end();
  };
}

Measured inspections_by_daemon(const std::string& reader, const std::string& socket) {
  const auto connection = std::make_shared<Connection>(socket);
  return [connection,
          asked = request("card.inspect", R"({"reader":")" + reader + "\"}")](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
      connection->send(asked);
      if (connection->line().find("\"result\"") == std::string::npos)
        state.SkipWithError("card.inspect was refused");
    }
  };
}

Measured inspections_bare(const std::string& reader, std::vector<base::Bytes> commands) {
  const auto bare = std::make_shared<Bare>(reader);
  return [bare, commands = std::move(commands)](benchmark::State& state) {
    bare->begin();
    bare->end();
    for ([[maybe_unused]] auto _ : state) {
      bare->begin();
      for (const auto& command : commands) bare->transmit(command);
      bare->end();
    }
    state.counters["commands"] = static_cast<double>(commands.size());
  };
}

}  // namespace

void add_card(Pairs& pairs, Effort effort, const std::string& reader, const std::string& daemon_socket) {
  pairs.add({"command", effort.of(500), commands_by_port(reader), commands_bare(reader)});
  pairs.add({"inspection", effort.of(25), inspections_by_daemon(reader, daemon_socket),
             inspections_bare(reader, inspection(reader))});
}

}  // namespace madoguchi::bench
