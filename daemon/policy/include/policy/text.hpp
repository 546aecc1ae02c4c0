// What is said to people, in both languages.
#pragma once

#include <string>

namespace madoguchi::policy {

struct Text {
  std::string ja;
  std::string en;
  bool operator==(const Text&) const = default;
};

}  // namespace madoguchi::policy
