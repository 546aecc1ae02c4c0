// What a card says, as facts. It wins over what was told, and over what is told later.
//
// `seen` is kept with the case: {"card": {...}, "certificates": {...}} in the words of the facts, and
// {"tries": {pin: count}}, {"serials": {certificate: serial}} of those that were read, and
// {"statuses": {certificate: {serial, status, source, as_of, reason}}} as far as the authority was asked,
// each for as long as the card holds that certificate; {"replaced": [certificate]}, see elsewhere.hpp; and
// {"taken_to_end": date}, see take_to_end().
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "authority/status_inquiry.hpp"
#include "mynumber/card.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

// `before`: what was seen of the same card.
boost::json::object seen_on(const mynumber::Inspection& card, const boost::json::object& before = {});
// A certificate that was read; nullopt: the card has none.
void see(boost::json::object& seen, mynumber::CertificateName which,
         const std::optional<mynumber::Certificate>& certificate);
// What the authority says of one that was read.
void see(boost::json::object& seen, mynumber::CertificateName which, const mynumber::Certificate& certificate,
         const authority::CertificateStatus& status);
// One that is on its way and will be valid to `last_day`, whatever is on the card meanwhile.
void foresee(boost::json::object& seen, mynumber::CertificateName which, base::Date last_day);
// A signature certificate that nobody has read is decided about as if it ended with the authentication
// certificate. Once the official terminal has renewed that one, nothing on the card tells of the day any
// more: it is kept before.
void take_to_end(boost::json::object& seen);
// And foreseen by it, unless it was read meanwhile.
void foresee_as_taken(boost::json::object& seen);
boost::json::object statuses_in(const boost::json::object& seen);
// A day later "good" is no longer known; "revoked" stays.
void forget_good(boost::json::object& seen);
// A card that was there on one visit may have been left at home on the next: until it is there again, what is
// told of that counts. What was read of it stays.
void forget_presence(boost::json::object& seen);
void see_there(boost::json::object& seen);
// What became of a PIN on the card.
void see(boost::json::object& seen, mynumber::PinName pin, renewal::PinOutcome outcome);

// The last days that were told otherwise than the card says: {pointer, told, card} each.
boost::json::array told_otherwise(const boost::json::object& facts, const boost::json::object& seen);

void overlay(boost::json::object& facts, const boost::json::object& seen);
void overlay_pin(boost::json::object& facts, mynumber::PinName pin, renewal::PinOutcome outcome);

// Objects by key, everything else replaced.
void merge(boost::json::object& into, const boost::json::object& from);

}  // namespace madoguchi::counter
