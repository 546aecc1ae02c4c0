// The texts that a policy is made of, as they stood when they were read.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "settings/policy_book.hpp"

namespace madoguchi::app {

struct PolicySource {
  std::string path;                          // as configured
  std::vector<settings::PolicyText> texts;   // one a version
  std::map<std::string, std::string> named;  // the files that they name, by path
};

struct ReadPolicy {
  PolicySource source;
  settings::PolicyBook book;
};

// The file, or every policy*.yaml of the folder, with all that they name. policy.invalid.
base::Result<ReadPolicy> read_policy(const std::filesystem::path& path);
// From these bytes and no file.
base::Result<settings::PolicyBook> load_policy(const PolicySource& source);

// policy.invalid with details.complaints.
base::Fault invalid_policy(const std::vector<settings::Complaint>& complaints);

}  // namespace madoguchi::app
