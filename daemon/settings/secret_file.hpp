// Where an administrator names the file of a key or a PIN.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "section.hpp"

namespace madoguchi::settings {

// The file that a key or a PIN stands in. One that was written in its place is refused here and not repeated:
// complaints, the log and the doctor repeat the names of files.
void read_secret_file(Section& section, std::string_view key, std::string& into);
std::vector<std::string> read_secret_files(Section& section, std::string_view key);

}  // namespace madoguchi::settings
