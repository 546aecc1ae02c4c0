// `isolate: none`: a plugin in the daemon's own process.
#pragma once

#include <memory>

#include "admission.hpp"
#include "base/log.hpp"
#include "extension/running.hpp"

namespace madoguchi::extension {

base::Result<std::unique_ptr<Running>> start_in_process(const Admitted& admitted, base::Log& log);

}  // namespace madoguchi::extension
