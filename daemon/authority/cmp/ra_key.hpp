// The counter's private key: from a file, or left where it is, in an HSM or a TPM.
#pragma once

#include "authority/cmp.hpp"
#include "cmp/openssl.hpp"

namespace madoguchi::authority {

// Can be lent to a context and compared with a certificate, and nothing else.
class RaKey {
 public:
  RaKey();  // none yet
  ~RaKey();
  RaKey(RaKey&&) noexcept;
  RaKey& operator=(RaKey&&) noexcept;

  static base::Result<RaKey> from_pem(base::ByteView pem);
  // A fault's details say in `trouble` what is the matter, see key_troubles().
  static base::Result<RaKey> from_store(const KeyStore& store);

  // The certificate's own? One in a store also has to sign something: some tokens only then look at their
  // PIN.
  [[nodiscard]] base::Result<void> check(const X509& certificate) const;
  // A context that has this key; null when OpenSSL could not make one.
  [[nodiscard]] CmpContextPtr new_context() const;

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};

}  // namespace madoguchi::authority
