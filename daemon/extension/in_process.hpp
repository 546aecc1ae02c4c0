// `isolate: none`: a plugin in the daemon's own process.
#pragma once

#include <memory>

#include "admission.hpp"
#include "base/log.hpp"
#include "extension/running.hpp"
#include "library.hpp"

namespace madoguchi::extension {

base::Result<std::unique_ptr<Running>> start_in_process(const Admitted& admitted, base::Log& log);

// A plugin's lines as the daemon's log entries.
LogLine log_lines(base::Log& log, std::string name);

}  // namespace madoguchi::extension
