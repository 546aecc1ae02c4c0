// The one form of address that the HTTP transport takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace madoguchi::authority {

struct Url {
  bool secure = false;
  std::string host;       // without brackets
  std::string port;       // decimal; 80 or 443 when not named
  std::string path;       // begins with a slash
  std::string authority;  // as the Host field wants it
};

// nullopt for anything that HttpSettings::url does not allow.
std::optional<Url> parse_url(std::string_view text);

}  // namespace madoguchi::authority
