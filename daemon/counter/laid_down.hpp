// A card that was laid down by mistake, e.g. the visitor's own, shown to say who they are.
#pragma once

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

bool applied_for(const renewal::Case& visit);

// May the case take another card than it has? On the day of the reception; or, where what was applied for
// without a card is about none yet, with the second visit that comes for it: the reader may have the next
// visitor's by now. A letter that went out for a card is about that one.
bool laid_down_only(const renewal::Case& visit, bool comes_again, base::Instant now);

// card.different, with the way out where nothing has begun: an update takes the card that lies there, or the
// case was received with a wrong one and is received anew.
base::Fault another_card(const renewal::Case& visit, base::Instant now);

}  // namespace madoguchi::counter
