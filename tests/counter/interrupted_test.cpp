// A renewal that is cut off everywhere: at each command to the card, at each message to the authority, at
// each commit, by the daemon's own end. Whatever it was, the same case goes on, and there are no more keys
// than have to be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::State;
using simulated_card::CitizenKind;
using simulated_card::Layout;

struct Visitor {
  Layout layout;
  CitizenKind kind;
};

class Interrupted : public testing::TestWithParam<Visitor> {
 protected:
  static Options options() {
    Options options;
    options.layout = GetParam().layout;
    options.citizen = GetParam().kind;
    options.wanted = {CertificateName::authentication};
    return options;
  }
  // The new key is the only one: the CA has certified no other.
  static void expect_one_key(const World& world, const renewal::Case& visit) {
    world.expect_renewed(visit);
    EXPECT_EQ(world.issued(CertificateName::authentication).size(), 1u);
    const auto kinds = world.store.kinds(visit.id);
    const auto made = std::count(kinds.begin(), kinds.end(), "key.made") +
                      std::count(kinds.begin(), kinds.end(), "key.found");
    EXPECT_EQ(made, 1);
  }
};
// A face-authentication card has no PINs: after every new beginning of its session only the terminal has
// rights.
INSTANTIATE_TEST_SUITE_P(Layouts, Interrupted,
                         testing::Values(Visitor{Layout::spare, CitizenKind::expiring_soon},
                                         Visitor{Layout::single, CitizenKind::expiring_soon},
                                         Visitor{Layout::spare, CitizenKind::face_authentication}),
                         [](const auto& visitor) {
                           const bool face = visitor.param.kind == CitizenKind::face_authentication;
                           return std::string(name(visitor.param.layout)) +
                                  (face ? "_slot_no_pins" : "_slot");
                         });

// Every second command with one way of leaving, the others with the other; the two halves take turns by
// layout.
TEST_P(Interrupted, by_a_card_that_is_pulled_at_any_command) {
  int commands = 0;
  {
    World world(options());
    const auto id = world.ready();
    world.card->commands = 0;
    world.card->disturb = [](int) { return Act::answer; };
    ASSERT_TRUE(world.issue(id));
    commands = world.card->commands;
  }
  ASSERT_GT(commands, 25);
  for (int at = 1; at <= commands; at += STRIDE) {
    const bool after = (at % 2 == 0) == (GetParam().layout == Layout::spare);
    SCOPED_TRACE(testing::Message() << "command " << at << (after ? " executed" : " not executed"));
    World world(options());
    const auto id = world.ready();
    world.card->commands = 0;
    world.card->disturb = [&](int number) {
      if (number != at) return Act::answer;
      return after ? Act::gone_after : Act::gone_before;
    };
    const auto stopped = world.issue(id);
    EXPECT_EQ(code_of(stopped), Code::card_removed);
    EXPECT_EQ(world.desk->load(id)->state == State::completed, false);
    // Away: the desk says so, and nothing else happens.
    EXPECT_THAT(code_of(world.issue(id)), testing::AnyOf(Code::card_absent, Code::card_removed));
    expect_one_key(world, world.finish(id));
    if (HasFailure()) return;
  }
}

TEST_P(Interrupted, by_a_line_that_loses_or_spoils_any_message) {
  int messages = 0;
  {
    World world(options());
    ASSERT_TRUE(world.issue(world.ready()));
    messages = world.line->posts;
  }
  ASSERT_EQ(messages, 4) << "preflight, request, confirmation, revocation";
  for (int at = 1; at <= messages; ++at) {
    for (const auto fate : {Fate::lost_before, Fate::lost_after, Fate::spoilt}) {
      SCOPED_TRACE(testing::Message() << "message " << at << " fate " << static_cast<int>(fate));
      World world(options());
      const auto id = world.ready();
      world.line->fate = [&](int number) { return number == at ? fate : Fate::delivered; };
      const auto first = world.issue(id);
      if (fate == Fate::spoilt) {
        // What cannot be believed is asked for again at once.
        ASSERT_TRUE(first) << base::describe(first.error());
        EXPECT_NE(world.log.text.find("authority.answer_set_aside"), std::string::npos);
      } else {
        EXPECT_EQ(code_of(first), Code::authority_unreachable);
      }
      expect_one_key(world, first ? *first : world.finish(id));
    }
  }
}

TEST_P(Interrupted, by_a_disk_that_is_full_at_any_commit) {
  int first = 0;
  int last = 0;
  {
    World world(options());
    const auto id = world.ready();
    first = world.store.commits + 1;
    ASSERT_TRUE(world.issue(id));
    last = world.store.commits;
  }
  ASSERT_GT(last - first, 10);
  for (int at = first; at <= last; at += STRIDE) {
    SCOPED_TRACE(testing::Message() << "commit " << at - first + 1);
    World world(options());
    const auto id = world.ready();
    world.store.refused_at = at;
    EXPECT_EQ(code_of(world.issue(id)), Code::storage_full);
    expect_one_key(world, world.finish(id));
  }
}

TEST_P(Interrupted, by_the_daemons_end_between_any_two_steps_and_never_within_one) {
  int first = 0;
  int last = 0;
  {
    World world(options());
    const auto id = world.ready();
    first = world.store.commits + 1;
    ASSERT_TRUE(world.issue(id));
    last = world.store.commits;
  }
  for (int at = first; at < last; at += STRIDE) {
    SCOPED_TRACE(testing::Message() << "after commit " << at - first + 1);
    World world(options());
    const auto id = world.ready();
    world.store.on_commit = [&](int number) {
      if (number == at) world.desk->stop();
    };
    const auto stopped = world.issue(id);
    EXPECT_EQ(world.desk->under_way(), 0u);
    if (stopped) {
      EXPECT_GE(at, last - 1) << "it was done already";
    } else {
      EXPECT_EQ(stopped.error().code, Code::shutting_down);
    }
    EXPECT_EQ(code_of(world.run(world.desk->inspect(reader_name))), Code::shutting_down) << "nothing new";
    world.store.on_commit = nullptr;
    world.desk->release_all();
    world.restart();
    expect_one_key(world, world.finish(id));
  }
}

// The order to end comes while the card is at work: the step is finished and recorded, then the run stops.
TEST_P(Interrupted, a_step_that_has_begun_is_finished_and_recorded_first) {
  int commands = 0;
  {
    World world(options());
    const auto id = world.ready();
    world.card->commands = 0;
    world.card->disturb = [](int) { return Act::answer; };
    ASSERT_TRUE(world.issue(id));
    commands = world.card->commands;
  }
  for (int at = 1; at <= commands; at += 3 * STRIDE) {
    SCOPED_TRACE(testing::Message() << "command " << at);
    World world(options());
    const auto id = world.ready();
    world.card->commands = 0;
    world.card->disturb = [&](int number) {
      if (number == at) world.desk->stop();
      return Act::answer;
    };
    EXPECT_EQ(code_of(world.issue(id)), Code::shutting_down);
    const auto saga = world.desk->load(id)->sagas;
    if (!saga.empty()) {
      // No phase that announces something which then happened without being told.
      const auto phase = saga.at(0).phase;
      const bool key_made = world.card->count(instruction::generate) > 1;
      EXPECT_EQ(key_made, phase >= renewal::Phase::key_made) << renewal::name(phase);
    }
    world.restart();
    expect_one_key(world, world.finish(id));
  }
}

// Its identity is made of what a renewal keeps.
TEST(Crash, a_card_without_a_number_is_still_itself_once_its_key_is_another) {
  for (const auto* last : {"activation.done", "certificate.proved"}) {
    Options options;
    options.layout = std::string_view(last) == "activation.done" ? Layout::spare : Layout::single;
    options.citizen = simulated_card::CitizenKind::absent_files;
    options.wanted = {CertificateName::authentication};
    World world(options);
    const auto id = world.ready();
    const auto before = world.desk->load(id)->card;
    world.store.on_commit = [&](int) {
      if (world.store.kinds(id).back() == last) world.desk->stop();
    };
    EXPECT_EQ(code_of(world.issue(id)), Code::shutting_down);
    world.store.on_commit = nullptr;
    world.pull();
    world.restart();
    world.put_back();
    ASSERT_TRUE(world.verify(id, mynumber::PinName::authentication)) << "the case's card";
    world.expect_renewed(world.finish(id));
    EXPECT_EQ(world.run(world.desk->inspect(reader_name))->identity(), before);
  }
}

TEST(Crash, of_the_desk_while_a_message_is_on_its_way) {
  Options options;
  options.layout = Layout::single;
  options.wanted = {CertificateName::authentication};
  World world(options);
  const auto id = world.ready();
  world.line->fate = [&](int number) {
    if (number == 2) world.line->held = true;
    return Fate::delivered;
  };
  const auto begun = world.start(world.desk->issue(id, "clerk-7"));
  world.until([&] { return world.line->held && world.store.kinds(id).back() == "confirmation.sending"; });
  // An end that is asked for twice gives the line up; what was under way comes back with its case.
  world.desk->stop();
  world.line->cancel();
  world.until([&] { return begun->has_value(); });
  EXPECT_EQ(code_of(**begun), Code::authority_unreachable);
  EXPECT_EQ(world.desk->under_way(), 0u);
  world.line->down = false;
  world.restart();
  world.expect_renewed(world.finish(id));
}

}  // namespace
}  // namespace madoguchi::counter::test
