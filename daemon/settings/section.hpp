// Typed reading of a mapping: every accessor takes a key, fills a value, and complains in words if it cannot.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"
#include "policy/schedule.hpp"
#include "policy/text.hpp"
#include "settings/name_of_secret.hpp"
#include "settings/tree.hpp"

namespace madoguchi::settings {

enum class Need : std::uint8_t { required, optional };

// What reading one file brings to light: complaints, and where each key stands.
class Report {
 public:
  explicit Report(std::string file, NameOfSecret name_of = {})
      : file_(std::move(file)), name_of_(std::move(name_of)) {}
  void complain(Position at, std::string key, std::string message);
  void note(const std::string& key, Position at) { places_.emplace(key, at); }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const std::map<std::string, Position>& places() const { return places_; }
  [[nodiscard]] const NameOfSecret& name_of() const { return name_of_; }
  // In the order of the file.
  [[nodiscard]] std::vector<Complaint> sorted() const;
  void add(std::vector<Complaint> complaints);

 private:
  std::string file_;
  NameOfSecret name_of_;
  std::vector<Complaint> complaints_;
  std::map<std::string, Position> places_;
};

// A text with its place, e.g. an item of a list.
struct Placed {
  std::string text;
  Position at;
  std::string key;
};

class Section {
 public:
  // Reads `root` as a mapping with `read`, then complains about the keys that nobody asked for.
  static void read(const Value& root, Position at, const std::string& path, Report& report,
                   const std::function<void(Section&)>& read);

  void flag(std::string_view key, bool& into, Need need);
  void integer(std::string_view key, int& into, int least, int most, Need need);
  // Nothing if it is not there.
  void maybe_integer(std::string_view key, std::optional<int>& into, int least, int most);
  void text(std::string_view key, std::string& into, Need need, std::size_t longest = 1024);
  void date(std::string_view key, std::optional<base::Date>& into, Need need);
  // The position of the text in `words`.
  std::optional<std::size_t> word(std::string_view key, std::span<const std::string_view> words, Need need);
  template <class Word>
  void word(std::string_view key, Word& into, std::span<const std::string_view> words, Need need) {
    if (const auto found = word(key, words, need)) into = static_cast<Word>(*found);
  }
  // "HH:MM", as minutes after midnight; 24:00 is a day's end.
  void minute(std::string_view key, std::optional<int>& into, Need need);
  // A list of "HH:MM-HH:MM", or of {hours: "HH:MM-HH:MM", last_at: "HH:MM"}, which may be empty, in order and
  // without overlap.
  void intervals(std::string_view key, std::vector<policy::Interval>& into, Need need);
  // {from: MM-DD, to: MM-DD}, the same every year.
  void yearly(std::string_view key, std::optional<policy::YearlyRange>& into, Need need);
  // A list of days or ranges of days, at least one: sun, mon ... mon-fri.
  void weekdays(std::string_view key, policy::WeekdaySet& into, Need need);
  // A mapping from days or ranges of days to intervals; no day twice.
  void hours(std::string_view key, std::array<std::optional<std::vector<policy::Interval>>, 7>& into,
             Need need);
  // {ja: ..., en: ...}
  void words_in_both(std::string_view key, policy::Text& into, Need need);

  // A list that is there must not be empty: it would turn a rule off, or a condition into none, without a
  // word.
  void not_empty(std::string_view key);

  // A list of texts, none twice; at least one if required.
  std::vector<Placed> texts(std::string_view key, Need need);
  // The same where a mapping may stand for a text: `read` reads it as far as the text.
  std::vector<Placed> texts(std::string_view key, Need need,
                            const std::function<std::string(Section&)>& read);
  template <class Word>
  void words(std::string_view key, std::vector<Word>& into, std::span<const std::string_view> words,
             Need need);

  // A mapping, or a list of mappings (at least one if required).
  void section(std::string_view key, Need need, const std::function<void(Section&)>& read);
  void each(std::string_view key, Need need, const std::function<void(Section&)>& read);

  // A mapping whose keys are not known here.
  void open_section(
      std::string_view key, Need need,
      const std::function<void(const std::string& name, const Value& value, Position at)>& read);

  // All that stand here, known or not, in order.
  [[nodiscard]] std::vector<std::string_view> keys() const;
  // A key that may stand here, though nobody reads it.
  void knows(std::string_view key) { known_.insert(key); }
  // The kind of the key's value, so that one key may have several forms.
  [[nodiscard]] bool is(std::string_view key, Value::Kind kind) const;

  // Complaints do not repeat the key's value from here on: it may be a secret.
  void keep_to_itself(std::string_view key) { secret_.insert(key); }

  // About a key's value, or about the whole mapping for an empty key.
  void complain(std::string_view key, std::string message);
  [[nodiscard]] bool has(std::string_view key) const { return node_->find(key) != nullptr; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string key_path(std::string_view key) const;
  // Of the key's value, or of the mapping where the key is not in it.
  [[nodiscard]] Position position(std::string_view key) const;
  [[nodiscard]] Report& report() { return *report_; }

 private:
  Section(const Value& node, Position at, std::string path, Report& report)
      : node_(&node), at_(at), path_(std::move(path)), report_(&report) {}
  // nullptr if absent or refused; complains if it is needed.
  const Value* find(std::string_view key, Need need, std::string_view expected);
  const Value* scalar(std::string_view key, Need need, const std::string& expected);
  const Value* list(std::string_view key, Need need, const std::string& expected);
  void wrong(std::string_view key, const Value& value, const std::string& expected,
             std::string_view more = {});
  [[nodiscard]] std::string found_at(std::string_view key, const Value& value) const;
  std::optional<policy::Interval> read_interval(const Value& item, const std::string& place);
  std::optional<std::vector<policy::Interval>> read_intervals(const Value& node, const std::string& key);
  void finish();

  const Value* node_;
  Position at_;
  std::string path_;
  Report* report_;
  std::set<std::string_view> known_, secret_;
};

// "one of a, b, c".
std::string one_of(std::span<const std::string_view> words);
// `expected X, found Y`, with a near word of `words` suggested.
std::string expected_word(std::string_view text, std::span<const std::string_view> words);

template <class Word>
void Section::words(std::string_view key, std::vector<Word>& into, std::span<const std::string_view> words,
                    Need need) {
  const auto listed = texts(key, need);
  if (!has(key)) return;
  into.clear();
  for (const auto& item : listed) {
    std::size_t i = 0;
    while (i < words.size() && words[i] != item.text) ++i;
    if (i < words.size()) {
      into.push_back(static_cast<Word>(i));
    } else {
      report_->complain(item.at, item.key, expected_word(item.text, words));
    }
  }
}

}  // namespace madoguchi::settings
