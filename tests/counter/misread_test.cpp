// A reader that alters what a card answers, once or for a while: nothing final follows from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_at_the_key.hpp"
#include "terminal_counter.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using renewal::State;
using simulated_card::Layout;
using smartcard::Command;

constexpr std::uint8_t get_response = 0xC0;
constexpr std::size_t status_size = 2;

class Misread : public testing::TestWithParam<Layout> {};
INSTANTIATE_TEST_SUITE_P(Layouts, Misread, testing::Values(Layout::spare, Layout::single),
                         [](const auto& layout) { return std::string(name(layout.param)) + "_slot"; });

void flip(base::Bytes& answer) {
  if (answer.size() > status_size) answer[(answer.size() - status_size) / 2] ^= 0x01;
}

void cut(base::Bytes& answer) {
  if (answer.size() <= status_size) return;
  answer.resize(answer.size() / 2);
  answer.insert(answer.end(), {0x90, 0x00});
}

// In the file that says which certificates there are, the signature certificate's mark; in others what tells
// their form.
void flip_first(base::Bytes& answer) {
  if (answer.size() > status_size) answer.front() ^= 0x01;
}

TEST_P(Misread, one_answer_spoilt_while_it_is_opened_leaves_no_certificate_out) {
  Options options;
  options.layout = GetParam();
  int reads = 0;
  {
    World world(options);
    world.card->alter = [&](const Command::Header& header, base::Bytes&) {
      if (header.ins == instruction::read) ++reads;
    };
    ASSERT_TRUE(world.open());
  }
  ASSERT_GT(reads, 3);
  int refused = 0;
  for (int at = 1; at <= reads; ++at) {
    for (const auto spoil : {flip_first, cut}) {
      SCOPED_TRACE(testing::Message() << "reading " << at << (spoil == cut ? " cut short" : " altered"));
      World world(options);
      int number = 0;
      world.card->alter = [&](const Command::Header& header, base::Bytes& answer) {
        if (header.ins == instruction::read && ++number == at) spoil(answer);
      };
      auto opened = world.open();
      if (!opened) {
        ++refused;
        EXPECT_EQ(code_of(opened), Code::card_mute) << base::describe(opened.error());
        opened = world.open();
      }
      ASSERT_TRUE(opened) << base::describe(opened.error());
      EXPECT_FALSE(renewal::absent(opened->facts, mynumber::CertificateName::authentication));
      EXPECT_FALSE(renewal::absent(opened->facts, mynumber::CertificateName::signature));
    }
  }
  EXPECT_GT(refused, 1) << "both certificates were in doubt";
}

// Every second answer is altered, the others are cut short; the layouts take turns.
TEST_P(Misread, one_answer_spoilt_while_it_is_issued_ends_no_case) {
  int reads = 0;
  {
    World world(only_authentication(GetParam()));
    const auto id = world.ready();
    world.card->alter = [&](const Command::Header& header, base::Bytes&) {
      if (header.ins == instruction::read) ++reads;
    };
    ASSERT_TRUE(world.issue(id));
  }
  ASSERT_GT(reads, 10);
  for (int at = 1; at <= reads; at += STRIDE) {
    const auto spoil = (at / STRIDE % 2 == 0) == (GetParam() == Layout::spare) ? flip : cut;
    SCOPED_TRACE(testing::Message() << "reading " << at << (spoil == flip ? " altered" : " cut short"));
    World world(only_authentication(GetParam()));
    const auto id = world.ready();
    int number = 0;
    world.card->alter = [&](const Command::Header& header, base::Bytes& answer) {
      if (header.ins == instruction::read && ++number == at) spoil(answer);
    };
    const auto first = world.issue(id);
    if (!first) {
      EXPECT_EQ(code_of(first), Code::card_mute) << base::describe(first.error());
    }
    const auto visit = world.finish(id);
    world.expect_renewed(visit);
    EXPECT_THAT(world.store.kinds(id), testing::Not(testing::Contains("key.lost")));
    if (HasFailure()) return;
  }
}

// As long as the reader lies alike, the case says what it sees; that the card is honest is believed later.
TEST_P(Misread, a_verdict_that_the_card_contradicts_later_is_none) {
  World world(only_authentication(GetParam()));
  const auto id = world.ready();
  world.card->alter = [&](const Command::Header& header, base::Bytes& answer) {
    const bool begun = world.store.kinds(id).back() == "authority.answered";
    const bool second_chunk = header.p1 == 1 && header.p2 == 0;
    if (header.ins == instruction::read && begun && second_chunk) flip(answer);
  };
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  EXPECT_EQ(world.store.kinds(id).back(), "case.stopped");
  EXPECT_THAT(world.store.kinds(id), testing::Contains("key.lost"));
  EXPECT_EQ(world.desk->load(id)->state, State::attention);
  world.card->alter = nullptr;
  world.expect_renewed(world.finish(id));
}

// As if another counter had renewed the card, of which the case has made the key.
void alter_certificates_read_on(World& world) {
  world.card->alter = [](const Command::Header& header, base::Bytes& answer) {
    const bool second_chunk = header.p1 == 1 && header.p2 == 0;
    if (header.ins == instruction::read && second_chunk) flip(answer);
  };
}

void end_by_a_false_verdict(World& world, const std::string& id) {
  end_at_the_key(world, id, true);
  world.store.refused_at = 0;
  world.verify_all(id);
  alter_certificates_read_on(world);
  ASSERT_EQ(code_of(world.issue(id)), Code::conflict);
  ASSERT_TRUE(renewal::old_key_at_stake(world.desk->load(id)->sagas.at(0)));
}

TEST(MisreadSingle, a_false_verdict_lets_no_case_be_cancelled_that_has_cost_the_card_its_key) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  end_by_a_false_verdict(world, id);
  const auto stopped = world.desk->load(id).value();
  ASSERT_EQ(stopped.sagas.at(0).failure->remedy, renewal::Remedy::renewed_elsewhere);
  EXPECT_THAT(stopped.attention.value().look_en,
              testing::HasSubstr("Where the card has no pair that works it cannot be cancelled"));
  const auto cancel = [&] { return world.run(world.desk->cancel({id, "renewed elsewhere", "clerk-7"})); };
  const auto by_the_same_reader = cancel();
  ASSERT_EQ(code_of(by_the_same_reader), Code::conflict);
  EXPECT_EQ(by_the_same_reader.error().details.at("needs"), "card_gone");
  world.card->alter = nullptr;
  EXPECT_EQ(code_of(cancel()), Code::conflict);
  world.pull();
  EXPECT_EQ(code_of(cancel()), Code::card_absent) << "nobody can tell";
  EXPECT_EQ(world.desk->load(id)->state, State::attention);
  // The case is the card's only way to a pair, also on another day, by that day's decision.
  world.clock.advance(std::chrono::hours(24));
  world.put_back();
  const auto early = world.issue(id);
  ASSERT_EQ(code_of(early), Code::conflict);
  EXPECT_EQ(early.error().details.at("call"), "cases.update");
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, reader_name, "clerk-7"})));
  world.verify_all(id);
  world.expect_renewed(world.finish(id));
}

TEST(MisreadSingle, a_counter_that_cannot_look_at_the_card_any_more_says_what_can_be_done) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  end_by_a_false_verdict(world, id);
  TerminalCounter now(world);
  const auto refused = world.run(world.desk->cancel({id, "renewed elsewhere", "clerk-7"}));
  ASSERT_EQ(code_of(refused), Code::conflict);
  const auto& why = refused.error().details;
  EXPECT_EQ(why.at("cannot"), "channel");
  EXPECT_EQ(why.at("needs"), "card_gone");
  EXPECT_THAT(std::string(why.at("en").as_string()), testing::HasSubstr("as when the case began"));
  EXPECT_THAT(std::string(why.at("ja").as_string()), testing::HasSubstr("「カードが使えない」"));
  const auto gone = world.run(world.desk->cancel({id, "the card is lost", "clerk-7", true}));
  ASSERT_TRUE(gone) << base::describe(gone.error());
  EXPECT_EQ(gone->state, State::cancelled);
}

// Neither may send the clerk to the other.
TEST(MisreadSingle, a_false_verdict_is_looked_at_again_also_where_the_rules_would_do_nothing_by_now) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  end_by_a_false_verdict(world, id);
  world.card->alter = nullptr;
  world.clock.advance(std::chrono::hours(24));
  world.options.wanted.clear();
  EXPECT_EQ(code_of(world.run(world.desk->cancel({id, "nothing to do", "clerk-7"}))), Code::conflict);
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, {}, "clerk-7"})));
  world.restart();
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required) << "the rules of the day ask for none";
  EXPECT_EQ(world.card->changes, before) << "no key is made that could not sign";
  const auto done = world.finish(id);
  EXPECT_EQ(done.state, State::completed);
  EXPECT_EQ(world.on_card(mynumber::CertificateName::authentication), done.sagas.at(0).new_certificate);
}

TEST_P(Misread, a_key_that_was_misread_as_it_was_made_ends_no_case) {
  for (const int times : {1, 2, 3, 5}) {
    SCOPED_TRACE(times);
    World world(only_authentication(GetParam()));
    const auto id = world.ready();
    int left = 0;
    world.card->alter = [&](const Command::Header& header, base::Bytes& answer) {
      // P1 80 makes a key, 81 reads it.
      if (header.ins == instruction::generate && header.p1 == 0x80) left = times;
      const bool key = header.ins == instruction::generate || header.ins == get_response;
      if (key && answer.size() > 100 && left > 0) {
        --left;
        flip(answer);
      }
    };
    auto done = world.issue(id);
    for (int round = 0; !done && round < 6; ++round) {
      EXPECT_THAT(code_of(done), testing::AnyOf(Code::card_refused, Code::card_mute));
      if (GetParam() == Layout::single) {
        EXPECT_FALSE(world.run(world.desk->cancel({id, "misread", "clerk-7"})))
            << "the card has lost its old key";
      }
      world.card->alter = nullptr;
      done = world.issue(id);
    }
    ASSERT_TRUE(done) << base::describe(done.error());
    world.expect_renewed(*done);
    EXPECT_EQ(world.card->count(instruction::activate), GetParam() == Layout::spare ? 1 : 0);
  }
}

}  // namespace
}  // namespace madoguchi::counter::test
