// What has become of a card between two looks at it.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
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

// What the facts told of a card that was not there when it was applied for: which one it is stays open until
// a PIN was entered, as long as it is not another than they told of, or tell since. nullptr where
// the card was there.
void keep_told_without_card(boost::json::object& seen, const boost::json::object& facts);
const boost::json::object* told_without_card(const boost::json::object& seen);
// Keeps with what was seen of a card that the case had another one first, which nobody had entered a PIN for:
// it may have been laid down by mistake, or this one may. Not where the first is back.
void see_other_card(boost::json::object& seen, const boost::json::object& before,
                    const std::string& card_before, const std::string& card);
// With it for whoever stands at the counter; nothing where the case has had one card only.
std::optional<boost::json::object> finding_of_other_card(const boost::json::object& seen);

}  // namespace madoguchi::counter
