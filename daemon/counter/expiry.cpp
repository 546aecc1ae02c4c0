// card.check_expiry: PINs on a card that belongs to no case. What was sent to it stays known all the same: as
// events of its reader, the intent before and the outcome after.
#include "absent.hpp"
#include "base/code_book.hpp"
#include "inside.hpp"
#include "pad.hpp"
#include "pins_begun.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::CardState;
using mynumber::CertificateName;
using mynumber::PinName;
using smartcard::Channel;

// Before any PIN is sent: that of a certificate which is not there answers as if it were locked.
base::Result<void> all_there(const mynumber::CertificatesPresent& present,
                             const std::vector<PinRequest>& pins) {
  for (const auto& pin : pins) {
    if (pin.pin == PinName::signature && !present.signature) return without(CertificateName::signature);
    if (pin.pin == PinName::authentication && !present.authentication)
      return without(CertificateName::authentication);
  }
  return {};
}

// A certificate that is damaged is no reason to refuse what the other tells.
base::Result<std::optional<mynumber::Certificate>> read_if_there(Channel& card, CardState& state,
                                                                 const mynumber::CardProfile& profile,
                                                                 CertificateName which) {
  auto read = mynumber::read_certificate(card, state, profile, which);
  if (read) return std::optional(std::move(*read));
  if (read.error().code == Code::not_found) return std::optional<mynumber::Certificate>();
  return read.error();
}

// A card for face authentication has certificates and no PIN.
base::Fault of_the_card(base::Fault fault) {
  if (fault.code != Code::not_found) return fault;
  fault.details["ja"] = "このカードには暗証番号がありません(顔認証マイナンバーカードなど)";
  fault.details["en"] = "The card has no such PIN (as one for face authentication)";
  return fault;
}

struct Rules {
  const mynumber::CardProfile& profile;
  PadUse pad_use;
  std::chrono::seconds pad_patience;
};

base::Result<Expiry> read_expiry(Channel& card, CardState& state, const Rules& rules,
                                 const std::vector<PinRequest>& pins, PinsBegun& begun) {
  const auto& profile = rules.profile;
  // All of them before any is sent. Only here is it certain that the reader was asked whether it has keys.
  for (const auto& pin : pins) {
    const bool has_pad = card.pin_pad() != nullptr;
    if (const auto allowed = may_be_entered(profile, rules.pad_use, pin, has_pad); !allowed)
      return allowed.error();
  }
  // The two certificates and no more: a whole inspection would double what the card is asked.
  const auto present = mynumber::certificates_present(card, state, profile);
  if (!present) return present.error();
  if (const auto there = all_there(*present, pins); !there) return there.error();
  Expiry expiry;
  expiry.present = *present;
  const auto own = read_if_there(card, state, profile, CertificateName::authentication);
  if (!own) return own.error();
  expiry.authentication = *own;
  for (const auto& pin : pins) {
    if (!begun.begin()) return base::make_fault(Code::card_mute, "nobody waits for it any more");
    const auto verified = verify_as_entered(card, state, profile, pin, rules.pad_patience);
    if (!verified) return of_the_card(verified.error());
    begun.matched();
    if (pin.pin != PinName::signature) continue;
    const auto other = read_if_there(card, state, profile, CertificateName::signature);
    if (!other) return other.error();
    expiry.signature = *other;
  }
  return expiry;
}

// Each PIN's own outcome, in the order in which they were given to the job.
std::vector<Announcement> outcomes_of(std::vector<json::object> notes, const PinsBegun::HowFar& how_far,
                                      const base::Result<Expiry>& expiry) {
  std::vector<Announcement> outcomes;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    auto& note = notes[i];
    if (i < how_far.matched) {
      outcomes.push_back({"pin.matched", std::move(note)});
      continue;
    }
    const base::Fault fault = expiry ? base::make_fault(Code::internal) : expiry.error();
    // The one at which it ended; of those after it there is nothing to tell but that.
    if (i == how_far.matched) {
      note["reason"] = base::entry(fault.code).reason;
      const auto* tries = fault.details.if_contains("tries_left");
      if (tries != nullptr) note["tries_left"] = *tries;
    }
    outcomes.push_back({std::string(record_for(fault, i < how_far.begun)), std::move(note)});
  }
  return outcomes;
}

}  // namespace

Later<Expiry> Desk::check_expiry(std::string reader, std::vector<PinRequest> pins) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  if (held(reader)) co_return base::make_fault(Code::reader_busy, "held by a case");
  // All of them before any is sent.
  for (const auto& pin : pins) {
    if (pin.on_pad) continue;
    const auto formed = mynumber::well_formed(inside_->parts.profile, pin.pin, pin.value);
    if (!formed) co_return formed.error();
  }
  const bool asks_pins = !pins.empty();
  const auto by = asks_pins ? pins.front().by : base::Actor();
  std::vector<json::object> notes;
  if (asks_pins) {
    if (const auto wanted = still_wanted(pins.front()); !wanted) co_return wanted.error();
    std::vector<Announcement> intents;
    intents.reserve(pins.size());
    notes.reserve(pins.size());
    for (const auto& pin : pins) intents.push_back({"pin.intent", notes.emplace_back(note_for(pin))});
    const auto noted = inside_->recorder.trace("readers", reader, std::move(intents), by);
    if (!noted) co_return noted.error();
  }
  auto given = std::make_shared<std::vector<PinRequest>>(std::move(pins));
  const auto begun = std::make_shared<PinsBegun>();
  const auto& parts = inside_->parts;
  const auto deadline = deadline_for(parts, *given);
  auto look = [rules = Rules{parts.profile, parts.pad_use, parts.pad_patience}, given, begun](
                  Channel& card, CardState& state) {
    // Wiped when this returns, however it does, and so before anybody is answered.
    const auto pins_given = std::move(*given);
    return read_expiry(card, state, rules, pins_given, *begun);
  };
  base::Result<Expiry> expiry = co_await inside_->cards.look<Expiry>(reader, std::move(look), deadline);
  if (!asks_pins) co_return expiry;
  const auto noted =
      inside_->recorder.trace("readers", reader, outcomes_of(std::move(notes), begun->close(), expiry), by);
  if (!noted) {
    inside_->parts.log.write(base::Level::error, "pin.outcome_lost",
                             {{"reader", reader}, {"why", base::describe(noted.error())}});
  }
  // What the card has said is told whatever else has failed (C1).
  if (!expiry) co_return expiry.error();
  if (!noted) co_return noted.error();
  co_return expiry;
}

}  // namespace madoguchi::counter
