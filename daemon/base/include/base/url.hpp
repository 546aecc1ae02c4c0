// The one form of address of an authority that is taken: without a user name, a query or a fragment, which
// would carry secrets into logs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace madoguchi::base {

struct Url {
  bool secure = false;
  std::string host;       // without brackets
  std::string port;       // decimal; 80 or 443 when not named
  std::string path;       // begins with a slash
  std::string authority;  // as the Host field wants it
};

// nullopt for anything else.
std::optional<Url> parse_url(std::string_view text);

}  // namespace madoguchi::base
