#include "issuing.hpp"

#include <openssl/cmp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_ca {
namespace {

using simulated_issuer::CertificateHandle;
using simulated_issuer::from_der;
using simulated_issuer::kinds;
using simulated_issuer::NameHandle;
using simulated_issuer::PublicKeyHandle;
using simulated_issuer::to_der;

// No certificate may live longer than until the sixth birthday after its issue (公的個人認証法施行規則 art.
// 13, 49).
constexpr int longest_months = 72;

base::Bytes subject_of(const X509* certificate) {
  return to_der(X509_get_subject_name(certificate), i2d_X509_NAME);
}

base::Bytes spki_of(const X509* certificate) {
  return to_der(X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY);
}

bool has_locality(base::ByteView subject_der) {
  const auto name = from_der<NameHandle>(subject_der, d2i_X509_NAME);
  return name && X509_NAME_get_index_by_NID(name.get(), NID_localityName, -1) >= 0;
}

// The value of a certificate's subjectAltName; empty when it has none.
base::Bytes alternative_names(base::ByteView certificate_der) {
  const auto certificate = from_der<CertificateHandle>(certificate_der, d2i_X509);
  const int index = certificate ? X509_get_ext_by_NID(certificate.get(), NID_subject_alt_name, -1) : -1;
  if (index < 0) return {};
  const auto* value = X509_EXTENSION_get_data(X509_get_ext(certificate.get(), index));
  const auto* data = ASN1_STRING_get0_data(value);
  return {data, data + ASN1_STRING_length(value)};
}

// As the issuer reckons by itself: the sixth birthday for a renewal in the three months before the end, else
// the fifth. Where the birth date is not known, five years.
base::Date own_last_day(const std::optional<simulated_issuer::Entry>& old, base::Date today) {
  if (!old || !old->registration.holding.birth) return base::add_months_clamped(today, 60);
  const auto old_last_day = base::date_in_japan(old->not_after);
  const bool renewal = today <= old_last_day && today >= base::add_months_clamped(old_last_day, -3);
  return base::nth_birthday_after(*old->registration.holding.birth, today, renewal ? 6 : 5);
}

struct Dates {
  base::Date last_day;
  bool modified;
};

Dates dates_for(const std::optional<base::Instant>& wanted, const std::optional<simulated_issuer::Entry>& old,
                base::Instant now) {
  const auto today = base::date_in_japan(now);
  auto last_day = wanted ? base::date_in_japan(*wanted) : own_last_day(old, today);
  last_day = std::min(last_day, base::add_months_clamped(today, longest_months));
  if (old && old->registration.holding.card_last_day) {
    last_day = std::min(last_day, *old->registration.holding.card_last_day);
  }
  return {last_day, wanted && simulated_issuer::end_of_day_in_japan(last_day) != *wanted};
}

base::Result<base::Bytes> other_spki() {
  const auto key = simulated_issuer::make_rsa_key();
  X509_PUBKEY* made = nullptr;
  if (!key || X509_PUBKEY_set(&made, key.get()) != 1)
    return simulated_issuer::openssl_fault("make another key");
  const PublicKeyHandle holder(made);
  return to_der(made, i2d_X509_PUBKEY);
}

base::Bytes other_subject(simulated_issuer::Kind kind) {
  return simulated_issuer::make_subject(kind, {"Nanigashi-ken", "Bessho-shi"},
                                        simulated_issuer::random_common_name("00000"));
}

}  // namespace

std::optional<simulated_issuer::Kind> Issuing::kind_of_issuer(base::ByteView issuer_der) const {
  for (const auto kind : kinds) {
    const auto subject = subject_of(folder_.issuing(kind).certificate.get());
    if (std::equal(subject.begin(), subject.end(), issuer_der.begin(), issuer_der.end())) return kind;
  }
  return std::nullopt;
}

std::optional<simulated_issuer::Kind> Issuing::kind_of(const CertificateRequest& request) const {
  if (request.old) return kind_of_issuer(request.old->issuer_der);
  // A client that sets no issuer may send its own certificate's, which means nothing here.
  if (const auto kind = kind_of_issuer(request.issuer_der)) return kind;
  return has_locality(request.subject_der) ? Kind::signature : Kind::authentication;
}

base::Result<Issuing::Predecessor> Issuing::find_predecessor(Kind kind,
                                                             const CertificateRequest& request) const {
  auto found =
      request.old ? issued_.find(request.old->serial) : issued_.find_subject(kind, request.subject_der);
  if (!found) return found.error();
  Predecessor old{*std::move(found), std::nullopt};
  if (request.old && (!old.entry || old.entry->kind != kind)) {
    old.refusal = Refused{OSSL_CMP_PKIFAILUREINFO_badCertId, "the old certificate is not known"};
  } else if (request.old && old.entry->revocation) {
    old.refusal = Refused{OSSL_CMP_PKIFAILUREINFO_certRevoked, "the old certificate is revoked"};
  } else if (request.update && !request.old) {
    old.refusal = Refused{OSSL_CMP_PKIFAILUREINFO_badCertId, "an update has to name the old certificate"};
  } else if (old.entry && old.entry->subject_der != request.subject_der) {
    old.refusal =
        Refused{OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "the subject is not the old certificate's"};
  } else if (kind == Kind::signature && !old.entry) {
    old.refusal = Refused{OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "the holder is not known"};
  }
  return old;
}

std::optional<Refused> Issuing::refuse_key(const base::Bytes& spki) const {
  const auto public_key = from_der<PublicKeyHandle>(spki, d2i_X509_PUBKEY);
  EVP_PKEY* key = public_key ? X509_PUBKEY_get0(public_key.get()) : nullptr;
  if (key == nullptr || EVP_PKEY_is_a(key, "RSA") != 1 || EVP_PKEY_get_bits(key) != 2048) {
    return Refused{OSSL_CMP_PKIFAILUREINFO_badAlg, "only RSA keys with 2048 bits are certified"};
  }
  // A client that forgets to set the card's key sends its own.
  for (const auto* service : {&folder_.ra(), &folder_.cmp()}) {
    if (spki == spki_of(service->certificate.get())) {
      return Refused{OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "that key is a service's own"};
    }
  }
  return std::nullopt;
}

base::Result<Decision> Issuing::decide(const CertificateRequest& request, const std::string& transaction,
                                       const Distortion& distortion, base::Instant now) {
  if (auto refusal = refuse_key(request.spki)) return Decision(*std::move(refusal));
  const auto kind = kind_of(request);
  if (!kind) return Decision(Refused{OSSL_CMP_PKIFAILUREINFO_badCertId, "no such issuer"});

  auto known = issued_.find_key(request.spki);
  if (!known) return known.error();
  if (auto& entry = *known) {
    if (entry->kind != *kind || entry->subject_der != request.subject_der) {
      return Decision(
          Refused{OSSL_CMP_PKIFAILUREINFO_duplicateCertReq, "that key is certified for another name"});
    }
    if (entry->revocation)
      return Decision(Refused{OSSL_CMP_PKIFAILUREINFO_certRevoked, "that key is revoked"});
    const bool modified = request.not_after && entry->not_after != *request.not_after;
    return Decision(Granted{*std::move(entry), modified});
  }
  auto old = find_predecessor(*kind, request);
  if (!old) return old.error();
  if (old->refusal) return Decision(*std::move(old->refusal));
  return issue(*kind, request, old->entry, transaction, distortion, now);
}

base::Result<Decision> Issuing::issue(Kind kind, const CertificateRequest& request,
                                      const std::optional<Entry>& old, const std::string& transaction,
                                      const Distortion& distortion, base::Instant now) {
  const auto dates = dates_for(request.not_after, old, now);
  if (simulated_issuer::end_of_day_in_japan(dates.last_day) <= now) {
    return Decision(Refused{OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "it would have ended already"});
  }
  simulated_issuer::IssueRequest order;
  order.spki = request.spki;
  if (distortion.other_key) {
    auto spki = other_spki();
    if (!spki) return spki.error();
    order.spki = *std::move(spki);
  }
  order.subject_der = distortion.other_subject ? other_subject(kind) : request.subject_der;
  if (kind == Kind::signature && old) order.holder = alternative_names(old->certificate);
  order.not_before = now;
  order.last_day = base::add_days(dates.last_day, distortion.days);

  auto certificate = simulated_issuer::issue(folder_, kind, order);
  if (!certificate) return certificate.error();
  simulated_issuer::Registration registration;
  registration.transaction = transaction;
  if (old) {
    registration.predecessor = old->serial;
    registration.holding = old->registration.holding;
  }
  auto entry = issued_.add(kind, *certificate, registration, now);
  if (!entry) return entry.error();
  return Decision(Granted{*std::move(entry), dates.modified});
}

base::Result<std::optional<Refused>> Issuing::revoke(const CertificateName& name, int reason,
                                                     base::Instant now) {
  const auto kind = kind_of_issuer(name.issuer_der);
  auto entry = issued_.find(name.serial);
  if (!entry) return entry.error();
  if (!kind || !*entry || (*entry)->kind != *kind) {
    return std::optional(Refused{OSSL_CMP_PKIFAILUREINFO_badCertId, "that certificate is not known"});
  }
  auto revoked = issued_.revoke(name.serial, {now, reason});
  if (!revoked) return revoked.error();
  if (!*revoked) return std::optional(Refused{OSSL_CMP_PKIFAILUREINFO_certRevoked, "it is revoked already"});
  return std::optional<Refused>();
}

}  // namespace madoguchi::simulated_ca
