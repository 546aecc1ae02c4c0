// OpenSSL's CMP client as the counter's RA, wired to a CmpServer without a network.
#pragma once

#include <openssl/cmp.h>
#include <openssl/crmf.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ca_fixture.hpp"

namespace madoguchi::simulated_ca {

struct Order {
  int body = OSSL_CMP_CR;
  EVP_PKEY* key = nullptr;
  base::Bytes subject;
  std::optional<Entry> old;                // oldCertID, where the body has one
  std::optional<base::Instant> not_after;  // where the body has one
  int popo = OSSL_CRMF_POPO_SIGNATURE;
};

// One transaction; what it asks and is answered can be looked at.
class CmpClient {
 public:
  CmpClient(const CaFolder& folder, CmpServer& server);

  // Up to the confirmation; null when there is no certificate.
  CertificateHandle enrol(const Order& order);
  // Up to what can be done without waiting: OpenSSL's -1 (poll again) shows in check_after().
  CertificateHandle try_enrol(const Order& order);
  bool revoke(const Entry& entry, int reason);
  bool ask();  // general message

  // After any of these.
  [[nodiscard]] int status() const { return OSSL_CMP_CTX_get_status(context_.get()); }
  // The bit of PKIFailureInfo; -1 none.
  [[nodiscard]] int failure() const;
  [[nodiscard]] std::string status_text() const;
  [[nodiscard]] int check_after() const { return check_after_; }
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] OSSL_CMP_CTX* context() const { return context_.get(); }

  // To be set before: refuse the certificate that comes; another server; what happens on the way.
  void refuse_certificate();
  void set_server(CmpServer& server) { server_ = &server; }
  std::function<bool(std::size_t message)> send = [](std::size_t) {
    return true;
  };  // false: lost on the way there
  std::function<bool(std::size_t message)> receive = [](std::size_t) {
    return true;
  };  // false: lost on the way back

  std::vector<base::Bytes> requests;
  std::vector<CmpAnswer> answers;

 private:
  static OSSL_CMP_MSG* transfer(OSSL_CMP_CTX* context, const OSSL_CMP_MSG* request);
  bool prepare(const Order& order);
  void after();

  CmpServer* server_;
  Handle<OSSL_CMP_CTX, OSSL_CMP_CTX_free> context_;
  Handle<OSSL_CRMF_MSG, OSSL_CRMF_MSG_free> crmf_;
  int check_after_ = 0;
  std::string error_;
};

}  // namespace madoguchi::simulated_ca
