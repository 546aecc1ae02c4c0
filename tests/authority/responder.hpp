// An authority for tests, on OpenSSL's CMP server: issues, polls, refuses, misbehaves as told.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "pki.hpp"

namespace madoguchi::authority::test {

class Responder {
 public:
  explicit Responder(const Identity& signer = pki().server) : signer_(signer) {}
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  // Empty when there is no answer at all. The same bytes get the same answer.
  base::Bytes handle(base::ByteView message);
  // Forgets what it answered, as one that does not keep its transactions.
  void forget() {
    answers_.clear();
    transactions_.clear();
  }

  // How it behaves.
  int waits = 0;  // how often the requester is told to come again
  std::chrono::seconds check_after{7};
  std::optional<int> reject;             // PKIFailureInfo bit, for certificate requests
  std::optional<int> reject_revocation;  // the same for revocations
  bool break_down = false;               // answers requests with an error of its own
  bool sign_errors = true;
  bool confuse_keys = false;  // certifies somebody else's key
  bool grant_implicit = false;

  // What it saw and did.
  struct Wanted {
    std::string old_serial;  // of oldCertID, hexadecimal; empty: none
    std::string not_after;   // as ASN1_TIME_print() writes it; empty: none
  };
  std::vector<Wanted> requests;
  std::vector<base::Bytes> issued;
  int confirmed = 0;
  int refused = 0;
  int general_messages = 0;
  std::set<std::string> revoked;  // serials, hexadecimal

 private:
  struct Callbacks;
  using ServerPtr = Owned<OSSL_CMP_SRV_CTX, OSSL_CMP_SRV_CTX_free>;
  struct Open {
    ServerPtr server;
    CmpMessagePtr postponed;
    int waits_left = 0;
  };
  ServerPtr new_server();
  CertificatePtr issue(const OSSL_CRMF_MSG* crmf, const X509_REQ* csr);

  const Identity& signer_;
  std::map<base::Bytes, base::Bytes> answers_;
  std::map<base::Bytes, Open> transactions_;
  Open* current_ = nullptr;
};

}  // namespace madoguchi::authority::test
