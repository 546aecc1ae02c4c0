// What of a PKIMessage OpenSSL 3.0 has no getters for, read from its DER.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/calendar.hpp"

namespace madoguchi::authority {

// RFC 4210 5.1.2: the body's context tag.
enum class Body : std::uint8_t {
  cr = 2,
  p10cr = 4,
  kur = 7,
  pkiconf = 19,
  genp = 22,
  error = 23,
  certconf = 24,
  pollreq = 25,
};

// Views into the message that was read.
struct MessageView {
  std::uint8_t body_type = 0;     // see Body; every type of RFC 4210 is possible
  base::ByteView body;            // value of the body's tag
  base::ByteView transaction_id;  // these three are empty where the header does not have them
  base::ByteView sender_nonce;
  base::ByteView recipient_nonce;
  std::optional<base::Instant> time;  // messageTime
  bool is_protected = false;          // names an algorithm and carries a protection; not whether that is good

  [[nodiscard]] bool is(Body type) const { return body_type == static_cast<std::uint8_t>(type); }
};

// nullopt when the bytes are not exactly one PKIMessage.
std::optional<MessageView> read_message(base::ByteView der);

// The one request inside a cr, kur or p10cr as it stands in the message: CertReqMsg or CertificationRequest.
std::optional<base::Bytes> enclosed_request(const MessageView& message);

// What an error message says about itself, for the log: its status texts, not checked by anything.
std::string claimed_text(const MessageView& error);

bool same_bytes(base::ByteView left, base::ByteView right);

}  // namespace madoguchi::authority
