// What is said to people, in both languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace madoguchi::policy {

// The names in braces, each once; one that is not closed with all that follows its brace.
std::vector<std::string> parameters_in(std::string_view text);
// About every parameter of the text that is not among `known`.
std::vector<std::string> parameter_complaints(std::string_view text, const std::vector<std::string>& known);

struct Text {
  std::string ja;
  std::string en;
  bool operator==(const Text&) const = default;
};

}  // namespace madoguchi::policy
