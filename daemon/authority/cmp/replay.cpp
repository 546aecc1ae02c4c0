#include "cmp/replay.hpp"

#include "authority/conversation.hpp"
#include "cmp/message.hpp"

namespace madoguchi::authority {

using base::Code;

namespace {

bool is_poll(const base::Bytes& request) {
  const auto message = read_message(request);
  return message && message->is(Body::pollreq);
}

}  // namespace

void add_request(Conversation& conversation, const base::Bytes& message) {
  auto& exchanges = conversation.exchanges;
  if (!exchanges.empty()) {
    const Exchange& last = exchanges.back();
    if (last.response.empty() && last.request == message) return;
    if (!last.response.empty() && is_poll(last.request) && is_poll(message)) exchanges.pop_back();
  }
  exchanges.push_back({message, {}});
}

base::Result<void> check_exchange(base::ByteView request, base::ByteView response) {
  const auto asked = read_message(request);
  if (!asked) return base::make_fault(Code::internal, "the stored request is not a PKIMessage");
  const auto answered = read_message(response);
  if (!answered) return base::make_fault(Code::authority_mismatch, "the answer is not a PKIMessage");
  const std::string claim = answered->is(Body::error) ? ": error: " + claimed_text(*answered) : "";
  if (!same_bytes(asked->transaction_id, answered->transaction_id)) {
    return base::make_fault(Code::authority_mismatch, "the answer is of another transaction" + claim);
  }
  if (asked->sender_nonce.empty() || !same_bytes(asked->sender_nonce, answered->recipient_nonce)) {
    return base::make_fault(Code::authority_mismatch, "the answer is to another message" + claim);
  }
  return {};
}

Replay::Replay(OSSL_CMP_CTX& context, const Conversation& conversation, const Credentials& credentials)
    : context_(context), conversation_(conversation), credentials_(credentials) {
  OSSL_CMP_CTX_set_transfer_cb(&context, &Replay::transfer);
  OSSL_CMP_CTX_set_transfer_cb_arg(&context, this);
}

const std::optional<base::Fault>& Replay::fault() const {
  if (thrown_) std::rethrow_exception(thrown_);
  return fault_;
}

OSSL_CMP_MSG* Replay::transfer(OSSL_CMP_CTX* context, const OSSL_CMP_MSG* request) noexcept {
  auto& self = *static_cast<Replay*>(OSSL_CMP_CTX_get_transfer_cb_arg(context));
  if (self.held_back_) return nullptr;
  try {
    return self.answer(to_der(request, i2d_OSSL_CMP_MSG)).release();
  } catch (...) {  // nothing may be thrown through OpenSSL
    self.thrown_ = std::current_exception();
    return nullptr;
  }
}

bool Replay::believed_before() const {
  const bool last = next_ + 1 == conversation_.exchanges.size();
  return !last || conversation_.believed;
}

CmpMessagePtr Replay::answer(base::Bytes request) {
  if (all_used()) {
    outgoing_ = std::move(request);
    return nullptr;
  }
  const Exchange& exchange = conversation_.exchanges[next_];
  const auto built = read_message(request);
  const auto stored = read_message(exchange.request);
  if (!built || !stored || built->body_type != stored->body_type || !same_bytes(built->body, stored->body)) {
    fault_ =
        base::make_fault(Code::conflict, "the stored conversation is not of this request or this verdict");
    return nullptr;
  }
  if (const auto fits = check_exchange(exchange.request, exchange.response); !fits) {
    fault_ = fits.error();
    if (next_ + 1 == conversation_.exchanges.size()) fault_->details["set_aside"] = true;
    return nullptr;
  }
  // What was signed in time stays so: a case may be gone on with when its authority's signer has another
  // certificate by now.
  if (!credentials_.trust(context_, believed_before())) {
    fault_ = library_fault(Code::internal, "no trusted certificates");
    return nullptr;
  }
  auto response = from_der<CmpMessagePtr>(exchange.response, d2i_OSSL_CMP_MSG);
  OSSL_CMP_CTX_set1_senderNonce(&context_,
                                OSSL_CMP_HDR_get0_recipNonce(OSSL_CMP_MSG_get0_header(response.get())));
  ++next_;
  ERR_clear_error();  // what is found there in the end is about this answer
  return response;
}

}  // namespace madoguchi::authority
