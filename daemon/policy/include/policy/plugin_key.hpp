// Where something stands in a plugin's section, as every other place of a policy is named.
#pragma once

#include <string>
#include <string_view>

namespace madoguchi::policy {

// "/openings/0/offices/1" of "holiday-openings" as "plugins.holiday-openings.openings[0].offices[1]".
inline std::string plugin_key(std::string_view plugin, std::string_view pointer) {
  std::string key = "plugins." + std::string(plugin);
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto token = pointer.substr(0, pointer.find('/'));
    const bool index = !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos;
    key += index ? "[" + std::string(token) + "]" : "." + std::string(token);
    pointer.remove_prefix(token.size());
  }
  return key;
}

}  // namespace madoguchi::policy
