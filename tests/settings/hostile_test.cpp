// Files that nobody wrote in good faith: whatever the bytes, a value or complaints with places, and soon.
#include <gmock/gmock.h>

#include <chrono>
#include <random>

#include "settings/daemon_config.hpp"
#include "settings/policy_file.hpp"
#include "settings/tree.hpp"
#include "support.hpp"

namespace madoguchi::settings {
namespace {

// A value and no complaint, or the other way round; and every complaint is printable and has a place.
template <class T>
void expect_sound(const Loaded<T>& loaded) {
  EXPECT_NE(loaded.value.has_value(), !loaded.complaints.empty());
  for (const auto& complaint : loaded.complaints) {
    EXPECT_GE(complaint.at.line, 1);
    EXPECT_GE(complaint.at.column, 1);
    EXPECT_EQ(to_text(complaint).find('\n'), std::string::npos) << to_text(complaint);
    EXPECT_LT(complaint.message.size(), 2'000U);
  }
}

std::string repeated(std::string_view piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

class Hostile : public testing::TestWithParam<std::string> {};

TEST_P(Hostile, is_refused_in_good_time) {
  const auto begin = std::chrono::steady_clock::now();
  const auto loaded = load_policy(GetParam(), "f");
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_FALSE(loaded.value.has_value());
  expect_sound(loaded);
  // Generous for a sanitizer on a busy machine; what is quadratic in a megabyte takes minutes.
  EXPECT_LT(took, std::chrono::seconds(20));
}

constexpr std::size_t large = 1'000'000;

INSTANTIATE_TEST_SUITE_P(
    Shapes, Hostile,
    testing::Values(repeated("[", large), repeated("{", large), repeated("- ", large), repeated("? ", large),
                    repeated("a: ", large), repeated("a:\n", large), repeated("!", large),
                    repeated("&a ", large), repeated("*a ", large), repeated("\"", large),
                    repeated("'", large), repeated("|\n", large), repeated("[a, ", large),
                    repeated("{a: ", large), repeated("a ", large), repeated("---\n", large),
                    repeated("\n", large), repeated(" ", large), repeated("\t", large), repeated("#", large),
                    repeated("%TAG ! x\n", large), repeated("%YAML 99999999999.1\n", large),
                    repeated("\xC3\xA9", large), "a: " + repeated("x", large),
                    "\"" + repeated("\\u0041", large) + "\": 1", repeated("k", large) + ": 1",
                    "[" + repeated("a,", large) + "]", repeated("\xEF\xBB\xBF", large)));

TEST(HostileRandom, mutations_of_the_shipped_files_never_get_through_unsound) {
  std::mt19937 random(20260410);  // the same every time
  const std::vector<std::string> seeds{shipped("policy/utsunomiya/policy.yaml"), shipped("madoguchid.yaml")};
  const std::string_view pieces = ":-[]{}&*!|>'\"%@`#,? \n\t\\0aé\xFF";
  for (int round = 0; round < 400; ++round) {
    auto text = seeds[random() % seeds.size()];
    for (auto edits = random() % 6 + 1; edits > 0; --edits) {
      const auto at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = pieces[random() % pieces.size()];
          break;
        case 1:
          text.insert(at, 1, pieces[random() % pieces.size()]);
          break;
        case 2:
          text.erase(at, random() % 40 + 1);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 80));
          break;
      }
    }
    expect_sound(load_policy(text, "f"));
    expect_sound(load_daemon_config(text, "f"));
  }
}

TEST(HostileRandom, noise) {
  std::mt19937 random(7);
  for (int round = 0; round < 3'000; ++round) {
    std::string text(random() % 200, '\0');
    const std::string_view alphabet = ":-[]{}&*!|>'\"%?,# \nab1";
    for (auto& c : text) c = alphabet[random() % alphabet.size()];
    expect_sound(load_policy(text, "f"));
  }
}

TEST(HostileRandom, every_cut_of_a_good_file) {
  const auto text = shipped("policy/utsunomiya/policy.yaml");
  for (std::size_t size = 0; size < text.size(); size += 7)
    expect_sound(load_policy(text.substr(0, size), "f"));
}

}  // namespace
}  // namespace madoguchi::settings
