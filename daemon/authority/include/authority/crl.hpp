// A list of what an issuer has revoked (CRL, RFC 5280 5) as a codec: bytes in; no I/O.
#pragma once

#include <memory>

#include "authority/standing.hpp"
#include "base/result.hpp"

struct X509_crl_st;

namespace madoguchi::authority {

class RevocationList {
 public:
  // DER, exactly. authority.mismatch when it is no whole list that one of these issuers (DER) has signed, one
  // from the future, or one without an end: nobody could tell when its silence stops meaning anything.
  static base::Result<RevocationList> read(base::ByteView der, const std::vector<base::Bytes>& issuers,
                                           base::Instant now);

  [[nodiscard]] base::Instant this_update() const { return this_update_; }
  [[nodiscard]] base::Instant next_update() const { return next_update_; }

  // What the list says of a certificate at `now`. Believed only when signed by the certificate's own issuer,
  // when it covers the certificate (issuing distribution point) and its next update is not due;
  // authority.mismatch otherwise, details.doubt being `other_issuer`, `out_of_date` or `unbelieved`.
  [[nodiscard]] base::Result<Statement> says_of(const StatusOf& about, base::Instant now) const;

 private:
  explicit RevocationList(std::shared_ptr<X509_crl_st> list) : list_(std::move(list)) {}

  std::shared_ptr<X509_crl_st> list_;
  base::Instant this_update_{};
  base::Instant next_update_{};
};

}  // namespace madoguchi::authority
