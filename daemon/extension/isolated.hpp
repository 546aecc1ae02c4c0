// `isolate: process`: a plugin in a process of its own, which may crash, hang or eat memory without harm to
// the daemon.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "admission.hpp"
#include "base/log.hpp"
#include "extension/running.hpp"

namespace madoguchi::extension {

// Starts `program` (madoguchi-plugin-host) with the verified bytes; the plugin is loaded when this returns.
// plugin_timeout when that takes longer than `allowed`.
base::Result<std::unique_ptr<Running>> start_isolated(const Admitted& admitted,
                                                      const std::filesystem::path& program,
                                                      std::size_t memory_bytes, base::Log& log,
                                                      std::chrono::milliseconds allowed);

}  // namespace madoguchi::extension
