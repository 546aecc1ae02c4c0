// A certification authority that has gone bad: its genuine answers, changed, and signed by its own key again,
// so that what is behind the signature is reached.
#pragma once

#include <openssl/x509.h>

#include "pki.hpp"
#include "smartcard/tlv.hpp"
#include "target.hpp"

namespace madoguchi::fuzz {

namespace pki = authority::test;

inline base::Bytes joined(std::initializer_list<base::ByteView> parts) {
  base::Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The first TLV of `bytes` with its header.
inline base::ByteView whole_first(base::ByteView bytes) {
  smartcard::TlvReader reader(bytes);
  const auto first = reader.next();
  if (!first) return {};
  return bytes.first(static_cast<std::size_t>(first->value.data() - bytes.data()) + first->value.size());
}

// As certificates, CRLs and basic OCSP answers are made: what is signed, the algorithm, the signature, and
// what follows.
inline base::Bytes signed_again(base::ByteView message, EVP_PKEY& key, Input& input) {
  const auto sequence = smartcard::find_tlv(message, 0x30);
  if (!sequence) return {message.begin(), message.end()};
  const auto signed_part = whole_first(sequence->value);
  const auto algorithm = whole_first(sequence->value.subspan(signed_part.size()));
  const auto behind = sequence->value.subspan(signed_part.size() + algorithm.size());
  const auto after_signature = behind.subspan(whole_first(behind).size());
  const auto other = changed({signed_part.begin(), signed_part.end()}, input);
  auto signature = pki::card_signs(key, other);
  signature.insert(signature.begin(), 0);  // no unused bits
  return smartcard::make_tlv(
      0x30, joined({other, algorithm, smartcard::make_tlv(0x03, signature), after_signature}));
}

}  // namespace madoguchi::fuzz
