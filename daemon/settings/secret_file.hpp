// Where an administrator names the file of a key or a PIN.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "section.hpp"

namespace madoguchi::settings {

// The file that a key or a PIN stands in, by the name that Report::name_of() has for it. No complaint repeats
// what was written; what is neither a file nor a path is refused here.
void read_secret_file(Section& section, std::string_view key, std::string& into);
std::vector<std::string> read_secret_files(Section& section, std::string_view key);

}  // namespace madoguchi::settings
