#include "readers.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace madoguchi::counter::test {
namespace {

using base::Code;
using base::make_fault;

// One connection to the card that lay there when it was made.
class TestChannel final : public smartcard::Channel, private smartcard::PinPad {
 public:
  explicit TestChannel(TestReader& reader) : reader_(reader), count_(reader.count) { reader.reached = true; }

  [[nodiscard]] bool dead() const { return reader_.count != count_; }

  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override {
    if (dead()) return make_fault(Code::card_removed, "taken away");
    const auto card = reader_.card;
    const Act act = card->disturb ? card->disturb(++card->commands) : Act::answer;
    if (act == Act::gone_before) return leave(*card);
    if (act == Act::mute) return make_fault(Code::card_mute, "as ordered");
    base::Bytes bytes(command.encoded_size());
    command.encode(bytes);
    card->executed.push_back(command.header());
    card->with_data.push_back(command.secret() || !command.data().empty());
    if (const auto other = card->instead ? card->instead(command.header()) : std::nullopt)
      return smartcard::parse_response(*other);
    if (!card->keeps_writes && command.header().ins == instruction::update) {
      static_cast<void>(card->card.transmit(bytes, {.cut_write = 0}));
      return smartcard::parse_response(base::Bytes{0x90, 0x00});
    }
    auto answer = card->card.transmit(bytes);
    if (card->alter) card->alter(command.header(), answer);
    if (act == Act::gone_after) return leave(*card);
    return smartcard::parse_response(answer);
  }

  smartcard::PinPad* pin_pad() override { return reader_.keys ? this : nullptr; }

 private:
  base::Result<smartcard::Response> verify(const smartcard::PadEntry& entry) override {
    const Pressed pressed = reader_.keys(entry);
    if (const auto* digits = std::get_if<std::string>(&pressed))
      return transmit(smartcard::Command(entry.verify, base::Secret(*digits)));
    return smartcard::Response{{}, {std::get<std::uint16_t>(pressed)}};
  }
  base::Fault leave(TestCard& card) {
    card.card.reset();
    reader_.card = nullptr;
    ++reader_.count;
    return make_fault(Code::card_removed, "pulled");
  }

  TestReader& reader_;
  std::uint32_t count_;
};

struct Session {
  explicit Session(std::shared_ptr<TestReader> r) : reader(std::move(r)) { reader->leased = true; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (channel && !channel->dead()) reader->card->card.reset();
    reader->leased = false;
  }
  std::shared_ptr<TestReader> reader;
  std::unique_ptr<TestChannel> channel;
};

base::Result<void> work(Session& session, const smartcard::CardJob& job) {
  if (!session.channel) {
    if (!session.reader->card) return make_fault(Code::card_absent, "empty");
    session.channel = std::make_unique<TestChannel>(*session.reader);
  }
  if (session.channel->dead()) return make_fault(Code::card_removed, "taken away");
  return job(*session.channel);
}

class TestLease final : public smartcard::Lease {
 public:
  TestLease(boost::asio::io_context& loop, std::shared_ptr<TestReader> reader)
      : loop_(loop), session_(std::make_shared<Session>(std::move(reader))) {}

  void submit(smartcard::CardJob job, std::chrono::milliseconds, smartcard::JobDone done) override {
    auto work_now = [session = session_, job = std::move(job), done = std::move(done)] {
      done(work(*session, job));
    };
    const auto& card = session_->reader->card;
    if (card && card->slow) {
      card->waiting.emplace_back(std::move(work_now));
    } else {
      boost::asio::post(loop_, std::move(work_now));
    }
  }
  [[nodiscard]] const std::string& reader() const override { return session_->reader->name; }

 private:
  boost::asio::io_context& loop_;
  std::shared_ptr<Session> session_;
};

}  // namespace

void TestCard::answer() {
  slow = false;
  for (const auto& job : std::exchange(waiting, {})) job();
}

int TestCard::count(std::uint8_t instruction) const {
  return static_cast<int>(std::count_if(executed.begin(), executed.end(),
                                        [&](const auto& header) { return header.ins == instruction; }));
}

void TestReaders::insert(const std::string& name, std::shared_ptr<TestCard> card) {
  auto& reader = *readers_.at(name);
  if (reader.card) reader.card->card.reset();
  reader.card = std::move(card);
  ++reader.count;
}

std::vector<smartcard::ReaderStatus> TestReaders::list() const {
  std::vector<smartcard::ReaderStatus> all;
  for (const auto& [name, reader] : readers_) {
    smartcard::ReaderStatus status;
    status.name = name;
    status.presence = reader->card ? smartcard::Presence::present : smartcard::Presence::empty;
    status.leased = reader->leased;
    status.card_count = reader->count;
    if (reader->reached) status.pin_pad = reader->keys != nullptr;
    all.push_back(std::move(status));
  }
  return all;
}

base::Result<std::unique_ptr<smartcard::Lease>> TestReaders::lease(const std::string& reader) {
  if (service_down) return make_fault(Code::reader_service_down, "as ordered");
  const auto found = readers_.find(reader);
  if (found == readers_.end()) return make_fault(Code::not_found, "no such reader");
  if (found->second->leased) return make_fault(Code::reader_busy, "leased");
  return std::unique_ptr<smartcard::Lease>(std::make_unique<TestLease>(loop_, found->second));
}

}  // namespace madoguchi::counter::test
