#include "simulated_issuer/issue.hpp"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <array>

#include "extensions.hpp"

namespace madoguchi::simulated_issuer {
namespace {

struct Profile {
  const char* key_usage;
  const char* extended_key_usage;  // null: none
  const char* policy;
  std::string_view unit;
};

// Key usage of authentication certificates and their extended key usage are inferred; the rest has been seen.
Profile profile_of(Kind kind) {
  if (kind == Kind::signature) {
    return {"critical,digitalSignature,nonRepudiation", nullptr, "1.2.392.200149.8.5.1.1.20",
            "JPKI for digital signature"};
  }
  return {"critical,digitalSignature", "clientAuth", "1.2.392.200149.8.5.1.3.30",
          "JPKI for user authentication"};
}

base::Fault refused(std::string inner) {
  return base::make_fault(base::Code::invalid_params, std::move(inner));
}

// The n-th attribute of that type in a name, or an empty text.
std::string attribute(const X509_NAME* name, int nid, int n) {
  int index = -1;
  do {
    index = X509_NAME_get_index_by_NID(name, nid, index);
  } while (index >= 0 && n-- > 0);
  if (index < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string value(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return value;
}

// Signature certificates are listed by prefecture and city; authentication certificates do not tell where one
// lives.
NameHandle crl_point_name(const Profile& profile, const X509_NAME* subject) {
  const auto prefecture = attribute(subject, NID_localityName, 0);
  const auto city = attribute(subject, NID_localityName, 1);
  std::vector<NamePart> parts = {{NID_countryName, "JP"},
                                 {NID_organizationName, "JPKI-TEST"},
                                 {NID_organizationalUnitName, profile.unit},
                                 {NID_organizationalUnitName, "CRL Distribution Points"}};
  if (!prefecture.empty()) parts.push_back({NID_organizationalUnitName, prefecture});
  parts.push_back({NID_commonName, city.empty() ? std::string_view("JPKI-TEST") : std::string_view(city)});
  return make_name(parts);
}

base::Result<void> check(Kind kind, const IssueRequest& request, const X509_NAME* subject) {
  if (X509_NAME_entry_count(subject) == 0) return refused("the subject is empty");
  if (end_of_day_in_japan(request.last_day) <= request.not_before)
    return refused("it would end before it begins");
  const bool holder = !std::holds_alternative<std::monostate>(request.holder);
  if (holder != (kind == Kind::signature)) {
    return refused(holder ? "authentication certificates name nobody"
                          : "signature certificates name their holder");
  }
  return {};
}

bool add_profile(X509* certificate, X509* issuer, const Profile& profile, X509_NAME* crl_point) {
  return add_extension(certificate, issuer, NID_key_usage, profile.key_usage) &&
         (profile.extended_key_usage == nullptr ||
          add_extension(certificate, issuer, NID_ext_key_usage, profile.extended_key_usage)) &&
         add_extension(certificate, issuer, NID_certificate_policies, profile.policy) &&
         add_crl_point(certificate, crl_point) &&
         add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always") &&
         add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
}

bool add_holder_of(X509* certificate, const IssueRequest& request) {
  if (const auto* holder = std::get_if<Holder>(&request.holder)) return add_holder(certificate, *holder);
  if (const auto* names = std::get_if<base::Bytes>(&request.holder))
    return add_alternative_names(certificate, *names);
  return true;
}

}  // namespace

base::Result<base::Bytes> issue(const CaFolder& folder, Kind kind, const IssueRequest& request) {
  const auto subject = from_der<NameHandle>(request.subject_der, d2i_X509_NAME);
  const auto public_key = from_der<PublicKeyHandle>(request.spki, d2i_X509_PUBKEY);
  EVP_PKEY* key = public_key ? X509_PUBKEY_get0(public_key.get()) : nullptr;
  if (!subject || key == nullptr) return refused("no subject or public key: " + openssl_errors());
  if (auto checked = check(kind, request, subject.get()); !checked) return checked.error();

  const auto profile = profile_of(kind);
  const auto& ca = folder.issuing(kind);
  const auto certificate = begin_certificate(subject.get(), X509_get_subject_name(ca.certificate.get()), key,
                                             request.not_before, end_of_day_in_japan(request.last_day));
  const auto crl_point = crl_point_name(profile, subject.get());
  const bool made = certificate && crl_point && add_holder_of(certificate.get(), request) &&
                    add_profile(certificate.get(), ca.certificate.get(), profile, crl_point.get()) &&
                    sign_certificate(certificate.get(), ca.key.get());
  if (!made) return openssl_fault("issue a certificate");
  return to_der(certificate.get(), i2d_X509);
}

base::Bytes make_subject(Kind kind, const Locality& locality, std::string_view common_name) {
  std::vector<NamePart> parts = {{NID_countryName, "JP"}};
  if (kind == Kind::signature) {
    parts.push_back({NID_localityName, locality.prefecture});
    parts.push_back({NID_localityName, locality.city});
  }
  parts.push_back({NID_commonName, common_name});
  const auto name = make_name(parts);
  return name ? to_der(name.get(), i2d_X509_NAME) : base::Bytes();
}

std::string random_common_name(std::string_view municipality) {
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";  // 32, so that % is fair
  std::string name;
  for (const auto byte : base::random_bytes(14)) name.push_back(alphabet[byte % alphabet.size()]);
  return name.append(municipality).append("003A");
}

base::Instant end_of_day_in_japan(base::Date day) {
  return base::start_of_day_in_japan(base::add_days(day, 1)) - std::chrono::seconds(1);
}

}  // namespace madoguchi::simulated_issuer
