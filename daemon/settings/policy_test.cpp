#include "settings/policy_test.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <set>

#include "base/calendar.hpp"
#include "section.hpp"
#include "settings/nearest.hpp"
#include "to_json.hpp"

namespace madoguchi::settings {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 11> decision_keys{
    "outcome",      "certificates", "pins_required", "pin_resets",  "missing", "opens_on",
    "next_opening", "fee_yen",      "findings",      "no_findings", "policy"};

std::string shown(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

json::object object_of(Section& section, const std::string& key, const Value& value) {
  const Placing placing{[](const std::string&, Position) {},
                        [&](const std::string& pointer, Position at, std::string problem) {
                          section.report().complain(at, section.path() + "." + key + " at " + pointer,
                                                    std::move(problem));
                        }};
  auto made = to_json(value, "", placing);
  return made.is_object() ? std::move(made.get_object()) : json::object();
}

void check_expected(Section& section, const Value& expect) {
  std::vector<std::string_view> known(decision_keys.begin(), decision_keys.end());
  for (const auto& member : expect.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    section.report().complain(member.at, section.path() + ".expect." + member.key,
                              "unknown key; known here: " + one_of(known).substr(7));
  }
}

PolicyTest read_case(Section& section, const Value& node) {
  PolicyTest test;
  section.text("name", test.name, Need::required);
  for (const std::string_view key : {"facts", "expect"}) {
    section.open_section(key, Need::required, [](const std::string&, const Value&, Position) {});
    const auto* member = node.find(key);
    if (member == nullptr || member->value.kind != Value::Kind::mapping) continue;
    (key == "facts" ? test.facts : test.expect) = object_of(section, std::string(key), member->value);
    if (key == "expect") check_expected(section, member->value);
  }
  section.open_section("policy", Need::optional, [](const std::string&, const Value&, Position) {});
  if (const auto* overlay = node.find("policy")) test.overlay = overlay->value;
  if (test.expect.empty() && node.find("expect") != nullptr) {
    section.complain("expect", "expects nothing; say what the case is about");
  }
  return test;
}

// The codes of findings, or names in a list.
std::set<std::string> names_in(const json::value& list) {
  std::set<std::string> names;
  if (const auto* array = list.if_array()) {
    for (const auto& item : *array) {
      const auto* object = item.if_object();
      names.insert(shown(object != nullptr && object->contains("code") ? object->at("code") : item));
    }
  }
  return names;
}

std::string listed(const std::set<std::string>& names) {
  std::string text = "[";
  for (const auto& name : names) text.append(text.size() == 1 ? "" : ", ").append(name);
  return text + "]";
}

class Comparing {
 public:
  explicit Comparing(const json::object& decision) : decision_(decision) {}

  std::vector<std::string> run(const json::object& expect) {
    for (const auto& wanted : expect) {
      const std::string key(wanted.key());
      if (key == "findings" || key == "no_findings") {
        codes(key, wanted.value());
      } else {
        compare(key, wanted.value(), decision_.if_contains(wanted.key()));
      }
    }
    return std::move(all_);
  }

 private:
  void differ(const std::string& path, const std::string& expected, const std::string& found) {
    all_.push_back(path + ": expected " + expected + ", found " + found);
  }

  void codes(const std::string& key, const json::value& expected) {
    const auto* list = decision_.if_contains("findings");
    const auto said = list == nullptr ? std::set<std::string>() : names_in(*list);
    for (const auto& code : names_in(expected)) {
      const bool there = said.contains(code);
      if (key == "findings" && !there) differ("findings", code, listed(said));
      if (key == "no_findings" && there) differ("no_findings", "no " + code, listed(said));
    }
  }

  void compare(const std::string& path, const json::value& expected, const json::value* found) {
    if (found == nullptr || found->is_null()) {
      if (!expected.is_null() && !(expected.is_array() && expected.get_array().empty())) {
        differ(path, shown(expected), "nothing");
      }
    } else if (const auto* object = expected.if_object()) {
      for (const auto& member : *object) {
        compare(path + "." + std::string(member.key()), member.value(),
                found->is_object() ? found->get_object().if_contains(member.key()) : nullptr);
      }
    } else if (expected.is_array()) {
      const auto wanted = names_in(expected);
      const auto there = names_in(*found);
      if (wanted != there) differ(path, listed(wanted), listed(there));
    } else if (!same(expected, *found)) {
      differ(path, expected.is_null() ? "nothing" : shown(expected), shown(*found));
    }
  }

  static bool same(const json::value& expected, const json::value& found) {
    if (expected == found) return true;
    if (!expected.is_string() || !found.is_string()) return false;
    const auto a = base::parse_time(std::string_view(expected.get_string()));
    const auto b = base::parse_time(std::string_view(found.get_string()));
    return a && b && *a == *b;
  }

  const json::object& decision_;
  std::vector<std::string> all_;
};

}  // namespace

Loaded<json::object> load_facts(std::string_view text, const std::string& file) {
  auto tree = read_tree(text, file);
  Report report(file);
  report.add(std::move(tree.complaints));
  Loaded<json::object> loaded;
  if (tree.root && tree.root->kind != Value::Kind::mapping) {
    report.complain(tree.root->at, "", "expected a mapping: the facts of one visit");
  } else if (tree.root) {
    const Placing placing{[](const std::string&, Position) {},
                          [&](const std::string& pointer, Position at, std::string problem) {
                            report.complain(at, pointer, std::move(problem));
                          }};
    loaded.value = to_json(*tree.root, "", placing).get_object();
  }
  loaded.complaints = report.sorted();
  if (!loaded.complaints.empty()) loaded.value.reset();
  return loaded;
}

PolicyTest unreadable_tests(const std::string& file, std::string why) {
  PolicyTest test;
  test.name = "the cases of this file";
  test.complaints.push_back({file, test.at, {}, std::move(why)});
  return test;
}

std::vector<PolicyTest> load_policy_tests(std::string_view text, const std::string& file) {
  Limits limits;
  limits.nodes = 5'000'000;
  limits.bytes = std::size_t{64} << 20;  // thousands of cases in one file
  auto tree = read_tree(text, file, limits);
  Report report(file);
  report.add(std::move(tree.complaints));
  std::vector<PolicyTest> tests;
  if (tree.root && tree.root->kind != Value::Kind::list) {
    report.complain(tree.root->at, "", "expected a list of cases");
  }
  const auto count = tree.root ? tree.root->items.size() : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& node = tree.root->items[i];
    const auto path = "[" + std::to_string(i) + "]";
    PolicyTest test;
    Section::read(node, node.at, path, report, [&](Section& section) { test = read_case(section, node); });
    test.at = node.at;
    if (test.name.empty()) test.name = "case " + std::to_string(i + 1);
    tests.push_back(std::move(test));
  }
  // Each to the case that it stands in.
  for (auto& complaint : report.sorted()) {
    const auto after = std::find_if(tests.begin(), tests.end(),
                                    [&](const PolicyTest& test) { return complaint.at < test.at; });
    if (after == tests.begin()) {
      auto broken = unreadable_tests(file, {});
      broken.at = complaint.at;
      broken.complaints = {std::move(complaint)};
      tests.insert(after, std::move(broken));
    } else {
      std::prev(after)->complaints.push_back(std::move(complaint));
    }
  }
  return tests;
}

std::vector<std::string> unknown_codes(const json::object& expect, const std::vector<std::string>& known) {
  const std::vector<std::string_view> words(known.begin(), known.end());
  std::vector<std::string> lines;
  for (const std::string_view key : {"findings", "no_findings"}) {
    const auto* list = expect.if_contains(key);
    if (list == nullptr) continue;
    for (const auto& code : names_in(*list)) {
      if (std::find(known.begin(), known.end(), code) != known.end()) continue;
      const auto meant = nearest(code, words);
      if (key == "no_findings" && !meant) continue;
      lines.push_back(std::string(key) + ": no rule says " + code +
                      (meant ? "; did you mean " + std::string(*meant) + "?" : ""));
    }
  }
  return lines;
}

std::vector<std::string> differences(const json::object& expect, const json::object& decision) {
  return Comparing(decision).run(expect);
}

}  // namespace madoguchi::settings
