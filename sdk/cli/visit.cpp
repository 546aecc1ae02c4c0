#include "visit.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "documents.hpp"
#include "facts.hpp"
#include "guidance.hpp"
#include "patient_call.hpp"
#include "pick_reader.hpp"
#include "second_visit.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using client::RpcError;

// How often a card may forget its PINs in one visit before the clerk should look at what is the matter with
// it.
constexpr int most_rounds = 3;

bool contains(const json::object& decision, std::string_view list, std::string_view name) {
  const auto* names = array_at(decision, list);
  if (names == nullptr) return false;
  for (const auto& item : *names) {
    if (item.is_string() && item.get_string() == name) return true;
  }
  return false;
}

std::optional<std::int64_t> tries_in(const json::object& object) {
  const auto* tries = object.if_contains("tries_left");
  if (tries == nullptr || !tries->is_int64()) return std::nullopt;
  return tries->get_int64();
}

}  // namespace

Visit::Visit(const Context& context, client::Client& client, json::object visit, std::string staff)
    : context_(context),
      client_(client),
      visit_(std::move(visit)),
      staff_(std::move(staff)),
      entry_(context, id()) {}

void Visit::set_tries(const json::object& tries_left) {
  for (const auto& [pin, tries] : tries_left) {
    if (tries.is_int64()) tries_[pin] = tries.get_int64();
  }
}

int Visit::carry_out() {
  const int code = to_the_end();
  // Whatever it was, the visitor may have to leave now.
  if (code != person_needed && code != refused) return code;
  if (visit_.contains("facts") && !context_.out.json()) {
    context_.out.say("guide.another_day");
    tell_about_next_time(context_, client_, visit_);
  }
  return code;
}

int Visit::to_the_end() {
  if (auto ended = subscribe()) return *ended;
  // A script gives what it has unless it is told otherwise; whoever sits here has the holder at the keys.
  at_pad_ = options_.at_pad || (!entry_.is_given() && has_pin_pad(client_, text_at(visit_, "reader")));
  // Where there is none, the daemon says so.
  if (auto ended = record_told()) return *ended;
  if (at_terminal()) return with_terminal();
  for (int round = 0; round < most_rounds; ++round) {
    if (auto ended = check_pins()) return *ended;
    if (context_.out.closed()) return finish(context_, done, id());
    if (auto ended = pins_are_done()) return *ended;
    // Nothing while the card has forgotten a PIN: then it is asked for again.
    if (auto ended = issue()) return *ended;
  }
  return *entry_.stop(person_needed, "pin.forgotten_again");
}

Visit::Ended Visit::check_pins() {
  if (!entry_.is_given()) entry_.offer_forgotten();
  for (;;) {
    // By the decision of then: one of them may open what tells that others are asked for too.
    const auto pins = pins_to_settle();
    const auto next = std::find_if(pins.begin(), pins.end(), [&](const std::string& pin) {
      return !is_settled(pin) && !is_set_anew_there(pin);
    });
    if (next == pins.end()) return std::nullopt;
    if (context_.out.closed()) return finish(context_, done, id());
    const bool told = at_terminal() && !entry_.is_given();
    if (auto ended = told ? record_pin(*next) : to_be_reset(*next) ? reset_pin(*next) : check_pin(*next))
      return ended;
  }
}

// One attempt. Nothing is returned after a wrong PIN too, when it may be tried again.
Visit::Ended Visit::check_pin(const std::string& pin) {
  const auto known = tries_.find(pin);
  if (known != tries_.end()) {
    context_.out.say("pin.tries", {pin_name(context_, pin), tries_text(context_, known->second)});
    // Locked outside a case that has begun, a PIN is initialised once the daemon has seen it on the card,
    // which the check below makes it do.
    if (known->second == 0 && !has_begun())
      return entry_.stop(person_needed, "pin.is_locked", {pin_name(context_, pin)});
  }
  bool accepted = options_.accept_last_try;
  if (known != tries_.end() && known->second == 1 && !accepted) {
    if (auto ended = entry_.consent_to_last_try(pin, accepted)) return ended;
  }
  client::Secret value;
  bool forgotten = false;
  const bool begins_at_once = is_for_pad(pin) && options_.at_pad && !entry_.can_ask();
  if (auto ended = begins_at_once    ? std::nullopt
                   : is_for_pad(pin) ? entry_.await_holder(pin, forgotten)
                                     : entry_.ask(pin, value)) {
    const bool may_be_forgotten = *ended == person_needed;
    if (may_be_forgotten) Output::complain(say(context_.lang(), "pin.if_forgotten", {id(), pin}));
    return ended;
  }
  if (forgotten || entry_.says_forgotten(value)) return forget_pin(pin);
  return verify(pin, std::move(value), accepted);
}

Visit::Ended Visit::verify(const std::string& pin, client::Secret value, bool last_try_accepted) {
  const bool on_pad = is_for_pad(pin);
  json::object params{
      {"case", id()}, {"pin", pin}, {"entered_by", who_enters(options_, by_proxy())}, {"staff", staff_}};
  if (const auto known = tries_.find(pin); known != tries_.end())
    params["expected_tries_left"] = known->second;
  if (last_try_accepted) params["accept_last_try"] = true;
  client::CallOptions with;
  if (on_pad) {
    params["entry"] = "pinpad";
    context_.out.say("pin.pad_waits", {pin_name(context_, pin)});
  } else {
    with.secret = {"value", &value};
  }
  const auto reply = call_patiently(context_, client_, "cases.verify_pin", params, with);
  if (!reply) return after_refusal(pin, reply.error());
  take_reply(pin, *reply);
  if (!on_pad) entry_.give_back(pin, std::move(value));
  context_.out.say("pin.matched", {pin_name(context_, pin)});
  return std::nullopt;
}

Visit::Ended Visit::after_refusal(const std::string& pin, const RpcError& error) {
  const bool about_this_pin = error.reason == "pin.wrong" || error.reason == "pin.locked" ||
                              error.reason == "pin.malformed" || error.reason == "pin.last_try" ||
                              error.reason == "pin.tries_changed" || error.reason == "pin.timeout" ||
                              error.reason == "pin.cancelled";
  if (needs_reason(error)) Output::complain(say(context_.lang(), "missing.override_reason"));
  if (!about_this_pin) return entry_.stop_on(error);
  if (const auto tries = tries_in(error.details)) {
    tries_[pin] = *tries;
  } else if (error.reason == "pin.last_try") {
    tries_[pin] = 1;
  } else if (error.reason == "pin.locked") {
    tries_[pin] = 0;
  } else if (error.reason == "pin.tries_changed") {
    tries_.erase(pin);
  }
  // A script's PIN is not asked for again, nor is the pad begun anew for ever, so it ends here; and a locked
  // one whatever the decision says of it now.
  const bool checked = error.reason == "pin.wrong" || error.reason == "pin.locked";
  const bool over = !entry_.can_ask() && error.reason != "pin.locked";
  if (over && !checked) return entry_.stop_on(error);
  if (!over) Output::complain(text_of(context_, error));
  if (!checked) return std::nullopt;
  if (auto unread = re_read()) return unread;
  // To a proxy it may be the end of this visit.
  if (waits_for_answer(visit_) || (by_proxy() && text_at(decision(), "outcome") != "complete_today")) {
    if (over) Output::complain(text_of(context_, error));
    return not_to_be_done_today(context_, client_, visit_);
  }
  if (over) return entry_.stop_on(error);
  if (error.reason == "pin.locked" && !to_be_reset(pin)) return entry_.stop_on(error);
  return std::nullopt;
}

Visit::Ended Visit::reset_pin(const std::string& pin) {
  const bool decided = contains(decision(), "pin_resets", pin);
  // Locked just now, it takes a document that nobody has asked for yet.
  if (decided && !has_begun() && text_at(decision(), "outcome") != "complete_today") return go_on_today();
  const bool told = outcome_of(pin) == "forgotten";
  context_.out.say(decided || told ? Key("pin.reset") : Key("pin.reset_begun"), {pin_name(context_, pin)});
  client::Secret value;
  if (auto ended = entry_.ask_new(pin, decided || told, value)) return ended;
  if (value.empty() && !value.overlong()) return std::nullopt;
  const json::object params{
      {"case", id()}, {"pin", pin}, {"entered_by", who_enters(options_, by_proxy())}, {"staff", staff_}};
  const auto reply =
      call_patiently(context_, client_, "cases.reset_pin", params, {.secret = {"value", &value}});
  if (!reply && reply.error().reason == "pin.malformed" && !entry_.is_given()) {
    Output::complain(text_of(context_, reply.error()));
    return std::nullopt;
  }
  if (!reply) return entry_.stop_on(reply.error());
  take_reply(pin, *reply);
  context_.out.say("pin.was_reset", {pin_name(context_, pin)});
  // Small letters have become capitals: whoever chose them has to know.
  const auto* hint = reply->is_object() ? object_at(reply->get_object(), "hint") : nullptr;
  if (hint != nullptr) context_.out.line(words_at(context_, *hint));
  return std::nullopt;
}

Visit::Ended Visit::forget_pin(const std::string& pin) {
  const auto reply = client_.call(
      "cases.update", {{"case", id()}, {"facts", {{"pins", {{pin, "forgotten"}}}}}, {"staff", staff_}});
  if (!reply) return entry_.stop_on(reply.error());
  if (!reply->is_object()) return entry_.stop_on(client::make_error(client::reasons::garbled));
  visit_ = reply->get_object();
  show_decision_of(context_, visit_);
  return go_on_today();
}

Visit::Ended Visit::go_on_today() {
  if (!entry_.is_given()) {
    if (auto ended = ask_for_documents(context_, client_, visit_, staff_)) return ended;
  }
  return not_to_be_done_today(context_, client_, visit_);
}

// Whoever came for their PINs alone has nothing issued, and the case is complete.
Visit::Ended Visit::pins_are_done() {
  if (!for_pins_alone()) return std::nullopt;
  if (text_at(visit_, "state") == "ready") {
    const auto reply = client_.call("cases.issue", {{"case", id()}, {"staff", staff_}});
    if (!reply) return entry_.stop_on(reply.error());
    if (!reply->is_object()) return entry_.stop_on(client::make_error(client::reasons::garbled));
    visit_ = reply->get_object();
  }
  context_.out.document(visit_);
  if (text_at(visit_, "state") != "completed") {
    Output::complain(say(context_.lang(), "pins.none_to_set", {id()}));
    return finish(context_, unfinished, id());
  }
  context_.out.say("pins.all_set");
  return finish(context_, done, id());
}

// Progress is welcome, not needed: a daemon that refuses to tell may still issue.
Visit::Ended Visit::subscribe() {
  const auto reply = client_.call("events.subscribe", {{"topics", json::array{"cases"}}});
  if (!reply && reply.error().code == 0) return entry_.stop_on(reply.error());
  return std::nullopt;
}

Visit::Ended Visit::issue() {
  context_.out.say(!at_terminal() ? Key("issue.begins")
                   : has_begun()  ? Key("terminal.looking")
                                  : Key("terminal.handing_over"));
  const auto show = [this](const client::Event& event) {
    if (event.case_id == id() && event.type == "case.progress")
      context_.out.line(progress_text(context_, event));
  };
  json::object params{{"case", id()}, {"staff", staff_}};
  if (!accepted_.empty()) {
    params["accept"] = json::array(accepted_.begin(), accepted_.end());
    params["accept_reason"] = std::exchange(accept_reason_, {});
    accepted_.clear();
  }
  const auto reply = client_.call("cases.issue", params, {.on_event = show});
  if (!reply && reply.error().reason == "pin.required") {
    ask_again(reply.error());
    Output::complain(text_of(context_, reply.error()));
    return std::nullopt;
  }
  if (!reply && at_terminal() && reply.error().reason == "authority.mismatch") return differs(reply.error());
  if (!reply) {
    const auto& error = reply.error();
    const auto ended = entry_.stop_on(error);
    if (error.code != 0) show_how_far_it_is();
    if (needs_reason(error)) Output::complain(say(context_.lang(), "missing.override_reason"));
    if (const auto other = text_at(error.details, "case"); error.details.contains("unfinished"))
      Output::complain(say(context_.lang(), "case.on_beside", {id(), other}));
    return ended;
  }
  if (reply->is_object()) visit_ = reply->get_object();
  return at_terminal() ? after_terminal() : Ended(show_outcome());
}

// It stopped, perhaps with one certificate done or something that a person has to look at.
void Visit::show_how_far_it_is() {
  const auto reply = client_.call("cases.get", {{"case", id()}});
  if (!reply || !reply->is_object()) return;
  visit_ = reply->get_object();
  const bool halfway = text_at(visit_, "state") == "partly_completed";
  if (halfway || visit_.contains("attention")) show_certificates(context_, visit_);
  show_attention(context_, visit_);
  if (halfway) context_.out.say("guide.rest");
  if (visit_.contains("attention")) context_.out.say("guide.incident", {id()});
}

int Visit::show_outcome() {
  const auto state = text_at(visit_, "state");
  context_.out.document(visit_);
  context_.out.say("case.ended", {id(), word(context_.lang(), "state", state)});
  show_certificates(context_, visit_);
  show_attention(context_, visit_);
  if (state == "completed") {
    tell_what_works(context_, client_, id());
    return finish(context_, done, id());
  }
  if (state == "partly_completed") context_.out.say("guide.rest");
  if (visit_.contains("attention")) context_.out.say("guide.incident", {id()});
  if (state == "partly_completed") tell_about_next_time(context_, client_, visit_);
  Output::complain(say(context_.lang(), "case.go_on", {id()}));
  return finish(context_, unfinished, id());
}

// Which PINs the card wants again: the one the daemon names, else all that this case asks for.
void Visit::ask_again(const RpcError& error) {
  if (const auto pin = text_at(error.details, "pin"); !pin.empty()) {
    forgotten_.insert(pin);
    return;
  }
  const auto* required = array_at(decision(), "pins_required");
  if (required == nullptr) return;
  for (const auto& item : *required) {
    if (item.is_string()) forgotten_.emplace(item.get_string());
  }
}

void Visit::take_reply(const std::string& pin, const json::value& reply) {
  forgotten_.erase(pin);
  const auto* object = reply.if_object();
  if (object == nullptr) return;
  if (const auto tries = tries_in(*object)) tries_[pin] = *tries;
  if (const auto* visit = object_at(*object, "case")) visit_ = *visit;
}

Visit::Ended Visit::re_read() {
  const auto reply = client_.call("cases.get", {{"case", id()}});
  if (!reply) return entry_.stop_on(reply.error());
  if (reply->is_object()) visit_ = reply->get_object();
  return std::nullopt;
}

std::string Visit::id() const {
  return text_at(visit_, "id");
}

const json::object& Visit::decision() const {
  static const json::object none;
  const auto* found = object_at(visit_, "decision");
  return found != nullptr ? *found : none;
}

// By the decision, which each check brings anew. Where no certificate is to be issued it asks for no PIN, but
// those that are set anew are there.
std::vector<std::string> Visit::pins_to_settle() const {
  std::vector<std::string> pins;
  for (const auto* list : {"pins_required", "pin_resets"}) {
    const auto* names = array_at(decision(), list);
    if (names == nullptr) continue;
    for (const auto& item : *names) {
      if (!item.is_string()) continue;
      const std::string pin(item.get_string());
      if (std::find(pins.begin(), pins.end(), pin) == pins.end()) pins.push_back(pin);
    }
  }
  // What issuing has asked for beside them.
  for (const auto& pin : forgotten_) {
    if (std::find(pins.begin(), pins.end(), pin) == pins.end()) pins.push_back(pin);
  }
  return pins;
}

bool Visit::by_proxy() const {
  const auto* facts = object_at(visit_, "facts");
  return facts != nullptr && comes_as_proxy(*facts, decision());
}

bool Visit::for_pins_alone() const {
  const auto* facts = object_at(visit_, "facts");
  return facts != nullptr && text_at(*facts, "purpose") == "pin_reset";
}

std::string Visit::outcome_of(const std::string& pin) const {
  const auto* pins = object_at(visit_, "pins");
  return pins != nullptr ? text_at(*pins, pin) : std::string();
}

bool Visit::is_settled(const std::string& pin) const {
  const auto outcome = outcome_of(pin);
  return (outcome == "matched" || outcome == "reset") && !forgotten_.contains(pin);
}

// Keys of a reader have digits only; the one PIN with letters is typed here.
bool Visit::is_for_pad(std::string_view pin) const {
  return at_pad_ && pin != "signature";
}

bool Visit::has_begun() const {
  const auto state = text_at(visit_, "state");
  return state == "issuing" || state == "attention" || state == "partly_completed";
}

// The decision of a case that has begun is of a time when the PIN was not lost yet; whether it may be
// initialised now is then for the daemon, which decides that anew and otherwise sends nothing to the card.
bool Visit::to_be_reset(const std::string& pin) const {
  const auto outcome = outcome_of(pin);
  if (has_begun() && is_lost(visit_, pin)) return true;
  return contains(decision(), "pin_resets", pin) && outcome != "reset";
}

}  // namespace madoguchi::cli
