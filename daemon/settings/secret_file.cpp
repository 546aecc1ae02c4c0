#include "secret_file.hpp"

#include <string_view>

namespace madoguchi::settings {
namespace {

constexpr const char* path_expected =
    "expected the path of a file, such as /etc/madoguchi/NAME or ./NAME; what is secret stands in that file";

bool looks_like_a_path(std::string_view text) {
  return text.find_first_of("/.") != std::string_view::npos;
}
// A name may be anything else, but not this.
bool is_key_text(std::string_view text) {
  return text.find('\n') != std::string_view::npos || text.starts_with("-----BEGIN");
}

// Empty, and complained about, where nobody can have meant a file.
std::string name_of(Report& report, const Placed& placed) {
  const auto place = placed.key + ", line " + std::to_string(placed.at.line);
  auto name = report.name_of() ? report.name_of()(placed.text, place) : placed.text;
  const bool leads_to_it = name == placed.text;
  if (!is_key_text(placed.text) && (leads_to_it || looks_like_a_path(placed.text))) return name;
  report.complain(placed.at, placed.key, path_expected);
  return {};
}

}  // namespace

void read_secret_file(Section& section, std::string_view key, std::string& into) {
  section.keep_to_itself(key);
  Placed placed{{}, {}, section.key_path(key)};
  section.text(key, placed.text, Need::optional);
  if (placed.text.empty()) return;
  placed.at = section.position(key);
  into = name_of(section.report(), placed);
}

std::vector<std::string> read_secret_files(Section& section, std::string_view key) {
  section.keep_to_itself(key);
  std::vector<std::string> files;
  for (const auto& placed : section.texts(key, Need::optional)) {
    if (auto name = name_of(section.report(), placed); !name.empty()) files.push_back(std::move(name));
  }
  return files;
}

}  // namespace madoguchi::settings
