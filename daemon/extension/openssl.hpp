// OpenSSL's objects, freed; its errors, in words.
#pragma once

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "base/bytes.hpp"

namespace madoguchi::extension {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Cms = std::unique_ptr<CMS_ContentInfo, Freed<CMS_ContentInfo_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

// The last error; empties the queue, so that nobody else finds an old one in it.
std::string last_error();

// Reads these bytes, which outlive it; null when there are too many.
Bio over(base::ByteView bytes);

}  // namespace madoguchi::extension
