// Beside this program, as it was built or as it was installed.
#pragma once

#include <filesystem>
#include <initializer_list>

namespace madoguchi::cli {

// The first of these that is there; the first of all if none is.
std::filesystem::path beside(std::initializer_list<const char*> places);

std::filesystem::path plugin_host_program();

}  // namespace madoguchi::cli
