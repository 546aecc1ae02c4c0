#include "pins.hpp"

#include <algorithm>
#include <array>

#include "base/secret.hpp"
#include "smartcard/pin_pad.hpp"

namespace madoguchi::mynumber {
namespace {

using smartcard::Command;
using smartcard::StatusWord;

constexpr std::uint16_t resident_register_pin_file = 0x001C;
constexpr Command::Header verify_header{.cla = 0x00, .ins = 0x20, .p1 = 0x00, .p2 = 0x80};

constexpr bool is_digit(std::uint8_t c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(std::uint8_t c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(std::uint8_t c) {
  return c >= 'a' && c <= 'z';
}

base::Fault malformed(const PinRules& rules, PinName pin) {
  base::Fault fault = pin_fault(base::Code::pin_malformed, pin);
  fault.details["min_length"] = rules.min_length;
  fault.details["max_length"] = rules.max_length;
  fault.details["characters"] = rules.digits_only ? "digits" : "letters_and_digits";
  return fault;
}

// Locked, as an empty VERIFY (63C0), a use (6984) or the ISO form (6983) say it (C2).
bool says_locked(StatusWord word) {
  return word.counter() == 0 || word.value == status::blocked_iso || word.value == status::blocked_jicsap;
}

// Selects the PIN's file, which stays current, and asks for its counter by a VERIFY without data. Never 9000:
// that would be no count.
base::Result<int> tries_at(smartcard::Channel& card, CardState& state, const PinPlace& place, PinName pin) {
  if (const auto selected = select_application(card, state, place.application); !selected)
    return selected.error();
  if (const auto selected = select_file(card, place.file); !selected) return selected.error();
  const auto answer = smartcard::exchange(card, Command(verify_header));
  if (!answer) return answer.error();
  if (says_locked(answer->status)) return 0;
  if (const auto count = answer->status.counter()) return *count;
  if (answer->status.value == status::no_key) return pin_fault(base::Code::not_found, pin);
  return not_read("verify", answer->status, "no count of tries");
}

base::Result<void> check_guards(int tries, const VerifyGuards& guards, PinName pin) {
  // Locked comes first: it has another remedy than looking again (C2).
  if (tries == 0) return pin_fault(base::Code::pin_locked, pin, 0);
  if (guards.expected_tries_left && *guards.expected_tries_left != tries) {
    return pin_fault(base::Code::pin_tries_changed, pin, tries);
  }
  if (tries == 1 && !guards.accept_last_try) return pin_fault(base::Code::pin_last_try, pin, tries);
  return {};
}

base::Result<void> judge(StatusWord word, PinName pin) {
  if (word.ok()) return {};
  if (says_locked(word)) return pin_fault(base::Code::pin_locked, pin, 0);
  if (const auto count = word.counter()) return pin_fault(base::Code::pin_wrong, pin, *count);
  return refused("verify", word);
}

// One VERIFY with the PIN, sent once: transmit() and not exchange(), so that nothing below can repeat it
// either. A transport's fault is passed on as it is, since whether the card has counted is unknown then.
base::Result<void> verify_current_file(smartcard::Channel& card, PinName pin, const base::Secret& value) {
  const auto answer = card.transmit(Command(verify_header, value.duplicate()));
  if (!answer) return answer.error();
  return judge(answer->status, pin);
}

// The same with what is entered at the reader's keys, which says itself when it has sent nothing.
base::Result<void> verify_at_the_pad(smartcard::PinPad& pad, PinName pin, const PinRules& rules,
                                     std::chrono::seconds longest) {
  const auto answer = pad.verify({verify_header, rules.min_length, rules.max_length, longest});
  if (!answer) return answer.error();
  auto why = smartcard::not_entered(answer->status);
  if (!why) return judge(answer->status, pin);
  if (why->code != base::Code::pin_malformed) {
    why->details["pin"] = name(pin);
    return *std::move(why);
  }
  return malformed(rules, pin);
}

base::Result<void> verify_at(smartcard::Channel& card, CardState& state, const PinPlace& place, PinName pin,
                             const base::Secret& value, const VerifyGuards& guards) {
  const auto tries = tries_at(card, state, place, pin);
  if (!tries) return tries.error();
  if (const auto allowed = check_guards(*tries, guards, pin); !allowed) return allowed.error();
  // Not documented, so assumed: a wrong PIN takes back the right that an earlier one gave (card.md 4).
  state.verified.reset(static_cast<std::size_t>(pin));
  return verify_current_file(card, pin, value);
}

// JPKI's form of CHANGE REFERENCE DATA, and JICSAP's CHANGE KEY of the other applications (card.md 4).
base::Result<void> change_at(smartcard::Channel& card, CardState& state, const PinPlace& place, PinName pin,
                             const base::Secret& value) {
  if (const auto selected = select_file(card, place.file); !selected) return selected.error();
  const Command::Header header = place.application == Application::jpki
                                     ? Command::Header{.cla = 0x00, .ins = 0x24, .p1 = 0x01, .p2 = 0x80}
                                     : Command::Header{.cla = 0x80, .ins = 0x32, .p1 = 0x00, .p2 = 0x80};
  const auto answer = card.transmit(Command(header, value.duplicate()));
  if (!answer) return answer.error();
  if (answer->status.ok()) return {};
  if (answer->status.value == status::security) {
    state.verified.reset(static_cast<std::size_t>(pin));
    return pin_fault(base::Code::pin_required, pin);
  }
  if (says_locked(answer->status)) return pin_fault(base::Code::pin_locked, pin, 0);
  return refused("change_pin", answer->status);
}

bool was_not_entered(base::Code code) {
  return code == base::Code::pin_timeout || code == base::Code::pin_cancelled ||
         code == base::Code::pin_malformed || code == base::Code::conflict;
}

base::Fault in_application(base::Fault fault, Application application) {
  fault.details["application"] = std::string(name(application));
  return fault;
}

// Nothing to do for a card without the second place.
base::Result<void> change_twin(smartcard::Channel& card, CardState& state, const base::Secret& current,
                               const base::Secret& value) {
  const PinPlace& place = twin_of_resident_register;
  const PinName pin = PinName::resident_register;
  const auto verified = verify_at(card, state, place, pin, current, {});
  if (!verified) {
    if (verified.error().code == base::Code::not_found) return {};
    return in_application(verified.error(), place.application);
  }
  const auto changed = change_at(card, state, place, pin, value);
  if (!changed) return in_application(changed.error(), place.application);
  return {};
}

// The common application's place first: what its VERIFY finds out (another PIN, locked, last try) then stops
// the change before either place has changed. Going there drops the right in the resident register, so that
// `current` is presented there again, where it has just been accepted.
base::Result<void> change_resident_register(smartcard::Channel& card, CardState& state,
                                            const CardProfile& profile, const base::Secret& current,
                                            const base::Secret& value) {
  const PinName pin = PinName::resident_register;
  const PinPlace place = place_of(profile, pin);
  const auto checked = well_formed(profile, pin, current);
  if (!checked) return pin_fault(base::Code::pin_required, pin);
  if (const auto done = change_twin(card, state, *checked, value); !done) return done.error();
  if (const auto done = verify_at(card, state, place, pin, *checked, {}); !done) {
    return in_application(done.error(), place.application);
  }
  state.verified.set(static_cast<std::size_t>(pin));
  if (const auto done = change_at(card, state, place, pin, value); !done) {
    return in_application(done.error(), place.application);
  }
  return {};
}

}  // namespace

PinPlace place_of(const CardProfile& profile, PinName pin) {
  switch (pin) {
    case PinName::signature:
      return {Application::jpki, profile.signature.pin};
    case PinName::authentication:
      return {Application::jpki, profile.authentication.pin};
    case PinName::resident_register:
      break;
  }
  return {Application::resident_register, resident_register_pin_file};
}

base::Result<int> tries_left(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                             PinName pin) {
  return tries_at(card, state, place_of(profile, pin), pin);
}

base::Result<base::Secret> well_formed(const CardProfile& profile, PinName pin, const base::Secret& value) {
  const PinRules& rules = profile.rules(pin);
  const auto bytes = value.reveal();
  if (value.overlong() || bytes.size() < rules.min_length || bytes.size() > rules.max_length) {
    return malformed(rules, pin);
  }
  if (rules.digits_only) {
    if (!std::all_of(bytes.begin(), bytes.end(), is_digit)) return malformed(rules, pin);
    return value.duplicate();
  }
  // The card compares bytes; folding is every client's job, and a lower-case attempt would cost a try
  // (card.md 11).
  std::array<char, base::Secret::capacity> folded{};
  std::transform(bytes.begin(), bytes.end(), folded.begin(),
                 [](std::uint8_t c) { return static_cast<char>(is_lower(c) ? c - 'a' + 'A' : c); });
  base::Secret result(std::string_view(folded.data(), bytes.size()));
  base::wipe(folded.data(), folded.size());
  const auto all = result.reveal();
  const bool letters = std::any_of(all.begin(), all.end(), is_upper);
  const bool digits = std::any_of(all.begin(), all.end(), is_digit);
  const bool others =
      std::any_of(all.begin(), all.end(), [](std::uint8_t c) { return !is_upper(c) && !is_digit(c); });
  if (!letters || !digits || others) return malformed(rules, pin);
  return result;
}

base::Result<int> verify_pin(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                             PinName pin, const base::Secret& value, const VerifyGuards& guards) {
  const auto checked = well_formed(profile, pin, value);
  if (!checked) return checked.error();
  const auto verified = verify_at(card, state, place_of(profile, pin), pin, *checked, guards);
  if (!verified) return verified.error();
  state.verified.set(static_cast<std::size_t>(pin));
  return int{profile.rules(pin).max_tries};
}

bool fits_pad(const CardProfile& profile, PinName pin) {
  return profile.rules(pin).digits_only;
}

base::Result<int> verify_pin_on_pad(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                                    PinName pin, const VerifyGuards& guards, std::chrono::seconds longest) {
  const PinRules& rules = profile.rules(pin);
  auto* const pad = card.pin_pad();
  if (pad == nullptr || !fits_pad(profile, pin)) return smartcard::no_pin_pad("no pad for this PIN");
  const auto tries = tries_at(card, state, place_of(profile, pin), pin);
  if (!tries) return tries.error();
  if (const auto allowed = check_guards(*tries, guards, pin); !allowed) return allowed.error();
  // As for a PIN that was typed, but only once one was entered.
  const auto before = state.verified;
  state.verified.reset(static_cast<std::size_t>(pin));
  const auto verified = verify_at_the_pad(*pad, pin, rules, longest);
  if (!verified) {
    if (was_not_entered(verified.error().code)) state.verified = before;
    return verified.error();
  }
  state.verified.set(static_cast<std::size_t>(pin));
  return int{rules.max_tries};
}

base::Result<void> change_pin(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                              PinName pin, const base::Secret& value, const base::Secret& current) {
  const auto checked = well_formed(profile, pin, value);
  if (!checked) return checked.error();
  if (!state.is_verified(pin)) return pin_fault(base::Code::pin_required, pin);
  if (pin == PinName::resident_register)
    return change_resident_register(card, state, profile, current, *checked);
  const PinPlace place = place_of(profile, pin);
  if (const auto selected = select_application(card, state, place.application); !selected)
    return selected.error();
  return change_at(card, state, place, pin, *checked);
}

}  // namespace madoguchi::mynumber
