#include "simulated_card/factory.hpp"

#include <openssl/asn1.h>

#include <algorithm>
#include <chrono>
#include <ctime>

#include "simulated_issuer/issue.hpp"
#include "simulated_issuer/register.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::simulated_card {
namespace issuer = simulated_issuer;
namespace {

// Issued during office hours, so that the date is the same in Japan and in UTC.
base::Instant issued_at(const Citizen& citizen) {
  return base::start_of_day_in_japan(citizen.issued_on) + std::chrono::hours(11);
}

base::Result<CertifiedKey> certify(const issuer::CaFolder& folder, issuer::Register& entries,
                                   issuer::Kind kind, const Citizen& citizen, base::Bytes private_key) {
  CertifiedKey made{.private_key = std::move(private_key), .certificate = {}};
  issuer::IssueRequest request{
      .spki = public_key_info(made.private_key),
      .subject_der = issuer::make_subject(kind, {.prefecture = "Mihon-ken", .city = "Kakuu-shi"},
                                          issuer::random_common_name(citizen.municipality)),
      .holder = {},
      .not_before = issued_at(citizen),
      .last_day = citizen.expires_on};
  if (kind == issuer::Kind::signature) {
    request.holder = issuer::Holder{
        .name = citizen.name, .sex = citizen.sex, .birth = citizen.birth, .address = citizen.address};
  }
  auto certificate = issuer::issue(folder, kind, request);
  if (!certificate) return certificate.error();
  made.certificate = std::move(*certificate);
  const issuer::Registration registration{
      .confirmed = true,
      .transaction = {},
      .predecessor = {},
      .holding = {.birth = citizen.birth, .card_last_day = citizen.card_expires_on}};
  if (auto added = entries.add(kind, made.certificate, registration, request.not_before); !added) {
    return added.error();
  }
  return made;
}

base::Bytes issuing_certificate(const issuer::CaFolder& folder, issuer::Kind kind) {
  return issuer::to_der(folder.issuing(kind).certificate.get(), i2d_X509);
}

base::Date date_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::date_in_japan(std::chrono::time_point_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::from_time_t(timegm(&parts))));
}

}  // namespace

std::optional<CertificateSummary> summarise(base::ByteView file) {
  const auto length = smartcard::der_sequence_length(file);
  if (!length || *length > file.size()) return std::nullopt;
  const auto certificate = issuer::from_der<issuer::CertificateHandle>(file.first(*length), d2i_X509);
  if (!certificate) return std::nullopt;
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate.get()), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* begin = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &begin);
  return CertificateSummary{.serial = issuer::serial_text(X509_get0_serialNumber(certificate.get())),
                            .subject = std::string(begin, static_cast<std::size_t>(size)),
                            .issued_on = date_of(X509_get0_notBefore(certificate.get())),
                            .expires_on = date_of(X509_get0_notAfter(certificate.get()))};
}

base::Result<MadeCard> make_card(const issuer::CaFolder& folder, const Order& order, Layout layout,
                                 const KeySource& keys) {
  auto citizen = make_citizen(order);
  if (!citizen) return citizen.error();
  auto entries = issuer::Register::open(folder);
  if (!entries) return entries.error();
  Personalisation card{.citizen = *citizen,
                       .layout = layout,
                       .signature = {},
                       .authentication = {},
                       .signature_issuer = issuing_certificate(folder, issuer::Kind::signature),
                       .authentication_issuer = issuing_certificate(folder, issuer::Kind::authentication),
                       .terminal_key = folder.terminal_key(),
                       .internal_key = keys()};
  auto authentication = certify(folder, *entries, issuer::Kind::authentication, *citizen, keys());
  if (!authentication) return authentication.error();
  card.authentication = std::move(*authentication);
  if (citizen->has_signature()) {
    auto signature = certify(folder, *entries, issuer::Kind::signature, *citizen, keys());
    if (!signature) return signature.error();
    card.signature = std::move(*signature);
  }
  return MadeCard{.citizen = *citizen, .image = personalise(card)};
}

}  // namespace madoguchi::simulated_card
