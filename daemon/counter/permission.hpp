// May a case be gone on with, as it is decided?
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "counter/parts.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

// policy.blocked (details.decision) when a finding blocks, or sends to another procedure first.
base::Result<void> not_forbidden(const boost::json::object& decision);

// policy.blocked (details.decision, details.needs) when a finding leaves it to the clerk, who has given no
// reason for going on. What `before`, the case's decision until now, had left to the clerk was reasoned then.
base::Result<void> reasoned(const boost::json::object& decision, const boost::json::object& before,
                            const std::string& reason);

// conflict when the case's card would be written to today, and this generation of cards cannot be: nobody
// should enter PINs for nothing.
base::Result<void> writable(const Parts& parts, const renewal::Case& visit);

// conflict when its issuing has begun on another channel than the counter's: what one of them has begun, the
// other cannot finish.
base::Result<void> on_its_channel(const Parts& parts, const renewal::Case& visit);

// conflict: only the official terminal leaves that to a clerk.
base::Fault not_from_a_terminal(const std::string& id);

// The same as writable(), whatever is to be done.
base::Fault cannot_be_written();

// The codes of the findings that leave it to the clerk; of all findings.
std::vector<std::string> left_to_the_clerk(const boost::json::object& decision);
std::vector<std::string> codes_of(const boost::json::object& decision);

}  // namespace madoguchi::counter
