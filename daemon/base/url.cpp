#include "base/url.hpp"

#include <algorithm>
#include <charconv>

namespace madoguchi::base {
namespace {

// Everything else has to be percent-encoded by whoever writes the address (RFC 3986 2), or means something
// here.
bool plain(char c) {
  constexpr std::string_view others = "-._~!$&'()*+,;=:%/[]";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_port(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= 65535;
}

// Splits `host`, `host:port`, `[address]` or `[address]:port`.
bool read_authority(std::string_view text, Url& url) {
  std::string_view port;
  if (take(text, "[")) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return false;
    url.host = text.substr(0, close);
    port = text.substr(close + 1);
    if (url.host.find(':') == std::string::npos) return false;
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    url.host = text.substr(0, colon);
    port = text.substr(colon);
    if (url.host.find_first_of("[]") != std::string::npos) return false;
  }
  url.port = url.secure ? "443" : "80";
  if (take(port, ":")) {
    if (!is_port(port)) return false;
    url.port = port;
    port = {};
  }
  return port.empty() && !url.host.empty();
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  if (!std::ranges::all_of(text, plain)) return std::nullopt;
  Url url;
  url.secure = take(text, "https://");
  if (!url.secure && !take(text, "http://")) return std::nullopt;
  const auto slash = std::min(text.find('/'), text.size());
  url.authority = text.substr(0, slash);
  url.path = slash == text.size() ? std::string("/") : std::string(text.substr(slash));
  if (!read_authority(url.authority, url)) return std::nullopt;
  return url;
}

}  // namespace madoguchi::base
