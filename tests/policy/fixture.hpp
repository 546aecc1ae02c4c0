// The base case of the decision cases, and a policy with the rules that they are about.
#pragma once

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <string_view>

#include "policy/contribution.hpp"

namespace madoguchi::policy {

base::Date day(std::string_view text);
// "2026-02-12 10:00", in Japan.
base::Instant time(std::string_view text);

Policy city();
// With some national holidays, and closed from 29 December to 3 January.
Policy with_calendar();

// Adult resident, born on 10 April; both certificates end on 2026-04-10, the card on 2031-04-10; Thursday
// 2026-02-12 10:00 at the main office; the holder, with the notice and all PINs matching.
Facts base_case();
void set_certificates(Facts& facts, std::string_view expires_on);
void set_pins(Facts& facts, PinState state);
Document document(std::string type);
// Somebody comes for the holder, with a driving licence.
Facts visited_by(Role role);

std::set<std::string> codes(const Decision& decision);

// `complete_today`, both certificates with that action.
void expect_complete(const Decision& decision, Action action);
// `not_today` by the window alone.
void expect_too_early(const Decision& decision, std::string_view opens_on);
void expect_missing(const Decision& decision, const std::vector<std::string>& missing);

// Core's decision with what plugins say.
Decision decide_with(const Facts& facts, const std::vector<Contribution>& more);

// What a plugin that knows two-visit rules would add.
Contribution second_visit();

}  // namespace madoguchi::policy
