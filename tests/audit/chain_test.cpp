#include "audit/chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "support.hpp"

namespace madoguchi::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What a city's own program relies on: the README describes no other form.
TEST(Line, has_the_documented_form) {
  Chain chain;
  const auto row = chain.append(an_entry(0));
  EXPECT_EQ(row.seq, 1);
  const std::string body =
      R"({"seq":1,"prev":")" + no_hash() +
      R"(","at":"2026-09-21T23:13:20+09:00","kind":"pin","what":"pin.matched","uid":1000,)"
      R"("role":"clerk","staff":"職員-7","case":"261128-7K3F92QD","policy":"ab12",)"
      R"("pin":"signature"})";
  const auto hash =
      base::to_hex(base::sha256({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()}));
  EXPECT_EQ(row.text, body.substr(0, body.size() - 1) + R"(,"hash":")" + hash + "\"}");
  EXPECT_EQ(chain.head(), (Place{1, hash}));
}

TEST(Line, is_read_back_as_it_was) {
  Chain chain({41, std::string(64, 'a')});
  for (int i = 0; i < 4; ++i) {
    const auto before = chain.head();
    const auto row = chain.append(an_entry(i));
    const auto read = read_line(row.text);
    ASSERT_TRUE(read) << row.text;
    EXPECT_EQ(read->line.before, before);
    EXPECT_EQ(read->after, chain.head());
    EXPECT_EQ(read->line.entry.fields(), an_entry(i).fields());
    EXPECT_EQ(read->line.entry.at(), an_entry(i).at());
  }
}

TEST(Line, another_writing_of_the_same_is_no_line) {
  Chain chain;
  const auto text = chain.append(an_entry(1)).text;
  ASSERT_TRUE(read_line(text));
  auto spaced = text;
  spaced.insert(spaced.find(','), " ");
  EXPECT_FALSE(read_line(spaced));
  EXPECT_FALSE(read_line(text + "\n"));
  auto more = text;
  more.insert(more.size() - 1, R"(,"name":"x")");
  EXPECT_FALSE(read_line(more));
  EXPECT_FALSE(read_line(""));
  EXPECT_FALSE(read_line("[]"));
  EXPECT_FALSE(read_line(R"({"seq":9223372036854775808})"));
}

TEST(Key, signs_what_its_public_half_verifies_also_after_it_was_kept) {
  const auto key = SigningKey::generate();
  const auto again = SigningKey::from_pem(key.to_pem()).value();
  const auto open = PublicKey::from_pem(again.public_key().to_pem()).value();
  EXPECT_EQ(open.id(), key.public_key().id());
  const auto signature = again.sign("text");
  EXPECT_TRUE(open.verifies("text", signature));
  EXPECT_FALSE(open.verifies("Text", signature));
  EXPECT_FALSE(test_key().public_key().verifies("text", signature));
  EXPECT_FALSE(SigningKey::from_pem("no key"));
  EXPECT_FALSE(PublicKey::from_pem(key.to_pem()));
}

TEST(Verifier, an_export_is_whole) {
  const auto whole = verified(an_export(5));
  EXPECT_THAT(whole.problems(), IsEmpty());
  EXPECT_EQ(whole.entries(), 5);
  EXPECT_EQ(whole.last(), 5);
  EXPECT_EQ(whole.begun_at()->seq, 0);
  EXPECT_THAT(verified(an_export(0)).problems(), IsEmpty());
}

TEST(Verifier, exports_that_follow_each_other_are_one) {
  Chain chain;
  auto all = lines(3, chain);
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(3), test_key()));
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(4), test_key()));
  for (auto& line : lines(2, chain)) all.push_back(std::move(line));
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(6), test_key()));
  EXPECT_THAT(verified(all).problems(), IsEmpty());
  // The later one alone, too, and it says where it begins.
  const std::vector<std::string> later(all.begin() + 5, all.end());
  const auto alone = verified(later);
  EXPECT_THAT(alone.problems(), IsEmpty());
  EXPECT_EQ(alone.begun_at()->seq, 3);
}

TEST(Verifier, what_was_pruned_is_covered_by_a_signed_base) {
  Chain chain;
  auto all = lines(3, chain);
  const auto base = signed_statement(Purpose::base, chain.head(), at(3), test_key());
  std::vector<std::string> rest{base};
  for (auto& line : lines(2, chain)) rest.push_back(std::move(line));
  rest.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(5), test_key()));
  EXPECT_THAT(verified(rest).problems(), IsEmpty());
  // One entry more is gone than that.
  rest.erase(rest.begin() + 1);
  EXPECT_THAT(verified(rest).problems(), ElementsAre(Problem{Flaw::missing, 4}));
}

TEST(Verifier, a_statement_is_good_for_its_purpose_and_its_key_only) {
  Chain chain;
  auto all = lines(2, chain);
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(2), SigningKey::generate()));
  EXPECT_EQ(verified(all).problems().front().flaw, Flaw::another_key);
  auto text = signed_statement(Purpose::checkpoint, chain.head(), at(2), test_key());
  text.replace(text.find("checkpoint"), 10, "head");
  all.back() = text;
  EXPECT_EQ(verified(all).problems().front().flaw, Flaw::forged);
  all.back() = unsigned_statement(Purpose::checkpoint, chain.head(), at(2));
  EXPECT_EQ(verified(all).problems().front().flaw, Flaw::another_key);
}

// Later statements are signed with the new key, so that only the starts before still say it.
TEST(Verifier, a_key_that_was_changed_shows_at_the_first_start_with_it) {
  const auto other = SigningKey::generate();
  Chain chain;
  std::vector<std::string> all = lines(1, chain);
  for (const auto* key : {&other, &other, &test_key()}) {
    Entry entry(at(1), Kind::daemon, "daemon.started");
    all.push_back(chain.append(entry.put(Field::key, key->public_key().id())).text);
  }
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(2), test_key()));
  EXPECT_THAT(verified(all).problems(), ElementsAre(Problem{Flaw::another_key, 2}));
  Verifier both({test_key().public_key(), other.public_key()});
  for (const auto& line : all) both.line(line);
  both.end();
  EXPECT_THAT(both.problems(), IsEmpty());
  all.pop_back();
  Verifier of_no_key({});
  for (const auto& line : all) of_no_key.entry(line);
  EXPECT_THAT(of_no_key.problems(), IsEmpty());
}

}  // namespace
}  // namespace madoguchi::audit
