// Whatever is done to a log by somebody without the key, it shows.
#include <gtest/gtest.h>

#include <random>

#include "support.hpp"

namespace madoguchi::audit {
namespace {

constexpr int entries = 6;

TEST(Tampering, any_byte_changed_shows) {
  const auto whole = an_export(entries);
  ASSERT_TRUE(verified(whole).problems().empty());
  for (std::size_t line = 0; line < whole.size(); ++line) {
    for (std::size_t byte = 0; byte < whole[line].size(); ++byte) {
      auto changed = whole;
      auto& c = changed[line][byte];
      c = static_cast<char>(c ^ (byte % 7 == 0 ? 0x20 : 0x01));
      EXPECT_FALSE(verified(changed).problems().empty()) << "line " << line << " byte " << byte;
      changed[line] = whole[line];
      changed[line].erase(byte, 1);
      EXPECT_FALSE(verified(changed).problems().empty()) << "line " << line << " without byte " << byte;
    }
  }
}

TEST(Tampering, any_line_dropped_doubled_or_moved_shows) {
  const auto whole = an_export(entries);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto dropped = whole;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    // Without its first entries an export is one that begins later, and says so.
    const auto rest = verified(dropped);
    EXPECT_TRUE(!rest.problems().empty() || rest.begun_at()->seq == 1) << i;
    auto doubled = whole;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), whole[i]);
    if (i + 1 < whole.size()) {
      EXPECT_FALSE(verified(doubled).problems().empty()) << i;
    }
    for (std::size_t j = i + 1; j < whole.size(); ++j) {
      auto moved = whole;
      std::swap(moved[i], moved[j]);
      EXPECT_FALSE(verified(moved).problems().empty()) << i << " and " << j;
    }
  }
}

TEST(Tampering, a_tail_cut_off_anywhere_shows) {
  const auto whole = an_export(entries);
  for (std::size_t left = 0; left < whole.size(); ++left) {
    auto cut = whole;
    cut.resize(left);
    EXPECT_FALSE(verified(cut).problems().empty()) << left;
    // With the checkpoint kept, as somebody would who knows of it.
    cut.push_back(whole.back());
    if (left + 1 < whole.size()) {
      const auto found = verified(cut);
      // Nothing but a checkpoint is an export of nothing new, and says from where.
      EXPECT_TRUE(!found.problems().empty() || (left == 0 && found.begun_at()->seq == entries)) << left;
    }
  }
}

// Somebody who knows the form writes every hash anew, but has no key.
TEST(Tampering, a_chain_written_anew_shows) {
  Chain chain;
  std::vector<std::string> forged;
  for (int i = 0; i < entries; ++i) {
    auto entry = an_entry(i);
    if (i == 2) entry.put(Field::staff, "somebody else");
    forged.push_back(chain.append(entry).text);
  }
  forged.push_back(an_export(entries).back());
  EXPECT_FALSE(verified(forged).problems().empty());
  // The whole of another, longer or shorter, chain neither.
  forged.pop_back();
  forged.push_back(an_export(entries + 1).back());
  EXPECT_FALSE(verified(forged).problems().empty());
}

TEST(Tampering, many_random_changes_show) {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  const auto whole = an_export(entries);
  std::string joined;
  for (const auto& line : whole) joined += line + "\n";
  for (int round = 0; round < 3000; ++round) {
    auto text = joined;
    const auto cuts = 1 + random() % 3;
    for (unsigned i = 0; i < cuts; ++i) {
      const auto at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 200);
          break;
        default:
          text.insert(at, joined.substr(random() % joined.size(), random() % 200));
      }
      if (text.empty()) text = "x";
    }
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < text.size();) {
      const auto end = std::min(text.find('\n', from), text.size());
      lines.push_back(text.substr(from, end - from));
      from = end + 1;
    }
    // The last '\n' is not of any line.
    if (lines == whole) continue;
    const auto found = verified(lines);
    EXPECT_TRUE(!found.problems().empty() || found.begun_at()->seq > 0)
        << "seed " << seed << " round " << round;
  }
}

// New statements cover what follows on a damage: the entry that tells of it is all that is left to show.
TEST(Tampering, that_a_start_has_found_goes_on_showing) {
  Chain chain;
  auto all = lines(2, chain);
  Entry found(at(3), Kind::audit, "audit.damaged");
  all.push_back(chain.append(found.put(Field::reason, "truncated").put(Field::through, 2)).text);
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(3), test_key()));
  EXPECT_EQ(verified(all).problems(), (std::vector<Problem>{{Flaw::truncated, 3}}));
  Verifier whole({test_key().public_key()}, Earlier::is_passed_over);
  for (const auto& line : all) whole.line(line);
  whole.end();
  EXPECT_EQ(whole.flaws(), 0) << "the lines are all there";
}

}  // namespace
}  // namespace madoguchi::audit
