// PINs that are initialised and set anew at the official terminal: the steps there, and what has come of
// them.
#include <utility>

#include "show.hpp"
#include "visit.hpp"

namespace madoguchi::cli {

// Beside the certificates; whoever came for their PINs alone has nothing handed over.
bool Visit::is_set_anew_there(const std::string& pin) const {
  const auto* facts = object_at(visit_, "facts");
  const bool renewal = facts != nullptr && text_at(*facts, "purpose") == "renewal";
  return at_terminal() && renewal && to_be_reset(pin) && text_at(decision(), "outcome") == "complete_today";
}

// Those that the card was handed over for, too.
Visit::Ended Visit::record_set_anew() {
  if (!has_begun() || !entry_.can_ask()) return std::nullopt;
  for (const auto& pin : pins_to_settle()) {
    if (!is_set_anew_there(pin)) continue;
    std::string typed;
    const auto prompt = say(context_.lang(), "terminal.ask_set_anew", {pin_name(context_, pin)});
    if (auto ended = entry_.ask_line(prompt, typed)) return ended;
    if (typed != "y" && typed != "yes" && typed != "はい") continue;
    if (auto ended = record_outcome(pin, "reset")) return ended;
  }
  return std::nullopt;
}

// Of the hand-over, while the card is away, too.
Visit::Ended Visit::record_told() {
  for (const auto& pin : std::exchange(options_.set_anew, {})) {
    if (auto ended = record_outcome(pin, "reset")) return ended;
  }
  return std::nullopt;
}

// Whoever came for their PINs alone has nothing handed over, so that the case has no sheet of steps.
Visit::Ended Visit::guide_pins_there() {
  const auto pins = pins_to_set_there();
  if (!for_pins_alone() || pins.empty()) return std::nullopt;
  int number = 0;
  const auto step = [&](const std::string& words) {
    context_.out.say("terminal.step", {std::to_string(++number), words});
  };
  step(say(context_.lang(), "terminal.pins.read"));
  for (const auto& pin : pins) {
    const auto set = by_proxy() ? Key("terminal.pins.set_by_staff") : Key("terminal.pins.set");
    step(say(context_.lang(), set, {pin_name(context_, pin)}));
  }
  step(say(context_.lang(), "terminal.pins.look"));
  // What came of it is asked for then.
  if (entry_.can_ask()) return std::nullopt;
  context_.out.document(visit_);
  Output::complain(say(context_.lang(), "case.kept", {id()}));
  say_how_it_is_told();
  return finish(context_, unfinished, id());
}

std::vector<std::string> Visit::pins_to_set_there() const {
  auto pins = pins_to_settle();
  std::erase_if(pins, [&](const std::string& pin) {
    return !is_set_anew_there(pin) && !(for_pins_alone() && to_be_reset(pin));
  });
  return pins;
}

// Where nobody can be asked what came of them there, the next command says so.
void Visit::say_how_it_is_told() const {
  std::string named;
  for (const auto& pin : pins_to_set_there()) named.append(named.empty() ? "" : ",").append(pin);
  if (!named.empty()) Output::complain(say(context_.lang(), "terminal.tell_set_anew", {id(), named}));
}

}  // namespace madoguchi::cli
