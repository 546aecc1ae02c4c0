// The development CA as one that is asked for certificates' status.
#pragma once

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "../temporary_folder.hpp"
#include "pki.hpp"
#include "simulated_ca/certificate_status.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::authority::test {

inline base::Instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// One CA a program; its keys take seconds to make.
struct Ca {
  Ca() {
    folder = std::make_unique<simulated_issuer::CaFolder>(
        simulated_issuer::CaFolder::create(temporary / "ca").value());
    entries = std::make_unique<simulated_issuer::Register>(simulated_issuer::Register::open(*folder).value());
    for (const auto kind : simulated_issuer::kinds) {
      issuers.push_back(der_of(*folder->issuing(kind).certificate));
    }
  }
  Ca(const Ca&) = delete;
  Ca& operator=(const Ca&) = delete;

  // For a key of its own, since the register has one serial a key.
  base::Bytes issue(bool enter) {
    simulated_issuer::IssueRequest request;
    request.spki = spki_of(*new_rsa_key());
    request.subject_der = simulated_issuer::make_subject(simulated_issuer::Kind::authentication,
                                                         {"Tokyo-to", "Musashino-shi"}, "CN-1");
    request.not_before = now();
    request.last_day = base::add_days(base::date_in_japan(now()), 30);
    auto certificate =
        simulated_issuer::issue(*folder, simulated_issuer::Kind::authentication, request).value();
    if (enter) entries->add(simulated_issuer::Kind::authentication, certificate, {}, now()).value();
    return certificate;
  }

  base::Bytes answer(const base::Bytes& request, base::Instant at = now()) {
    return simulated_ca::answer_ocsp(*folder, *entries, request, at).value();
  }

  base::Bytes list(simulated_issuer::Kind kind = simulated_issuer::Kind::authentication,
                   base::Instant at = now()) {
    return simulated_ca::make_crl(*folder, *entries, kind, at).value();
  }

  void revoke(const base::Bytes& certificate, int reason = 0) {
    const auto parsed = certificate_from_der(certificate);
    entries->revoke(simulated_issuer::serial_text(X509_get0_serialNumber(parsed.get())), {now(), reason})
        .value();
  }

  tests::TemporaryFolder temporary;
  std::unique_ptr<simulated_issuer::CaFolder> folder;
  std::unique_ptr<simulated_issuer::Register> entries;
  std::vector<base::Bytes> issuers;
};

inline Ca& ca() {
  static Ca made;
  return made;
}

}  // namespace madoguchi::authority::test
