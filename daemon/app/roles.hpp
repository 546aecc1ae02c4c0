// Users and groups of the configuration as roles of a caller.
#pragma once

#include <sys/types.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "rpc/method.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// Names are looked up once, now; one that the system does not know is logged and gives nobody a role.
std::function<rpc::Roles(uid_t, std::span<const gid_t>)> make_roles(const settings::AccessConfig& access,
                                                                    base::Log& log);

// The names that the system does not know.
std::vector<std::string> unknown_in(const settings::AccessConfig& access);

}  // namespace madoguchi::app
