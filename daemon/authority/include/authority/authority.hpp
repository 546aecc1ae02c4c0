// The port to whoever issues certificates, as a conversation that can be replayed: values in, the next
// message out.
//
// Nothing here sends anything. The caller keeps the conversation in its journal, does the I/O through a
// Transport and asks again. After a crash the same conversation leads to the same next message, byte for byte
// (facts: RFC 4210 has no other way to repeat a request safely than to repeat its bytes).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/result.hpp"

namespace madoguchi::authority {

// What the new certificate is to be.
struct Enrolment {
  base::Bytes spki;             // the card's new public key, SubjectPublicKeyInfo
  base::Bytes subject_der;      // Name, taken from the old certificate
  base::Bytes old_certificate;  // DER; named by oldCertID where the body type can; empty: a new issuance
  base::Date last_day;  // the preview: asked for as notAfter, 23:59:59 in Japan, where the body type can
};

struct Exchange {
  base::Bytes request;   // complete PKIMessage
  base::Bytes response;  // empty while no answer has been accepted
};

// One CMP transaction.
struct Conversation {
  base::Bytes transaction_id;  // 16 random bytes, chosen before the first message
  base::Bytes body;            // enrolment: what assemble() returned; else empty
  std::vector<Exchange> exchanges;
  // The last answer was believed when it came, as every one before it: what was signed in time stays so, also
  // when its signer's certificate has ended since.
  bool believed = false;
};

// What is known about the card when an enrolment is to go on.
enum class Verdict : std::uint8_t {
  undecided,  // the certificate is not on the card yet: stop at Issued
  accepted,   // the card holds it and its key has answered: confirm
  refused,    // it must not be used: tell the authority so
};

struct Send {
  base::Bytes message;  // to be journaled, then posted
};
struct Wait {
  std::chrono::seconds delay;  // then ask again with waited = true
};
struct Issued {
  base::Bytes certificate;  // DER; protection and public key have been checked, nothing else
};
// Certificates of CAs that an authority shows of itself, DER.
struct ShownIssuers {
  std::vector<base::Bytes> named;     // its answer to the question for them
  std::vector<base::Bytes> enclosed;  // those beside an answer, for the chain of whoever has signed it
};
struct Finished {
  // preflight(): what the authority's clock showed when it answered, where its signed answer says so
  // (messageTime).
  std::optional<base::Instant> told_at{};
  ShownIssuers shown{};  // ask_issuers()
};
struct Rejected {
  base::Fault
      fault;  // authority.rejected, details.status and .failure in words; never worth repeating as it is
  bool reconcile = false;  // the authority may know this request already (duplicateCertReq,
                           // transactionIdInUse, certConfirmed): a person must look, repeating is wrong
  bool revoked = false;    // certRevoked: the old certificate that an enrolment names, or else its key's
  std::optional<base::Instant> told_at{};  // preflight(): as in Finished; here it may be the reason (badTime)
};
using Next = std::variant<Send, Wait, Issued, Finished, Rejected>;

// Where a fault of enrol(), revoke(), preflight() or ask_issuers() has details.set_aside = true, the answer
// to the last exchange must not stay in the conversation (it is spoilt or unsigned, or says that the
// authority cannot work just now): keep it as evidence, empty Exchange::response, and the next call gives the
// same request again.
//
// What carries a request is settled once the card has signed it: a conversation goes on as it began, whatever
// the settings have become.
//
// A certificate for another key is authority.mismatch with details.differs = "key": the answer is genuine and
// stays, and Verdict::refused tells the authority.
class Authority {
 public:
  virtual ~Authority() = default;

  // The bytes whose SHA-256 the card signs as its proof of possession (CertRequest of RFC 4211, or the
  // PKCS#10 info).
  [[nodiscard]] virtual base::Result<base::Bytes> to_be_signed(const Enrolment& enrolment) const = 0;
  // Those bytes and the card's signature made into Conversation::body. Verifies the proof, and that key and
  // subject in it are the enrolment's; authority.mismatch otherwise, since unset fields silently become the
  // counter's own.
  [[nodiscard]] virtual base::Result<base::Bytes> assemble(const Enrolment& enrolment,
                                                           base::ByteView to_be_signed,
                                                           base::ByteView signature) const = 0;

  // What comes next. `waited`: the last Wait is over. Send while the last exchange has no response repeats
  // its bytes.
  [[nodiscard]] virtual base::Result<Next> enrol(const Enrolment& enrolment, const Conversation& conversation,
                                                 Verdict verdict, bool waited) const = 0;
  // Revocation of the old certificate, reason superseded. "Already revoked" is Finished.
  [[nodiscard]] virtual base::Result<Next> revoke(base::ByteView old_certificate,
                                                  const Conversation& conversation) const = 0;
  // Is the authority there and does it speak to us? (general message) Finished when it answered.
  // authority.rejected, and nothing sent, when the counter's own certificate ends within the hour after `now`
  // or has not begun: every message of a renewal would be refused.
  [[nodiscard]] virtual base::Result<Next> preflight(const Conversation& conversation,
                                                     base::Instant now) const = 0;
  // The same, and it is asked for its CAs' certificates (RFC 9483 4.3.1). Many authorities do not know that
  // question and show nothing.
  [[nodiscard]] virtual base::Result<Next> ask_issuers(const Conversation& conversation,
                                                       base::Instant now) const = 0;

  // May `response` be stored as the answer to that request? It is a PKIMessage of the same transaction and
  // its recipNonce is the request's senderNonce. authority.mismatch otherwise: set it aside and send the
  // request again. Protection is verified by the next enrol() or revoke().
  [[nodiscard]] virtual base::Result<void> check_response(base::ByteView request,
                                                          base::ByteView response) const = 0;
};

}  // namespace madoguchi::authority
