// How the documents of plugins are read: strictly, with the reason where one does not fit.
#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "base/result.hpp"
#include "policy/text.hpp"
#include "said.hpp"

namespace madoguchi::extension::documents {

namespace json = boost::json;

constexpr std::size_t longest_text = 2'000;
constexpr std::size_t longest_name = 64;

// Thrown by the readers here and caught by read_document(): what is wrong with a document.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A plugin's own word, which may be a person's date.
inline std::string quoted(std::string_view word) {
  return "\"" + said(word, Digits::masked) + "\"";
}

inline const json::object& object_of(const json::value& value, std::string_view where) {
  const auto* object = value.if_object();
  if (object == nullptr) throw Wrong(std::string(where) + ": not an object");
  return *object;
}

inline const json::value& member(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) throw Wrong("no member \"" + std::string(key) + "\"");
  return *value;
}

inline const json::array& list(const json::object& object, std::string_view key, std::size_t most) {
  const auto* array = member(object, key).if_array();
  if (array == nullptr) throw Wrong(std::string(key) + ": not a list");
  if (array->size() > most) throw Wrong(std::string(key) + ": longer than " + std::to_string(most));
  return *array;
}

inline std::string text_of(const json::value& value, std::string_view where,
                           std::size_t longest = longest_text) {
  const auto* text = value.if_string();
  if (text == nullptr) throw Wrong(std::string(where) + ": not a text");
  if (text->size() > longest) throw Wrong(std::string(where) + ": too long");
  return visible(*text);
}

inline std::string text(const json::object& object, std::string_view key,
                        std::size_t longest = longest_text) {
  return text_of(member(object, key), key, longest);
}

inline policy::Text words(const json::object& object) {
  policy::Text words{text(object, "ja"), text(object, "en")};
  if (words.ja.empty() || words.en.empty()) throw Wrong("a text in one language only");
  return words;
}

inline void only(const json::object& object, std::initializer_list<std::string_view> known) {
  for (const auto& m : object) {
    if (std::find(known.begin(), known.end(), m.key()) == known.end()) {
      throw Wrong("an unknown member " + quoted(m.key()));
    }
  }
}

template <class Read>
auto read_document(std::string_view document, std::string_view hook, const Read& read)
    -> base::Result<decltype(read(std::declval<const json::object&>()))> {
  const auto fault = [&](std::string_view what) {
    return base::make_fault(base::Code::plugin_failed, std::string(hook) + ": " + std::string(what));
  };
  json::value value;
  if (const auto wrong = base::parse_json(document, value))
    return fault("the answer is not JSON: " + wrong->problem);
  try {
    return read(object_of(value, "the answer"));
  } catch (const Wrong& wrong) {
    return fault(wrong.what());
  }
}

}  // namespace madoguchi::extension::documents
