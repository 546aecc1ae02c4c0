// One text of the command in both languages. Placeholders are {0} to {9}.
#pragma once

#include <string_view>

namespace madoguchi::cli {

struct Entry {
  std::string_view name;
  std::string_view en;
  std::string_view ja;
};

}  // namespace madoguchi::cli
