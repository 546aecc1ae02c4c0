// A day as people read it.
#pragma once

#include "base/calendar.hpp"
#include "policy/text.hpp"

namespace madoguchi::policy {

Text day_text(base::Date day);

}  // namespace madoguchi::policy
