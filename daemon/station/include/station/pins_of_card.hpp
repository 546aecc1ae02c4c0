// What a policy says of PINs, held against the cards that come to this counter.
#pragma once

#include <vector>

#include "mynumber/profile.hpp"
#include "policy/policy.hpp"
#include "settings/complaint.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::station {

const mynumber::CardProfile& card_profile(settings::ReaderProfile profile);

// A citizen who was told other rules than the card's would think of a PIN that it refuses.
std::vector<settings::Complaint> pin_complaints(const policy::Policy& policy,
                                                const mynumber::CardProfile& card);

}  // namespace madoguchi::station
