// Whether somebody serves at a socket, found out without disturbing whoever does.
#pragma once

#include <filesystem>

namespace madoguchi::doctor {

// The kernel says so: nobody is connected to, and the socket's file need not be there any more.
bool listens(const std::filesystem::path& socket);

}  // namespace madoguchi::doctor
