#include "simulated_ca/listing.hpp"

namespace madoguchi::simulated_ca {

boost::json::object to_json(const simulated_issuer::Entry& entry) {
  boost::json::object json = {
      {"serial", entry.serial},
      {"kind", simulated_issuer::to_string(entry.kind)},
      {"spki_sha256", entry.spki_sha256},
      {"subject", entry.subject},
      {"issued_at", base::format_time(entry.issued_at)},
      {"not_before", base::format_time(entry.not_before)},
      {"not_after", base::format_time(entry.not_after)},
      {"status", entry.revocation ? "revoked" : "good"},
      {"confirmed", entry.registration.confirmed},
  };
  if (!entry.registration.transaction.empty()) json["transaction"] = entry.registration.transaction;
  if (!entry.registration.predecessor.empty()) json["predecessor"] = entry.registration.predecessor;
  if (entry.revocation) {
    json["revoked_at"] = base::format_time(entry.revocation->at);
    json["reason"] = entry.revocation->reason;
  }
  return json;
}

}  // namespace madoguchi::simulated_ca
