// How a plugin is named in a policy: where something stands in its section, and the codes that it may say.
#pragma once

#include <algorithm>
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

// Whether a plugin may say findings that begin with that word: its name or leading words of it, as written or
// with '_' for '-'. "proxy-two-visit" may speak as "proxy".
inline bool may_speak_as(std::string_view plugin, std::string_view first) {
  if (first.empty() || first.size() > plugin.size()) return false;
  if (first.size() < plugin.size() && plugin[first.size()] != '-') return false;
  const bool hyphens = first == plugin.substr(0, first.size());
  const bool underscores = std::equal(first.begin(), first.end(), plugin.begin(), [](char said, char named) {
    return said == (named == '-' ? '_' : named);
  });
  return hyphens || underscores;
}
// The same by a whole code, "proxy.reply_form_missing".
inline bool may_say(std::string_view plugin, std::string_view code) {
  return code.find('.') != std::string_view::npos && may_speak_as(plugin, code.substr(0, code.find('.')));
}

}  // namespace madoguchi::policy
