// A saga's steps on the card, as commands.
#pragma once

#include <utility>
#include <variant>

#include "counter/parts.hpp"
#include "mynumber/admin.hpp"
#include "renewal/saga.hpp"

namespace madoguchi::counter {

struct CardTools {
  mynumber::AdminCommandSet* admin;
  const mynumber::TerminalKey* terminal;
  const mynumber::CardProfile* profile;
};

// card.unknown where this generation of cards cannot be written to.
base::Result<CardTools> tools_of(const Parts& parts);

// A job that has the terminal's rights: every session of a card begins without. A face-authentication card
// has nothing else to sign by.
template <class Job>
auto with_rights(const CardTools& tools, Job job) {
  return [tools, job = std::move(job)](smartcard::Channel& card,
                                       mynumber::CardState& state) -> decltype(job(card, state)) {
    if (!state.terminal_authenticated) {
      if (const auto known = tools.admin->authenticate(card, state, *tools.terminal); !known)
        return known.error();
    }
    return job(card, state);
  };
}

// The saga's key's signature over the digest, verified; or the event of a slot that is proven to hold another
// key, or holds none. card.refused when only the answer was wrong: a bad moment is no lost key.
using Signed = std::variant<base::Bytes, renewal::Event>;
base::Result<Signed> sign_with_key_of(const CardTools& tools, smartcard::Channel& card,
                                      mynumber::CardState& state, const renewal::Saga& saga,
                                      const base::Sha256& digest);

// Of a single slot: whether the card has a pair that works without this case.
base::Result<bool> works_without(const CardTools& tools, smartcard::Channel& card, mynumber::CardState& state,
                                 const renewal::Saga& saga);

// Takes the step, all but SignRequest, which the authority has a part in. Before anything is changed the card
// is looked at: key_lost when it is no longer the saga's, seen twice; card.mute when it looks different then.
base::Result<renewal::Event> take_on_card(const CardTools& tools, smartcard::Channel& card,
                                          mynumber::CardState& state, const renewal::Saga& saga,
                                          const renewal::Step& step);

}  // namespace madoguchi::counter
