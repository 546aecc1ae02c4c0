#include "simulated_card/faults.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace madoguchi::simulated_card {
namespace {

constexpr std::uint8_t update_binary = 0xD6;
constexpr std::uint8_t generate_key_pair = 0x46;

base::Fault refuse(std::string_view text, std::string_view why) {
  return base::make_fault(base::Code::invalid_params,
                          "fault `" + std::string(text) + "`: " + std::string(why));
}

std::optional<std::size_t> number(std::string_view text, int radix, std::size_t most) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (error != std::errc() || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

// The bytes of a short UPDATE BINARY, as [first, last) in its file.
std::optional<std::pair<std::size_t, std::size_t>> written_range(base::ByteView command) {
  if (command.size() < 6 || command[1] != update_binary) return std::nullopt;
  const std::size_t first =
      (command[2] & 0x80) != 0 ? command[3] : static_cast<std::size_t>(command[2] << 8 | command[3]);
  return std::pair(first, first + command[4]);
}

}  // namespace

base::Result<FaultPlan::Rule> FaultPlan::parse(std::string_view text) {
  struct Row {
    std::string_view name;
    std::string_view value;  // the key it needs
    int radix;
    Kind kind;
    std::optional<std::uint8_t> ins;
  };
  static constexpr Row rows[] = {
      {"vanish-before", "", 10, Kind::vanish_before, {}},
      {"vanish-after", "", 10, Kind::vanish_after, {}},
      {"delay", "ms", 10, Kind::delay, {}},
      {"silent", "", 10, Kind::silent, {}},
      {"mute", "", 10, Kind::mute, {}},
      {"torn-write", "byte", 10, Kind::torn_write, update_binary},
      {"write-failure", "", 10, Kind::write_failure, update_binary},
      {"keygen-failure", "", 10, Kind::keygen_failure, generate_key_pair},
      {"status", "sw", 16, Kind::status, {}},
      {"truncate", "keep", 10, Kind::truncate, {}},
  };
  const auto colon = text.find(':');
  const auto row = std::find_if(std::begin(rows), std::end(rows),
                                [&](const Row& r) { return r.name == text.substr(0, colon); });
  if (row == std::end(rows)) return refuse(text, "unknown kind");

  Rule rule;
  rule.text = text;
  rule.kind = row->kind;
  rule.ins = row->ins;
  std::string_view rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto pair = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const auto equals = pair.find('=');
    const auto key = pair.substr(0, equals);
    const auto word = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    const bool header = key == "ins" || key == "p1" || key == "p2";
    const bool value = !row->value.empty() && key == row->value;
    if (!header && !value && key != "count" && key != "times") return refuse(text, "unknown key");
    const auto read = number(word, header ? 16 : value ? row->radix : 10, header ? 0xFF : 0xFFFFFF);
    if (!read) return refuse(text, "not a number in range: " + std::string(pair));
    if (key == "ins") rule.ins = static_cast<std::uint8_t>(*read);
    if (key == "p1") rule.p1 = static_cast<std::uint8_t>(*read);
    if (key == "p2") rule.p2 = static_cast<std::uint8_t>(*read);
    if (key == "count") rule.count = *read;
    if (key == "times") rule.times = *read;
    if (value) rule.value = *read;
  }
  if (!row->value.empty() && !rule.value) return refuse(text, "needs " + std::string(row->value) + "=");
  if (rule.count == 0) return refuse(text, "count starts at 1");
  if (rule.kind == Kind::truncate && *rule.value == 0) return refuse(text, "keep is at least 1");
  if (rule.kind == Kind::status && *rule.value > 0xFFFF) return refuse(text, "sw has four digits");
  return rule;
}

base::Result<void> FaultPlan::arm(std::string_view text) {
  auto rule = parse(text);
  if (!rule) return rule.error();
  rules_.push_back(std::move(*rule));
  return {};
}

void FaultPlan::clear() {
  rules_.clear();
}

bool FaultPlan::strikes(Rule& rule, base::ByteView command) {
  if (rule.kind == Kind::mute || command.size() < 4) return false;
  if (rule.ins.value_or(command[1]) != command[1] || rule.p1.value_or(command[2]) != command[2] ||
      rule.p2.value_or(command[3]) != command[3]) {
    return false;
  }
  if (rule.kind == Kind::torn_write) {
    const auto range = written_range(command);
    if (!range || *rule.value < range->first || *rule.value >= range->second) return false;
  }
  if (rule.count > 1) {
    --rule.count;
    return false;
  }
  ++rule.happened;
  return true;
}

void FaultPlan::apply(const Rule& rule, base::ByteView command, Verdict& verdict) {
  switch (rule.kind) {
    case Kind::vanish_before:
      verdict.vanish_before = true;
      break;
    case Kind::vanish_after:
      verdict.vanish_after = true;
      break;
    case Kind::delay:
      verdict.delay += std::chrono::milliseconds(*rule.value);
      break;
    case Kind::silent:
      verdict.silent = true;
      break;
    case Kind::mute:
      break;
    case Kind::torn_write:
      verdict.disturbance.cut_write = *rule.value - written_range(command)->first;
      verdict.vanish_after = true;
      break;
    case Kind::write_failure:
      verdict.disturbance.refuse_write = true;
      break;
    case Kind::keygen_failure:
      verdict.disturbance.refuse_key = true;
      break;
    case Kind::status:
      verdict.status = static_cast<std::uint16_t>(*rule.value);
      break;
    case Kind::truncate:
      verdict.keep = *rule.value;
      break;
  }
}

bool FaultPlan::spent(const Rule& rule) {
  return rule.times != 0 && rule.happened >= rule.times;
}

Verdict FaultPlan::next(base::ByteView command) {
  Verdict verdict;
  for (auto& rule : rules_) {
    if (strikes(rule, command)) apply(rule, command, verdict);
  }
  std::erase_if(rules_, spent);
  return verdict;
}

bool FaultPlan::mute() const {
  return std::any_of(rules_.begin(), rules_.end(), [](const Rule& r) { return r.kind == Kind::mute; });
}

std::vector<std::string> FaultPlan::armed() const {
  std::vector<std::string> texts;
  for (const auto& rule : rules_) texts.push_back(rule.text);
  return texts;
}

}  // namespace madoguchi::simulated_card
