// Which card is the case's, also while the certificate that it is known by is half written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulated_card/keys.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using simulated_card::CitizenKind;
using simulated_card::Layout;

// A card as some are: nothing but the JPKI application tells it from others.
void take_number_away(World& world) {
  auto image = world.card->card.image();
  std::erase_if(image.applications, [](const auto& application) { return application.name == "common"; });
  world.card = std::make_shared<TestCard>(image);
  world.readers.insert(reader_name, world.card);
}

Options without_spare(CitizenKind kind = CitizenKind::expiring_soon) {
  Options options;
  options.layout = Layout::single;
  options.citizen = kind;
  options.wanted = {CertificateName::authentication};
  return options;
}

// Ends the session at the command that would be the `nth` to write.
std::function<Act(int)> pulled_at_write(const World& world, int nth, Act act) {
  return [&world, nth, act, at = 0, written = 0](int number) mutable {
    const int now = world.card->count(instruction::update);
    if (now != written && at == 0 && now == nth) at = number;
    written = now;
    return at == number ? act : Act::answer;
  };
}

TEST(Recognise, a_card_without_a_number_is_known_again_wherever_its_certificate_was_cut) {
  for (int nth = 1; nth <= 6; ++nth) {
    SCOPED_TRACE(testing::Message() << "after write " << nth);
    World world(without_spare());
    take_number_away(world);
    const auto id = world.ready();
    ASSERT_NE(world.desk->load(id)->card.find(':'), std::string::npos) << "known by its certificate";
    world.card->disturb = pulled_at_write(world, nth, Act::gone_before);
    EXPECT_EQ(code_of(world.issue(id)), Code::card_removed);
    world.put_back();
    // Another without a number, with the same token serial perhaps, is not taken for it.
    World other(without_spare(CitizenKind::leap_day));
    take_number_away(other);
    world.readers.insert(reader_name, other.card);
    EXPECT_EQ(code_of(world.issue(id)), Code::card_different);
    EXPECT_EQ(code_of(world.run(world.desk->update({id, {}, {}, reader_name, "clerk-7"}))),
              Code::card_different);
    EXPECT_EQ(other.card->changes, 0);
    world.readers.insert(reader_name, world.card);
    const auto attached = world.run(world.desk->update({id, {}, {}, reader_name, "clerk-7"}));
    EXPECT_TRUE(attached) << base::describe(attached.error());
    world.expect_renewed(world.finish(id));
    if (HasFailure()) return;
  }
}

// As by a counter that made a key of its own while the card lay half written.
void replace_key(World& world) {
  auto image = world.card->card.image();
  namespace layout = simulated_card::layout;
  image.find(layout::jpki)->keys.at(layout::authentication_key).private_key =
      simulated_card::generate_rsa_2048();
  world.card = std::make_shared<TestCard>(image);
}

TEST(Recognise, a_card_without_a_number_whose_key_is_lost_too_is_known_by_what_was_being_written) {
  for (int nth = 2; nth <= 6; ++nth) {
    SCOPED_TRACE(testing::Message() << "after write " << nth);
    World world(without_spare());
    take_number_away(world);
    const auto id = world.ready();
    world.card->disturb = pulled_at_write(world, nth, Act::gone_before);
    EXPECT_EQ(code_of(world.issue(id)), Code::card_removed);
    replace_key(world);
    World other(without_spare(CitizenKind::leap_day));
    take_number_away(other);
    other.card->disturb = pulled_at_write(other, nth, Act::gone_before);
    static_cast<void>(other.issue(other.ready()));
    other.card->disturb = nullptr;
    const int changes = other.card->changes;
    const auto expect_only_ours = [&] {
      world.desk->card_gone(reader_name);
      world.readers.insert(reader_name, other.card);
      EXPECT_EQ(code_of(world.issue(id)), Code::card_different) << "another that is half written";
      EXPECT_EQ(other.card->changes, changes);
      world.desk->card_gone(reader_name);
      world.readers.insert(reader_name, world.card);
      const auto attached = world.run(world.desk->update({id, {}, {}, reader_name, "clerk-7"}));
      ASSERT_TRUE(attached) << base::describe(attached.error());
      ASSERT_TRUE(world.verify(id, mynumber::PinName::authentication));
    };
    expect_only_ours();
    EXPECT_EQ(code_of(world.issue(id)), Code::card_refused);
    EXPECT_THAT(world.store.kinds(id), testing::Contains("key.lost"));
    // The certificate was given back, and its key is the case's no more.
    expect_only_ours();
    const auto done = world.issue(id);
    ASSERT_TRUE(done) << base::describe(done.error());
    world.expect_renewed(*done, 1);
    if (HasFailure()) return;
  }
}

// The words to the clerk say so: try another reader.
TEST(Recognise, a_card_that_did_not_keep_its_certificate_is_known_on_another_reader) {
  World world(without_spare());
  take_number_away(world);
  const auto id = world.ready();
  // Each write takes the head away and never brings it back.
  world.card->disturb = [&](int) {
    world.card->keeps_writes = world.card->count(instruction::update) == 0;
    return Act::answer;
  };
  EXPECT_EQ(code_of(world.issue(id)), Code::card_refused);
  world.card->disturb = nullptr;
  world.card->keeps_writes = true;
  ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, renewal::Phase::failed);
  world.pull();
  world.readers.insert(other_reader_name, world.card);
  const auto moved = world.run(world.desk->update({id, {}, {}, other_reader_name, "clerk-7"}));
  ASSERT_TRUE(moved) << base::describe(moved.error());
  ASSERT_TRUE(world.verify(id, mynumber::PinName::authentication));
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
}

}  // namespace
}  // namespace madoguchi::counter::test
