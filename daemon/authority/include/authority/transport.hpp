// Carries one message to the authority and its answer back.
#pragma once

#include <chrono>
#include <functional>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace madoguchi::authority {

class Transport {
 public:
  using Done = std::function<void(base::Result<base::Bytes>)>;
  virtual ~Transport() = default;
  // Posts `message` on a connection of its own. `done` is called once, on the loop that the transport was
  // made for: the answer's body, or authority.unreachable (details.sent tells whether any byte may have
  // left).
  virtual void post(base::Bytes message, std::chrono::milliseconds timeout, Done done) = 0;
  // Ends every post under way with authority.unreachable.
  virtual void cancel() = 0;
};

}  // namespace madoguchi::authority
