// What has become of a card between two looks at it.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "renewal/case.hpp"

namespace madoguchi::counter {

// The certificates that were read, or seen to be absent, and are others now as far as they were read again.
// Both are what was seen of the same card (card_facts.hpp).
std::vector<mynumber::CertificateName> replaced_since(const boost::json::object& before,
                                                      const boost::json::object& now);
// Keeps with what was seen that this one is another than the case had read.
void see_replaced(boost::json::object& seen, mynumber::CertificateName which);
// Those that were kept so.
std::vector<mynumber::CertificateName> replaced_in(const boost::json::object& seen);
// For the journal.
boost::json::object replaced(mynumber::CertificateName which, const boost::json::object& before,
                             const boost::json::object& now, const std::string& staff);
// For whoever stands at the counter: a message {ja, en}, and a finding with it.
boost::json::object words_of_replaced(mynumber::CertificateName which);
boost::json::object finding_of_replaced(mynumber::CertificateName which);

}  // namespace madoguchi::counter
