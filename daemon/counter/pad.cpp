#include "pad.hpp"

#include "smartcard/pin_pad.hpp"

namespace madoguchi::counter {
namespace {

using base::Code;
using base::make_fault;

base::Fault with_pin(base::Fault fault, mynumber::PinName pin) {
  fault.details["pin"] = mynumber::name(pin);
  return fault;
}

base::Fault does_not_fit() {
  return make_fault(
      Code::conflict, "a pad has digits only",
      {{"cannot", "pinpad"},
       {"ja", "この暗証番号には英字が含まれるため、テンキーでは入力できません。画面から入力してください。"},
       {"en", "This PIN has letters, which a keypad has not; enter it on the screen."}});
}

base::Fault not_typed() {
  return make_fault(
      Code::conflict, "the reader has a pad",
      {{"cannot", "typed"},
       {"entry", "pinpad"},
       {"ja",
        "このカードリーダーにはテンキーがあります。暗証番号は画面ではなく、テンキーから入力してください。"},
       {"en", "This card reader has a keypad: enter the PIN there, not on the screen."}});
}

base::Fault pad_is_missing() {
  return make_fault(
      Code::conflict, "the configuration wants a reader with a pad",
      {{"cannot", "typed"},
       {"entry", "pinpad"},
       {"ja",
        "この窓口では、暗証番号はカードリーダーのテンキーから入力する決まりですが、このリーダーにはテンキーが"
        "ありません。テンキー付きのカードリーダーを使ってください。"},
       {"en",
        "At this counter PINs are entered at the card reader's keypad, and this one has none; use a "
        "card reader with a keypad."}});
}

base::Result<void> may_be_typed(PadUse use, bool has_pad) {
  switch (use) {
    case PadUse::automatic:
      if (has_pad) return not_typed();
      return {};
    case PadUse::required:
      return has_pad ? not_typed() : pad_is_missing();
    case PadUse::optional:
    case PadUse::never:
      return {};
  }
  return {};
}

}  // namespace

base::Result<void> may_be_entered(const mynumber::CardProfile& profile, PadUse use, const PinRequest& request,
                                  bool has_pad) {
  const bool fits = mynumber::fits_pad(profile, request.pin);
  if (!request.on_pad) {
    if (!fits) return {};
    const auto typed = may_be_typed(use, has_pad);
    if (!typed) return with_pin(typed.error(), request.pin);
    return {};
  }
  if (!fits) return with_pin(does_not_fit(), request.pin);
  if (has_pad && use != PadUse::never) return {};
  if (use == PadUse::required) return with_pin(pad_is_missing(), request.pin);
  return with_pin(smartcard::no_pin_pad("the reader has none, or none that is used"), request.pin);
}

base::Result<int> verify_as_entered(smartcard::Channel& card, mynumber::CardState& state,
                                    const mynumber::CardProfile& profile, const PinRequest& request,
                                    std::chrono::seconds longest) {
  if (request.on_pad)
    return mynumber::verify_pin_on_pad(card, state, profile, request.pin, request.guards, longest);
  return mynumber::verify_pin(card, state, profile, request.pin, request.value, request.guards);
}

std::chrono::milliseconds deadline_for(const Parts& parts, std::span<const PinRequest> requests) {
  auto deadline = parts.card_deadline;
  for (const auto& request : requests) {
    // Some readers begin the time between keys anew with each.
    if (request.on_pad) deadline += parts.pad_patience + 4 * smartcard::between_keys;
  }
  return deadline;
}

}  // namespace madoguchi::counter
