// Whatever the command says to people, in Japanese and English: one catalogue (catalogue.hpp).
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "catalogue.hpp"

namespace madoguchi::cli {

enum class Lang : unsigned char { en, ja };

// The name of a text; a name that is not in the catalogue does not compile.
class Key {
 public:
  consteval Key(const char* name) : index_(index_of(name)) {}
  [[nodiscard]] constexpr std::size_t index() const { return index_; }

 private:
  static consteval std::size_t index_of(std::string_view name) {
    for (std::size_t i = 0; i < catalogue.size(); ++i) {
      if (catalogue[i].name == name) return i;
    }
    throw "no such text";
  }
  std::size_t index_;
};

// The text with {0}, {1} ... replaced.
std::string say(Lang lang, Key key, std::initializer_list<std::string_view> arguments = {});

// A word of the socket's (a state, an outcome ...) as `<family>.<word>`; itself when the catalogue does not
// know it, since a newer daemon may have more of them.
std::string word(Lang lang, std::string_view family, std::string_view word);

// `--lang` in the arguments, else LC_ALL, LC_MESSAGES, LANG: Japanese if it begins with "ja".
Lang choose_language(int argc, const char* const* argv);

}  // namespace madoguchi::cli
