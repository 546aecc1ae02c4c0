// What citizens are told while nobody is received.
#pragma once

#include <madoguchi/section.hpp>
#include <madoguchi/step.hpp>

#include <optional>

#include "moment.hpp"

namespace queue_board {

using madoguchi::plugin::Reception;

// When the office closed today, if it did.
std::optional<Moment> last_closing(const Reception& reception, Moment now);
// When it still opens today, while nobody is received.
std::optional<Moment> opening_today(const Reception& reception, Moment now);
// That reception is closed, and when it opens next.
madoguchi::plugin::Words closed_notice(const Reception& reception, Moment now);

}  // namespace queue_board
