// Which policy a case is decided by. One reception is one day's stay at the counter: whatever changes during
// it (papers, the card, PINs) is decided by the policy that it began with, also when another one has come
// into force meanwhile. On another day the citizen is received anew, by the policy of that day.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>

#include "renewal/case.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::counter {

// The digest of the policy that decided the case; empty while none has.
std::string decided_by(const renewal::Case& visit);

// Are those facts (or, where they name no time, is now) of another day than the case's?
bool on_another_day(const renewal::Case& visit, const std::optional<boost::json::object>& facts,
                    base::Instant now);

// Called before new facts are merged into a case. When they are of another day than those of the case (they
// name one, or name none and today is another day, or the visit is another one), it is received anew: then
// nothing of the old decision stays, nor of another day's PINs but that they are locked, nor of its papers
// (what is needed is brought again, says the city's page of the second visit; those of a case that has begun
// are of the day that they were told on), and the time of reception is the named one, or now. What was read
// of the card on another day does not say that it was brought today. That a PIN is forgotten is the word of
// who said so, and goes with them. Whoever was received in time is served however late it gets that day. Of
// another visitor than before `holder.present` has its default again, and no paper of the earlier visitor's
// stays.
void receive(renewal::Case& visit, const std::optional<boost::json::object>& facts, base::Instant now);

// The same of who comes for the rest of a case that has begun.
void receive_visitor(renewal::Case& visit, const boost::json::object& told);

// Is there something of a case that has begun which no key has been made for, so that it can still be decided
// otherwise?
bool anything_left(const renewal::Case& visit);
// Is no key to be made any more, whatever the authority or the card may still turn away? As long as one may,
// it is told who has come.
bool all_keys_stand(const renewal::Case& visit);

// Somebody else has come than before, whom no fact tells apart: no paper of the earlier visitor's stays, nor
// a PIN that opens the card, nor how they are related to the holder. Called before new facts are merged.
void forget_visitor(renewal::Case& visit, const boost::json::object& told);

// Merges new facts into those of a case.
void take_told(renewal::Case& visit, const boost::json::object& told);
// invalid_params where the first visit that is told of is later than the case has had one.
base::Result<void> first_visit_was(const renewal::Case& visit, const boost::json::object& told);

// invalid_params where the facts name a time of reception that is still to come: reception is judged at the
// moment the ticket was taken.
base::Result<void> not_to_come(const boost::json::object& facts, base::Instant now);
// A case may be entered later than its visitor came: those facts name a time of reception on an earlier day
// than now.
bool entered_later(const boost::json::object& facts, base::Instant now);
// As `not_to_come`, and where it is not of today: whoever comes again is received again, and nothing that was
// shown or entered on another day counts.
base::Result<void> received_today(const boost::json::object& facts, base::Instant now);

// The digests of the policies that cases which may still be decided anew were decided by.
base::Result<std::set<std::string>> policies_under_way(storage::CaseStore& store);

}  // namespace madoguchi::counter
