// The service blocks, or vanishes, at every single call in turn (R5, R6).
#include <ostream>

#include "pcsc_fixture.hpp"

namespace madoguchi::smartcard {
namespace {

struct Turn {
  Call call;
  int nth;
};

void PrintTo(const Turn& turn, std::ostream* out) {
  *out << "call number " << turn.nth << " of its kind";
}

std::string turn_name(const testing::TestParamInfo<Turn>& info) {
  static constexpr const char* names[] = {"establish", "release",    "list",  "wait", "cancel",
                                          "connect",   "disconnect", "begin", "end",  "transmit"};
  return std::string(names[static_cast<int>(info.param.call)]) + "_" + std::to_string(info.param.nth);
}

std::vector<Turn> turns(std::initializer_list<std::pair<Call, int>> calls) {
  std::vector<Turn> all;
  for (const auto& [call, times] : calls) {
    for (int nth = 1; nth <= times; ++nth) all.push_back({call, nth});
  }
  return all;
}

std::vector<Turn> while_working() {
  return turns({{Call::establish, 2},
                {Call::list, 4},
                {Call::wait, 2},
                {Call::connect, 2},
                {Call::disconnect, 2},
                {Call::begin, 3},
                {Call::end, 3},
                {Call::transmit, 6}});
}

std::vector<Turn> at_the_end() {
  return turns({{Call::release, 2}, {Call::cancel, 1}});
}

class EveryCall : public testing::TestWithParam<Turn>, public PcscFixture {
 protected:
  // Two leases with three jobs and six commands in all on A. Whatever happens, every job is answered once.
  std::vector<std::string> story(std::chrono::milliseconds deadline) {
    std::vector<std::string> reasons;
    for (const int jobs : {2, 1}) {
      auto taken = readers->lease("A");
      if (!taken) {
        reasons.push_back(reason(taken.error()));
        continue;
      }
      for (int job = 0; job < jobs; ++job) reasons.push_back(reason(run(**taken, commands(2), deadline)));
    }
    return reasons;
  }

  // Tries until a fresh lease works, as a front-end app would: each try waits for the reader to be there.
  void expect_recovery() {
    for (const auto end = std::chrono::steady_clock::now() + patience;
         std::chrono::steady_clock::now() < end;) {
      ASSERT_TRUE(recorder.wait_for_card("A"));
      auto taken = readers->lease("A");
      if (taken && run(**taken, commands(2))) return;
      std::this_thread::yield();
    }
    FAIL() << "the readers never recovered";
  }

  // These are the event thread's.
  static bool of_events(const Turn& turn) {
    return turn.call == Call::list || turn.call == Call::wait ||
           (turn.call == Call::establish && turn.nth == 1);
  }
};

class Vanishes : public EveryCall {};

TEST_P(Vanishes, AndTheReadersComeBack) {
  fake->set_trap(GetParam().call, GetParam().nth, FakePcsc::Trap::vanish);
  start();
  if (of_events(GetParam())) {
    // Provoke more looks than the quiet desk would need.
    for (int i = 0; i < 2 && !fake->trapped_now(); ++i) fake->swap("B");
  } else {
    ASSERT_TRUE(recorder.wait_for_card("A"));
    const std::set<std::string> expected{"ok", "reader.service_down", "card.removed", "not_found"};
    for (const auto& seen : story(patience)) EXPECT_THAT(expected, testing::Contains(seen));
  }
  ASSERT_TRUE(fake->trapped());
  ASSERT_TRUE(recorder.wait_for(Kind::service_down));
  EXPECT_EQ(readers->health().error().code, base::Code::reader_service_down);
  EXPECT_EQ(readers->lease("A").error().code, base::Code::reader_service_down);
  EXPECT_TRUE(readers->list().empty());
  fake->start_service();
  expect_recovery();
  EXPECT_TRUE(recorder.logged("reader.service_down"));
  EXPECT_EQ(recorder.heard(Kind::service_down), 1);
  finish();
  EXPECT_EQ(fake->open_handles(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Service, Vanishes, testing::ValuesIn(while_working()), turn_name);

class Blocks : public EveryCall {
 protected:
  void TearDown() override { fake->release_blocked(); }

  void expect_reader_set_aside() {
    while (readers->stuck_calls() == 0) std::this_thread::yield();
    EXPECT_EQ(status("A").presence, Presence::stuck);
    EXPECT_EQ(readers->lease("A").error().code, base::Code::reader_gone);
    EXPECT_TRUE(readers->health());
    EXPECT_EQ(reason(run(*lease("B"), commands(1))), "ok");
  }

  void expect_service_set_aside() {
    ASSERT_TRUE(recorder.wait_for(Kind::service_down));
    EXPECT_EQ(readers->health().error().code, base::Code::reader_service_down);
    EXPECT_TRUE(readers->list().empty());
  }

  void begin_story() {
    fake->set_trap(GetParam().call, GetParam().nth, FakePcsc::Trap::block);
    start(limits(overrun));
    if (of_events(GetParam())) {
      for (int i = 0; i < 2 && !fake->trapped_now(); ++i) fake->swap("B");
      ASSERT_TRUE(fake->trapped());
      expect_service_set_aside();
      return;
    }
    ASSERT_TRUE(recorder.wait_for_card("A"));
    ASSERT_TRUE(recorder.wait_for_card("B"));
    const std::set<std::string> expected{"ok", "card.mute", "reader.gone"};
    for (const auto& seen : story(overrun)) EXPECT_THAT(expected, testing::Contains(seen));
    ASSERT_TRUE(fake->trapped());
    expect_reader_set_aside();
  }

  static constexpr auto overrun = 300ms;
};

TEST_P(Blocks, AndIsSetAsideUntilItReturns) {
  ASSERT_NO_FATAL_FAILURE(begin_story());
  fake->release_blocked();
  ASSERT_NO_FATAL_FAILURE(expect_recovery());
  while (readers->stuck_calls() > 0) std::this_thread::yield();
  finish();
}

TEST_P(Blocks, AndTheEndLeavesItBehind) {
  ASSERT_NO_FATAL_FAILURE(begin_story());
  finish();
}

INSTANTIATE_TEST_SUITE_P(Service, Blocks, testing::ValuesIn(while_working()), turn_name);

class AtTheEnd : public EveryCall {
 protected:
  void TearDown() override { fake->release_blocked(); }

  // One worker with a context, so that two contexts are released.
  void expect_end(FakePcsc::Trap trap) {
    start_and_wait(limits(300ms));
    EXPECT_EQ(story(patience), (std::vector<std::string>{"ok", "ok", "ok"}));
    fake->set_trap(GetParam().call, GetParam().nth, trap);
    finish();
    EXPECT_TRUE(fake->trapped());
  }
};

TEST_P(AtTheEnd, AServiceThatVanishesDoesNotMatter) {
  expect_end(FakePcsc::Trap::vanish);
}
TEST_P(AtTheEnd, ACallThatBlocksIsLeftBehind) {
  expect_end(FakePcsc::Trap::block);
}

INSTANTIATE_TEST_SUITE_P(Service, AtTheEnd, testing::ValuesIn(at_the_end()), turn_name);

TEST(ServiceAbsent, ComesLater) {
  PcscFixture world;
  world.fake->stop_service();
  world.start();
  ASSERT_TRUE(world.recorder.wait_for(ReaderEvent::Kind::service_down));
  EXPECT_EQ(world.readers->health().error().code, base::Code::reader_service_down);
  world.fake->start_service();
  ASSERT_TRUE(world.recorder.wait_for_card("A"));
  EXPECT_EQ(world.recorder.heard(ReaderEvent::Kind::service_up), 1);
  world.finish();
}

TEST(ServiceAbsent, DoesNotHoldTheEndUp) {
  PcscFixture world;
  world.fake->stop_service();
  auto limits = PcscFixture::limits();
  limits.first_retry = limits.longest_retry = std::chrono::hours(1);
  world.start(limits);
  ASSERT_TRUE(world.recorder.wait_for(ReaderEvent::Kind::service_down));
  world.finish();  // the test's own time limit would end it
}

}  // namespace
}  // namespace madoguchi::smartcard
