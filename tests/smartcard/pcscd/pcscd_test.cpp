// The readers over a real pcscd and the vpcd driver. Each test is a process of its own.
#include <atomic>

#include "card.hpp"
#include "jobs.hpp"
#include "pcsc_api.hpp"
#include "recorder.hpp"
#include "service.hpp"
#include "smartcard/pcsc_readers.hpp"

namespace madoguchi::smartcard {
namespace {

using Kind = ReaderEvent::Kind;

const base::Bytes ok = {0x90, 0x00};

class PcscdTest : public testing::Test {
 protected:
  void SetUp() override {
    service.start();
    readers = make_readers();
    ASSERT_TRUE(recorder.wait_for(Kind::reader_added, service.reader()));
  }

  std::unique_ptr<PcscReaders> make_readers() {
    return std::make_unique<PcscReaders>([this](const ReaderEvent& event) { recorder.hear(event); },
                                         recorder);
  }
  std::unique_ptr<PlainCard> insert(PlainCard::Behaviour behaviour = [](const base::Bytes&) { return ok; }) {
    const int before = recorder.heard(Kind::card_inserted, service.reader());
    auto card = std::make_unique<PlainCard>(service.port(), std::move(behaviour));
    EXPECT_TRUE(recorder.wait_for(Kind::card_inserted, service.reader(), before + 1));
    return card;
  }
  std::unique_ptr<Lease> lease() {
    auto taken = readers->lease(service.reader());
    return std::move(taken).value();  // throws, and so fails the test, when there is none
  }

  PcscdService service;
  Recorder recorder;
  std::unique_ptr<PcscReaders> readers;
};

TEST_F(PcscdTest, FollowsACard) {
  EXPECT_TRUE(readers->health());
  EXPECT_EQ(readers->list().size(), 2U);
  auto card = insert();
  EXPECT_EQ(readers->list().front().presence, Presence::present);
  EXPECT_FALSE(readers->list().front().atr.empty());
  card.reset();
  EXPECT_TRUE(recorder.wait_for(Kind::card_removed, service.reader()));
  EXPECT_EQ(readers->list().front().presence, Presence::empty);
  EXPECT_EQ(readers->list().front().card_count, 2U);
}

TEST_F(PcscdTest, ExchangesAndResetsAtTheLeasesEnd) {
  base::Bytes seen;
  const auto card = insert([&seen](const base::Bytes& command) {
    seen = command;
    return base::Bytes(command.size() == 5 ? 258 : 2, 0x90);
  });
  auto held = lease();
  const auto job = [](Channel& channel) -> base::Result<void> {
    const auto read = channel.transmit(Command({0x00, 0xB0, 0x00, 0x00}, {}, 256));
    if (!read) return read.error();
    EXPECT_EQ(read->data.size(), 256U);
    const auto pin = channel.transmit(Command({0x00, 0x20, 0x00, 0x80}, base::Secret("1234")));
    if (!pin) return pin.error();
    return {};
  };
  EXPECT_EQ(reason(run(*held, job)), "ok");
  EXPECT_EQ(base::to_hex(seen), "002000800431323334");
  held.reset();
  EXPECT_TRUE(card->wait_for_reset());
}

TEST_F(PcscdTest, AnApduTakesFarLessThanFiveMilliseconds) {
  const auto card = insert();
  const auto held = lease();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(reason(run(*held, commands(200))), "ok");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 200 * 5ms);
}

TEST_F(PcscdTest, NobodyElseGetsIn) {
  const auto card = insert();
  const auto held = lease();
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");

  const PcscApi api = system_pcsc();
  SCARDCONTEXT context = 0;
  ASSERT_EQ(api.establish_context(&context), SCARD_S_SUCCESS);
  SCARDHANDLE intruder = 0;
  DWORD protocol = 0;
  EXPECT_EQ(api.connect(context, service.reader().c_str(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &intruder,
                        &protocol),
            SCARD_E_SHARING_VIOLATION);
  EXPECT_EQ(api.release_context(context), SCARD_S_SUCCESS);
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
}

TEST_F(PcscdTest, ACardTornOffInsideACommand) {
  auto card = insert([](const base::Bytes& command) -> std::optional<base::Bytes> {
    if (command[1] == 0x46) return std::nullopt;
    return ok;
  });
  auto held = lease();
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
  EXPECT_EQ(reason(run(*held, commands(1, 0x46))), "card.removed");
  card.reset();
  ASSERT_TRUE(recorder.wait_for(Kind::card_removed, service.reader()));
  card = insert();
  EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
  held.reset();
  EXPECT_EQ(reason(run(*lease(), commands(1))), "ok");
}

// A reset of a card that has just left once made pcscd blind for the next one.
TEST_F(PcscdTest, ACardTornOffAndPutBackAtOnceIsSeenAgain) {
  const auto torn = [](const base::Bytes&) -> std::optional<base::Bytes> { return std::nullopt; };
  auto card = insert(torn);
  for (int round = 1; round <= 5; ++round) {
    EXPECT_EQ(reason(run(*lease(), commands(1))), "card.removed");
    card.reset();
    card = std::make_unique<PlainCard>(service.port(), torn);
    EXPECT_TRUE(recorder.wait_for(Kind::card_inserted, service.reader(), 1 + round));
    EXPECT_EQ(recorder.heard(Kind::card_removed, service.reader()), round);
    EXPECT_EQ(readers->list().front().presence, Presence::present);
  }
}

TEST_F(PcscdTest, ACardExchangedBetweenTwoJobs) {
  auto card = insert();
  const auto held = lease();
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
  card.reset();
  card = insert();
  EXPECT_EQ(recorder.heard(Kind::card_removed, service.reader()), 1);
  EXPECT_EQ(reason(run(*held, commands(1))), "card.removed");
}

TEST_F(PcscdTest, ACardThatIsSilentIsSetAside) {
  auto gate = std::make_shared<std::promise<void>>();
  const std::shared_future<void> opened(gate->get_future());
  const auto card = insert([opened](const base::Bytes& command) {
    if (command[1] == 0x46) opened.wait();
    return ok;
  });
  auto held = lease();
  EXPECT_EQ(reason(run(*held, commands(1, 0x46), 200ms)), "card.mute");
  EXPECT_EQ(readers->list().front().presence, Presence::stuck);
  EXPECT_EQ(readers->lease(service.reader()).error().code, base::Code::reader_gone);
  gate->set_value();
  while (readers->stuck_calls() > 0) std::this_thread::yield();
  held.reset();
  EXPECT_EQ(reason(run(*lease(), commands(1))), "ok");
}

TEST_F(PcscdTest, OutlivesPcscd) {
  auto card = insert();
  auto held = lease();
  EXPECT_EQ(reason(run(*held, commands(1))), "ok");
  service.kill();
  ASSERT_TRUE(recorder.wait_for(Kind::service_down));
  EXPECT_EQ(readers->health().error().code, base::Code::reader_service_down);
  EXPECT_EQ(reason(run(*held, commands(1))), "reader.service_down");
  card.reset();

  service.start();
  ASSERT_TRUE(recorder.wait_for(Kind::reader_added, service.reader(), 2));
  EXPECT_EQ(recorder.heard(Kind::service_up), 2);
  card = insert();
  EXPECT_EQ(reason(run(*lease(), commands(1))), "ok");
}

TEST_F(PcscdTest, FindsPcscdGoneInsideACommand) {
  const auto card = insert([this](const base::Bytes& command) -> std::optional<base::Bytes> {
    if (command[1] == 0x46) service.kill();
    return ok;
  });
  const auto held = lease();
  EXPECT_EQ(reason(run(*held, commands(1, 0x46))), "reader.service_down");
  EXPECT_TRUE(recorder.wait_for(Kind::service_down));
}

TEST_F(PcscdTest, EndsAtOnce) {
  const auto card = insert();
  const auto begin = std::chrono::steady_clock::now();
  readers.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

}  // namespace
}  // namespace madoguchi::smartcard
