// Who the counter is to the authority and whom it believes: the settings, parsed, and what every message
// needs of them.
#pragma once

#include <vector>

#include "authority/cmp.hpp"
#include "base/clock.hpp"
#include "cmp/openssl.hpp"
#include "cmp/ra_key.hpp"

namespace madoguchi::authority {

class Credentials {
 public:
  // Wipes settings.ra_key whatever happens.
  static base::Result<Credentials> parse(CmpSettings& settings);

  // A context for one step of one transaction; 16 bytes of `transaction_id`. Contexts are not shared or kept.
  [[nodiscard]] base::Result<CmpContextPtr> new_context(base::ByteView transaction_id) const;

  // What the context's next answer has to be signed under; `at_any_time` leaves out whether the certificates
  // are within their dates now.
  [[nodiscard]] bool trust(OSSL_CMP_CTX& context, bool at_any_time) const;
  // Is the counter's certificate within its dates at both?
  [[nodiscard]] bool valid_throughout(base::Instant from, base::Instant to) const;

 private:
  Credentials() = default;
  base::Result<void> take_own(const CmpSettings& settings);
  base::Result<void> take_peer(const CmpSettings& settings);

  RaKey key_;
  std::vector<CertificatePtr> chain_;  // the counter's certificate first
  StorePtr trusted_;
  StorePtr trusted_at_any_time_;  // the same certificates
  NamePtr expected_sender_;       // null: any trusted one
  NamePtr recipient_;
};

}  // namespace madoguchi::authority
