// The lists of the back office: to post, past the term, near it, all.
#pragma once

#include <madoguchi/section.hpp>
#include <madoguchi/step.hpp>

#include "inquiry.hpp"

namespace proxy_two_visit {

bool is_list(std::string_view method);
// {items, next?} of the page that the call brings; what is due first comes first.
// A case of an office that the policy does not have any more is in the lists of all.
json::object list(const madoguchi::plugin::Call& call, Date today, const madoguchi::plugin::City& city);

}  // namespace proxy_two_visit
