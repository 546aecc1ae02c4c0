// What comes of a visit that cannot complete it, as the visitor is told.
#pragma once

#include <madoguchi/answer.hpp>
#include <madoguchi/visit.hpp>

#include "form_rule.hpp"

namespace proxy_two_visit {

// Nothing is applied for, and nothing posted, where core turns the visitor away, nor for somebody who needs a
// representative: they are not served through a proxy.
bool is_received(const Visit& visit);

// The parameter `follows` of a code's text. `form_shown`: it is not for want of a form. Facts do not tell
// what the case's own record says, e.g. the days of a letter: its hold does.
Param follows(const Visit& visit, bool form_shown, const FormRule& rule);

}  // namespace proxy_two_visit
