#include "authority/crl.hpp"

#include <openssl/x509v3.h>

#include <algorithm>

#include "status/about.hpp"

namespace madoguchi::authority {
namespace {

using StoreContextPtr = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
using ReasonPtr = Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;

// OpenSSL's own check of a chain with the list: it knows of scopes, entries that were lifted and
// extensions that must be understood. Times are ours to judge, since a certificate that has ended can be
// asked about too.
int verify(X509& certificate, X509& issuer, X509_CRL& list) {
  const StorePtr store(X509_STORE_new());
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_add_cert(store.get(), &issuer) != 1 ||
      X509_STORE_add_crl(store.get(), &list) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), &certificate, nullptr) != 1) {
    return X509_V_ERR_OUT_OF_MEM;
  }
  X509_STORE_CTX_set_flags(context.get(),
                           X509_V_FLAG_CRL_CHECK | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

bool signed_by_one_of(const std::vector<base::Bytes>& issuers, X509_CRL& list) {
  return std::any_of(issuers.begin(), issuers.end(), [&](const base::Bytes& der) {
    const auto issuer = certificate_from_der(der);
    return issuer && X509_NAME_cmp(X509_CRL_get_issuer(&list), X509_get_subject_name(issuer.get())) == 0 &&
           X509_CRL_verify(&list, X509_get0_pubkey(issuer.get())) == 1;
  });
}

// A hold is on the list as a revocation is, with this reason.
bool on_hold(X509_CRL& list, X509& certificate) {
  X509_REVOKED* row = nullptr;
  if (X509_CRL_get0_by_cert(&list, &row, &certificate) != 1) return false;
  const ReasonPtr reason(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(row, NID_crl_reason, nullptr, nullptr)));
  return reason && ASN1_ENUMERATED_get(reason.get()) == CRL_REASON_CERTIFICATE_HOLD;
}

}  // namespace

base::Result<RevocationList> RevocationList::read(base::ByteView der, const std::vector<base::Bytes>& issuers,
                                                  base::Instant now) {
  ERR_clear_error();
  const std::shared_ptr<X509_CRL> list(from_der<Owned<X509_CRL, X509_CRL_free>>(der, d2i_X509_CRL));
  if (!list) return not_believed("not a CRL");
  // OpenSSL takes one for a whole list unless it is told to handle deltas.
  if (X509_CRL_get_ext_by_NID(list.get(), NID_delta_crl, -1) >= 0) return not_believed("a delta CRL");
  const auto made = instant_of(X509_CRL_get0_lastUpdate(list.get()));
  const auto due = instant_of(X509_CRL_get0_nextUpdate(list.get()));
  if (!made || !due) return not_believed("a CRL without an end");
  if (!signed_by_one_of(issuers, *list)) return not_believed("a CRL that none of the issuers has signed");
  if (*made > now + status_skew) return not_believed("a CRL from the future");
  RevocationList read(list);
  read.this_update_ = *made;
  read.next_update_ = *due;
  return read;
}

base::Result<Statement> RevocationList::says_of(const StatusOf& about, base::Instant now) const {
  const auto pair = parsed(about);
  if (!pair) return pair.error();
  if (X509_NAME_cmp(X509_CRL_get_issuer(list_.get()), X509_get_subject_name(pair->issuer.get())) != 0) {
    return not_believed("the CRL of another issuer", Doubt::other_issuer);
  }
  if (next_update_ <= now) return not_believed("a CRL whose next update was due", Doubt::out_of_date);
  const int found = verify(*pair->certificate, *pair->issuer, *list_);
  ERR_clear_error();
  if (found == X509_V_ERR_CERT_REVOKED) {
    if (on_hold(*list_, *pair->certificate))
      return Statement{Standing::unknown, Doubt::on_hold, this_update_};
    return Statement{Standing::revoked, Doubt::none, this_update_};
  }
  if (found != X509_V_OK) return not_believed(std::string("CRL: ") + X509_verify_cert_error_string(found));
  if (precedes(X509_CRL_get0_lastUpdate(list_.get()), *pair->certificate)) {
    return Statement{Standing::unknown, Doubt::before_it, this_update_};
  }
  if (before(X509_get0_notAfter(pair->certificate.get()), this_update_)) {
    return Statement{Standing::unknown, Doubt::after_it, this_update_};
  }
  return Statement{Standing::good, Doubt::none, this_update_};
}

}  // namespace madoguchi::authority
