// Files and complaints as the tests of this room need them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/policy_file.hpp"

namespace madoguchi::settings {

// A file below config/.
std::string shipped(const std::string& path);

// A policy below config/, with the files that it names.
Loaded<policy::Policy> load_shipped(const std::string& path);

std::vector<std::string> texts(const std::vector<Complaint>& complaints);

// `text` with the one place that reads `from` changed; fails the test if there is not exactly one.
std::string changed(std::string text, std::string_view from, std::string_view to);

// A change to a good file, and every complaint that it brings, word for word.
struct Bad {
  const char* name;
  std::string_view from;
  std::string_view to;
  std::vector<std::string> complaints;
};

}  // namespace madoguchi::settings
