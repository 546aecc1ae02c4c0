// Readers in memory with simulated cards in them. Jobs run on the loop, one after another, as posted.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "simulated_card/card.hpp"
#include "smartcard/pin_pad.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::counter::test {

// What becomes of one command.
enum class Act { answer, gone_before, gone_after, mute };

class TestCard final : public simulated_card::Memory {
 public:
  explicit TestCard(simulated_card::CardImage image,
                    simulated_card::KeySource keys = simulated_card::generate_rsa_2048)
      : card(std::move(image), *this, std::move(keys)) {}
  bool commit(const simulated_card::CardImage&) override {
    ++changes;
    return true;
  }
  // How many commands of that instruction it has executed.
  [[nodiscard]] int count(std::uint8_t instruction) const;

  simulated_card::Card card;
  bool keeps_writes = true;  // else UPDATE BINARY is answered and nothing stored
  int changes = 0;           // of anything that it remembers
  std::vector<smartcard::Command::Header> executed;
  std::vector<bool> with_data;  // of each executed
  int commands = 0;             // since watched anew
  // What is answered instead of the card, status word included; nothing: the card answers.
  std::function<std::optional<base::Bytes>(const smartcard::Command::Header&)> instead;
  // What the reader makes of an answer of the card, status word included.
  std::function<void(const smartcard::Command::Header&, base::Bytes&)> alter;
  // As a card that takes its time: what it is asked for waits for answer().
  bool slow = false;
  void answer();
  std::vector<std::function<void()>> waiting;
  // Asked before each command, with its number from 1.
  std::function<Act(int number)> disturb;
};

namespace instruction {
constexpr std::uint8_t verify = 0x20;
constexpr std::uint8_t reset = 0x2C;
constexpr std::uint8_t generate = 0x46;
constexpr std::uint8_t activate = 0x44;
constexpr std::uint8_t update = 0xD6;
constexpr std::uint8_t sign = 0x2A;
constexpr std::uint8_t read = 0xB0;
}  // namespace instruction

// What somebody does at a reader's keys: digits, or the reader's own word for why there are none.
using Pressed = std::variant<std::string, std::uint16_t>;
using Keys = std::function<Pressed(const smartcard::PadEntry&)>;

struct TestReader {
  std::string name;
  std::shared_ptr<TestCard> card;  // null: empty
  std::uint32_t count = 0;
  bool leased = false;
  Keys keys{};           // none: it has no keys
  bool reached = false;  // a card on it was, so that it is known whether it has
};

class TestReaders final : public smartcard::Readers {
 public:
  explicit TestReaders(boost::asio::io_context& loop) : loop_(loop) {}

  void add(const std::string& name) { readers_[name] = std::make_shared<TestReader>(TestReader{name, {}}); }
  void insert(const std::string& name, std::shared_ptr<TestCard> card);
  void give_keys(const std::string& name, Keys keys) { readers_.at(name)->keys = std::move(keys); }
  void remove(const std::string& name) { insert(name, nullptr); }
  // With what lies in it; it comes back empty with add().
  void unplug(const std::string& name) { readers_.erase(name); }

  [[nodiscard]] std::vector<smartcard::ReaderStatus> list() const override;
  [[nodiscard]] base::Result<void> health() const override { return {}; }
  bool service_down = false;  // pcscd is
  base::Result<std::unique_ptr<smartcard::Lease>> lease(const std::string& reader) override;

 private:
  boost::asio::io_context& loop_;
  std::map<std::string, std::shared_ptr<TestReader>> readers_;
};

}  // namespace madoguchi::counter::test
