// What a policy may say and hardly means: told to whoever checks it, never a reason to refuse it.
#pragma once

#include <string>
#include <vector>

#include "settings/complaint.hpp"
#include "settings/policy_book.hpp"

namespace madoguchi::policy_tools {

std::vector<settings::Complaint> doubts(const settings::PolicyBook& book,
                                        const std::vector<settings::PolicyText>& texts);

}  // namespace madoguchi::policy_tools
