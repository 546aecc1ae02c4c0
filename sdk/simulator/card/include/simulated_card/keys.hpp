// RSA keys as the card keeps them.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace madoguchi::simulated_card {

// A fresh RSA-2048 key with public exponent 65537, PKCS#8 DER. Throws std::runtime_error when OpenSSL cannot.
base::Bytes generate_rsa_2048();

// Where a card's new keys come from.
using KeySource = std::function<base::Bytes()>;
// Keys made beforehand, since making one takes longer than everything else that a test does with a card. The
// folder holds one in a file (*.key, PKCS#8 DER); whoever takes one removes it, so that no two cards or
// processes get the same. Once there is none left, fresh ones.
KeySource ready_keys(std::string folder);
// Puts so many fresh keys there; storage_unavailable when it cannot.
base::Result<void> stock(const std::string& folder, int count);

// The key's SubjectPublicKeyInfo, DER.
base::Bytes public_key_info(base::ByteView private_key);

}  // namespace madoguchi::simulated_card
