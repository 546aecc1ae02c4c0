// What `madoguchid --examine` looks at, in this order.
#pragma once

#include <array>

namespace madoguchi::doctor {

inline constexpr std::array<const char*, 7> parts{"config",      "socket",  "store",      "policy",
                                                  "credentials", "readers", "authorities"};

}  // namespace madoguchi::doctor
