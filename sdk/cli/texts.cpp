#include "texts.hpp"

#include <cstdlib>

namespace madoguchi::cli {
namespace {

std::string_view in(Lang lang, const Entry& entry) {
  return lang == Lang::ja ? entry.ja : entry.en;
}

Lang language_named(std::string_view name) {
  return name.starts_with("ja") ? Lang::ja : Lang::en;
}

}  // namespace

std::string say(Lang lang, Key key, std::initializer_list<std::string_view> arguments) {
  const auto pattern = in(lang, catalogue[key.index()]);
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool placeholder = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    const auto which = placeholder ? static_cast<std::size_t>(pattern[i + 1] - '0') : arguments.size();
    if (which < arguments.size()) {
      text.append(arguments.begin()[which]);
      i += 2;
    } else {
      text.push_back(pattern[i]);
    }
  }
  return text;
}

std::string word(Lang lang, std::string_view family, std::string_view word) {
  const std::string name = std::string(family).append(".").append(word);
  for (const auto& entry : catalogue) {
    if (entry.name == name) return std::string(in(lang, entry));
  }
  return std::string(word);
}

Lang choose_language(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--lang=")) return language_named(argument.substr(7));
    if (argument == "--lang" && i + 1 < argc) return language_named(argv[i + 1]);
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return language_named(value);
  }
  return Lang::en;
}

}  // namespace madoguchi::cli
