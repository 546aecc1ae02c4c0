// One exchange of a saga's conversation with its authority.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

#include "counter/parts.hpp"
#include "renewal/saga.hpp"

namespace madoguchi::counter {

// Waits; less when `stopping` becomes true meanwhile.
boost::asio::awaitable<void> pause(boost::asio::io_context& loop, std::chrono::milliseconds delay,
                                   const bool& stopping);

// Takes an answer that cannot be believed, before it is asked for again; a fault ends the asking. Outlives
// the call.
using SetAside = std::function<base::Result<void>(const base::Fault& why, const base::Bytes& answer)>;

// What the conversation makes of itself next: a message to record before it is sent, the answer to one that
// was recorded, or its end. Waits inside for an authority that asks for patience, at most
// AuthorityLine::patience in all and no longer than until `stopping`, then shutting_down. Without
// `patient` it waits for nothing: a poll that is due is sent, once, else the fault is authority.waiting.
boost::asio::awaitable<base::Result<renewal::Event>> talk(Parts& parts, const renewal::Saga& saga,
                                                          renewal::Converse::About about,
                                                          std::chrono::seconds& waited, bool patient,
                                                          const SetAside& keep, const bool& stopping);

// What the authority says of the saga's new certificate: a happening in any case, but shutting_down once
// `stopping`.
boost::asio::awaitable<base::Result<renewal::Event>> ask_status(Parts& parts, const renewal::Saga& saga,
                                                                const SetAside& keep, const bool& stopping);

// Is the authority of that certificate there, does it speak to this counter, and do their clocks agree?
// authority_answered, or why not.
boost::asio::awaitable<base::Result<renewal::Event>> ask_whether_there(Parts& parts,
                                                                       mynumber::CertificateName certificate,
                                                                       const SetAside& keep);

// Before a key is made: can those who are configured as its certificate's issuers be that? Asks the authority
// only where the card's old certificate leaves it open. `any_begun`: as in renewal::check_issuers.
boost::asio::awaitable<base::Result<void>> check_issuers(Parts& parts, const renewal::Saga& saga,
                                                         bool any_begun, const SetAside& keep);

}  // namespace madoguchi::counter
