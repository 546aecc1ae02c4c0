#include "smartcard/pcsc_readers.hpp"

#include "pcsc_fixture.hpp"

namespace madoguchi::smartcard {
namespace {

class PcscReadersTest : public testing::Test, public PcscFixture {
 protected:
  void TearDown() override {
    finish();
    EXPECT_EQ(fake->open_contexts(), 0U);
    EXPECT_EQ(fake->open_handles(), 0U);
  }
};

TEST_F(PcscReadersTest, ListsReadersAndCards) {
  fake->plug("C");
  fake->plug("D");
  fake->insert("D", {}, true);
  start_and_wait();
  EXPECT_TRUE(readers->health());
  ASSERT_TRUE(recorder.wait_for(Kind::reader_added, "C"));
  ASSERT_TRUE(recorder.wait_for_card("D"));
  EXPECT_EQ(readers->list().size(), 4U);
  EXPECT_EQ(status("A").presence, Presence::present);
  EXPECT_EQ(status("A").card_count, 1U);
  EXPECT_EQ(status("A").atr.size(), 2U);
  EXPECT_EQ(status("C").presence, Presence::empty);
  EXPECT_EQ(status("D").presence, Presence::mute);
}

TEST_F(PcscReadersTest, FollowsCardsAndReaders) {
  start_and_wait();
  fake->remove("A");
  ASSERT_TRUE(recorder.wait_for(Kind::card_removed, "A"));
  EXPECT_EQ(status("A").presence, Presence::empty);
  fake->plug("C");
  ASSERT_TRUE(recorder.wait_for(Kind::reader_added, "C"));
  fake->unplug("B");
  ASSERT_TRUE(recorder.wait_for(Kind::reader_removed, "B"));
  EXPECT_EQ(recorder.heard(Kind::card_removed, "B"), 1);
  EXPECT_EQ(readers->lease("B").error().code, base::Code::not_found);
}

TEST_F(PcscReadersTest, ListGrowsBetweenHowLongAndGiveMe) {
  fake->before(Call::list, 2, [this] { fake->plug("Another reader"); });
  start_and_wait();
  EXPECT_TRUE(recorder.wait_for(Kind::reader_added, "Another reader"));
}

TEST_F(PcscReadersTest, ReaderLeavesBetweenListAndLook) {
  fake->before(Call::wait, 1, [this] { fake->unplug("B"); });
  start();
  EXPECT_TRUE(recorder.wait_for_card("A"));
  EXPECT_EQ(recorder.heard(Kind::reader_added, "B"), 0);
  EXPECT_TRUE(readers->health());
}

TEST_F(PcscReadersTest, WorksWithoutAnyReader) {
  fake->unplug("A");
  fake->unplug("B");
  start();
  ASSERT_TRUE(recorder.wait_for(Kind::service_up));
  EXPECT_TRUE(readers->health());
  fake->plug("A");
  EXPECT_TRUE(recorder.wait_for(Kind::reader_added, "A"));
}

TEST_F(PcscReadersTest, OneHandleALeaseAndOneTransactionAJob) {
  start_and_wait();
  {
    const auto held = lease("A");
    EXPECT_EQ(fake->count(Call::connect), 0);
    EXPECT_EQ(reason(run(*held, commands(2))), "ok");
    EXPECT_EQ(reason(run(*held, commands(3))), "ok");
    EXPECT_EQ(fake->count(Call::connect), 1);
    EXPECT_EQ(fake->count(Call::begin), 2);
    EXPECT_EQ(fake->count(Call::end), 2);
    EXPECT_EQ(fake->open_handles(), 1U);
  }
  const auto next = lease("A");
  EXPECT_EQ(reason(run(*next, commands(1))), "ok");
  EXPECT_EQ(fake->dispositions(), std::vector<DWORD>{SCARD_RESET_CARD});
  EXPECT_EQ(fake->count(Call::connect), 2);
}

TEST_F(PcscReadersTest, ALeaseExcludesEverybody) {
  start_and_wait();
  const auto held = lease("A");
  EXPECT_TRUE(status("A").leased);
  EXPECT_EQ(readers->lease("A").error().code, base::Code::reader_busy);
  EXPECT_EQ(readers->lease("X").error().code, base::Code::not_found);
  const auto other = lease("B");
  EXPECT_EQ(reason(run(*other, commands(1))), "ok");
}

TEST_F(PcscReadersTest, AnotherClientsHoldIsBusyUntilItEnds) {
  fake->hold("A", true);
  start_and_wait();
  const auto held = lease("A");
  EXPECT_EQ(reason(run(*held, commands(1))), "reader.busy");
  fake->hold("A", false);
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
}

TEST_F(PcscReadersTest, AbsentAndMuteCardsShowInTheJob) {
  fake->plug("C");
  start_and_wait();
  ASSERT_TRUE(recorder.wait_for(Kind::reader_added, "C"));
  const auto held = lease("C");
  EXPECT_EQ(reason(run(*held, commands(1))), "card.absent");
  fake->insert("C", {}, true);
  EXPECT_EQ(reason(run(*held, commands(1))), "card.mute");
  fake->swap("C");
  fake->remove("C");
  fake->insert("C");
  catch_up("C");
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
}

TEST_F(PcscReadersTest, CodesThatEndTheHandle) {
  const std::pair<LONG, const char*> codes[] = {
      {SCARD_E_NOT_TRANSACTED, "card.removed"},    {SCARD_W_REMOVED_CARD, "card.removed"},
      {SCARD_W_RESET_CARD, "card.removed"},        {SCARD_W_UNPOWERED_CARD, "card.removed"},
      {SCARD_E_NO_SMARTCARD, "card.removed"},      {SCARD_W_UNRESPONSIVE_CARD, "card.mute"},
      {SCARD_E_READER_UNAVAILABLE, "reader.gone"}, {SCARD_E_NO_MEMORY, "reader.gone"},
      {SCARD_F_INTERNAL_ERROR, "reader.gone"},     {SCARD_E_INVALID_HANDLE, "reader.service_down"}};
  start_and_wait();
  for (const auto call : {Call::begin, Call::transmit}) {
    for (const auto& [code, wanted] : codes) {
      fake->answer(call, fake->count(call) + 1, code);
      auto held = lease("A");
      EXPECT_EQ(reason(run(*held, commands(1))), wanted) << std::hex << code;
      EXPECT_EQ(reason(run(*held, commands(1))), "card.removed") << std::hex << code;
      held.reset();
      EXPECT_EQ(reason(run(*lease("A"), commands(1))), "ok") << std::hex << code;
    }
  }
  // One reader's trouble is not the service's.
  EXPECT_EQ(recorder.heard(Kind::service_down), 0);
}

TEST_F(PcscReadersTest, TroubleAtTheEndOfATransactionKeepsTheJobsResult) {
  start_and_wait();
  fake->answer(Call::end, 1, SCARD_W_RESET_CARD);
  const auto held = lease("A");
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
  EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
}

TEST_F(PcscReadersTest, AnOverrunSetsTheReaderAsideUntilItsCallReturns) {
  auto gate = std::make_shared<std::promise<void>>();
  const std::shared_future<void> opened(gate->get_future());
  fake->swap("A", [opened](const base::Bytes&) {
    opened.wait();
    return FakePcsc::Answer{SCARD_S_SUCCESS, {0x90, 0x00}};
  });
  start_and_wait();
  auto held = lease("A");
  auto overrunning = submit(*held, commands(2), 100ms);
  auto waiting = submit(*held, commands(1));
  EXPECT_EQ(reason(get(std::move(overrunning))), "card.mute");
  EXPECT_EQ(reason(get(std::move(waiting))), "reader.gone");
  EXPECT_EQ(status("A").presence, Presence::stuck);
  EXPECT_EQ(reason(run(*held, commands(1))), "reader.gone");
  held.reset();
  EXPECT_EQ(readers->lease("A").error().code, base::Code::reader_gone);
  // The others go on.
  EXPECT_EQ(reason(run(*lease("B"), commands(1))), "ok");

  const auto before = fake->count(Call::disconnect);
  gate->set_value();
  while (readers->stuck_calls() > 0) std::this_thread::yield();
  EXPECT_TRUE(recorder.logged("reader.stuck"));
  EXPECT_GT(fake->count(Call::disconnect), before);
  EXPECT_EQ(reason(run(*lease("A"), commands(1))), "ok");
  // Of the job that overran only the first command was sent.
  EXPECT_EQ(fake->sent().size(), 3U);
}

TEST_F(PcscReadersTest, TheQueueIsBounded) {
  auto gate = std::make_shared<std::promise<void>>();
  const std::shared_future<void> opened(gate->get_future());
  std::promise<void> begun;
  start_and_wait();
  const auto held = lease("A");
  std::vector<std::future<base::Result<void>>> jobs;
  jobs.push_back(submit(*held, [&begun, opened](Channel&) -> base::Result<void> {
    begun.set_value();
    opened.wait();
    return {};
  }));
  begun.get_future().wait();
  for (int i = 0; i < 4; ++i) jobs.push_back(submit(*held, commands(1)));
  EXPECT_EQ(reason(run(*held, commands(1))), "overloaded");
  gate->set_value();
  for (auto& job : jobs) EXPECT_EQ(reason(get(std::move(job))), "ok");
}

TEST_F(PcscReadersTest, TheEndLetsARunningJobFinishAndRefusesTheRest) {
  std::promise<void> begun;
  auto gate = std::make_shared<std::promise<void>>();
  const std::shared_future<void> opened(gate->get_future());
  start_and_wait();
  const auto held = lease("A");
  auto running = submit(*held, [&begun, opened](Channel& card) -> base::Result<void> {
    begun.set_value();
    opened.wait();
    if (auto response = send(card); !response) return response.error();
    return {};
  });
  begun.get_future().wait();
  auto waiting = submit(*held, commands(1));
  std::thread ending([this] { readers.reset(); });
  EXPECT_EQ(reason(get(std::move(waiting))), "shutting_down");
  gate->set_value();
  EXPECT_EQ(reason(get(std::move(running))), "ok");
  ending.join();
  EXPECT_EQ(reason(run(*held, commands(1))), "shutting_down");
}

TEST_F(PcscReadersTest, AnUnpluggedReaderFailsWhatWaits) {
  std::promise<void> begun;
  start_and_wait();
  const auto held = lease("A");
  auto running = submit(*held, [this, &begun](Channel& card) -> base::Result<void> {
    begun.set_value();
    EXPECT_TRUE(recorder.wait_for(Kind::reader_removed, "A"));
    if (auto response = send(card); !response) return response.error();
    return {};
  });
  begun.get_future().wait();
  auto waiting = submit(*held, commands(1));
  fake->unplug("A");
  EXPECT_EQ(reason(get(std::move(waiting))), "reader.gone");
  EXPECT_EQ(reason(get(std::move(running))), "reader.gone");
  EXPECT_EQ(reason(run(*held, commands(1))), "reader.gone");
  fake->plug("A");
  fake->insert("A");
  ASSERT_TRUE(recorder.wait_for(Kind::card_inserted, "A", 2));
  EXPECT_EQ(reason(run(*lease("A"), commands(1))), "ok");
}

TEST_F(PcscReadersTest, AJobThatThrowsIsAFault) {
  start_and_wait();
  const auto held = lease("A");
  const auto job = [](Channel&) -> base::Result<void> { throw std::runtime_error("oops"); };
  EXPECT_EQ(reason(run(*held, job)), "internal");
  EXPECT_EQ(reason(run(*held, CardJob())), "internal");
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
}

TEST_F(PcscReadersTest, T0HasNoLengthBesideData) {
  fake->protocol(SCARD_PROTOCOL_T0);
  start_and_wait();
  const auto held = lease("A");
  const auto job = [](Channel& card) -> base::Result<void> {
    for (const std::size_t data : {std::size_t{0}, std::size_t{2}, std::size_t{300}}) {
      if (!card.transmit(Command({0x00, 0xCA, 0, 0}, base::Bytes(data), 256))) return base::Fault{};
    }
    return {};
  };
  EXPECT_EQ(reason(run(*held, job)), "ok");
  const auto sent = fake->sent();
  EXPECT_EQ(sent.at(0), "00ca000000");
  EXPECT_EQ(sent.at(1), "00ca0000020000");
  EXPECT_EQ(sent.at(2).size(), 2U * (4 + 3 + 300 + 2));
}

// Many leases from many threads, cards coming and going: for the sanitizers, and for exactly one answer a
// job.
TEST_F(PcscReadersTest, StandsACrowd) {
  start_and_wait();
  std::vector<std::thread> clerks;
  clerks.reserve(4);
  std::atomic<int> answered = 0;
  for (int clerk = 0; clerk < 4; ++clerk) {
    clerks.emplace_back([&, reader = std::string(clerk % 2 == 0 ? "A" : "B")] {
      for (int round = 0; round < 50; ++round) {
        auto taken = readers->lease(reader);
        if (!taken) continue;
        for (int job = 0; job < 3; ++job) {
          get(submit(**taken, commands(2)));
          ++answered;
        }
      }
    });
  }
  for (int round = 0; round < 50; ++round) {
    fake->swap(round % 2 == 0 ? "A" : "B");
    EXPECT_LE(readers->list().size(), 2U);
  }
  for (auto& clerk : clerks) clerk.join();
  EXPECT_GT(answered, 0);
}

}  // namespace
}  // namespace madoguchi::smartcard
