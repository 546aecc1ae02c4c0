#include "held_cards.hpp"

#include "laid_down.hpp"
#include "mynumber/glance.hpp"
#include "recognise.hpp"

namespace madoguchi::counter {

namespace asio = boost::asio;
using base::Code;
using base::make_fault;

namespace {

class Unmark {
 public:
  Unmark(std::set<std::string>& marked, std::string reader) : marked_(marked), reader_(std::move(reader)) {}
  Unmark(const Unmark&) = delete;
  Unmark& operator=(const Unmark&) = delete;
  ~Unmark() { marked_.erase(reader_); }

 private:
  std::set<std::string>& marked_;
  std::string reader_;
};

}  // namespace

asio::awaitable<base::Result<HeldCards::Use>> HeldCards::hold(const renewal::Case& visit) {
  if (visit.reader.empty()) co_return make_fault(Code::conflict, "no reader is attached to the case");
  if (glancing_.contains(visit.reader)) co_await glances_.enter(visit.reader);
  if (const auto found = by_reader_.find(visit.reader); found != by_reader_.end()) {
    if (found->second->case_id != visit.id) co_return make_fault(Code::reader_busy, "held by another case");
    found->second->idle.cancel();
    co_return Use(*this, found->second);
  }
  auto lease = take_lease(visit.reader);
  if (!lease) co_return lease.error();
  auto held = std::make_shared<Held>(parts_.loop);
  held->lease = std::move(*lease);
  held->reader = visit.reader;
  held->case_id = visit.id;
  // Taken before the first wait, so that nobody else begins with this reader meanwhile.
  by_reader_.emplace(visit.reader, held);

  Use use(*this, held);
  base::Result<void> known = co_await use.work<void>(Recognise(parts_, card_of(visit)));
  if (!known) {
    forget(held);
    if (known.error().code == Code::card_different) co_return another_card(visit, parts_.clock.now());
    co_return known.error();
  }
  co_return use;
}

asio::awaitable<base::Result<mynumber::CardKind>> HeldCards::glance(std::string reader) {
  if (held(reader)) co_return make_fault(Code::reader_busy, "held by a case");
  if (!glancing_.insert(reader).second) co_return make_fault(Code::reader_busy, "glanced at");
  const Unmark at_the_end(glancing_, reader);
  const Gate::Pass pass = co_await glances_.enter(reader);
  // The lease ends before whoever waits has their turn.
  auto lease = take_lease(reader);
  if (!lease) co_return lease.error();
  const auto count = card_count(reader);
  auto look = [state = std::make_shared<mynumber::CardState>()](smartcard::Channel& card) {
    return mynumber::glance(card, *state);
  };
  base::Result<mynumber::CardKind> kind =
      co_await on_card<mynumber::CardKind>(**lease, parts_.card_deadline, std::move(look));
  if (kind) kinds_[reader] = {count, *kind};
  co_return kind;
}

asio::awaitable<base::Result<mynumber::Inspection>> HeldCards::inspect(std::string reader) {
  const auto count = card_count(reader);
  auto inspect = [profile = &parts_.profile](smartcard::Channel& card, mynumber::CardState& state) {
    return mynumber::inspect(card, state, *profile);
  };
  base::Result<mynumber::Inspection> card = co_await look<mynumber::Inspection>(reader, std::move(inspect));
  if (card) kinds_[reader] = {count, card->kind};
  co_return card;
}

std::optional<mynumber::CardKind> HeldCards::kind_on(const smartcard::ReaderStatus& reader) const {
  const auto found = kinds_.find(reader.name);
  if (found == kinds_.end() || found->second.card_count != reader.card_count) return std::nullopt;
  return found->second.kind;
}

std::optional<smartcard::ReaderStatus> HeldCards::status_of(const std::string& reader) const {
  for (auto& status : parts_.readers.list()) {
    if (status.name == reader) return std::move(status);
  }
  return std::nullopt;
}

std::uint32_t HeldCards::card_count(const std::string& reader) const {
  const auto status = status_of(reader);
  return status ? status->card_count : 0;
}

bool HeldCards::has_pad(const std::string& reader) const {
  const auto status = status_of(reader);
  return status && status->pin_pad.value_or(false);
}

bool HeldCards::holds(const renewal::Case& visit) const {
  const auto found = by_reader_.find(visit.reader);
  return found != by_reader_.end() && found->second->case_id == visit.id;
}

base::Result<std::unique_ptr<smartcard::Lease>> HeldCards::take_lease(const std::string& reader) {
  auto lease = parts_.readers.lease(reader);
  if (!lease && lease.error().code == Code::not_found) {
    return make_fault(Code::reader_gone, "no reader has that name", {{"reader", reader}});
  }
  return lease;
}

bool HeldCards::session_over(Code code) {
  switch (code) {
    case Code::card_absent:
    case Code::card_removed:
    case Code::card_mute:
    case Code::reader_gone:
    case Code::reader_busy:
    case Code::reader_service_down:
      return true;
    default:
      return false;
  }
}

void HeldCards::rest(const std::shared_ptr<Held>& held) {
  held->in_use = false;
  const auto found = by_reader_.find(held->reader);
  if (found == by_reader_.end() || found->second != held || working_.contains(held->case_id)) return;
  held->idle.expires_after(parts_.hold);
  // The timer lives in `held`; a handler that was already on its way when the card was used again finds it in
  // use or with a later end.
  held->idle.async_wait([this, weak = std::weak_ptr<Held>(held)](const boost::system::error_code& error) {
    const auto idle = weak.lock();
    if (error || !idle || idle->in_use || idle->idle.expiry() > asio::steady_timer::clock_type::now()) return;
    parts_.log.write(base::Level::info, "card.hold_ended", {{"case", idle->case_id}});
    forget(idle);
  });
}

void HeldCards::work_ended(const std::string& case_id) {
  working_.erase(case_id);
  for (const auto& [reader, held] : by_reader_) {
    if (held->case_id != case_id || held->in_use) continue;
    rest(held);
    return;
  }
}

void HeldCards::forget(const std::shared_ptr<Held>& held) {
  const auto found = by_reader_.find(held->reader);
  if (found != by_reader_.end() && found->second == held) by_reader_.erase(found);
}

void HeldCards::release(const std::string& case_id) {
  std::erase_if(by_reader_, [&](const auto& item) { return item.second->case_id == case_id; });
}

void HeldCards::release_all_but(const renewal::Case& visit) {
  std::erase_if(by_reader_, [&](const auto& item) {
    return item.second->case_id == visit.id && item.first != visit.reader;
  });
}

void HeldCards::card_gone(const std::string& reader) {
  const auto found = by_reader_.find(reader);
  if (found != by_reader_.end() && !found->second->in_use) by_reader_.erase(found);
}

}  // namespace madoguchi::counter
