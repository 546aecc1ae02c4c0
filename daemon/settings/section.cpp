#include "section.hpp"

#include <algorithm>
#include <charconv>

#include "scan.hpp"
#include "settings/nearest.hpp"

namespace madoguchi::settings {
namespace {

std::string found(const Value& node) {
  switch (node.kind) {
    case Value::Kind::scalar:
      return quote(node.text);
    case Value::Kind::list:
      return "a list";
    case Value::Kind::mapping:
      return "a mapping";
    case Value::Kind::nothing:
    case Value::Kind::refused:
      break;
  }
  return "nothing";
}

std::string suggestion(std::string_view text, const std::vector<std::string_view>& words) {
  const auto near = nearest(text, words);
  return near ? "; did you mean " + quote(*near) + "?" : std::string();
}

// Digits only: no sign but minus, no leading zero (YAML 1.1 would read it as octal), no other base.
std::optional<int> integer_in(const Value& node) {
  const std::string_view text = node.text;
  const auto digits = text.starts_with('-') ? text.substr(1) : text;
  if (node.quoted || digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

void Report::complain(Position at, std::string key, std::string message) {
  complaints_.push_back({file_, at, std::move(key), std::move(message)});
}

void Report::add(std::vector<Complaint> complaints) {
  complaints_.insert(complaints_.end(), std::make_move_iterator(complaints.begin()),
                     std::make_move_iterator(complaints.end()));
}

std::vector<Complaint> Report::sorted() const {
  auto all = complaints_;
  std::stable_sort(all.begin(), all.end(),
                   [](const Complaint& a, const Complaint& b) { return a.at < b.at; });
  return all;
}

std::string one_of(std::span<const std::string_view> words) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < words.size(); ++i) text.append(i == 0 ? "" : ", ").append(words[i]);
  return text;
}

std::string expected_word(std::string_view text, std::span<const std::string_view> words) {
  return "expected " + one_of(words) + ", found " + quote(text) +
         suggestion(text, std::vector<std::string_view>(words.begin(), words.end()));
}

void Section::read(const Value& root, Position at, const std::string& path, Report& report,
                   const std::function<void(Section&)>& read) {
  if (root.kind == Value::Kind::refused) return;
  if (root.kind != Value::Kind::mapping) {
    report.complain(root.at, path, "expected a mapping, found " + found(root));
    return;
  }
  Section section(root, at, path, report);
  read(section);
  section.finish();
}

std::string Section::key_path(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return key.empty() ? path_ : path_ + "." + std::string(key);
}

void Section::complain(std::string_view key, std::string message) {
  report_->complain(position(key), key_path(key), std::move(message));
}

Position Section::position(std::string_view key) const {
  const auto* member = node_->find(key);
  return member == nullptr ? at_ : member->value.at;
}

void Section::wrong(std::string_view key, const Value& value, const std::string& expected,
                    std::string_view more) {
  report_->complain(value.at, key_path(key),
                    "expected " + expected + ", found " + found_at(key, value) + std::string(more));
}

std::string Section::found_at(std::string_view key, const Value& value) const {
  const bool kept = value.kind == Value::Kind::scalar && secret_.contains(key);
  return kept ? "a text" : found(value);
}

const Value* Section::find(std::string_view key, Need need, std::string_view expected) {
  known_.insert(key);
  const auto* member = node_->find(key);
  if (member == nullptr) {
    if (need == Need::required) {
      report_->complain(at_, key_path(key), "missing; expected " + std::string(expected));
    }
    return nullptr;
  }
  report_->note(key_path(key), member->at);
  return member->value.kind == Value::Kind::refused ? nullptr : &member->value;
}

const Value* Section::scalar(std::string_view key, Need need, const std::string& expected) {
  const auto* node = find(key, need, expected);
  if (node == nullptr || node->kind == Value::Kind::scalar) return node;
  wrong(key, *node, expected);
  return nullptr;
}

void Section::flag(std::string_view key, bool& into, Need need) {
  const std::string expected = "true or false";
  const auto* node = scalar(key, need, expected);
  if (node == nullptr) return;
  if (node->quoted || (node->text != "true" && node->text != "false")) return wrong(key, *node, expected);
  into = node->text == "true";
}

void Section::integer(std::string_view key, int& into, int least, int most, Need need) {
  const auto expected = "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  const auto* node = scalar(key, need, expected);
  if (node == nullptr) return;
  const auto value = integer_in(*node);
  if (node->quoted) {
    auto bare = *node;
    bare.quoted = false;
    if (integer_in(bare)) return wrong(key, *node, expected, " as text; take the quotes off");
  }
  if (!value || *value < least || *value > most) return wrong(key, *node, expected);
  into = *value;
}

void Section::maybe_integer(std::string_view key, std::optional<int>& into, int least, int most) {
  int value = into.value_or(least);
  integer(key, value, least, most, Need::optional);
  if (has(key)) into = value;
}

void Section::text(std::string_view key, std::string& into, Need need, std::size_t longest) {
  const auto expected = "a text of at most " + std::to_string(longest) + " bytes";
  const auto* node = scalar(key, need, expected);
  if (node == nullptr) return;
  if (node->text.empty() || node->text.size() > longest) return wrong(key, *node, expected);
  into = node->text;
}

void Section::date(std::string_view key, std::optional<base::Date>& into, Need need) {
  const std::string expected = "a date that exists, YYYY-MM-DD";
  const auto* node = scalar(key, need, expected);
  if (node == nullptr) return;
  const auto value = base::parse_date(node->text);
  if (!value) return wrong(key, *node, expected);
  into = value;
}

std::optional<std::size_t> Section::word(std::string_view key, std::span<const std::string_view> words,
                                         Need need) {
  const auto* node = scalar(key, need, one_of(words));
  if (node == nullptr) return std::nullopt;
  const auto at = std::find(words.begin(), words.end(), node->text);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  report_->complain(node->at, key_path(key), expected_word(node->text, words));
  return std::nullopt;
}

const Value* Section::list(std::string_view key, Need need, const std::string& expected) {
  const auto* node = find(key, need, expected);
  if (node == nullptr) return nullptr;
  if (node->kind != Value::Kind::list || (need == Need::required && node->items.empty())) {
    const bool empty = node->kind == Value::Kind::list;
    report_->complain(node->at, key_path(key),
                      "expected " + expected + ", found " + (empty ? "an empty list" : found_at(key, *node)));
    return nullptr;
  }
  return node;
}

void Section::not_empty(std::string_view key) {
  const auto* member = node_->find(key);
  if (member == nullptr || member->value.kind != Value::Kind::list || !member->value.items.empty()) return;
  complain(key, "expected at least one, found an empty list; leave the key out to have it as usual");
}

std::vector<Placed> Section::texts(std::string_view key, Need need) {
  return texts(key, need, nullptr);
}

std::vector<Placed> Section::texts(std::string_view key, Need need,
                                   const std::function<std::string(Section&)>& read) {
  std::vector<Placed> all;
  const auto* node = list(key, need, read ? "a list of texts or mappings" : "a list of texts");
  if (node == nullptr) return all;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const auto& item = node->items[i];
    auto place = key_path(key) + "[" + std::to_string(i) + "]";
    if (item.kind == Value::Kind::refused) continue;
    auto text = item.kind == Value::Kind::scalar ? item.text : std::string();
    if (read && item.kind == Value::Kind::mapping) {
      Section::read(item, item.at, place, *report_, [&](Section& s) { text = read(s); });
      if (text.empty()) continue;
    }
    if (text.empty()) {
      report_->complain(item.at, std::move(place), "expected a text, found " + found(item));
    } else if (std::any_of(all.begin(), all.end(), [&](const Placed& p) { return p.text == text; })) {
      const auto what = secret_.contains(key) ? "the same text" : quote(text);
      report_->complain(item.at, std::move(place), what + " stands here a second time");
    } else {
      all.push_back({std::move(text), item.at, std::move(place)});
    }
  }
  return all;
}

void Section::section(std::string_view key, Need need, const std::function<void(Section&)>& read) {
  const auto* node = find(key, need, "a mapping");
  if (node == nullptr) return;
  if (node->kind == Value::Kind::scalar) return wrong(key, *node, "a mapping");
  Section::read(*node, node_->find(key)->at, key_path(key), *report_, read);
}

void Section::each(std::string_view key, Need need, const std::function<void(Section&)>& read) {
  const auto* node = list(key, need, "a list of mappings");
  if (node == nullptr) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const auto& item = node->items[i];
    const auto place = key_path(key) + "[" + std::to_string(i) + "]";
    report_->note(place, item.at);
    Section::read(item, item.at, place, *report_, read);
  }
}

void Section::open_section(
    std::string_view key, Need need,
    const std::function<void(const std::string& name, const Value& value, Position at)>& read) {
  const auto* node = find(key, need, "a mapping");
  if (node == nullptr) return;
  if (node->kind != Value::Kind::mapping) return wrong(key, *node, "a mapping");
  for (const auto& member : node->members) {
    report_->note(key_path(key) + "." + member.key, member.at);
    if (member.value.kind != Value::Kind::refused) read(member.key, member.value, member.at);
  }
}

std::vector<std::string_view> Section::keys() const {
  std::vector<std::string_view> all;
  for (const auto& member : node_->members) all.push_back(member.key);
  return all;
}

void Section::finish() {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& member : node_->members) {
    if (known_.contains(member.key)) continue;
    if (member.key == "<<") {
      report_->complain(member.at, key_path(member.key), "merge keys are not taken; write the keys out");
      continue;
    }
    auto hint = suggestion(member.key, known);
    if (hint.empty()) hint = "; known here: " + one_of(known).substr(7);
    report_->complain(member.at, key_path(member.key), "unknown key" + hint);
  }
}

}  // namespace madoguchi::settings
