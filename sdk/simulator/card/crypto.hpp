// The card's arithmetic, on keys in PKCS#8 form.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "simulated_card/keys.hpp"

namespace madoguchi::simulated_card {

base::Bytes hmac_sha256(base::ByteView key, base::ByteView message);

// Modulus, 256 bytes big-endian.
base::Bytes modulus(base::ByteView private_key);

// The signature forms of `80 2A`, by its P1.
enum class SignatureForm : std::uint8_t {
  verbatim = 0,          // PKCS#1 v1.5 padding around the bytes as they are, 1 to 245
  hash_bare = 1,         // the card hashes, and pads the bare SHA-256 value
  digest_with_info = 2,  // a SHA-256 value, put into DigestInfo
  hash_with_info = 3,    // the card hashes and makes DigestInfo
  digest_pss = 4,        // a SHA-256 value, PSS
  hash_pss = 5,          // the card hashes, PSS
};

// nullopt when the data has a length that this form does not take.
std::optional<base::Bytes> sign(base::ByteView private_key, SignatureForm form, base::ByteView data);

}  // namespace madoguchi::simulated_card
