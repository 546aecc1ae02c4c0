#include "status/about.hpp"

#include <openssl/x509v3.h>

#include <array>

namespace madoguchi::authority {
namespace {

constexpr std::array<std::string_view, 10> doubts{"none",       "not_offered", "other_issuer", "unreachable",
                                                  "unbelieved", "out_of_date", "not_known",    "on_hold",
                                                  "before_it",  "after_it"};

}  // namespace

std::string_view name(Standing standing) {
  switch (standing) {
    case Standing::good:
      return "good";
    case Standing::revoked:
      return "revoked";
    case Standing::unknown:
      break;
  }
  return "unknown";
}

std::string_view name(Doubt doubt) {
  return doubts.at(static_cast<std::size_t>(doubt));
}

Doubt doubt_of(const base::Fault& fault) {
  if (fault.code == base::Code::authority_unreachable) return Doubt::unreachable;
  const auto* told = fault.details.if_contains("doubt");
  for (std::size_t i = 0; told != nullptr && i < doubts.size(); ++i) {
    if (*told == boost::json::string_view(doubts[i])) return static_cast<Doubt>(i);
  }
  return Doubt::unbelieved;
}

base::Fault not_believed(std::string why, Doubt doubt) {
  return library_fault(base::Code::authority_mismatch, "certificate status: " + std::move(why),
                       {{"doubt", name(doubt)}});
}

base::Result<Pair> parsed(const StatusOf& about) {
  ERR_clear_error();
  Pair pair{certificate_from_der(about.certificate), nullptr};
  if (!pair.certificate) return not_believed("not a certificate");
  for (const auto& der : about.issuers) {
    auto issuer = certificate_from_der(der);
    const bool signed_it = issuer && X509_check_issued(issuer.get(), pair.certificate.get()) == X509_V_OK &&
                           X509_verify(pair.certificate.get(), X509_get0_pubkey(issuer.get())) == 1;
    if (!signed_it) continue;
    pair.issuer = std::move(issuer);
    ERR_clear_error();
    return pair;
  }
  return not_believed("none of the issuers has signed the certificate", Doubt::other_issuer);
}

time_t seconds(base::Instant instant) {
  return static_cast<time_t>(std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count());
}

bool before(const ASN1_TIME* time, base::Instant instant) {
  auto limit = seconds(instant);
  return X509_cmp_time(time, &limit) < 0;
}

bool after(const ASN1_TIME* time, base::Instant instant) {
  auto limit = seconds(instant);
  return X509_cmp_time(time, &limit) > 0;
}

std::optional<base::Instant> instant_of(const ASN1_TIME* time) {
  const TimePtr epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int rest = 0;
  if (!epoch || time == nullptr || ASN1_TIME_diff(&days, &rest, epoch.get(), time) != 1) return std::nullopt;
  return base::Instant(std::chrono::days(days) + std::chrono::seconds(rest));
}

bool precedes(const ASN1_TIME* made, const X509& certificate) {
  const auto then = instant_of(made);
  const auto begin = instant_of(X509_get0_notBefore(&certificate));
  return !then || !begin || *begin - *then > status_skew;
}

}  // namespace madoguchi::authority
