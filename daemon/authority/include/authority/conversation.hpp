// How a conversation grows.
#pragma once

#include "authority/authority.hpp"

namespace madoguchi::authority {

// Takes in the message that is to be sent next. The last one once more adds nothing; a poll takes the place
// of an answered poll before it, which a replay does not need: an authority that takes days must not make
// what is kept grow with every question.
void add_request(Conversation& conversation, const base::Bytes& message);

}  // namespace madoguchi::authority
