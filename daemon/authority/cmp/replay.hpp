// Drives OpenSSL's CMP client with the stored conversation in the place of the network: its requests are
// answered in order, and the first one that has no answer yet is what has to be sent.
#pragma once

#include <exception>
#include <optional>

#include "authority/authority.hpp"
#include "cmp/credentials.hpp"
#include "cmp/message.hpp"
#include "cmp/openssl.hpp"

namespace madoguchi::authority {

// That `response` belongs to `request`: one transaction, and the nonce that was sent came back. OpenSSL's own
// check of the nonce cannot be used in a replay, since every context draws a new one.
base::Result<void> check_exchange(base::ByteView request, base::ByteView response);

class Replay {
 public:
  // Becomes the context's transport; all references must outlive it.
  Replay(OSSL_CMP_CTX& context, const Conversation& conversation, const Credentials& credentials);
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  // From now on nothing is to be sent, whatever OpenSSL has built.
  void hold_back() { held_back_ = true; }

  // The message that waits for its answer.
  [[nodiscard]] const std::optional<base::Bytes>& outgoing() const { return outgoing_; }
  [[nodiscard]] std::size_t answers_used() const { return next_; }
  [[nodiscard]] bool all_used() const { return next_ == conversation_.exchanges.size(); }
  // The conversation does not fit what OpenSSL asks. Rethrows what was thrown inside the callback.
  [[nodiscard]] const std::optional<base::Fault>& fault() const;

 private:
  static OSSL_CMP_MSG* transfer(OSSL_CMP_CTX* context, const OSSL_CMP_MSG* request) noexcept;
  CmpMessagePtr answer(base::Bytes request);
  [[nodiscard]] bool believed_before() const;

  OSSL_CMP_CTX& context_;
  const Conversation& conversation_;
  const Credentials& credentials_;
  std::size_t next_ = 0;
  bool held_back_ = false;
  std::optional<base::Bytes> outgoing_;
  std::optional<base::Fault> fault_;
  std::exception_ptr thrown_;
};

}  // namespace madoguchi::authority
