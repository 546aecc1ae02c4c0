// Asking for PINs: at the terminal, or taking those that were given beforehand.
#pragma once

#include <optional>
#include <string>

#include "commands.hpp"
#include "pins.hpp"
#include "terminal.hpp"

namespace madoguchi::cli {

// PINs for scripts are read before anything is begun, so that a mistake in them costs nothing. No core is
// written from then on.
int read_pins(const Context& context, const PinOptions& options, std::optional<GivenPins>& pins);

class PinEntry {
 public:
  // nullopt: go on. Otherwise the exit code, everything having been said.
  using Ended = std::optional<int>;

  // `case_id`: how to go on with this one is said where it ends here.
  explicit PinEntry(const Context& context, std::string case_id = {});

  void use_terminal();
  void use_given(GivenPins pins);
  // A script's PIN is not asked for again.
  [[nodiscard]] bool is_given() const { return given_.has_value(); }
  [[nodiscard]] bool has_been_given(std::string_view pin) const { return given_ && given_->has(pin); }

  // From now on the clerk is told how to say that a PIN is forgotten.
  void offer_forgotten() { offers_forgotten_ = true; }
  // Typed instead of a PIN, of which it can be no part.
  [[nodiscard]] bool says_forgotten(const client::Secret& value) const;

  Ended consent_to_last_try(const std::string& pin, bool& accepted);
  Ended ask(const std::string& pin, client::Secret& value);
  // Before it is entered at the reader's keys, so that the holder is ready when they begin to wait.
  Ended await_holder(const std::string& pin, bool& forgotten);
  // Something that is no secret, of somebody at the terminal.
  [[nodiscard]] bool can_ask() const { return !given_ && terminal_.has_value(); }
  Ended ask_line(const std::string& prompt, std::string& typed);
  // A PIN that can be done without: then it is left empty. `prompt`: at the terminal.
  Ended ask_if_known(const std::string& pin, const std::string& prompt, client::Secret& value);
  // Two entries that agree, left empty when they do not. `foreseen`: whoever wrote a script could know of it.
  Ended ask_new(const std::string& pin, bool foreseen, client::Secret& value);
  // For one that was right and that the card may forget.
  void give_back(const std::string& pin, client::Secret value);

  Ended stop(int code, Key why, std::initializer_list<std::string_view> arguments = {});
  Ended stop_on(const client::RpcError& error);
  // Of the refusal on which it stopped.
  [[nodiscard]] const boost::json::object& details() const { return refusal_.details; }
  // It is about the reader or what lies on it: no other PIN helps.
  [[nodiscard]] bool stopped_at_card() const;

 private:
  const Context& context_;
  std::string case_id_;
  std::optional<Terminal> terminal_{};
  std::optional<GivenPins> given_{};
  bool offers_forgotten_ = false;
  client::RpcError refusal_{};
};

}  // namespace madoguchi::cli
