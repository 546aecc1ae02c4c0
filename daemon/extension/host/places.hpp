// Where the child finds what it was given.
#pragma once

namespace madoguchi::extension {

inline constexpr int host_socket = 3;
inline constexpr int host_library = 4;

}  // namespace madoguchi::extension
