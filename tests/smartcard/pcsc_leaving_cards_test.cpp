#include "smartcard/pcsc_readers.hpp"

#include "pcsc_fixture.hpp"

namespace madoguchi::smartcard {
namespace {

class PcscLeavingCardsTest : public testing::Test, public PcscFixture {
 protected:
  void TearDown() override {
    finish();
    EXPECT_EQ(fake->open_contexts(), 0U);
    EXPECT_EQ(fake->open_handles(), 0U);
  }
};

// As measured: success with no bytes is how a card that vanishes inside a command shows.
TEST_F(PcscLeavingCardsTest, NoBytesAreARemovedCardForTheRestOfTheLease) {
  for (const auto* bytes : {"", "90"}) {
    fake->swap("B", [bytes](const base::Bytes&) {
      return FakePcsc::Answer{SCARD_S_SUCCESS, *base::from_hex(bytes)};
    });
    if (!readers) start_and_wait();
    catch_up("B");
    auto held = lease("B");
    EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
    fake->swap("B");
    const auto before = fake->sent().size();
    EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
    EXPECT_EQ(fake->sent().size(), before);
    held.reset();
    catch_up("B");
    EXPECT_EQ(reason(run(*lease("B"), commands(1))), "ok");
  }
}

// The event loop is late: nothing has been said to the card yet when it catches up, so it is connected again.
TEST_F(PcscLeavingCardsTest, ACardSwappedWhileItIsConnectedIsConnectedAgain) {
  start_and_wait();
  fake->before(Call::connect, 1, [this] {
    fake->swap("A");
    catch_up("A");
  });
  const auto held = lease("A");
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
  EXPECT_EQ(fake->count(Call::connect), 2);
  EXPECT_EQ(fake->open_handles(), 1U);
}

// R2: the fake lets the old handle speak to the new card, as a driver might; only the counter tells.
TEST_F(PcscLeavingCardsTest, ASwappedCardEndsTheLeaseThoughTheHandleWorks) {
  start_and_wait();
  const auto held = lease("A");
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
  fake->swap("A");
  ASSERT_TRUE(recorder.wait_for(Kind::card_inserted, "A", 2));
  EXPECT_EQ(recorder.heard(Kind::card_removed, "A"), 1);
  const auto before = fake->sent().size();
  EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
  EXPECT_EQ(fake->sent().size(), before);
}

TEST_F(PcscLeavingCardsTest, ASwapInsideAJobStopsIt) {
  start_and_wait();
  const auto held = lease("A");
  const auto job = [this](Channel& card) -> base::Result<void> {
    if (auto first = send(card); !first) return first.error();
    fake->swap("A");
    EXPECT_TRUE(recorder.wait_for(Kind::card_inserted, "A", 2));
    if (auto second = send(card); !second) return second.error();
    return {};
  };
  EXPECT_EQ(reason(run(*held, job)), "card.removed");
  EXPECT_EQ(fake->sent().size(), 1U);
}

// With pcscd a reset before its look would hide the next card.
TEST_F(PcscLeavingCardsTest, APulledCardIsNotResetBeforeItsRemovalIsCounted) {
  auto patient = limits();
  patient.notice = patience;
  start_and_wait(patient);
  auto held = lease("A");
  fake->pull("A");
  EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
  held.reset();
  // A job of the next lease waits for the end of the last one.
  held = lease("A");
  auto waiting = submit(*held, commands(1));
  EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
  EXPECT_EQ(fake->dispositions(), std::vector<DWORD>{});
  fake->look("A");
  EXPECT_EQ(reason(get(std::move(waiting))), "card.absent");
  EXPECT_EQ(fake->dispositions(), std::vector<DWORD>{SCARD_LEAVE_CARD});
  fake->insert("A");
  ASSERT_TRUE(recorder.wait_for(Kind::card_inserted, "A", 2));
  EXPECT_EQ(recorder.heard(Kind::card_removed, "A"), 1);
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
}

// Nobody but the session knows that the card in the reader may be another one: both events, and a reset.
TEST_F(PcscLeavingCardsTest, ACardPutBackBetweenTwoLooksIsReportedOnce) {
  start_and_wait();
  const auto count = status("A").card_count;
  auto held = lease("A");
  fake->pull("A");
  EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
  fake->put_back("A");
  fake->look("A");
  held.reset();
  ASSERT_TRUE(recorder.wait_for(Kind::card_inserted, "A", 2));
  EXPECT_EQ(recorder.heard(Kind::card_removed, "A"), 1);
  EXPECT_EQ(status("A").presence, Presence::present);
  EXPECT_NE(status("A").card_count, count);
  EXPECT_TRUE(recorder.logged("reader.card_left_unnoticed"));
  EXPECT_EQ(fake->dispositions(), std::vector<DWORD>{SCARD_RESET_CARD});
  EXPECT_EQ(reason(run(*lease("A"), commands(1))), "ok");

  fake->remove("A");
  ASSERT_TRUE(recorder.wait_for(Kind::card_removed, "A", 2));
  fake->insert("A");
  ASSERT_TRUE(recorder.wait_for(Kind::card_inserted, "A", 3));
}

// "The card does not answer; take it off": which a clerk does while the command still waits.
TEST_F(PcscLeavingCardsTest, ASilentCardThatIsPulledIsNotResetEither) {
  auto gate = std::make_shared<std::promise<void>>();
  const std::shared_future<void> opened(gate->get_future());
  fake->swap("A", [opened](const base::Bytes&) {
    opened.wait();
    return FakePcsc::Answer{};
  });
  auto patient = limits();
  patient.notice = patience;
  start_and_wait(patient);
  catch_up("A");
  auto held = lease("A");
  EXPECT_EQ(reason(run(*held, commands(1), 100ms)), "card.mute");
  fake->pull("A");
  gate->set_value();
  while (!recorder.logged("reader.card_lost")) std::this_thread::yield();
  EXPECT_EQ(status("A").presence, Presence::stuck);
  EXPECT_EQ(fake->dispositions(), std::vector<DWORD>{});
  fake->look("A");
  while (readers->stuck_calls() > 0) std::this_thread::yield();
  EXPECT_EQ(fake->dispositions(), std::vector<DWORD>{SCARD_LEAVE_CARD});
}

TEST_F(PcscLeavingCardsTest, TheEndDoesNotWaitForACount) {
  auto patient = limits();
  patient.notice = 1h;
  start_and_wait(patient);
  auto held = lease("A");
  fake->pull("A");
  EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
  held.reset();
  readers.reset();  // the test's own time limit would end it
  EXPECT_EQ(fake->dispositions(), std::vector<DWORD>{SCARD_RESET_CARD});
}

TEST_F(PcscLeavingCardsTest, HalfAChangeIsNotTold) {
  auto patient = limits();
  patient.notice = patience;
  start_and_wait(patient);
  for (int round = 1; round <= 3; ++round) {
    for (const auto kind : {Kind::card_removed, Kind::card_inserted}) {
      const int told = recorder.heard(kind, "A");
      const int looks = fake->count(Call::wait);
      fake->change_by_half("A");
      while (fake->count(Call::wait) < looks + 3) std::this_thread::yield();
      EXPECT_EQ(recorder.heard(kind, "A"), told);
      fake->look("A");
      ASSERT_TRUE(recorder.wait_for(kind, "A", told + 1));
    }
    EXPECT_EQ(recorder.heard(Kind::card_removed, "A"), round);
    EXPECT_EQ(recorder.heard(Kind::card_inserted, "A"), 1 + round);
  }
}

TEST_F(PcscLeavingCardsTest, HalfAChangeThatStaysIsBelieved) {
  start_and_wait();
  fake->change_by_half("A");
  ASSERT_TRUE(recorder.wait_for(Kind::card_removed, "A"));
  EXPECT_EQ(status("A").presence, Presence::empty);
}

}  // namespace
}  // namespace madoguchi::smartcard
