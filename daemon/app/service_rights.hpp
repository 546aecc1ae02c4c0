// Looking at the daemon's files with the daemon's rights.
#pragma once

#include <filesystem>

namespace madoguchi::app {

// Root may read what the daemon may not: what root finds says nothing about it. So root takes on, for good,
// the rights of whoever owns the `store`, or would. Whether what is found from now on is what the daemon
// would find. Throws where root is not let.
bool become_service(const std::filesystem::path& store);

}  // namespace madoguchi::app
