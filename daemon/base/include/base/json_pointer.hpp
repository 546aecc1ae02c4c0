// JSON pointers (RFC 6901).
#pragma once

#include <string>
#include <string_view>

namespace madoguchi::base {

// One reference token, as it stands in a pointer.
inline std::string escaped_token(std::string_view token) {
  std::string text;
  text.reserve(token.size());
  for (const char c : token) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

// The pointer to the member or item of that name below `pointer`.
inline std::string below(std::string_view pointer, std::string_view token) {
  std::string text(pointer);
  text += '/';
  return text += escaped_token(token);
}

}  // namespace madoguchi::base
