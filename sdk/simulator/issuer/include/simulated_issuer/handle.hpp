// OpenSSL's objects owned, their DER forms, and its errors as faults.
#pragma once

#include <openssl/evp.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/fault.hpp"

namespace madoguchi::simulated_issuer {

template <auto Function>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};

template <class T, auto Function>
using Handle = std::unique_ptr<T, Free<Function>>;

using CertificateHandle = Handle<X509, X509_free>;
using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using NameHandle = Handle<X509_NAME, X509_NAME_free>;
using PublicKeyHandle = Handle<X509_PUBKEY, X509_PUBKEY_free>;

// Empties this thread's error queue; the first error with its data, or "unknown".
std::string openssl_errors();

// internal, naming what was tried and OpenSSL's errors.
base::Fault openssl_fault(std::string_view what);

// The DER form by OpenSSL's i2d function of that type; empty when it refuses.
template <class T, class Encode>
base::Bytes to_der(const T* object, Encode encode) {
  const int size = encode(object, nullptr);
  if (size <= 0) return {};
  base::Bytes der(static_cast<std::size_t>(size));
  unsigned char* out = der.data();
  if (encode(object, &out) != size) return {};
  return der;
}

// One object by OpenSSL's d2i function; null when malformed or when bytes are left over.
template <class H, class Decode>
H from_der(base::ByteView der, Decode decode) {
  const unsigned char* in = der.data();
  H object(decode(nullptr, &in, static_cast<long>(der.size())));
  if (object && in != der.data() + der.size()) object.reset();
  return object;
}

// A new RSA key with 2048 bits, e = 65537; null when OpenSSL has none to give.
KeyHandle make_rsa_key();

}  // namespace madoguchi::simulated_issuer
