#include "session.hpp"

#include <reader.h>

#include <algorithm>
#include <exception>

namespace madoguchi::smartcard {
namespace {

using base::Code;
using base::Level;
using base::make_fault;

constexpr std::size_t max_answer = 65536 + 2;
constexpr int max_open_attempts = 3;

// A command's bytes, wiped when it has been sent.
class Encoded {
 public:
  Encoded(const Command& command, DWORD protocol)
      : bytes_(command.encoded_size()), size_(command.encode(bytes_)) {
    // T=0 has no Le beside data; the card announces its answer by 61xx (ISO/IEC 7816-3 12.2.4).
    const bool case_4_short = command.expected() && size_ > 5 && bytes_[4] != 0;
    if (protocol == SCARD_PROTOCOL_T0 && case_4_short) --size_;
  }
  ~Encoded() { base::wipe(bytes_.data(), bytes_.size()); }
  Encoded(const Encoded&) = delete;
  Encoded& operator=(const Encoded&) = delete;
  [[nodiscard]] const BYTE* data() const { return bytes_.data(); }
  [[nodiscard]] DWORD size() const { return size_; }

 private:
  base::Bytes bytes_;
  std::size_t size_;
};

// The barrier at which whatever a job throws becomes a fault.
base::Result<void> call(const CardJob& job, Channel& card) {
  try {
    return job(card);
  } catch (const std::exception& error) {
    return make_fault(Code::internal, std::string("a card job threw: ") + error.what());
  }
}

}  // namespace

void CardCounter::set(std::uint16_t value) {
  const std::lock_guard lock(mutex_);
  value_ = value;
  changed_.notify_all();
}

bool CardCounter::await_other_than(std::uint16_t value, std::chrono::milliseconds longest) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [&] { return ended_ || value_ != value; });
  return value_ != value;
}

void CardCounter::end_waits() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

Session::Session(const PcscApi& api, std::string reader, const SessionSignals& signals, Outlet& outlet,
                 std::chrono::milliseconds notice, std::function<void(Loss)> on_loss)
    : api_(api),
      reader_(std::move(reader)),
      signals_(signals),
      outlet_(outlet),
      notice_(notice),
      on_loss_(std::move(on_loss)) {}

base::Result<void> Session::run(std::uint64_t lease, const CardJob& job) {
  if (lease != lease_) {
    end_lease();
    lease_ = lease;
  }
  if (!dead_ && !card_) {
    if (auto opened = open(); !opened) return opened;
  }
  if (!dead_ && card_changed()) kill(make_fault(Code::card_removed, "the event counter has changed"));
  if (dead_) return make_fault(Code::card_removed, "the lease's handle is dead: " + base::describe(*dead_));
  return in_transaction(job);
}

base::Result<void> Session::in_transaction(const CardJob& job) {
  if (signals_.abandoned) return make_fault(Code::card_mute, "the deadline passed while connecting");
  if (const LONG code = api_.begin_transaction(*card_); code != SCARD_S_SUCCESS) {
    return lose("SCardBeginTransaction", code);
  }
  if (signals_.abandoned) return make_fault(Code::card_mute, "the deadline passed before the transaction");
  auto result = call(job, *this);
  if (dead_) return result;
  // The job has been done whatever comes now: only the handle's future depends on this.
  if (const LONG code = api_.end_transaction(*card_, SCARD_LEAVE_CARD); code != SCARD_S_SUCCESS) {
    lose("SCardEndTransaction", code);
  }
  return result;
}

base::Result<Response> Session::transmit(const Command& command) {
  if (const auto ready = usable(); !ready) return ready.error();
  DWORD size = answer_.size();
  LONG code = SCARD_S_SUCCESS;
  {
    const Encoded encoded(command, protocol_);
    code = api_.transmit(*card_, protocol_, encoded.data(), encoded.size(), answer_.data(), &size);
  }
  return answered("SCardTransmit", code, size);
}

base::Result<Response> Session::verify(const PadEntry& entry) {
  if (const auto ready = usable(); !ready) return ready.error();
  const base::Bytes structure = verify_structure(entry);
  DWORD size = answer_.size();
  const LONG code =
      api_.control(*card_, pad_code_.value(), structure.data(), structure.size(), answer_.data(), &size);
  // What the driver does not take has not reached the card, e.g. one whose pad serves contact cards only.
  if (code == SCARD_E_UNSUPPORTED_FEATURE || code == SCARD_E_INVALID_PARAMETER) {
    return no_pin_pad(call_text("SCardControl", code));
  }
  return answered("SCardControl", code, size);
}

base::Result<void> Session::usable() {
  if (signals_.abandoned) return make_fault(Code::card_mute, "the job's deadline has passed");
  if (dead_) return make_fault(Code::card_removed, "the handle is dead: " + base::describe(*dead_));
  if (!card_changed()) return {};
  kill(make_fault(Code::card_removed, "the event counter has changed"));
  return *dead_;
}

base::Result<Response> Session::answered(std::string_view call, LONG code, DWORD size) {
  if (code != SCARD_S_SUCCESS) return lose(call, code);
  // A card that vanishes in the middle shows as success with no bytes.
  auto response = parse_response(base::ByteView(answer_).first(std::min<std::size_t>(size, answer_.size())));
  if (!response) kill(response.error());
  return response;
}

base::Result<void> Session::open() {
  // Nothing has been said to the card yet, so one that was put down a moment ago may simply be connected
  // again.
  for (int attempt = 0; attempt < max_open_attempts; ++attempt) {
    disconnect(SCARD_LEAVE_CARD);
    if (auto context = open_context(); !context) return context;
    if (auto connected = connect(); !connected) return connected;
    if (!card_changed()) break;
  }
  return {};
}

// The counter comes from the event loop, though it may lag: only that thread may ask for it (see PcscApi).
base::Result<void> Session::connect() {
  counter_ = signals_.counter.get();
  SCARDHANDLE card = 0;
  const LONG code = api_.connect(*context_, reader_.c_str(), SCARD_SHARE_EXCLUSIVE,
                                 SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol_);
  if (code != SCARD_S_SUCCESS) return lose("SCardConnect", code);
  card_ = card;
  answer_.resize(max_answer);
  ask_for_pin_pad();
  return {};
}

// Whatever else it answers means that there is none: most readers do not know the question.
void Session::ask_for_pin_pad() {
  DWORD size = answer_.size();
  const LONG code = api_.control(*card_, CM_IOCTL_GET_FEATURE_REQUEST, nullptr, 0, answer_.data(), &size);
  pad_code_.reset();
  if (code == SCARD_S_SUCCESS && size <= answer_.size()) {
    pad_code_ = verify_direct_code(base::ByteView(answer_).first(size));
  }
  pad_ = pad_code_ ? Pad::offered : Pad::none;
}

std::optional<bool> Session::has_pin_pad() const {
  const Pad known = pad_;
  if (known == Pad::unknown) return std::nullopt;
  return known == Pad::offered;
}

base::Result<void> Session::open_context() {
  if (context_) return {};
  SCARDCONTEXT context = 0;
  const LONG code = api_.establish_context(&context);
  if (code != SCARD_S_SUCCESS) return lose("SCardEstablishContext", code);
  context_ = context;
  return {};
}

bool Session::card_changed() const {
  return signals_.counter.get() != counter_;
}

base::Fault Session::lose(std::string_view name, LONG code) {
  const bool connected = card_.has_value();
  const Trouble trouble = trouble_of(code, connected);
  base::Fault fault = pcsc_fault(name, code, connected);
  // No card, and a card in somebody else's hands, are a counter's daily life.
  const bool daily = trouble.code == Code::card_absent || trouble.code == Code::reader_busy;
  outlet_.log(daily ? Level::info : Level::warning, "reader.call_failed",
              {{"reader", reader_}, {"call", call_text(name, code)}});
  if (trouble.loss == Loss::none) return fault;
  if (connected) kill(fault);
  if (trouble.loss != Loss::card) {
    disconnect();  // should the service live after all, the card is reset and its PINs are gone
    drop_context();
    on_loss_(trouble.loss);
  }
  return fault;
}

void Session::kill(const base::Fault& fault) {
  outlet_.log(Level::info, "reader.card_lost", {{"reader", reader_}, {"why", base::describe(fault)}});
  dead_ = fault;
}

// pcscd answers a reset that finds no card by showing the reader empty at once, uncounted, while the part of
// it that looks for cards believes in the old one until its next look. A card that is put in before that is
// taken for the old one: the reader stays empty until that card leaves. So the reset waits for the look,
// after which there is nothing to reset. Where the look finds a card, it is either another or one whose PINs
// may be verified.
void Session::let_go() {
  const bool left = dead_ && dead_->code == Code::card_removed;
  if (!card_ || !left) return disconnect();
  if (signals_.counter.await_other_than(counter_, notice_)) return disconnect(SCARD_LEAVE_CARD);
  disconnect();
  on_loss_(Loss::card);
}

void Session::disconnect(DWORD disposition) {
  if (!card_) return;
  const LONG code = api_.disconnect(*card_, disposition);
  card_.reset();
  if (code == SCARD_S_SUCCESS || dead_) return;
  const Trouble trouble = trouble_of(code, true);
  outlet_.log(Level::warning, "reader.disconnect_failed",
              {{"reader", reader_}, {"call", call_text("SCardDisconnect", code)}});
  if (trouble.loss == Loss::card) return;
  drop_context();
  on_loss_(trouble.loss);
}

void Session::end_lease() {
  let_go();
  dead_.reset();
  lease_ = 0;
}

void Session::abandon() {
  if (!dead_) kill(make_fault(Code::card_mute, "a job overran its deadline"));
  let_go();
}

void Session::drop_context() {
  if (!context_) return;
  // Its answer says nothing that could be acted upon: the context is given up either way.
  api_.release_context(*context_);
  context_.reset();
}

void Session::close() {
  end_lease();
  drop_context();
}

}  // namespace madoguchi::smartcard
