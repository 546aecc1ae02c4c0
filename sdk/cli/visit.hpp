// One case carried to its end at the terminal: PINs in their order, the issuing with its progress, the
// outcome.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "pin_entry.hpp"

namespace madoguchi::cli {

class Visit {
 public:
  // `visit` is the case as the daemon gave it.
  Visit(const Context& context, client::Client& client, boost::json::object visit, std::string staff);

  // PINs come from the terminal or from what was given beforehand.
  PinEntry& entry() { return entry_; }
  // As last seen on the card; a PIN that is not in there is asked for without a count.
  void set_tries(const boost::json::object& tries_left);
  void set_options(const PinOptions& options) { options_ = options; }

  // Asks for what is still to be checked, issues, and shows the outcome; gives the exit code. Whatever
  // happens, the case is kept, and how to go on has been said.
  int carry_out();

 private:
  using Ended = PinEntry::Ended;

  int to_the_end();

  Ended check_pins();
  Ended check_pin(const std::string& pin);
  Ended verify(const std::string& pin, client::Secret value, bool last_try_accepted);
  Ended after_refusal(const std::string& pin, const client::RpcError& error);
  Ended reset_pin(const std::string& pin);
  // The holder does not know it: by the rules it is set anew today, or there is more to be brought.
  Ended forget_pin(const std::string& pin);
  // Asks for the papers that a changed decision misses; ends where it allows no more today.
  Ended go_on_today();
  Ended pins_are_done();
  Ended issue();
  // The official terminal's channel, see at_terminal.cpp.
  [[nodiscard]] bool at_terminal() const;
  int with_terminal();
  Ended record_pin(const std::string& pin);
  [[nodiscard]] std::vector<std::string> pins_to_set_there() const;
  [[nodiscard]] bool is_set_anew_there(const std::string& pin) const;
  Ended ask_outcome(const std::string& pin, Key prompt, std::string_view& outcome);
  Ended record_outcome(const std::string& pin, std::string_view outcome);
  Ended bring_back();
  Ended record_another();
  Ended record_set_anew();
  Ended record_told();
  Ended guide_pins_there();
  void say_how_it_is_told() const;
  Ended after_terminal();
  Ended look_further();
  Ended ask_to_look(const std::string& pin, client::Secret& value, bool& given);
  Ended accept_or_stop(const std::function<int()>& stop);
  Ended differs(const client::RpcError& error);
  std::function<int()> show_outcome_later();
  Ended subscribe();
  int show_outcome();
  void show_how_far_it_is();
  Ended re_read();

  [[nodiscard]] std::string id() const;
  [[nodiscard]] const boost::json::object& decision() const;
  [[nodiscard]] std::vector<std::string> pins_to_settle() const;
  [[nodiscard]] bool by_proxy() const;
  [[nodiscard]] bool for_pins_alone() const;
  [[nodiscard]] std::string outcome_of(const std::string& pin) const;
  [[nodiscard]] bool is_settled(const std::string& pin) const;
  [[nodiscard]] bool is_for_pad(std::string_view pin) const;
  [[nodiscard]] bool has_begun() const;
  [[nodiscard]] bool to_be_reset(const std::string& pin) const;
  void ask_again(const client::RpcError& error);
  void take_reply(const std::string& pin, const boost::json::value& reply);

  const Context& context_;
  client::Client& client_;
  boost::json::object visit_;
  std::string staff_;
  PinOptions options_{};
  PinEntry entry_;
  std::vector<std::string> accepted_{};  // certificates, in the next call
  std::string accept_reason_{};
  bool at_pad_ = false;          // the reader's own keys take PINs
  bool looked_further_ = false;  // a script's PINs have been used on the card that came back
  std::map<std::string, std::int64_t> tries_{};
  std::set<std::string> forgotten_{};  // checked once, but the card forgot
};

}  // namespace madoguchi::cli
