// RSA keys as the card keeps them.
#pragma once

#include "base/bytes.hpp"

namespace madoguchi::simulated_card {

// A fresh RSA-2048 key with public exponent 65537, PKCS#8 DER. Throws std::runtime_error when OpenSSL cannot.
base::Bytes generate_rsa_2048();
// The key's SubjectPublicKeyInfo, DER.
base::Bytes public_key_info(base::ByteView private_key);

}  // namespace madoguchi::simulated_card
