#include "absent.hpp"

namespace madoguchi::counter {

base::Fault without(mynumber::CertificateName which) {
  const bool signature = which == mynumber::CertificateName::signature;
  return base::make_fault(
      base::Code::conflict, "the card has no such certificate",
      {{"pin", mynumber::name(mynumber::pin_of(which))},
       {"absent", mynumber::name(which)},
       {"ja", signature ? "カードに署名用電子証明書が入っていないため、この暗証番号はありません"
                        : "カードに利用者証明用電子証明書が入っていないため、この暗証番号はありません"},
       {"en", signature ? "The card has no signature certificate, and so no such PIN"
                        : "The card has no user authentication certificate, and so no such PIN"}});
}

}  // namespace madoguchi::counter
