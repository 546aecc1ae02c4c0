// Those by whom an authority's certificates are checked: what can be seen of them, and how they compare with
// what the authority shows of itself.
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/calendar.hpp"
#include "doctor/examinations.hpp"
#include "mynumber/certificate.hpp"

namespace madoguchi::doctor {
namespace {

namespace json = boost::json;
using Issuers = std::vector<mynumber::Certificate>;

Issuers issuers_in(const std::vector<base::Bytes>& certificates) {
  Issuers all;
  for (const auto& der : certificates) {
    if (auto read = mynumber::parse_certificate(der)) all.push_back(std::move(*read));
  }
  return all;
}

bool is_ca(const base::Bytes& der) {
  const auto* at = der.data();
  const std::unique_ptr<X509, decltype(&X509_free)> read(
      d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  const bool may_issue = read && X509_check_ca(read.get()) > 0;
  ERR_clear_error();
  return may_issue;
}

bool among(const Issuers& all, const mynumber::Certificate& one) {
  return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.spki == one.spki; });
}

// A later generation of one that is configured: of its name, under another key, and begun after each of them.
bool succeeds(const mynumber::Certificate& one, const Issuers& configured) {
  bool known = false;
  for (const auto& each : configured) {
    if (each.subject_der != one.subject_der) continue;
    known = true;
    if (each.not_before >= one.not_before) return false;
  }
  return known && !among(configured, one);
}

}  // namespace

std::vector<Finding> judge_issuers(const IssuerFile& of, const std::vector<base::Bytes>& certificates,
                                   base::Instant now) {
  std::vector<Finding> found;
  for (const auto& each : issuers_in(certificates)) {
    json::object facts{{"name", of.authority}, {"path", of.path.string()}, {"subject", each.subject}};
    if (!is_ca(each.der)) {
      found.push_back({State::wrong, "issuers.no_ca", std::move(facts)});
    } else if (each.not_after <= now) {
      facts["date"] = base::format_date(each.last_day);
      found.push_back({State::attention, "issuers.ended", std::move(facts)});
    }
  }
  return found;
}

std::vector<Finding> compare_issuers(const std::string& authority, const std::vector<base::Bytes>& configured,
                                     const std::vector<base::Bytes>& named,
                                     const std::vector<base::Bytes>& enclosed, base::Instant now) {
  if (configured.empty()) return {};
  const auto ours = issuers_in(configured);
  auto theirs = issuers_in(named);
  std::vector<Finding> found;
  const bool shared =
      std::any_of(theirs.begin(), theirs.end(), [&](const auto& each) { return among(ours, each); });
  if (!theirs.empty() && !shared) {
    std::string shown;
    for (const auto& each : theirs) shown += (shown.empty() ? "" : "; ") + each.subject;
    found.push_back({State::attention, "issuers.not_shown", {{"name", authority}, {"shown", shown}}});
  }
  for (auto& each : issuers_in(enclosed)) {
    if (!among(theirs, each)) theirs.push_back(std::move(each));
  }
  for (const auto& each : theirs) {
    if (each.not_before > now || each.not_after <= now || !succeeds(each, ours)) continue;
    found.push_back(
        {State::attention,
         "issuers.followed",
         {{"name", authority}, {"subject", each.subject}, {"date", base::format_date(each.issued_on)}}});
  }
  return found;
}

}  // namespace madoguchi::doctor
