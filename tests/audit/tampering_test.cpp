// Whatever is done to a log by somebody without the key, it shows.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
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

// Genuine statements are for everybody to have: each later export begins with one, or ends so.
TEST(Tampering, genuine_statements_put_where_entries_were_show) {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  Chain chain;
  std::vector<std::string> whole, statements;
  for (int i = 0; i < 12; ++i) {
    whole.push_back(chain.append(an_entry(i)).text);
    for (const auto purpose : {Purpose::base, Purpose::checkpoint})
      statements.push_back(signed_statement(purpose, chain.head(), at(i), test_key()));
  }
  int passed = 0;
  for (int round = 0; round < 1500; ++round) {
    auto text = whole;
    text.push_back(statements.back());
    const auto changes = 1 + random() % 3;
    for (unsigned i = 0; i < changes; ++i) {
      const auto from = random() % text.size();
      const auto many = random() % (text.size() - from + 1);
      const auto begin = text.begin() + static_cast<std::ptrdiff_t>(from);
      const auto gap = text.erase(begin, begin + static_cast<std::ptrdiff_t>(many));
      text.insert(
          gap, random() % 4 == 0 ? whole[random() % whole.size()] : statements[random() % statements.size()]);
    }
    const auto found = verified(text);
    if (!found.problems().empty()) continue;
    ++passed;
    // What is called whole lacks nothing between the numbers that it is said to go from and to.
    std::vector<std::string> told;
    std::copy_if(text.begin(), text.end(), std::back_inserter(told),
                 [](const std::string& line) { return !is_statement(line); });
    EXPECT_EQ(told,
              std::vector<std::string>(whole.begin() + found.begun_at()->seq, whole.begin() + found.last()))
        << "seed " << seed << " round " << round;
  }
  EXPECT_GT(passed, 0) << "seed " << seed;
}

TEST(Tampering, a_base_in_the_middle_is_told_with_its_numbers) {
  Chain chain;
  auto all = lines(4, chain);
  lines(18, chain);
  all.push_back(signed_statement(Purpose::base, chain.head(), at(30), test_key()));
  for (auto& line : lines(3, chain)) all.push_back(std::move(line));
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(31), test_key()));
  EXPECT_EQ(verified(all).problems(), (std::vector<Problem>{{Flaw::pruned, 5, 22}}));
  // Where the file begins with it nothing that it had is gone.
  all.erase(all.begin(), all.begin() + 4);
  const auto later = verified(all);
  EXPECT_TRUE(later.problems().empty());
  EXPECT_EQ(later.begun_at()->seq, 22);
}

// Without the key somebody can write the chain anew, and the daemon goes on from there: with its entry about
// it.
class Unproven : public ::testing::Test {
 protected:
  std::vector<std::string> found_with(const std::string& head, std::string_view reason) {
    Chain chain;
    auto all = lines(entries, chain);
    end_ = chain.head();
    Entry found(at(20), Kind::audit, "audit.damaged");
    found.put(Field::reason, reason).put(Field::through, entries).put(Field::head, head);
    all.push_back(chain.append(found).text);
    for (auto& line : lines(3, chain)) all.push_back(std::move(line));
    all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(30), test_key()));
    return all;
  }
  static std::vector<Problem> problems(const std::vector<std::string>& all, std::vector<PublicKey> keys) {
    Verifier verifier(std::move(keys));
    for (const auto& line : all) verifier.line(line);
    verifier.end();
    return verifier.problems();
  }
  Place end_;
  const std::vector<Problem> told_{{Flaw::unproven, 1, entries}};
};

TEST_F(Unproven, stays_told_with_its_numbers_whatever_the_head_was) {
  const auto other = SigningKey::generate();
  found_with({}, "another_key");
  auto forged = signed_statement(Purpose::head, end_, at(19), other);
  const auto theirs = other.public_key().id();
  forged.replace(forged.find(theirs), theirs.size(), test_key().public_key().id());
  for (const auto& [head, reason] : std::vector<std::pair<std::string, std::string>>{
           {"", "unsealed"},
           {unsigned_statement(Purpose::head, end_, at(19)), "another_key"},
           {signed_statement(Purpose::head, end_, at(19), other), "another_key"},
           {forged, "forged"},
           {signed_statement(Purpose::head, {entries, no_hash()}, at(19), test_key()), "displaced"},
           // Good, but of another place, or for another purpose.
           {signed_statement(Purpose::head, {3, end_.hash}, at(19), test_key()), "another_key"},
           {signed_statement(Purpose::checkpoint, end_, at(19), test_key()), "another_key"}})
    EXPECT_EQ(problems(found_with(head, reason), {test_key().public_key()}), told_) << head;
  EXPECT_TRUE(problems(found_with({}, "another_key"), {test_key().public_key()}).empty())
      << "of an older version";
}

TEST_F(Unproven, ends_once_the_earlier_key_that_had_signed_is_named) {
  const auto former = SigningKey::generate();
  found_with({}, "another_key");
  const auto all = found_with(signed_statement(Purpose::head, end_, at(19), former), "another_key");
  EXPECT_EQ(problems(all, {test_key().public_key()}), told_);
  EXPECT_TRUE(problems(all, {test_key().public_key(), former.public_key()}).empty());
  // Of the entries alone, without a key, nothing is to be asked.
  Verifier of_no_key({});
  for (const auto& line : all)
    if (!is_statement(line)) of_no_key.entry(line);
  EXPECT_EQ(of_no_key.flaws(), 0);
}

TEST_F(Unproven, begins_behind_what_an_export_has_a_checkpoint_of) {
  auto all = found_with({}, "unsealed");
  Chain chain;
  lines(4, chain);
  all.insert(all.begin() + 4, signed_statement(Purpose::checkpoint, chain.head(), at(4), test_key()));
  EXPECT_EQ(problems(all, {test_key().public_key()}), (std::vector<Problem>{{Flaw::unproven, 5, entries}}));
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

// Also one that stood there once.
TEST(Tampering, a_row_from_before_the_base_shows_at_its_number_alone) {
  Chain chain;
  const auto all = lines(3, chain);
  const auto base = signed_statement(Purpose::base, chain.head(), at(3), test_key());
  const auto rest = lines(3, chain);
  Verifier verifier({test_key().public_key()});
  verifier.begin_store(base);
  verifier.entry(all[0], 1, "261128-7K3F92QD");
  verifier.entry("x", 2, "");
  for (std::int64_t i = 0; i < 3; ++i)
    verifier.entry(rest[static_cast<std::size_t>(i)], 4 + i, "261128-7K3F92QD");
  verifier.end_store(signed_statement(Purpose::head, chain.head(), at(6), test_key()));
  EXPECT_EQ(verifier.problems(), (std::vector{Problem{Flaw::altered, 1}, Problem{Flaw::altered, 2}}));
}

}  // namespace
}  // namespace madoguchi::audit
