#include "fake_pcsc.hpp"

#include <algorithm>
#include <cstring>

namespace madoguchi::smartcard {

PcscApi FakePcsc::api() {
  PcscApi api;
  const auto self = shared_from_this();
  api.establish_context = [self](SCARDCONTEXT* context) {
    Lock lock(self->mutex_);
    if (const auto code = self->enter(Call::establish, lock)) return *code;
    *context = ++self->last_number_;
    self->contexts_[*context] = std::this_thread::get_id();
    return SCARD_S_SUCCESS;
  };
  api.release_context = [self](SCARDCONTEXT context) {
    Lock lock(self->mutex_);
    if (const auto code = self->enter(Call::release, context, lock)) return *code;
    self->contexts_.erase(context);
    const auto leaked = [context](const auto& handle) { return handle.second.context == context; };
    if (std::any_of(self->handles_.begin(), self->handles_.end(), leaked)) {
      self->complaints_.emplace_back("a context was released before its handles");
    }
    return SCARD_S_SUCCESS;
  };
  api.list_readers = [self](SCARDCONTEXT context, char* names, DWORD* length) {
    return self->list(context, names, length);
  };
  api.get_status_change = [self](SCARDCONTEXT context, DWORD milliseconds, SCARD_READERSTATE* states,
                                 DWORD count) { return self->status(context, milliseconds, states, count); };
  api.cancel = [self](SCARDCONTEXT context) {
    Lock lock(self->mutex_);
    if (const auto code = self->enter(Call::cancel, lock)) return *code;
    self->cancelled_.insert(context);
    self->changed_.notify_all();
    return SCARD_S_SUCCESS;
  };
  api.connect = [self](SCARDCONTEXT context, const char* reader, DWORD share, DWORD protocols,
                       SCARDHANDLE* card, DWORD* active) {
    if (protocols != (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)) return SCARD_E_PROTO_MISMATCH;
    return self->connect(context, reader, share, card, active);
  };
  api.disconnect = [self](SCARDHANDLE card, DWORD disposition) {
    return self->disconnect(card, disposition);
  };
  api.begin_transaction = [self](SCARDHANDLE card) {
    Lock lock(self->mutex_);
    if (const auto code = self->enter_card(Call::begin, card, lock)) return *code;
    self->handles_.at(card).transaction = true;
    return SCARD_S_SUCCESS;
  };
  api.end_transaction = [self](SCARDHANDLE card, DWORD disposition) {
    Lock lock(self->mutex_);
    if (const auto code = self->enter_card(Call::end, card, lock)) return *code;
    if (disposition != SCARD_LEAVE_CARD)
      self->complaints_.emplace_back("a transaction's end touched the card");
    self->handles_.at(card).transaction = false;
    return SCARD_S_SUCCESS;
  };
  api.transmit = [self](SCARDHANDLE card, DWORD, const BYTE* command, DWORD length, BYTE* answer,
                        DWORD* room) { return self->transmit(card, command, length, answer, room); };
  api.control = [self](SCARDHANDLE card, DWORD code, const BYTE* sent, DWORD length, BYTE* answer,
                       DWORD* room) { return self->control(card, code, sent, length, answer, room); };
  return api;
}

void FakePcsc::change(Reader& reader, bool present) {
  reader.present = present;
  reader.pulled = reader.shown_otherwise = false;
  ++reader.counter;
  changed_.notify_all();
}

void FakePcsc::plug(const std::string& reader) {
  const Lock lock(mutex_);
  readers_[reader] = {};
  changed_.notify_all();
}

void FakePcsc::unplug(const std::string& reader) {
  const Lock lock(mutex_);
  readers_.erase(reader);
  changed_.notify_all();
}

void FakePcsc::insert(const std::string& reader, Card card, bool mute) {
  const Lock lock(mutex_);
  auto& at = readers_.at(reader);
  at.card = std::move(card);
  at.mute = mute;
  change(at, true);
}

void FakePcsc::remove(const std::string& reader) {
  const Lock lock(mutex_);
  change(readers_.at(reader), false);
}

void FakePcsc::swap(const std::string& reader, Card card) {
  const Lock lock(mutex_);
  auto& at = readers_.at(reader);
  change(at, false);
  at.card = std::move(card);
  change(at, true);
}

void FakePcsc::pull(const std::string& reader) {
  const Lock lock(mutex_);
  readers_.at(reader).pulled = true;
}

void FakePcsc::put_back(const std::string& reader, Card card) {
  const Lock lock(mutex_);
  auto& at = readers_.at(reader);
  at.card = std::move(card);
  at.pulled = false;
}

void FakePcsc::look(const std::string& reader) {
  const Lock lock(mutex_);
  auto& at = readers_.at(reader);
  if (at.pulled || at.shown_otherwise) change(at, !at.present);
}

void FakePcsc::change_by_half(const std::string& reader) {
  const Lock lock(mutex_);
  readers_.at(reader).shown_otherwise = true;
  changed_.notify_all();
}

void FakePcsc::hold(const std::string& reader, bool held) {
  const Lock lock(mutex_);
  readers_.at(reader).held = held;
}

void FakePcsc::vanish() {
  up_ = false;
  contexts_.clear();
  handles_.clear();
  for (auto& [name, reader] : readers_) reader.handle = 0;
  changed_.notify_all();
}

void FakePcsc::stop_service() {
  const Lock lock(mutex_);
  vanish();
}

void FakePcsc::start_service() {
  const Lock lock(mutex_);
  up_ = true;
  // A new service begins to count again.
  for (auto& [name, reader] : readers_) reader.counter = reader.present ? 1 : 0;
  changed_.notify_all();
}

void FakePcsc::set_trap(Call call, int nth, Trap trap) {
  const Lock lock(mutex_);
  trap_at_ = {call, nth};
  trap_ = trap;
}

bool FakePcsc::trapped() {
  Lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [this] { return trapped_; });
}

bool FakePcsc::trapped_now() {
  const Lock lock(mutex_);
  return trapped_;
}

void FakePcsc::release_blocked() {
  const Lock lock(mutex_);
  released_ = true;
  changed_.notify_all();
}

void FakePcsc::before(Call call, int nth, std::function<void()> action) {
  const Lock lock(mutex_);
  hooks_[{call, nth}].action = std::move(action);
}

void FakePcsc::answer(Call call, int nth, LONG code) {
  const Lock lock(mutex_);
  hooks_[{call, nth}].code = code;
}

void FakePcsc::protocol(DWORD active) {
  const Lock lock(mutex_);
  protocol_ = active;
}

void FakePcsc::drive(const std::string& reader, Driver driver) {
  const Lock lock(mutex_);
  readers_.at(reader).driver = std::move(driver);
}

int FakePcsc::count(Call call) {
  const Lock lock(mutex_);
  return counts_[call];
}

std::uint16_t FakePcsc::counter(const std::string& reader) {
  const Lock lock(mutex_);
  return readers_.at(reader).counter;
}

std::vector<std::string> FakePcsc::sent() {
  const Lock lock(mutex_);
  return sent_;
}

std::vector<DWORD> FakePcsc::dispositions() {
  const Lock lock(mutex_);
  return dispositions_;
}

std::vector<std::string> FakePcsc::complaints() {
  const Lock lock(mutex_);
  return complaints_;
}

std::size_t FakePcsc::open_contexts() {
  const Lock lock(mutex_);
  return contexts_.size();
}

std::size_t FakePcsc::open_handles() {
  const Lock lock(mutex_);
  return handles_.size();
}

std::optional<LONG> FakePcsc::enter(Call call, Lock& lock) {
  const std::pair<Call, int> now{call, ++counts_[call]};
  if (const auto hook = hooks_.find(now); hook != hooks_.end()) {
    const auto [action, code] = hook->second;
    if (action) {
      lock.unlock();
      action();
      lock.lock();
    }
    if (code) return code;
  }
  if (trap_at_ == now) {
    trapped_ = true;
    changed_.notify_all();
    if (trap_ == Trap::vanish) vanish();
    if (trap_ == Trap::block) changed_.wait(lock, [this] { return released_; });
  }
  if (!up_) return SCARD_E_NO_SERVICE;
  return std::nullopt;
}

std::optional<LONG> FakePcsc::enter(Call call, SCARDCONTEXT context, Lock& lock) {
  if (const auto code = enter(call, lock)) return code;
  const auto known = contexts_.find(context);
  if (known == contexts_.end()) return SCARD_E_INVALID_HANDLE;
  if (known->second != std::this_thread::get_id())
    complaints_.emplace_back("a context was used on two threads");
  return std::nullopt;
}

std::optional<LONG> FakePcsc::enter_card(Call call, SCARDHANDLE card, Lock& lock) {
  if (const auto code = enter(call, lock)) return code;
  const auto known = handles_.find(card);
  if (known == handles_.end()) return SCARD_E_INVALID_HANDLE;
  if (known->second.thread != std::this_thread::get_id())
    complaints_.emplace_back("a handle was used on two threads");
  if (call == Call::disconnect) return std::nullopt;
  if (call == Call::transmit && !known->second.transaction)
    complaints_.emplace_back("sent outside a transaction");
  return card_gone(known->second);
}

std::optional<LONG> FakePcsc::card_gone(const Handle& handle) {
  const auto reader = readers_.find(handle.reader);
  if (reader == readers_.end()) return SCARD_E_READER_UNAVAILABLE;
  if (!reader->second.present) return SCARD_W_REMOVED_CARD;
  return std::nullopt;
}

void FakePcsc::only_one_thread() {
  if (!lister_) lister_ = std::this_thread::get_id();
  if (lister_ != std::this_thread::get_id())
    complaints_.emplace_back("reader states were asked for on two threads");
}

LONG FakePcsc::list(SCARDCONTEXT context, char* names, DWORD* length) {
  Lock lock(mutex_);
  if (const auto code = enter(Call::list, context, lock)) return *code;
  only_one_thread();
  if (readers_.empty()) return SCARD_E_NO_READERS_AVAILABLE;
  std::string all;
  for (const auto& [name, reader] : readers_) all.append(name).push_back('\0');
  all.push_back('\0');
  const DWORD room = *length;
  *length = all.size();
  if (names == nullptr) return SCARD_S_SUCCESS;
  if (room < all.size()) return SCARD_E_INSUFFICIENT_BUFFER;
  std::copy(all.begin(), all.end(), names);
  return SCARD_S_SUCCESS;
}

LONG FakePcsc::status(SCARDCONTEXT context, DWORD milliseconds, SCARD_READERSTATE* states, DWORD count) {
  Lock lock(mutex_);
  if (const auto code = enter(Call::wait, context, lock)) return *code;
  only_one_thread();
  const std::size_t readers_at_entry = readers_.size();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (true) {
    if (!up_) return SCARD_E_NO_SERVICE;
    if (!contexts_.contains(context)) return SCARD_E_INVALID_HANDLE;
    if (cancelled_.erase(context) > 0) return SCARD_E_CANCELLED;
    if (const auto code = compare(states, count, readers_at_entry)) return *code;
    if (changed_.wait_until(lock, deadline) == std::cv_status::timeout) return SCARD_E_TIMEOUT;
  }
}

// Nullopt as long as nothing is new.
std::optional<LONG> FakePcsc::compare(SCARD_READERSTATE* states, DWORD count, std::size_t readers_at_entry) {
  bool news = false;
  for (DWORD i = 0; i < count; ++i) {
    SCARD_READERSTATE& state = states[i];
    DWORD now = SCARD_STATE_UNAWARE;
    if (std::strcmp(state.szReader, "\\\\?PnP?\\Notification") == 0) {
      if (readers_.size() != readers_at_entry) now = SCARD_STATE_CHANGED;
    } else {
      const auto reader = readers_.find(state.szReader);
      if (reader == readers_.end()) return SCARD_E_UNKNOWN_READER;
      const bool present = reader->second.present != reader->second.shown_otherwise;
      now = present ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
      if (present && reader->second.mute) now |= SCARD_STATE_MUTE;
      now |= static_cast<DWORD>(reader->second.counter) << 16;
      if (state.dwCurrentState != now) now |= SCARD_STATE_CHANGED;
      state.cbAtr = present ? 2 : 0;
      state.rgbAtr[0] = 0x3B;
    }
    state.dwEventState = now;
    news = news || (now & SCARD_STATE_CHANGED) != 0;
  }
  if (news) return SCARD_S_SUCCESS;
  return std::nullopt;
}

LONG FakePcsc::connect(SCARDCONTEXT context, const char* name, DWORD share, SCARDHANDLE* card,
                       DWORD* active) {
  Lock lock(mutex_);
  if (const auto code = enter(Call::connect, context, lock)) return *code;
  const auto found = readers_.find(name);
  if (found == readers_.end()) return SCARD_E_UNKNOWN_READER;
  Reader& reader = found->second;
  if (share != SCARD_SHARE_EXCLUSIVE) complaints_.emplace_back("connected without exclusion");
  if (reader.held || reader.handle != 0) return SCARD_E_SHARING_VIOLATION;
  if (!reader.present) return SCARD_E_NO_SMARTCARD;
  if (reader.mute) return SCARD_W_UNRESPONSIVE_CARD;
  *card = ++last_number_;
  *active = protocol_;
  reader.handle = *card;
  handles_[*card] = {found->first, reader.counter, false, std::this_thread::get_id(), context};
  return SCARD_S_SUCCESS;
}

LONG FakePcsc::disconnect(SCARDHANDLE card, DWORD disposition) {
  Lock lock(mutex_);
  if (const auto code = enter_card(Call::disconnect, card, lock)) return *code;
  dispositions_.push_back(disposition);
  if (const auto reader = readers_.find(handles_.at(card).reader); reader != readers_.end()) {
    reader->second.handle = 0;
    if (reader->second.pulled && disposition == SCARD_RESET_CARD) reader->second.shown_otherwise = true;
    changed_.notify_all();
  }
  handles_.erase(card);
  return SCARD_S_SUCCESS;
}

LONG FakePcsc::transmit(SCARDHANDLE card, const BYTE* command, DWORD length, BYTE* answer, DWORD* room) {
  Lock lock(mutex_);
  if (const auto code = enter_card(Call::transmit, card, lock)) return *code;
  const base::Bytes bytes(command, command + length);
  sent_.push_back(base::to_hex(bytes));
  const Reader& reader = readers_.at(handles_.at(card).reader);
  const Card behaviour = reader.card;
  if (reader.pulled) {
    *room = 0;
    return SCARD_S_SUCCESS;
  }
  lock.unlock();  // a card may take its time, and readers do not wait for each other
  const Answer given = behaviour ? behaviour(bytes) : Answer{SCARD_S_SUCCESS, {0x90, 0x00}};
  if (given.bytes.size() > *room) return SCARD_E_INSUFFICIENT_BUFFER;
  std::copy(given.bytes.begin(), given.bytes.end(), answer);
  *room = given.bytes.size();
  return given.code;
}

LONG FakePcsc::control(SCARDHANDLE card, DWORD code, const BYTE* sent, DWORD length, BYTE* answer,
                       DWORD* room) {
  Lock lock(mutex_);
  if (const auto end = enter_card(Call::control, card, lock)) return *end;
  const Driver driver = readers_.at(handles_.at(card).reader).driver;
  lock.unlock();  // somebody at the keys takes their time
  if (!driver) return SCARD_E_UNSUPPORTED_FEATURE;
  const Answer given = driver(code, base::Bytes(sent, sent + length));
  if (given.bytes.size() > *room) return SCARD_E_INSUFFICIENT_BUFFER;
  std::copy(given.bytes.begin(), given.bytes.end(), answer);
  *room = given.bytes.size();
  return given.code;
}

}  // namespace madoguchi::smartcard
