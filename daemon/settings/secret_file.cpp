#include "secret_file.hpp"

#include <string_view>

namespace madoguchi::settings {
namespace {

constexpr const char* path_expected =
    "expected the path of a file, such as /etc/madoguchi/NAME or ./NAME; what is secret stands in that file";

// What is shorter is no PIN.
constexpr std::size_t shortest_secret = 4;

bool may_be_a_path(std::string_view text) {
  if (text.size() < shortest_secret) return true;
  return text.find_first_of("/.") != std::string_view::npos && text.find('\n') == std::string_view::npos &&
         !text.starts_with("-----BEGIN");
}

}  // namespace

void read_secret_file(Section& section, std::string_view key, std::string& into) {
  section.text(key, into, Need::optional);
  if (may_be_a_path(into)) return;
  into.clear();
  section.complain(key, path_expected);
}

std::vector<std::string> read_secret_files(Section& section, std::string_view key) {
  std::vector<std::string> files;
  for (auto& placed : section.texts(key, Need::optional)) {
    if (!may_be_a_path(placed.text)) section.report().complain(placed.at, placed.key, path_expected);
    files.push_back(std::move(placed.text));
  }
  return files;
}

}  // namespace madoguchi::settings
