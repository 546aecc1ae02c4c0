// Ownership of OpenSSL's objects, DER in and out, and its error queue as text.
#pragma once

#include <openssl/asn1.h>
#include <openssl/cmp.h>
#include <openssl/cmperr.h>
#include <openssl/crmf.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace madoguchi::authority {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
template <class T, auto free_function>
using Owned = std::unique_ptr<T, Freed<free_function>>;

using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using NamePtr = Owned<X509_NAME, X509_NAME_free>;
using CertificatePtr = Owned<X509, X509_free>;
using CsrPtr = Owned<X509_REQ, X509_REQ_free>;
using StorePtr = Owned<X509_STORE, X509_STORE_free>;
using CrmfPtr = Owned<OSSL_CRMF_MSG, OSSL_CRMF_MSG_free>;
using CrmfListPtr = Owned<OSSL_CRMF_MSGS, OSSL_CRMF_MSGS_free>;
using CertIdPtr = Owned<OSSL_CRMF_CERTID, OSSL_CRMF_CERTID_free>;
using TimePtr = Owned<ASN1_TIME, ASN1_TIME_free>;
using OctetsPtr = Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using BioPtr = Owned<BIO, BIO_free_all>;
using CmpContextPtr = Owned<OSSL_CMP_CTX, OSSL_CMP_CTX_free>;
using CmpMessagePtr = Owned<OSSL_CMP_MSG, OSSL_CMP_MSG_free>;

// Decodes exactly these bytes: null when malformed or when anything is left over.
template <class Pointer, class Decode>
Pointer from_der(base::ByteView der, Decode decode) {
  const unsigned char* at = der.data();
  Pointer object(decode(nullptr, &at, static_cast<long>(der.size())));
  if (object && at != der.data() + der.size()) object.reset();
  return object;
}

// Empty when OpenSSL could not encode it.
template <class T, class Encode>
base::Bytes to_der(const T* object, Encode encode) {
  const int size = encode(object, nullptr);
  if (size <= 0) return {};
  base::Bytes der(static_cast<std::size_t>(size));
  unsigned char* at = der.data();
  encode(object, &at);
  return der;
}

inline CertificatePtr certificate_from_der(base::ByteView der) {
  return from_der<CertificatePtr>(der, d2i_X509);
}
inline NamePtr name_from_der(base::ByteView der) {
  return from_der<NamePtr>(der, d2i_X509_NAME);
}
inline KeyPtr key_from_spki(base::ByteView der) {
  return from_der<KeyPtr>(der, d2i_PUBKEY);
}

// Reads these bytes, which must outlive it.
BioPtr reader_of(base::ByteView bytes);

// One certificate in DER, or any number in PEM. Empty when anything in there is not a certificate.
std::vector<CertificatePtr> parse_certificates(base::ByteView bytes);

// What OpenSSL put into this thread's error queue since the last call, oldest first; empties the queue.
struct LibraryErrors {
  std::string text;
  std::vector<int> cmp_reasons;  // CMP_R_..., oldest first
};
LibraryErrors take_errors();

// A fault whose `inner` is `what` followed by OpenSSL's errors of this thread.
base::Fault library_fault(base::Code code, std::string what, boost::json::object details = {});

}  // namespace madoguchi::authority
