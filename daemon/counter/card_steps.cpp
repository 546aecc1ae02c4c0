#include "card_steps.hpp"

#include "base/bytes.hpp"
#include "permission.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::counter {
namespace {

using base::Code;
using base::make_fault;
using mynumber::CardState;
using renewal::Event;
using renewal::Happening;
using renewal::Saga;
using renewal::Slot;
using smartcard::Channel;

base::Result<renewal::Sight> look(const CardTools& tools, Channel& card, CardState& state, const Saga& saga,
                                  Slot slot) {
  auto in_use = tools.admin->read_back(card, state, saga.certificate, Slot::active);
  if (!in_use) return in_use.error();
  auto key = tools.admin->read_public_key(card, state, saga.certificate, slot);
  if (!key) return key.error();
  renewal::Sight sight{{}, std::move(*key)};
  // What is no certificate was none when the case began, too.
  if (*in_use && mynumber::parse_certificate(**in_use)) sight.certificate_in_use = std::move(**in_use);
  return sight;
}

// What ends a case or gives its key up is said of a card only that shows the same again; and that there is no
// key: none was made, which lets the case be taken back, or a single slot has lost its own.
base::Result<Event> once_seen_again(const CardTools& tools, Channel& card, CardState& state, const Saga& saga,
                                    Slot slot, const renewal::Sight& first, Event event) {
  const bool none_there = !first.key && (saga.phase == renewal::Phase::key_unknown || slot == Slot::active);
  if (event.happening != Happening::key_lost && !none_there) return event;
  const auto again = look(tools, card, state, saga, slot);
  if (!again) return again.error();
  if (*again != first) return mynumber::read_unlike(mynumber::name(saga.certificate));
  return event;
}

base::Result<Event> read_back_and_prove(const CardTools& tools, Channel& card, CardState& state,
                                        const Saga& saga) {
  const auto back = tools.admin->read_back(card, state, saga.certificate, saga.slot);
  if (!back) return back.error();
  if (auto torn = renewal::judge_written(saga, *back)) return *std::move(torn);
  const auto challenge = base::sha256(base::random_bytes(32));
  const auto answer = sign_with_key_of(tools, card, state, saga, challenge);
  if (!answer) return answer.error();
  if (const auto* lost = std::get_if<Event>(&*answer)) return *lost;
  const bool spare = saga.slot == Slot::spare;
  return Event{spare ? Happening::proved_in_spare : Happening::proved_in_place, {}, {}, {}};
}

}  // namespace

base::Result<CardTools> tools_of(const Parts& parts) {
  if (parts.admin == nullptr || parts.terminal == nullptr) return cannot_be_written();
  return CardTools{parts.admin, parts.terminal, &parts.profile};
}

base::Result<Signed> sign_with_key_of(const CardTools& tools, Channel& card, CardState& state,
                                      const Saga& saga, const base::Sha256& digest) {
  auto answer = mynumber::sign(card, state, *tools.profile, saga.certificate, saga.slot, digest);
  if (!answer && answer.error().code != Code::not_found) return answer.error();
  if (answer && mynumber::verifies(saga.key, digest, *answer)) return Signed(std::move(*answer));
  const auto sight = look(tools, card, state, saga, saga.slot);
  if (!sight) return sight.error();
  const bool proven = answer && sight->key && mynumber::verifies(*sight->key, digest, *answer);
  if (auto event = renewal::judge_signer(saga, *sight, proven)) {
    auto seen = once_seen_again(tools, card, state, saga, saga.slot, *sight, std::move(*event));
    if (!seen) return seen.error();
    return Signed(std::move(*seen));
  }
  return make_fault(Code::card_refused, "the new key does not answer as itself",
                    {{"command", "PERFORM SECURITY OPERATION"}});
}

base::Result<bool> works_without(const CardTools& tools, Channel& card, CardState& state, const Saga& saga) {
  const auto sight = look(tools, card, state, saga, saga.slot);
  if (!sight) return sight.error();
  return renewal::works_without(saga, *sight);
}

base::Result<Event> take_on_card(const CardTools& tools, Channel& card, CardState& state, const Saga& saga,
                                 const renewal::Step& step) {
  if (const auto slot = renewal::looks_at(saga, step)) {
    const auto sight = look(tools, card, state, saga, *slot);
    if (!sight) return sight.error();
    const bool only_looks = std::holds_alternative<renewal::ReadKey>(step);
    if (only_looks || !renewal::still_ours(saga, *sight)) {
      auto event = only_looks ? renewal::judge_key(saga, *sight) : renewal::key_lost(saga, *sight);
      return once_seen_again(tools, card, state, saga, *slot, *sight, std::move(event));
    }
  }
  if (std::holds_alternative<renewal::GenerateKey>(step)) {
    auto key = tools.admin->generate_key(card, state, saga.certificate, saga.slot);
    if (!key) return key.error();
    return Event{Happening::key_generated, std::move(*key), {}, {}};
  }
  if (std::holds_alternative<renewal::WriteCertificate>(step)) {
    const auto written =
        tools.admin->write_certificate(card, state, saga.certificate, saga.slot, saga.new_certificate);
    if (!written) return written.error();
    return Event{Happening::certificate_written, {}, {}, {}};
  }
  if (std::holds_alternative<renewal::Activate>(step)) {
    const auto done = tools.admin->activate(card, state, saga.certificate);
    if (!done) return done.error();
    return Event{Happening::activated, {}, {}, {}};
  }
  return read_back_and_prove(tools, card, state, saga);
}

}  // namespace madoguchi::counter
