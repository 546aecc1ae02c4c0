// Is the card on a reader the case's?
#pragma once

#include "counter/parts.hpp"
#include "mynumber/card.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

struct WhoseCard {
  std::string identity;
  // The case's own key in the authentication certificate's slot while that certificate may be half written: a
  // card that is known by its certificate cannot be known by it then, and no other card has this key.
  base::Bytes key;
  // The certificates of the same slot before and in that write: once the key is given up or lost, what such a
  // file is made of tells the card.
  base::Bytes before{};
  base::Bytes written{};
};
WhoseCard card_of(const renewal::Case& visit);

// card.different when it is another, card.unknown when nothing tells, also when nothing is known of the
// case's. A job: runs on the reader's thread, and what it refers to outlives it.
class Recognise {
 public:
  Recognise(const Parts& parts, WhoseCard wanted)
      : profile_(&parts.profile),
        admin_(parts.admin),
        terminal_(parts.terminal),
        wanted_(std::move(wanted)) {}
  base::Result<void> operator()(smartcard::Channel& card, mynumber::CardState& state) const;

 private:
  base::Result<void> half_written(smartcard::Channel& card, mynumber::CardState& state) const;

  const mynumber::CardProfile* profile_;
  mynumber::AdminCommandSet* admin_;
  const mynumber::TerminalKey* terminal_;
  WhoseCard wanted_;
};

}  // namespace madoguchi::counter
