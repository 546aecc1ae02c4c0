// A card in a vpcd reader, just clever enough for these tests: it speaks the driver's framing and answers as
// told.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/bytes.hpp"

namespace madoguchi::smartcard {

class PlainCard {
 public:
  // Nullopt closes the connection, as a card that is torn off.
  using Behaviour = std::function<std::optional<base::Bytes>(const base::Bytes& command)>;

  // Connecting to the driver inserts the card, and the end of this object removes it.
  PlainCard(std::uint16_t port, Behaviour behaviour);
  ~PlainCard();
  PlainCard(const PlainCard&) = delete;
  PlainCard& operator=(const PlainCard&) = delete;

  // Waits until the reader has reset the card, other than at its start, at least once.
  bool wait_for_reset();

 private:
  void serve();
  std::optional<base::Bytes> receive();
  std::optional<base::Bytes> receive(std::size_t count);
  bool send(const base::Bytes& bytes);

  const int socket_;
  const Behaviour behaviour_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int resets_ = 0;
  std::thread thread_;
};

}  // namespace madoguchi::smartcard
