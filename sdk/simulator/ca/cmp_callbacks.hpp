// One message on its way through OpenSSL's CMP server: the context it runs in and what the callbacks decide.
#pragma once

#include <openssl/cmp.h>

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "issuing.hpp"
#include "journal.hpp"
#include "simulated_ca/faults.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/handle.hpp"

namespace madoguchi::simulated_ca {

using ServerContextHandle = simulated_issuer::Handle<OSSL_CMP_SRV_CTX, OSSL_CMP_SRV_CTX_free>;

class MessageRun {
 public:
  MessageRun(const simulated_issuer::CaFolder& folder, simulated_issuer::Register& issued, Journal& journal,
             const std::vector<PlannedFault>& faults, base::Instant now)
      : folder_(folder),
        issued_(issued),
        issuing_(folder, issued),
        journal_(journal),
        faults_(faults),
        now_(now) {}

  // The answer's bytes; empty when OpenSSL cannot even make an error message.
  base::Result<base::Bytes> process(const OSSL_CMP_MSG* message, base::ByteView bytes);
  // false: nothing about this message is to be remembered, since it was refused on demand or could not be
  // decided.
  [[nodiscard]] bool memorable() const { return memorable_; }
  // Whether the message belongs to an enrolment, whose transaction is then to be kept.
  [[nodiscard]] bool enrolment() const { return enrolment_; }
  [[nodiscard]] const std::optional<Transaction>& transaction() const { return transaction_; }

  // The callbacks; null and false mean that an error message is to be sent.
  OSSL_CMP_PKISI* certificate_request(const OSSL_CRMF_MSG* crmf, const X509_REQ* pkcs10, X509** certificate,
                                      STACK_OF(X509) * *chain);
  OSSL_CMP_PKISI* revocation(const X509_NAME* issuer, const ASN1_INTEGER* serial);
  bool confirmation(const ASN1_OCTET_STRING* hash, const OSSL_CMP_PKISI* info);
  bool poll(OSSL_CMP_MSG** request, std::int64_t* check_after);
  bool refused_on_demand();
  // What a general message is answered with. Null: with an error.
  STACK_OF(OSSL_CMP_ITAV) * information(const STACK_OF(OSSL_CMP_ITAV) * asked) const;

 private:
  [[nodiscard]] const PlannedFault* fault(FaultKind kind) const;
  base::Result<ServerContextHandle> make_context();
  // Whether the message, as it came, is signed by the counter's RA.
  bool knows_signer(const OSSL_CMP_MSG* message);
  base::Result<bool> resume(OSSL_CMP_SRV_CTX* context);
  OSSL_CMP_PKISI* refuse(int failure, const std::string& text);
  // The message ends with this fault, and is not remembered; returns what the callbacks do then.
  bool failed(const base::Fault& fault);
  OSSL_CMP_PKISI* undecided(const base::Fault& fault);
  OSSL_CMP_PKISI* begin_waiting(const PlannedFault& order);
  OSSL_CMP_PKISI* grant(const CertificateRequest& request, X509** certificate, STACK_OF(X509) * *chain);
  OSSL_CMP_PKISI* hand_out(const simulated_issuer::Entry& entry, bool modified, X509** certificate,
                           STACK_OF(X509) * *chain);

  const simulated_issuer::CaFolder& folder_;
  simulated_issuer::Register& issued_;
  Issuing issuing_;
  Journal& journal_;
  const std::vector<PlannedFault>& faults_;
  base::Instant now_;
  base::ByteView bytes_;
  std::optional<Transaction> transaction_;
  std::optional<base::Fault> failed_;
  bool known_ = false;      // the transaction had been journaled before this message
  bool replaying_ = false;  // the transaction's request is run again, for the context's sake only
  bool polled_ = false;     // the transaction's request is processed now, after waiting
  bool memorable_ = true;
  bool enrolment_ = false;
};

}  // namespace madoguchi::simulated_ca
