// What the service manager is told (sd_notify(3)); nothing happens where there is none.
#pragma once

#include <string>

namespace madoguchi::app {

void notify_reloading();
// `status` is one line for `systemctl status`.
void notify_ready(const std::string& status);

}  // namespace madoguchi::app
