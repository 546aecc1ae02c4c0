// Whether and how a request for a certificate is granted; no CMP in here.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/result.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/register.hpp"

namespace madoguchi::simulated_ca {

struct CertificateName {
  base::Bytes issuer_der;
  std::string serial;  // as in Entry
};

struct CertificateRequest {
  base::Bytes spki;
  base::Bytes subject_der;
  base::Bytes issuer_der;              // the CA asked for; empty or any other name: by the subject's form
  std::optional<CertificateName> old;  // oldCertID
  std::optional<base::Instant> not_after;
  bool update = false;  // a kur: must name the old certificate
};

// Deviations on demand.
struct Distortion {
  bool other_key = false;
  bool other_subject = false;
  int days = 0;
};

struct Granted {
  simulated_issuer::Entry entry;
  bool modified = false;  // not quite what was asked for: PKIStatus grantedWithMods
};
struct Refused {
  int failure;  // bit of PKIFailureInfo
  std::string text;
};
using Decision = std::variant<Granted, Refused>;

class Issuing {
 public:
  Issuing(const simulated_issuer::CaFolder& folder, simulated_issuer::Register& issued)
      : folder_(folder), issued_(issued) {}

  // Issues and enters the certificate, or finds the one that this key has already. A fault: nothing is
  // decided.
  base::Result<Decision> decide(const CertificateRequest& request, const std::string& transaction,
                                const Distortion& distortion, base::Instant now);
  // Revokes; the refusal, if there is one.
  base::Result<std::optional<Refused>> revoke(const CertificateName& name, int reason, base::Instant now);

 private:
  using Entry = simulated_issuer::Entry;
  using Kind = simulated_issuer::Kind;

  struct Predecessor {
    std::optional<Entry> entry;
    std::optional<Refused> refusal;
  };

  [[nodiscard]] std::optional<Kind> kind_of_issuer(base::ByteView issuer_der) const;
  [[nodiscard]] std::optional<Kind> kind_of(const CertificateRequest& request) const;
  [[nodiscard]] base::Result<Predecessor> find_predecessor(Kind kind,
                                                           const CertificateRequest& request) const;
  [[nodiscard]] std::optional<Refused> refuse_key(const base::Bytes& spki) const;
  base::Result<Decision> issue(Kind kind, const CertificateRequest& request, const std::optional<Entry>& old,
                               const std::string& transaction, const Distortion& distortion,
                               base::Instant now);

  const simulated_issuer::CaFolder& folder_;
  simulated_issuer::Register& issued_;
};

}  // namespace madoguchi::simulated_ca
