// The register as programs and people read it.
#pragma once

#include <boost/json/object.hpp>

#include "simulated_issuer/register.hpp"

namespace madoguchi::simulated_ca {

// {serial, kind, spki_sha256, subject, issued_at, not_before, not_after, status: good|revoked, confirmed,
//  transaction?, predecessor?, revoked_at?, reason?}
boost::json::object to_json(const simulated_issuer::Entry& entry);

}  // namespace madoguchi::simulated_ca
