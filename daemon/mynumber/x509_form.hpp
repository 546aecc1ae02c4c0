// X.509's outer form (RFC 5280 4.1) with the public key left as it is. OpenSSL 3.0's d2i_X509() reads the key
// at once, and tries every decoder that it knows on it: half a millisecond, more than all commands of an
// inspection together.
#pragma once

#include <openssl/asn1.h>
#include <openssl/x509.h>

#include <memory>

#include "base/bytes.hpp"

namespace madoguchi::mynumber {

struct X509KeyForm {
  X509_ALGOR* algorithm;
  ASN1_BIT_STRING* bits;
};

struct X509BodyForm {
  ASN1_INTEGER* version;
  ASN1_INTEGER* serial;
  X509_ALGOR* algorithm;
  X509_NAME* issuer;
  X509_VAL* validity;
  X509_NAME* subject;
  X509KeyForm* key;
  ASN1_BIT_STRING* issuer_id;
  ASN1_BIT_STRING* subject_id;
  STACK_OF(X509_EXTENSION) * extensions;
};

struct X509Form {
  X509BodyForm* body;
  X509_ALGOR* algorithm;
  ASN1_BIT_STRING* signature;
};

struct FreeX509Form {
  void operator()(X509Form* form) const;
};
using X509FormPtr = std::unique_ptr<X509Form, FreeX509Form>;

// Null unless these bytes begin a certificate; `*at` is moved behind it.
X509FormPtr read_x509(const unsigned char** at, long size);
base::Bytes encode_key(const X509KeyForm& key);
// The modulus's bits; 0 when the key is no RSA key or cannot be read.
int rsa_bits(const X509KeyForm& key);

}  // namespace madoguchi::mynumber
