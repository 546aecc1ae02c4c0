// The strict reader: where everything stands, and what it refuses.
#include "settings/tree.hpp"

#include <gmock/gmock.h>

#include "settings/nearest.hpp"
#include "support.hpp"

namespace madoguchi::settings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> complaints(std::string_view text, const Limits& limits = {}) {
  return texts(read_tree(text, "f", limits).complaints);
}

TEST(Tree, every_value_knows_its_place) {
  const auto tree = read_tree("# comment\nwindow:\n  months: 3\n窓口: [一, \"二\"]\nempty:\n", "f");
  ASSERT_THAT(texts(tree.complaints), IsEmpty());
  const auto& root = *tree.root;
  ASSERT_EQ(root.kind, Value::Kind::mapping);
  const auto& months = *root.find("window")->value.find("months");
  EXPECT_EQ(months.at, (Position{3, 3}));
  EXPECT_EQ(months.value.at, (Position{3, 11}));
  EXPECT_EQ(months.value.text, "3");
  const auto& list = root.find("窓口")->value;
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[1].at, (Position{4, 9})) << "columns are characters, not bytes";
  EXPECT_EQ(list.items[1].text, "二");
  EXPECT_TRUE(list.items[1].quoted);
  EXPECT_FALSE(list.items[0].quoted);
  EXPECT_EQ(root.find("empty")->value.kind, Value::Kind::nothing);
  EXPECT_EQ(root.find("absent"), nullptr);
}

TEST(Tree, a_byte_order_mark_and_windows_lines_are_read) {
  const auto tree = read_tree(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 2\r\n",
      "f");
  ASSERT_THAT(texts(tree.complaints), IsEmpty());
  EXPECT_EQ(tree.root->find("b")->value.text, "2");
  EXPECT_EQ(tree.root->find("b")->value.at, (Position{2, 4}));
}

struct Refused {
  const char* name;
  std::string text;
  std::vector<std::string> complaints;
};

class TreeRefuses : public testing::TestWithParam<Refused> {};

TEST_P(TreeRefuses, with_exactly_these_words) {
  EXPECT_THAT(complaints(GetParam().text), testing::ElementsAreArray(GetParam().complaints));
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Table, TreeRefuses,
    testing::Values(
        Refused{"empty", "", {"f:1:1: the file is empty"}},
        Refused{"only_comments", "# nothing\n\n", {"f:1:1: the file is empty"}},
        Refused{"duplicate_key",
                "a: 1\nb: 2\na: 3\n",
                {"f:3:1: the key \"a\" stands here a second time; the first is at 1:1"}},
        Refused{"duplicate_key_deep",
                "x:\n  - y: {a: 1, \"a\": 2}\n",
                {"f:2:15: x[0].y: the key \"a\" stands here a second time; the first is at 2:9"}},
        Refused{"anchor",
                "a: &x 1\n",
                {"f:1:4: a: anchors are not allowed; write the value out, in quotes if it begins with &"}},
        Refused{"alias",
                "a: &x 1\nb: *x\n",
                {"f:1:4: a: anchors are not allowed; write the value out, in quotes if it begins with &",
                 "f:2:4: b: aliases are not allowed; write the value out"}},
        Refused{"alias_cycle",
                "a: &x [*x]\n",
                {"f:1:4: a: anchors are not allowed; write the value out, in quotes if it begins with &",
                 "f:1:8: a[0]: aliases are not allowed; write the value out"}},
        Refused{
            "merge_key_alias",
            "b:\n  <<: *x\n",
            {"f:2:7: not YAML: the referenced anchor is not defined; within the mapping that begins at 2:3"}},
        Refused{"tag",
                "a: !!python/object x\n",
                {"f:1:4: a: tags are not allowed; write the value in quotes if it begins with !"}},
        Refused{"tag_on_list",
                "a: !mine [1]\n",
                {"f:1:4: a: tags are not allowed; write the value in quotes if it begins with !"}},
        Refused{"second_document", "a: 1\n---\nb: 2\n", {"f:2:1: a second document; a file holds one"}},
        Refused{"nul", "a: 1\nb: \0\n"s, {"f:2:4: a NUL byte; the file must be plain text"}},
        Refused{"control", "a: \x07\n", {"f:1:4: a control character; the file must be plain text"}},
        Refused{"latin_1", "a: caf\xE9\n", {"f:1:7: not UTF-8; save the file in that encoding"}},
        Refused{"overlong_utf_8", "a: \xC0\x80\n", {"f:1:4: not UTF-8; save the file in that encoding"}},
        Refused{"surrogate", "a: \xED\xA0\x80\n", {"f:1:4: not UTF-8; save the file in that encoding"}},
        Refused{"utf_16",
                "\xFF\xFE"
                "a\0:\0"s,
                {"f:1:1: not UTF-8; save the file in that encoding"}},
        Refused{"list_as_key", "? [a]\n: 1\n", {"f:1:3: a key must be a word"}},
        Refused{"key_of_two_lines",
                "\"a\\nb\": {c: 1, c: 2}\n",
                {"f:1:1: a key must be a word, not \"a b\"",
                 "f:1:16: the key \"c\" stands here a second time; the first is at 1:10"}},
        Refused{"empty_key", ": 1\n", {"f:1:1: a key must be a word"}},
        Refused{
            "unclosed",
            "a: [1, 2\n",
            {"f:1:4: not YAML: this [ is not closed; write ] at its end (the reader stopped at 2:1: end of "
             "sequence flow not found)"}},
        Refused{"tab",
                "a:\n\tb: 1\n",
                {"f:2:1: not YAML: a tab in the indentation; indent with spaces (the reader stopped at 2:3: "
                 "illegal map value)"}},
        Refused{"wide_space",
                "w:\n  months: 3\n　　days: 1\n",
                {"f:3:1: a full-width or no-break space before the key; indent with ordinary spaces"}},
        Refused{"no_break_space",
                "w:\n  months: 3\n\u00A0 days: 1\n",
                {"f:3:1: a full-width or no-break space before the key; indent with ordinary spaces"}},
        Refused{"nothing_mistyped",
                "a:\n  b: 1\n c: 2\n",
                {"f:3:2: not YAML: end of map not found; within the mapping that begins at 1:1"}}),
    [](const auto& instance) { return instance.param.name; });

TEST(Tree, limits_of_size_depth_and_number) {
  EXPECT_THAT(complaints("a: 12345\n", {.bytes = 8}), ElementsAre("f:1:1: larger than 8 bytes"));
  EXPECT_THAT(complaints("a: 12345\n", {.bytes = 9}), IsEmpty());
  EXPECT_THAT(complaints("a: [[1]]\n", {.depth = 2}),
              ElementsAre("f:1:5: a[0]: nested deeper than 2 levels"));
  EXPECT_THAT(complaints("a: [[1]]\n", {.depth = 3}), IsEmpty());
  EXPECT_THAT(complaints("a: [1, 2, 3]\n", {.nodes = 5}), ElementsAre("f:1:11: a[2]: more than 5 values"));
  EXPECT_THAT(complaints("a: [1, 2, 3]\n", {.nodes = 6}), IsEmpty());
}

TEST(Tree, what_can_be_read_is_there_in_spite_of_complaints) {
  const auto tree = read_tree("a: 1\na: 2\nb: 3\n", "f");
  EXPECT_EQ(tree.complaints.size(), 1U);
  ASSERT_TRUE(tree.root.has_value());
  EXPECT_EQ(tree.root->find("a")->value.text, "1");
  EXPECT_EQ(tree.root->find("b")->value.text, "3");
}

TEST(Nearest, finds_what_was_meant) {
  const std::vector<std::string_view> words{"months", "month_end_rule", "offices"};
  EXPECT_EQ(nearest("monts", words), "months");
  EXPECT_EQ(nearest("mothns", words), "months");
  EXPECT_EQ(nearest("office", words), "offices");
  EXPECT_EQ(nearest("monht_end_rule", words), "month_end_rule");
  EXPECT_EQ(nearest("colour", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'm'), words), std::nullopt);
}

struct Mistyped {
  const char* name;
  std::string text;
  std::string place;
  std::string what;
};

class TreeNames : public testing::TestWithParam<Mistyped> {};

TEST_P(TreeNames, the_line_that_was_mistyped) {
  const auto& mistyped = GetParam();
  const auto found = complaints(mistyped.text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found.front(), testing::StartsWith("f:" + mistyped.place + ": not YAML: " + mistyped.what));
  EXPECT_THAT(found.front(), testing::HasSubstr(" (the reader stopped at "));
}

INSTANTIATE_TEST_SUITE_P(
    Table, TreeNames,
    testing::Values(
        Mistyped{"wide_colon", "w:\n  months：3\n  days: 1\nx: 1\n", "2:9",
                 "a full-width colon (U+FF1A); write \"months: \""},
        Mistyped{"wide_space_after_colon", "w:\n  months:　3\n  days: 1\nx: 1\n", "2:10",
                 "a full-width space (U+3000)"},
        Mistyped{"tab", "w:\n  a:\n\t\tb: 1\nx: 1\n", "3:1", "a tab in the indentation"},
        Mistyped{"no_space_after_colon", "fees:\n  renewal_yen:0\n  new_issuance_yen: 0\n", "2:14",
                 "no space after the colon; write \"renewal_yen: \""},
        Mistyped{"no_space_after_dash", "documents:\n  -{type: a}\n  - {type: b}\n", "2:3",
                 "no space after the dash"},
        Mistyped{"bracket", "a: [b, c\nd:\n  - {e: 1}\nf: [g]\n", "1:4", "this [ is not closed"},
        Mistyped{"bracket_within", "a: {b: [\"08:30-19:00\"}\nd: 1\n", "1:8", "this [ is not closed"},
        Mistyped{"brace_in_a_list", "a:\n  - {b: 1, c: 2\n  - {b: 3}\n", "2:5", "this { is not closed"},
        Mistyped{"beside_what_only_looks_so",
                 "t: \"a：b\" # x:y\nu: 税[控除\nv: |\n  note:x\nh: [\"08:30-19:00\"]\nfees:\n  yen:0\n  "
                 "other: 0\n",
                 "7:6", "no space after the colon"}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace madoguchi::settings
