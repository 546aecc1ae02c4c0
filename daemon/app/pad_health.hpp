// Readers that no PIN can be entered at, where the configuration lets it be entered nowhere else.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "settings/daemon_config.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::app {

// A part of system.health; nothing while nothing is wrong.
std::optional<boost::json::object> pad_health(settings::PinPadUse use,
                                              const std::vector<smartcard::ReaderStatus>& readers);

}  // namespace madoguchi::app
