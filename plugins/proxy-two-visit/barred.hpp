// What a second visit could not go on with, whatever form is brought to it.
#pragma once

#include <madoguchi/visit.hpp>
#include <optional>

#include "inquiry.hpp"
#include "waits.hpp"

namespace proxy_two_visit {

// In the words of the hold, in place of those that ask the proxy to come again: the decision blocks the visit
// or sends it elsewhere, and not for today's hours alone. Nothing where the letter's answer will do.
std::optional<Words> barred(const Inquiry& inquiry, const json::object& decision);

// Nothing would come of the answer either: no certificate has anything done about it now.
bool nothing_to_do(const madoguchi::plugin::Visit& visit);

// Kept of an inquiry that was not needed any more; nothing else is then.
inline constexpr std::string_view not_needed = "not_needed";

}  // namespace proxy_two_visit
