#include "ra_key.hpp"

#include <algorithm>
#include <cctype>

#include "secret_file.hpp"

namespace madoguchi::settings {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Of a URI (RFC 3986 3.1); empty: there is none.
std::string_view scheme_of(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(uri[0])) return {};
  const auto scheme = uri.substr(0, colon);
  const bool all = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
  return all ? scheme : std::string_view();
}

void check_uri(Section& section, std::string_view uri) {
  if (uri.empty()) return;
  std::string scheme(scheme_of(uri));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  if (scheme.empty() || scheme == "file") {
    section.complain(
        "uri",
        "expected the URI of a key in an HSM or a TPM, such as pkcs11:... or handle:...; a file is "
        "named by \"ra_key\"");
  }
  // RFC 7512 2.4: this file is read by more people than may use the key, and pin-source's mode nobody looks
  // at.
  for (const auto* attribute : {"pin-value=", "pin-source="}) {
    if (uri.find(attribute) != std::string_view::npos)
      section.complain("uri", "the PIN does not belong here; name the file that it stands in under \"pin\"");
  }
}

// Names, never paths: a module is taken from OpenSSL's folder of them or from the one that `modules` names.
bool is_provider(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

void read_store(Section& section, KeyStoreConfig& store) {
  // A PIN may have been written into either.
  section.keep_to_itself("uri");
  section.keep_to_itself("providers");
  section.text("uri", store.uri, Need::required);
  check_uri(section, store.uri);
  for (auto& placed : section.texts("providers", Need::required)) {
    if (!is_provider(placed.text)) {
      section.report().complain(
          placed.at, placed.key,
          "expected the name of an OpenSSL provider, without folder and .so, found a text");
    }
    store.providers.push_back(std::move(placed.text));
  }
  section.text("modules", store.modules, Need::optional);
  section.text("openssl_conf", store.openssl_conf, Need::optional);
  read_secret_file(section, "pin", store.pin);
}

}  // namespace

void read_ra_key(Section& section, AuthorityConfig& authority) {
  read_secret_file(section, "ra_key", authority.ra_key);
  section.keep_to_itself("ra_key_store");
  section.section("ra_key_store", Need::optional, [&](Section& s) {
    authority.ra_key_store.emplace();
    read_store(s, *authority.ra_key_store);
  });
  const bool file = section.has("ra_key");
  const bool store = section.has("ra_key_store");
  if (!file && !store) {
    section.complain(
        "ra_key", "missing; name the key's file here, or under \"ra_key_store\" the key in an HSM or a TPM");
  }
  if (file && store) {
    section.complain(
        "ra_key_store",
        "\"ra_key\" names another key; leave the one that the RA certificate is for, and take the "
        "other out");
  }
}

}  // namespace madoguchi::settings
