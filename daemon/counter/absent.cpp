#include "absent.hpp"

#include <algorithm>

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

base::Result<void> on_the_card(const renewal::Case& visit, mynumber::PinName pin) {
  using mynumber::CertificateName;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    if (mynumber::pin_of(which) != pin || !renewal::absent(visit.seen, which)) continue;
    const bool had_there =
        std::any_of(visit.sagas.begin(), visit.sagas.end(), [&](const renewal::Saga& saga) {
          return saga.certificate == which && saga.handed_over_at != base::Instant{};
        });
    if (!had_there) return without(which);
  }
  return {};
}

}  // namespace madoguchi::counter
