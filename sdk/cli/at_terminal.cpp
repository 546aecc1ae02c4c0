// A case whose certificates the official terminal issues: outcomes of PINs instead of PINs, the sheet of what
// to do there, and what the card that comes back proves.
#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "documents.hpp"
#include "facts.hpp"
#include "guidance.hpp"
#include "second_visit.hpp"
#include "show.hpp"
#include "visit.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// In the order of the numbers that a clerk types.
constexpr std::array<std::string_view, 5> outcomes{"matched", "mismatched", "locked", "forgotten", "reset"};

bool is_true(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && *value == true;
}

// Each certificate's proof, by its name, where the card has been looked at.
template <class Take>
void each_proof(const json::object& visit, Take take) {
  const auto* certificates = object_at(visit, "certificates");
  if (certificates == nullptr) return;
  for (const auto& [name, value] : *certificates) {
    const auto* proof = value.is_object() ? object_at(value.get_object(), "proof") : nullptr;
    if (proof != nullptr) take(std::string(name), value.get_object(), *proof);
  }
}

// Not looked at yet, or as it was: the terminal has still to do it.
bool terminal_is_at_work(const json::object& visit) {
  const auto* certificates = object_at(visit, "certificates");
  bool at_work = false;
  if (certificates == nullptr) return at_work;
  for (const auto& [name, value] : *certificates) {
    if (!value.is_object()) continue;
    const auto* proof = object_at(value.get_object(), "proof");
    at_work = at_work || proof == nullptr || text_at(*proof, "verdict") == "unchanged";
  }
  return at_work;
}

void show_findings_of(const Context& context, const std::string& name, const json::object& proof) {
  if (text_at(proof, "verdict") == "proved") {
    context.out.say("terminal.proved", {certificate_name(context, name)});
    return;
  }
  const auto* findings = array_at(proof, "findings");
  if (findings == nullptr) return;
  for (const auto& finding : *findings) {
    if (finding.is_object()) context.out.say("terminal.finding", {words_at(context, finding.get_object())});
  }
}

}  // namespace

bool Visit::at_terminal() const {
  return text_at(visit_, "channel") == "terminal";
}

// Left empty for none, or one that there is not.
Visit::Ended Visit::ask_outcome(const std::string& pin, Key prompt, std::string_view& outcome) {
  std::string typed;
  if (auto ended = entry_.ask_line(say(context_.lang(), prompt, {pin_name(context_, pin)}), typed))
    return ended;
  if (typed.empty()) return std::nullopt;
  if (typed.size() == 1 && typed[0] >= '1' && typed[0] <= '5') {
    outcome = outcomes.at(static_cast<std::size_t>(typed[0] - '1'));
    return std::nullopt;
  }
  Output::complain(say(context_.lang(), "terminal.no_such_outcome"));
  return ask_outcome(pin, prompt, outcome);
}

Visit::Ended Visit::record_pin(const std::string& pin) {
  std::string_view outcome;
  if (auto ended = ask_outcome(pin, "terminal.ask_outcome", outcome)) return ended;
  if (outcome.empty()) return entry_.stop(person_needed, "terminal.stopped");
  return record_outcome(pin, outcome);
}

Visit::Ended Visit::record_outcome(const std::string& pin, std::string_view outcome) {
  const auto reply = client_.call("cases.record_pin", {{"case", id()},
                                                       {"pin", pin},
                                                       {"outcome", outcome},
                                                       {"entered_by", who_enters(options_, by_proxy())},
                                                       {"staff", staff_}});
  if (!reply) {
    if (needs_reason(reply.error())) Output::complain(say(context_.lang(), "missing.override_reason"));
    return entry_.stop_on(reply.error());
  }
  if (reply->is_object()) visit_ = reply->get_object();
  forgotten_.erase(pin);
  context_.out.say("terminal.recorded",
                   {pin_name(context_, pin), word(context_.lang(), "pin.outcome", outcome)});
  if (text_at(decision(), "outcome") == "complete_today") return std::nullopt;
  show_decision_of(context_, visit_);
  return has_begun() ? bring_back() : go_on_today();
}

// While the card is away nothing is received of what a PIN has made of the case.
Visit::Ended Visit::bring_back() {
  if (auto ended = ask_for_documents(context_, client_, visit_, staff_)) return ended;
  if (text_at(decision(), "outcome") == "complete_today") return std::nullopt;
  std::string typed;
  if (auto ended = entry_.ask_line(say(context_.lang(), "terminal.ask_bring_back"), typed)) return ended;
  if (typed != "q") {
    const auto reply = client_.call("cases.update", {{"case", id()},
                                                     {"reader", text_at(visit_, "reader")},
                                                     {"facts", json::object()},
                                                     {"staff", staff_}});
    if (!reply) return entry_.stop_on(reply.error());
    if (reply->is_object()) visit_ = reply->get_object();
    show_decision_of(context_, visit_);
  }
  return not_to_be_done_today(context_, client_, visit_);
}

// What has come of a PIN there that was taken to be as recorded.
Visit::Ended Visit::record_another() {
  const auto pins = pins_to_settle();
  std::string choices;
  for (std::size_t i = 0; i < pins.size(); ++i)
    choices += (i == 0 ? "" : ", ") + std::to_string(i + 1) + " " + pin_name(context_, pins[i]);
  std::string typed;
  if (auto ended = entry_.ask_line(say(context_.lang(), "terminal.ask_which", {choices}), typed))
    return ended;
  const bool one =
      typed.size() == 1 && typed[0] >= '1' && static_cast<std::size_t>(typed[0] - '1') < pins.size();
  if (!one) return std::nullopt;
  const auto& pin = pins.at(static_cast<std::size_t>(typed[0] - '1'));
  std::string_view outcome;
  if (auto ended = ask_outcome(pin, "terminal.ask_other_outcome", outcome)) return ended;
  return outcome.empty() ? std::nullopt : record_outcome(pin, outcome);
}

int Visit::with_terminal() {
  if (auto ended = guide_pins_there()) return *ended;
  for (;;) {
    if (auto ended = check_pins()) return *ended;
    if (context_.out.closed()) return finish(context_, done, id());
    if (auto ended = record_set_anew()) return *ended;
    if (auto ended = pins_are_done()) return *ended;
    if (auto ended = issue()) return *ended;
  }
}

void show_terminal(const Context& context, const json::object& visit) {
  each_proof(visit, [&](const std::string& name, const json::object&, const json::object& proof) {
    show_findings_of(context, name, proof);
  });
  const auto* sheet = object_at(visit, "terminal");
  const auto* steps = sheet != nullptr && terminal_is_at_work(visit) ? array_at(*sheet, "steps") : nullptr;
  if (steps == nullptr) return;
  int number = 0;
  for (const auto& step : *steps) {
    if (!step.is_object()) continue;
    context.out.say("terminal.step", {std::to_string(++number), words_at(context, step.get_object())});
  }
}

Visit::Ended Visit::after_terminal() {
  show_terminal(context_, visit_);
  if (text_at(visit_, "state") == "completed") return show_outcome();
  const bool script = entry_.is_given() && !std::exchange(looked_further_, true);
  if (!terminal_is_at_work(visit_) && (entry_.can_ask() || script)) return look_further();
  if (!entry_.can_ask()) {
    say_how_it_is_told();
    return show_outcome();
  }
  for (;;) {
    std::string typed;
    if (auto ended = entry_.ask_line(say(context_.lang(), "terminal.ask_back"), typed)) return ended;
    if (typed == "q") return show_outcome();
    if (typed != "p") return std::nullopt;
    if (auto ended = record_another()) return ended;
    if (!has_begun()) return std::nullopt;
    show_terminal(context_, visit_);
  }
}

// Without `given` it is looked at no further.
Visit::Ended Visit::ask_to_look(const std::string& pin, client::Secret& value, bool& given) {
  if (is_for_pad(pin) && !entry_.can_ask()) {
    given = true;
    return std::nullopt;
  }
  if (is_for_pad(pin)) {
    std::string typed;
    const auto prompt = say(context_.lang(), "terminal.ask_pad", {pin_name(context_, pin)});
    if (auto ended = entry_.ask_line(prompt, typed)) return ended;
    given = typed != "s";
    return std::nullopt;
  }
  const auto prompt = say(context_.lang(), "terminal.ask_pin", {pin_name(context_, pin)});
  if (auto ended = entry_.ask_if_known(pin, prompt, value)) return ended;
  given = !value.empty();
  return std::nullopt;
}

// What only a PIN opens: with it, or accepted without.
Visit::Ended Visit::look_further() {
  bool entered = false;
  std::vector<std::string> unproved;
  each_proof(visit_, [&](const std::string& name, const json::object& about, const json::object& proof) {
    if (text_at(about, "phase") != "done" && text_at(proof, "verdict") == "not_looked_at")
      unproved.push_back(name);
  });
  for (const auto& name : unproved) {
    client::Secret value;
    bool given = false;
    if (auto ended = ask_to_look(name, value, given)) return ended;
    if (!given) continue;
    if (auto ended = verify(name, std::move(value), options_.accept_last_try)) return ended;
    entered = true;
  }
  return entered ? std::nullopt : accept_or_stop(show_outcome_later());
}

Visit::Ended Visit::accept_or_stop(const std::function<int()>& stop) {
  accepted_.clear();
  each_proof(visit_, [&](const std::string& name, const json::object& about, const json::object& proof) {
    if (text_at(about, "phase") != "done" && is_true(proof, "acceptable")) accepted_.emplace_back(name);
  });
  accept_reason_.clear();
  if (accepted_.empty() || !entry_.can_ask()) return stop();
  const auto ended = entry_.ask_line(say(context_.lang(), "terminal.ask_accept"), accept_reason_);
  if (ended) return ended;
  if (!accept_reason_.empty()) return std::nullopt;
  accepted_.clear();
  return stop();
}

std::function<int()> Visit::show_outcome_later() {
  return [this] { return show_outcome(); };
}

Visit::Ended Visit::differs(const client::RpcError& error) {
  if (auto unread = re_read()) return unread;
  show_terminal(context_, visit_);
  show_attention(context_, visit_);
  return accept_or_stop([this, error] { return *entry_.stop_on(error); });
}

}  // namespace madoguchi::cli
