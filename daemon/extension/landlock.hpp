// Landlock (Linux 5.13): which files this process, and whoever it starts, may still open. What a seccomp
// filter cannot see.
#pragma once

#include <string>

namespace madoguchi::extension {

// The kernel's version of it; 0 if it has none, or may not be asked for it here.
int landlock_abi();

// From now on only shared libraries can be opened, and only to be read. Empty, or what could not be done.
// Needs a kernel that has it, and PR_SET_NO_NEW_PRIVS.
std::string allow_libraries_only();

}  // namespace madoguchi::extension
