// What comes of a visit that cannot complete it, as the visitor is told.
#pragma once

#include <madoguchi/answer.hpp>
#include <madoguchi/visit.hpp>

#include "prospect.hpp"

namespace proxy_two_visit {

// Nothing is applied for, and nothing posted, where core turns the visitor away, nor for somebody who needs a
// representative (they are not served through a proxy), nor for what is left of a case that has begun.
bool is_received(const Visit& visit);

// The parameter `follows` of a code's text. `form_shown`: it is not for want of a form. Without a case only
// the facts say how far it is; what is known of its inquiry counts whatever they say.
Param follows(const Visit& visit, bool form_shown, const Prospect& prospect, const FormRule& rule);

}  // namespace proxy_two_visit
