// A saga's steps on the card, as commands.
#pragma once

#include <utility>

#include "counter/parts.hpp"
#include "mynumber/admin.hpp"
#include "renewal/saga.hpp"

namespace madoguchi::counter {

struct CardTools {
  mynumber::AdminCommandSet* admin;
  const mynumber::TerminalKey* terminal;
  const mynumber::CardProfile* profile;
};

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

// Takes the step, all but SignRequest, which the authority has a part in. Before anything is changed the card
// is looked at: key_lost when it is no longer the saga's.
base::Result<renewal::Event> take_on_card(const CardTools& tools, smartcard::Channel& card,
                                          mynumber::CardState& state, const renewal::Saga& saga,
                                          const renewal::Step& step);

}  // namespace madoguchi::counter
