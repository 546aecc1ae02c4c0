// The connection to vpcd: while it stands, the card is in the reader.
#pragma once

#include <string>

#include "descriptor.hpp"
#include "simulated_card/frames.hpp"

namespace madoguchi::simulated_card {

class ReaderLink {
 public:
  // false when nobody listens there.
  bool connect(const std::string& host, std::uint16_t port);
  void disconnect();
  [[nodiscard]] bool connected() const { return static_cast<bool>(socket_); }
  [[nodiscard]] int descriptor() const { return socket_.get(); }

  // vpcd 3.3 sends a frame's length and payload in two writes with Nagle's algorithm on: unless the first is
  // acknowledged at once, the second waits for 40 ms. Linux forgets this wish, so it is renewed before every
  // wait.
  void acknowledge_at_once();

  // Takes what has arrived; false when the reader has gone.
  bool receive();
  std::optional<base::Bytes> next() { return frames_.next(); }
  // false when the reader has gone.
  bool send(base::ByteView payload);

 private:
  Descriptor socket_;
  FrameReader frames_;
};

}  // namespace madoguchi::simulated_card
