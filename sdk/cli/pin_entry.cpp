#include "pin_entry.hpp"

#include <unistd.h>

#include "core_dump.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

// Typed in either width.
bool is_question_mark(std::string_view typed) {
  return typed == "?" || typed == "\uFF1F";
}

}  // namespace

std::string who_enters(const PinOptions& options, bool proxy) {
  if (!options.entered_by.empty()) return options.entered_by;
  return proxy ? "staff" : "holder";
}

int read_pins(const Context& context, const PinOptions& options, std::optional<GivenPins>& pins) {
  forbid_core_dump();
  if (!options.from_stdin) return done;
  auto read = GivenPins::read(STDIN_FILENO, context.interrupts);
  if (read.pins) {
    pins = std::move(read.pins);
    return done;
  }
  if (read.bad_line == 0) return fail(context, client::make_error(client::reasons::interrupted));
  return fail_usage(context, "pins.bad_line", {std::to_string(read.bad_line)});
}

PinEntry::PinEntry(const Context& context, std::string case_id)
    : context_(context), case_id_(std::move(case_id)) {}

void PinEntry::use_terminal() {
  terminal_ = Terminal::open(context_.interrupts);
}

void PinEntry::use_given(GivenPins pins) {
  given_ = std::move(pins);
}

PinEntry::Ended PinEntry::consent_to_last_try(const std::string& pin, bool& accepted) {
  if (given_ || !terminal_) return stop(person_needed, "pin.last_try_unaccepted", {pin_name(context_, pin)});
  const auto answer =
      terminal_->ask(say(context_.lang(), "pin.last_try_question", {pin_name(context_, pin)}));
  if (!answer) return stop_on(client::make_error(client::reasons::interrupted));
  accepted = *answer == "yes" || *answer == "はい";
  if (!accepted) return stop(person_needed, "pin.last_try_declined");
  return std::nullopt;
}

PinEntry::Ended PinEntry::ask(const std::string& pin, client::Secret& value) {
  if (given_) {
    auto taken = given_->take(pin);
    if (!taken) return stop(bad_usage, "pin.not_given", {pin});
    value = std::move(*taken);
    return std::nullopt;
  }
  if (!terminal_) return stop(bad_usage, "pin.no_terminal");
  const Key prompt = offers_forgotten_ ? Key("pin.prompt_or_forgotten") : Key("pin.prompt");
  auto typed = terminal_->ask_secret(say(context_.lang(), prompt, {pin_name(context_, pin)}));
  if (!typed) return stop_on(client::make_error(client::reasons::interrupted));
  if (typed->empty() && !typed->overlong()) return stop(person_needed, "pin.stopped");
  value = std::move(*typed);
  return std::nullopt;
}

PinEntry::Ended PinEntry::await_holder(const std::string& pin, bool& forgotten) {
  if (!terminal_) return stop(bad_usage, "pin.no_terminal");
  const Key prompt = offers_forgotten_ ? Key("pin.pad_or_forgotten") : Key("pin.pad");
  const auto typed = terminal_->ask(say(context_.lang(), prompt, {pin_name(context_, pin)}));
  if (!typed) return stop_on(client::make_error(client::reasons::interrupted));
  if (*typed == "q") return stop(person_needed, "pin.stopped");
  forgotten = offers_forgotten_ && is_question_mark(*typed);
  return std::nullopt;
}

PinEntry::Ended PinEntry::ask_line(const std::string& prompt, std::string& typed) {
  if (!terminal_) return stop(bad_usage, "pin.no_terminal");
  auto answer = terminal_->ask(prompt);
  if (!answer) return stop_on(client::make_error(client::reasons::interrupted));
  typed = std::move(*answer);
  return std::nullopt;
}

PinEntry::Ended PinEntry::ask_if_known(const std::string& pin, const std::string& prompt,
                                       client::Secret& value) {
  if (given_) {
    if (auto taken = given_->take(pin)) value = std::move(*taken);
    return std::nullopt;
  }
  if (!terminal_) return stop(bad_usage, "pin.no_terminal");
  auto typed = terminal_->ask_secret(prompt);
  if (!typed) return stop_on(client::make_error(client::reasons::interrupted));
  value = std::move(*typed);
  return std::nullopt;
}

bool PinEntry::says_forgotten(const client::Secret& value) const {
  return offers_forgotten_ && !given_ && is_question_mark(value.reveal());
}

PinEntry::Ended PinEntry::ask_new(const std::string& pin, bool foreseen, client::Secret& value) {
  if (given_) {
    auto taken = given_->take("new." + pin);
    // No script can know beforehand what a card will say.
    if (!taken && !foreseen) return stop(person_needed, "pin.is_locked", {pin_name(context_, pin)});
    if (!taken) return stop(bad_usage, "pin.not_given", {"new." + pin});
    value = std::move(*taken);
    return std::nullopt;
  }
  if (!terminal_) return stop(bad_usage, "pin.no_terminal");
  auto first = terminal_->ask_secret(say(context_.lang(), "pin.new_prompt", {pin_name(context_, pin)}));
  if (!first) return stop_on(client::make_error(client::reasons::interrupted));
  if (first->empty() && !first->overlong()) return stop(person_needed, "pin.stopped");
  const auto second = terminal_->ask_secret(say(context_.lang(), "pin.new_again", {pin_name(context_, pin)}));
  if (!second) return stop_on(client::make_error(client::reasons::interrupted));
  if (first->reveal() == second->reveal()) {
    value = std::move(*first);
  } else {
    Output::complain(say(context_.lang(), "pin.new_differ"));
  }
  return std::nullopt;
}

void PinEntry::give_back(const std::string& pin, client::Secret value) {
  if (given_) given_->give_back(pin, std::move(value));
}

PinEntry::Ended PinEntry::stop(int code, Key why, std::initializer_list<std::string_view> arguments) {
  client::RpcError error;
  error.reason = code == bad_usage ? "usage" : "stopped";
  error.ja = say(Lang::ja, why, arguments);
  error.en = say(Lang::en, why, arguments);
  static_cast<void>(fail(context_, error, case_id_));
  return code;
}

PinEntry::Ended PinEntry::stop_on(const client::RpcError& error) {
  refusal_ = error;
  return fail(context_, error, case_id_);
}

bool PinEntry::stopped_at_card() const {
  return refusal_.reason.starts_with("card.") || refusal_.reason.starts_with("reader.");
}

}  // namespace madoguchi::cli
