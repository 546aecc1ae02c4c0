#include "extensions.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/conf.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace madoguchi::simulated_issuer {
namespace {

using NamesHandle = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;
using NameEntryHandle = Handle<GENERAL_NAME, GENERAL_NAME_free>;
using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;
using NumberHandle = Handle<BIGNUM, BN_free>;
using PointsHandle = Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;

TimeHandle make_time(base::Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  return TimeHandle(ASN1_TIME_set(nullptr, static_cast<time_t>(seconds)));
}

bool set_random_serial(X509* certificate) {
  auto bytes = base::random_bytes(8);
  bytes.front() =
      static_cast<std::uint8_t>((bytes.front() & 0x7F) | 0x40);  // positive, and always eight octets
  const NumberHandle number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool push(GENERAL_NAMES* names, NameEntryHandle entry) {
  if (!entry || sk_GENERAL_NAME_push(names, entry.get()) <= 0) return false;
  static_cast<void>(entry.release());
  return true;
}

NameEntryHandle directory_name(X509_NAME* name) {
  NameEntryHandle entry(GENERAL_NAME_new());
  X509_NAME* copy = X509_NAME_dup(name);
  if (!entry || copy == nullptr) return nullptr;
  GENERAL_NAME_set0_value(entry.get(), GEN_DIRNAME, copy);
  return entry;
}

NameEntryHandle other_name(const char* oid, const std::string& text) {
  NameEntryHandle entry(GENERAL_NAME_new());
  Handle<ASN1_UTF8STRING, ASN1_UTF8STRING_free> string(ASN1_UTF8STRING_new());
  Handle<ASN1_TYPE, ASN1_TYPE_free> value(ASN1_TYPE_new());
  Handle<ASN1_OBJECT, ASN1_OBJECT_free> type(OBJ_txt2obj(oid, 1));
  if (!entry || !string || !value || !type) return nullptr;
  if (ASN1_STRING_set(string.get(), text.data(), static_cast<int>(text.size())) != 1) return nullptr;
  ASN1_TYPE_set(value.get(), V_ASN1_UTF8STRING, string.release());
  if (GENERAL_NAME_set0_othername(entry.get(), type.release(), value.release()) != 1) return nullptr;
  return entry;
}

// The digits are those that public sources show for 平成 and 令和, continued backwards.
char era_digit(base::Date date) {
  using std::chrono::December;
  using std::chrono::January;
  using std::chrono::July;
  using std::chrono::May;
  using std::chrono::year;
  if (date >= year(2019) / May / 1) return '5';
  if (date >= year(1989) / January / 8) return '4';
  if (date >= year(1926) / December / 25) return '3';
  if (date >= year(1912) / July / 30) return '2';
  return '1';
}

std::string birth_text(base::Date date) {
  auto text = base::format_date(date);
  std::erase(text, '-');
  return era_digit(date) + text;
}

// One digit a character: 0, it is the character itself and no substitute for one that the registers write
// otherwise.
std::string no_substitutes(const std::string& text) {
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return std::string(static_cast<std::size_t>(characters), '0');
}

}  // namespace

NameHandle make_name(std::span<const NamePart> parts) {
  NameHandle name(X509_NAME_new());
  for (const auto& part : parts) {
    if (!name) return nullptr;
    const auto* value = reinterpret_cast<const unsigned char*>(part.value.data());
    const int size = static_cast<int>(part.value.size());
    if (X509_NAME_add_entry_by_NID(name.get(), part.nid, MBSTRING_UTF8, value, size, -1, 0) != 1)
      name.reset();
  }
  return name;
}

CertificateHandle begin_certificate(const X509_NAME* subject, const X509_NAME* issuer, EVP_PKEY* key,
                                    base::Instant not_before, base::Instant not_after) {
  CertificateHandle certificate(X509_new());
  const auto begin = make_time(not_before);
  const auto end = make_time(not_after);
  const bool made =
      certificate && begin && end && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      set_random_serial(certificate.get()) && X509_set_subject_name(certificate.get(), subject) == 1 &&
      X509_set_issuer_name(certificate.get(), issuer) == 1 && X509_set_pubkey(certificate.get(), key) == 1 &&
      X509_set1_notBefore(certificate.get(), begin.get()) == 1 &&
      X509_set1_notAfter(certificate.get(), end.get()) == 1;
  if (!made) certificate.reset();
  return certificate;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  // Some extensions are not built without a configuration, be it an empty one.
  const Handle<CONF, NCONF_free> configuration(NCONF_new(nullptr));
  if (!configuration) return false;
  X509V3_set_nconf(&context, configuration.get());
  const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_nconf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_crl_point(X509* certificate, X509_NAME* name) {
  const PointsHandle points(CRL_DIST_POINTS_new());
  Handle<DIST_POINT, DIST_POINT_free> point(DIST_POINT_new());
  if (!points || !point) return false;
  point->distpoint = DIST_POINT_NAME_new();
  if (point->distpoint == nullptr) return false;
  NamesHandle names(GENERAL_NAMES_new());
  if (!names || !push(names.get(), directory_name(name))) return false;
  point->distpoint->type = 0;  // fullName
  point->distpoint->name.fullname = names.release();
  if (sk_DIST_POINT_push(points.get(), point.get()) <= 0) return false;
  static_cast<void>(point.release());
  return X509_add1_ext_i2d(certificate, NID_crl_distribution_points, points.get(), 0, X509V3_ADD_DEFAULT) ==
         1;
}

bool add_directory_name(X509* certificate, X509_NAME* name) {
  const NamesHandle names(GENERAL_NAMES_new());
  return names && push(names.get(), directory_name(name)) &&
         X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool add_holder(X509* certificate, const Holder& holder) {
  const NamesHandle names(GENERAL_NAMES_new());
  const std::pair<const char*, std::string> attributes[] = {
      {"1.2.392.200149.8.5.5.1", holder.name},
      {"1.2.392.200149.8.5.5.4", birth_text(holder.birth)},
      {"1.2.392.200149.8.5.5.3", std::string(1, holder.sex)},
      {"1.2.392.200149.8.5.5.5", holder.address},
      {"1.2.392.200149.8.5.5.2", no_substitutes(holder.name)},
      {"1.2.392.200149.8.5.5.6", no_substitutes(holder.address)},
  };
  for (const auto& [oid, text] : attributes) {
    if (!names || !push(names.get(), other_name(oid, text))) return false;
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool add_alternative_names(X509* certificate, base::ByteView general_names) {
  const auto names = from_der<NamesHandle>(general_names, d2i_GENERAL_NAMES);
  return names &&
         X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool sign_certificate(X509* certificate, EVP_PKEY* key) {
  return X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace madoguchi::simulated_issuer
