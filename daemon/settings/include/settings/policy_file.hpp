// A municipality's policy file as policy::Policy.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "policy/policy.hpp"
#include "settings/complaint.hpp"
#include "settings/tree.hpp"

namespace madoguchi::settings {

// The text of a file that a policy names, by its path as the policy's own folder makes it.
using ReadFile = std::function<base::Result<std::string>(const std::string& path)>;

// `file` names the place in complaints and in Policy::origins; nothing is opened but what `read` opens. The
// digest is the SHA-256 of `text` followed by the texts of the files that it names.
Loaded<policy::Policy> load_policy(std::string_view text, const std::string& file, const ReadFile& read = {});

// The same with `overlay` merged over the file: mappings by key, lists of mappings with an `id` by that,
// everything else replaced. What is wrong with the overlay is complained about at the place of the file where
// it lands, or without a place.
Loaded<policy::Policy> load_policy(std::string_view text, const std::string& file, const Value& overlay,
                                   const ReadFile& read);

// Every key path of the policy with its value in one line, sorted: for comparing two of them.
std::vector<std::pair<std::string, std::string>> flat_values(const Value& root);

}  // namespace madoguchi::settings
