// The development CA's side of CMP (RFC 4210, RFC 9483): request bytes in, response bytes out.
//
// All it knows is in the CA's database: a message that continues a transaction is processed in a fresh
// OpenSSL context into which the transaction's request is replayed. So a restart in the middle of a
// transaction is nothing special.
//
// What it promises to clients that lose an answer: the same request gives the same answer, byte for byte; the
// same key gives the same certificate, in whatever transaction; a key has one serial number for ever.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "simulated_ca/faults.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/register.hpp"

namespace madoguchi::simulated_ca {

enum class Delivery : std::uint8_t { answer, close, hang };

struct CmpAnswer {
  int status = 200;     // HTTP
  base::Bytes body{};   // PKIMessage, unless spoilt on demand; empty unless status is 200
  std::string error{};  // why status is 500, where that was not ordered
  Delivery delivery = Delivery::answer;
  std::chrono::milliseconds delay{0};
};

// Not for several threads at once.
class CmpServer {
 public:
  // Keeps references to all of these.
  static base::Result<std::unique_ptr<CmpServer>> open(const simulated_issuer::CaFolder& folder,
                                                       simulated_issuer::Register& issued, FaultPlan& faults,
                                                       const base::Clock& clock);
  virtual ~CmpServer() = default;
  // Status 400 for what is no PKIMessage, 500 when the database fails; anything else is answered in CMP.
  virtual CmpAnswer handle(base::ByteView request) = 0;
  // Messages received by body, repeated ones included.
  [[nodiscard]] virtual const std::map<std::string, std::uint64_t>& received() const = 0;
};

}  // namespace madoguchi::simulated_ca
