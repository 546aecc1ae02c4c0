// A case on the official terminal's channel: what is to be done there, and what the card says of it
// afterwards.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <vector>

#include "authority/terminal.hpp"
#include "renewal/case.hpp"

namespace madoguchi::renewal {

// What is known of a certificate on the card before it is handed over.
struct CardBefore {
  base::Bytes certificate;  // DER; empty: not read now
  std::string serial;       // as read in this case; empty: never
  bool absent = false;
};

// The sagas for a plan, authentication first, each handed over at `now`. Unlike plan_sagas() it does without
// the old certificates: the terminal reads them itself.
base::Result<std::vector<Saga>> plan_hand_over(const Plan& plan,
                                               const std::map<CertificateName, CardBefore>& before,
                                               base::Instant now);

// One that the card came back with from the terminal though the case was not about it, as if it had been
// handed over with the others; they stay in the order of the work. Nothing where that certificate has a saga
// already, is the one from before, or nobody had read that one in this case.
base::Result<void> take_in_undecided(Case& visit, CertificateName which, const CardBefore& before,
                                     const mynumber::Certificate& found);

authority::terminal::Order order_of(const Case& visit, const Saga& saga);
// What a look at the card means for a saga that was handed over, whose order it is. `accepted`: a clerk takes
// what may be taken (authority::terminal::acceptable()). What was seen to differ stays so until as much was
// seen again: a look for which no PIN was entered clears nothing.
Event judge_from_terminal(const Saga& saga, const authority::terminal::Order& order,
                          const authority::terminal::Look& look, base::Instant now, bool accepted);

// Is there anything that the terminal still has to do?
bool handed_over(const Case& visit);
// Does it need the reader for that? Not as long as only a PIN that is entered at the counter is wanted, to
// look at what only it opens.
bool back_to_the_terminal(const Case& visit);
// As far as the last look has shown, the card is as it was when it was handed over.
bool as_handed_over(const Saga& saga);

// Takes a saga out of the terminal's hands, as long as the last look shows that nothing was written. What
// only a PIN would have opened counts as not written where the other certificate shows that the work has not
// begun.
std::optional<Event> withdrawn_from_terminal(const Case& visit, const Saga& saga);

// The sheet for the clerk: `handed_over_at` and `steps`; of what is not done yet.
boost::json::object terminal_sheet(const Case& visit);
// A look's outcome in words; of a saga that has one.
boost::json::object shown_proof(const Case& visit, const Saga& saga);
// What differs of all of them, and what to do about it, in one text; nullopt where nothing does.
std::optional<authority::terminal::Words> differing(const std::vector<Saga>& sagas);

// The stored form of what a saga has of this channel.
void store_terminal(const Saga& saga, boost::json::object& into);
void load_terminal(const boost::json::object& stored, Saga& into);

}  // namespace madoguchi::renewal
