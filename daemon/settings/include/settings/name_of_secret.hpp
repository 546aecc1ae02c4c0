// How the file of a key or a PIN is spoken of.
#pragma once

#include <functional>
#include <string>

namespace madoguchi::settings {

// The name to go on with for the one that is written in the configuration. What leads to no file may be the
// secret itself, written in place of its file, and complaints, the log and the doctor repeat the names of
// files: then another comes back, which says where it is written (`place`, such as "store.key, line 12").
using NameOfSecret = std::function<std::string(const std::string& written, const std::string& place)>;

}  // namespace madoguchi::settings
