// Typed reading of a policy section: every accessor takes a key, gives a value, and complains if it cannot.
#pragma once

#include <array>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "madoguchi/calendar.hpp"
#include "madoguchi/json.hpp"
#include "madoguchi/nearest.hpp"

namespace madoguchi::plugin {

// What is wrong with a section, or (as a notice) what its author should know. `pointer` is an RFC 6901
// pointer into the section; the daemon shows the place in the file.
struct Complaint {
  std::string pointer;
  std::string message;
};

struct Words {
  std::string ja;
  std::string en;
};

// How people know an office, and reach it.
struct Office {
  std::string id;
  Words name;
  json::object contact;              // phone, fax, url, as far as they are known
  std::optional<Words> queue_label;  // its line on the public display; none: it has no live information
};

// What the city's policy says beside the section, as far as a section may refer to it.
struct City {
  std::vector<std::string> offices;         // ids
  std::vector<std::string> document_types;  // all that facts may name
  std::vector<Office> office_details;       // empty under a daemon that does not tell them yet
  Words name;                               // the city's; empty likewise
  std::map<std::string, Words, std::less<>> document_names;
  // A document type as people read it.
  [[nodiscard]] Words document_name(std::string_view type) const {
    const auto found = document_names.find(type);
    return found == document_names.end() ? Words{std::string(type), std::string(type)} : found->second;
  }
  [[nodiscard]] bool has_office(std::string_view id) const { return listed(offices, id); }
  [[nodiscard]] bool has_document(std::string_view type) const { return listed(document_types, type); }
  [[nodiscard]] const Office* office(std::string_view id) const {
    for (const auto& office : office_details) {
      if (office.id == id) return &office;
    }
    return nullptr;
  }

 private:
  static bool listed(const std::vector<std::string>& names, std::string_view name) {
    for (const auto& known : names) {
      if (known == name) return true;
    }
    return false;
  }
};

struct Report {
  std::vector<Complaint> complaints;  // any of these: the policy is refused
  std::vector<Complaint> notices;     // the policy is accepted, and these are shown
};

class Section {
 public:
  // Reads `object` with `read`, then complains about the keys that nobody asked for.
  template <class Read>
  static void read(const json::object& object, std::string pointer, Report& report, const Read& read) {
    Section section(object, std::move(pointer), report);
    read(section);
    section.finish();
  }

  [[nodiscard]] bool has(std::string_view key) const { return object_->contains(key); }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

  bool flag(std::string_view key, bool otherwise) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    if (const auto* flag = value->if_bool()) return *flag;
    complain(key, "expected true or false, found " + shown(*value));
    return otherwise;
  }

  std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t otherwise) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    const auto* number = value->if_int64();
    if (number != nullptr && *number >= least && *number <= most) return *number;
    complain(key, "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                      ", found " + shown(*value));
    return otherwise;
  }

  std::optional<std::string> text(std::string_view key) {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (const auto* text = value->if_string()) return std::string(*text);
    complain(key, "expected a text, found " + shown(*value));
    return std::nullopt;
  }

  // The text's place in `words`, whose order is an enum's.
  template <class Word>
  Word word(std::string_view key, std::span<const std::string_view> words, Word otherwise) {
    const auto given = text(key);
    if (!given) return otherwise;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == *given) return static_cast<Word>(i);
    }
    complain(key, "expected one of " + joined(words) + ", found \"" + *given + "\"");
    return otherwise;
  }

  std::optional<Date> date(std::string_view key) {
    const auto given = text(key);
    if (!given) return std::nullopt;
    auto date = parse_date(*given);
    if (!date) complain(key, "expected a date, YYYY-MM-DD, found \"" + *given + "\"");
    return date;
  }

  // `read(text, pointer)` for each text of a list.
  template <class Read>
  void texts(std::string_view key, const Read& read) {
    items(key, "a list of texts", [&](const json::value& item, const std::string& place) {
      if (const auto* text = item.if_string()) {
        read(std::string(*text), place);
      } else {
        report_->complaints.push_back({place, "expected a text"});
      }
    });
  }

  // The same for a list in which a mapping may stand for a text: `read_section(section)` for those.
  template <class Read, class ReadSection>
  void texts(std::string_view key, const Read& read, const ReadSection& read_section) {
    items(key, "a list of texts or mappings", [&](const json::value& item, const std::string& place) {
      if (const auto* text = item.if_string()) {
        read(std::string(*text), place);
      } else if (const auto* object = item.if_object()) {
        Section::read(*object, place, *report_, read_section);
      } else {
        report_->complaints.push_back({place, "expected a text or a mapping"});
      }
    });
  }

  // A list that is there must not be empty: it would turn a rule off without a word.
  void not_empty(std::string_view key) {
    const auto* value = object_->if_contains(key);
    const auto* list = value == nullptr ? nullptr : value->if_array();
    if (list != nullptr && list->empty()) {
      complain(key, "expected at least one; leave the key out to have it as usual");
    }
  }

  // A mapping, or each mapping of a list.
  template <class Read>
  void section(std::string_view key, const Read& read) {
    const auto* value = find(key);
    if (value == nullptr) return;
    if (const auto* object = value->if_object()) {
      Section::read(*object, place(key), *report_, read);
    } else {
      complain(key, "expected a mapping");
    }
  }
  template <class Read>
  void each(std::string_view key, const Read& read) {
    items(key, "a list of mappings", [&](const json::value& item, const std::string& place) {
      if (const auto* object = item.if_object()) {
        Section::read(*object, place, *report_, read);
      } else {
        report_->complaints.push_back({place, "expected a mapping"});
      }
    });
  }

  // About a key's value, or about the whole mapping for an empty key.
  void complain(std::string_view key, std::string message) {
    report_->complaints.push_back({key.empty() ? pointer_ : place(key), std::move(message)});
  }
  void complain_at(std::string pointer, std::string message) {
    report_->complaints.push_back({std::move(pointer), std::move(message)});
  }
  void notice(std::string pointer, std::string message) {
    report_->notices.push_back({std::move(pointer), std::move(message)});
  }
  [[nodiscard]] std::string place(std::string_view key) const { return pointer_ + '/' + std::string(key); }

 private:
  Section(const json::object& object, std::string pointer, Report& report)
      : object_(&object), pointer_(std::move(pointer)), report_(&report) {}

  const json::value* find(std::string_view key) {
    known_.emplace(key);
    return object_->if_contains(key);
  }

  template <class Read>
  void items(std::string_view key, std::string_view expected, const Read& read) {
    const auto* value = find(key);
    if (value == nullptr) return;
    const auto* list = value->if_array();
    if (list == nullptr) return complain(key, "expected " + std::string(expected));
    for (std::size_t i = 0; i < list->size(); ++i) read((*list)[i], place(key) + '/' + std::to_string(i));
  }

  static std::string shown(const json::value& value) {
    if (value.is_object()) return "a mapping";
    if (value.is_array()) return "a list";
    if (value.is_null()) return "nothing";
    const bool text = value.is_string();
    const auto number = text ? std::string_view(value.get_string()) : std::string_view();
    const bool quoted = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
    return json::serialize(value) + (quoted ? " as text; take the quotes off" : "");
  }

  static std::string joined(std::span<const std::string_view> words) {
    std::string all;
    for (const auto word : words) all.append(all.empty() ? "" : ", ").append(word);
    return all;
  }

  void finish() {
    std::vector<std::string_view> names(known_.begin(), known_.end());
    for (const auto& member : *object_) {
      if (known_.contains(std::string(member.key()))) continue;
      const auto meant = nearest(std::string_view(member.key()), names);
      complain(member.key(), meant ? "unknown key; did you mean \"" + std::string(*meant) + "\"?"
                                   : "unknown key; known here: " + joined(names));
    }
  }

  const json::object* object_;
  std::string pointer_;
  Report* report_;
  std::set<std::string> known_;
};

}  // namespace madoguchi::plugin
