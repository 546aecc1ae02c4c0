// Words that only core speaks under: a plugin of such a name, or with such a code, would be taken for it.
#pragma once

#include <string_view>

namespace madoguchi::extension {

// A method's, event's or product's first part, in singular or plural.
bool is_cores_name(std::string_view word);

// The same, and the first part of a code of core's findings.
bool is_cores_word(std::string_view word);

}  // namespace madoguchi::extension
