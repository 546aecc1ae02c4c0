// The log port over spdlog.
#pragma once

#include <memory>

#include "base/log.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// To standard error: `text` for people, `json` one object a line, `journald` text with the priority prefix
// that systemd reads (sd-daemon(3)). A warning or an error also says what the book of messages has of it.
std::unique_ptr<base::Log> make_log(const settings::LogConfig& config);

}  // namespace madoguchi::app
