// Can the issuers that are configured be those of the certificate that is about to be asked for? Found out
// by check_issued() it costs the card its key.
//
// The generations of a CA have one name, and the next one may issue under a key that the card's certificate
// has never seen: so its name is enough. A CA that has another name by now is believed where the authority
// shows it, and none of the old name any more; where it shows nothing, whoever configures it names the old
// one beside it.
#pragma once

#include <vector>

#include "authority/authority.hpp"
#include "renewal/saga.hpp"

namespace madoguchi::renewal {

// By the card's old certificate alone. Also true where nothing can be said: no issuers are configured, or no
// old certificate can be read. false: the authority is to be asked what it shows.
bool issuers_fit(const Saga& saga, const std::vector<base::Bytes>& issuers, base::Instant now);

// By what the authority shows as well. authority.mismatch with details.differs = "issuers" when they can not
// be those who issue. `any_begun`: of the case's certificates one has been, so that nobody may be told that
// the card is as it was.
base::Result<void> check_issuers(const Saga& saga, const std::vector<base::Bytes>& issuers,
                                 const authority::ShownIssuers& shown, base::Instant now, bool any_begun);

}  // namespace madoguchi::renewal
