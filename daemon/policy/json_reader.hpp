// Reads typed members out of a JSON object and remembers what is not as it should be.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"
#include "base/fault.hpp"
#include "policy/facts.hpp"
#include "policy/vocabulary.hpp"

namespace madoguchi::policy {

// The complaints of one document: the details name the first, the inner text tells all.
class JsonComplaint {
 public:
  explicit JsonComplaint(UnknownNames names = UnknownNames::by_length) : names_(names) {}
  void say(std::string_view pointer, std::string_view expected) { say(pointer, expected, pointer); }
  // Of a member that nobody asked for, below `parent`.
  void say_unknown(std::string_view parent, std::string_view name, std::string_view expected);
  [[nodiscard]] bool any() const { return fault_.has_value(); }
  [[nodiscard]] const base::Fault& fault() const { return *fault_; }

 private:
  void say(std::string_view pointer, std::string_view expected, std::string_view logged);

  UnknownNames names_;
  std::optional<base::Fault> fault_;
};

std::string one_of(std::span<const std::string_view> names);

// RFC 6901: `token` appended to `pointer`.
std::string pointer_to(std::string_view pointer, std::string_view token);

// Every accessor gives its default (or nothing) for an absent member and complains about a wrong one.
// finish() then complains about members that nobody asked for.
class JsonReader {
 public:
  JsonReader(const boost::json::object& object, std::string pointer, JsonComplaint& complaint)
      : object_(&object), pointer_(std::move(pointer)), complaint_(&complaint) {}

  std::optional<bool> flag(std::string_view name);
  bool flag(std::string_view name, bool otherwise) { return flag(name).value_or(otherwise); }
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<std::string> text(std::string_view name, std::size_t longest);
  std::optional<base::Date> date(std::string_view name);
  std::optional<base::Instant> time(std::string_view name);
  const boost::json::object* object(std::string_view name);
  const boost::json::array* array(std::string_view name, std::size_t most);

  template <class Word>
  std::optional<Word> word(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto found = value->is_string() ? named<Word>(std::string_view(value->get_string())) : std::nullopt;
    if (!found) complain(name, one_of(names<Word>()));
    return found;
  }
  template <class Word>
  Word word(std::string_view name, Word otherwise) {
    return word<Word>(name).value_or(otherwise);
  }
  // A list of different words.
  template <class Word>
  std::optional<std::vector<Word>> words(std::string_view name);

  // Complains that a member is missing unless it is there, rightly or not.
  void require(std::string_view name, std::string_view expected);
  void complain(std::string_view name, std::string_view expected);
  void finish();

  [[nodiscard]] std::string pointer(std::string_view name) const { return pointer_to(pointer_, name); }

 private:
  const boost::json::value* find(std::string_view name);

  const boost::json::object* object_;
  std::string pointer_;
  JsonComplaint* complaint_;
  std::vector<std::string_view> known_;
};

template <class Word>
std::optional<std::vector<Word>> JsonReader::words(std::string_view name) {
  const auto* list = array(name, names<Word>().size());
  if (list == nullptr) return std::nullopt;
  std::vector<Word> all;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& value = (*list)[i];
    // No word is empty, so that what is no text is no word either.
    const auto text = value.is_string() ? std::string_view(value.get_string()) : std::string_view();
    const auto word = named<Word>(text);
    const auto place = pointer_to(pointer(name), std::to_string(i));
    if (!word) {
      complaint_->say(place, one_of(names<Word>()));
      return std::nullopt;
    }
    for (const auto earlier : all) {
      if (earlier == *word) complaint_->say(place, "no name twice");
    }
    all.push_back(*word);
  }
  return all;
}

}  // namespace madoguchi::policy
