#include "mynumber/certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <climits>
#include <ctime>
#include <memory>
#include <optional>

#include "x509_form.hpp"

namespace madoguchi::mynumber {
namespace {

template <auto function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Free<BN_free>>;
using BioPtr = std::unique_ptr<BIO, Free<BIO_free_all>>;

struct FreeText {
  void operator()(char* text) const { OPENSSL_free(text); }
};

// OpenSSL leaves its complaints in a queue of the thread, where a later and unrelated call would find them.
struct ErrorQueueGuard {
  ErrorQueueGuard() = default;
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
  ~ErrorQueueGuard() { ERR_clear_error(); }
};

base::Fault unknown(std::string_view what) {
  return base::make_fault(base::Code::card_unknown, "certificate: " + std::string(what));
}

template <class Object, class Encode>
base::Bytes encode(const Object* object, Encode i2d) {
  const int size = i2d(object, nullptr);
  if (size <= 0) return {};
  base::Bytes der(static_cast<std::size_t>(size));
  unsigned char* at = der.data();
  i2d(object, &at);
  return der;
}

X509Ptr x509_of(base::ByteView der) {
  if (der.empty() || der.size() > INT_MAX) return nullptr;
  const unsigned char* at = der.data();
  X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return x509 && at == der.data() + der.size() ? std::move(x509) : nullptr;
}

// As RFC 5280 7.1 compares names: in whatever string type and case they are written.
bool bears_name_of_issuer(const X509& issuer, const X509& of) {
  return X509_NAME_cmp(X509_get_issuer_name(&of), X509_get_subject_name(&issuer)) == 0;
}

base::Bytes extension_of(const X509BodyForm& body, int nid) {
  const int index = X509v3_get_ext_by_NID(body.extensions, nid, -1);
  if (index < 0) return {};
  const auto* value = X509_EXTENSION_get_data(X509v3_get_ext(body.extensions, index));
  const auto* data = ASN1_STRING_get0_data(value);
  return {data, data + ASN1_STRING_length(value)};
}

std::optional<std::string> hex_of(const ASN1_INTEGER* serial) {
  const NumberPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (!number || BN_is_negative(number.get())) return std::nullopt;
  const std::unique_ptr<char, FreeText> text(BN_bn2hex(number.get()));
  if (!text) return std::nullopt;
  std::string hex(text.get());
  hex.erase(0, std::min(hex.find_first_not_of('0'), hex.size() - 1));
  for (char& c : hex) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return hex;
}

std::optional<std::string> text_of(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (!out) return std::nullopt;
  // RFC 2253, but with Japanese left as UTF-8 instead of escaped byte by byte.
  const unsigned long flags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (X509_NAME_print_ex(out.get(), name, 0, flags) < 0) return std::nullopt;
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::optional<base::Instant> instant_of(const ASN1_TIME* time) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(time, &utc) != 1) return std::nullopt;
  const std::chrono::year_month_day day(std::chrono::year(utc.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(utc.tm_mon + 1)),
                                        std::chrono::day(static_cast<unsigned>(utc.tm_mday)));
  if (!day.ok()) return std::nullopt;
  return base::Instant(std::chrono::sys_days(day)) + std::chrono::hours(utc.tm_hour) +
         std::chrono::minutes(utc.tm_min) + std::chrono::seconds(utc.tm_sec);
}

// 0 when it cannot be read.
int bits_of(const X509KeyForm& form, base::ByteView spki) {
  if (const int bits = rsa_bits(form); bits > 0) return bits;
  const unsigned char* at = spki.data();
  const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  return key ? EVP_PKEY_get_bits(key.get()) : 0;
}

}  // namespace

base::Result<Certificate> parse_certificate(base::ByteView der) {
  const ErrorQueueGuard guard;
  if (der.empty() || der.size() > INT_MAX) return unknown("no bytes, or too many");
  const unsigned char* at = der.data();
  const auto x509 = read_x509(&at, static_cast<long>(der.size()));
  if (!x509) return unknown("not X.509");
  if (at != der.data() + der.size()) return unknown("bytes behind it");

  const X509BodyForm& body = *x509->body;
  auto spki = encode_key(*body.key);
  const int key_bits = bits_of(*body.key, spki);
  if (key_bits <= 0) return unknown("its public key cannot be read");
  auto serial = hex_of(body.serial);
  if (!serial) return unknown("its serial number is not a positive integer");
  auto issuer = text_of(body.issuer);
  auto subject = text_of(body.subject);
  if (!issuer || !subject) return unknown("its names cannot be read");
  const auto not_before = instant_of(body.validity->notBefore);
  const auto not_after = instant_of(body.validity->notAfter);
  if (!not_before || !not_after) return unknown("its validity cannot be read");

  Certificate certificate;
  certificate.der.assign(der.begin(), der.end());
  certificate.spki = std::move(spki);
  certificate.serial = std::move(*serial);
  certificate.issuer = std::move(*issuer);
  certificate.subject = std::move(*subject);
  certificate.issuer_der = encode(body.issuer, i2d_X509_NAME);
  certificate.subject_der = encode(body.subject, i2d_X509_NAME);
  certificate.not_before = *not_before;
  certificate.not_after = *not_after;
  certificate.issued_on = base::date_in_japan(*not_before);
  certificate.last_day = base::date_in_japan(*not_after);
  certificate.key_bits = key_bits;
  certificate.key_usage = extension_of(body, NID_key_usage);
  certificate.extended_key_usage = extension_of(body, NID_ext_key_usage);
  return certificate;
}

bool issued_by(base::ByteView der, const std::vector<base::Bytes>& issuers) {
  const ErrorQueueGuard guard;
  const auto x509 = x509_of(der);
  if (!x509) return false;
  return std::any_of(issuers.begin(), issuers.end(), [&](const base::Bytes& each) {
    const auto issuer = x509_of(each);
    return issuer && bears_name_of_issuer(*issuer, *x509) &&
           X509_verify(x509.get(), X509_get0_pubkey(issuer.get())) == 1;
  });
}

std::vector<base::Bytes> generations_of_issuer(base::ByteView der,
                                               const std::vector<base::Bytes>& certificates) {
  const ErrorQueueGuard guard;
  const auto x509 = x509_of(der);
  std::vector<base::Bytes> generations;
  for (const auto& each : certificates) {
    const auto issuer = x509_of(each);
    if (x509 && issuer && bears_name_of_issuer(*issuer, *x509)) generations.push_back(each);
  }
  return generations;
}

bool verifies(base::ByteView spki, const base::Sha256& digest, base::ByteView signature) {
  const ErrorQueueGuard guard;
  if (spki.empty() || spki.size() > INT_MAX) return false;
  const unsigned char* at = spki.data();
  const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  if (!key || at != spki.data() + spki.size() || EVP_PKEY_is_a(key.get(), "RSA") != 1) return false;
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  return context && EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) ==
             1;
}

}  // namespace madoguchi::mynumber
