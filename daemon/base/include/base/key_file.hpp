// Where secrets come from: files that nobody else may use, and what the service manager hands over.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace madoguchi::base {

// Who is in a group, but those whose own group it is.
std::vector<std::string> group_members(gid_t group);
using GroupMembers = std::function<std::vector<std::string>(gid_t)>;

// forbidden unless it is a plain file of root's or of whoever runs this that others may not use in any way
// and its group may not change, nor read where anybody else is in it; not_found. `what` it is stands in the
// complaint.
Result<void> check_secret(const std::filesystem::path& path, std::string_view what,
                          const GroupMembers& members_of = group_members);
// Where systemd lays out what it hands over to the service, while that runs.
inline constexpr const char* services_credentials = "/run/credentials/madoguchid.service";
// The service manager's credential of that name, if it gave this process one.
std::optional<std::filesystem::path> credential(std::string_view name);
// The same for whoever looks from beside the daemon: what was handed over to the service.
std::optional<std::filesystem::path> credential_of_service(std::string_view name);

}  // namespace madoguchi::base
