#include "second_visit.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "documents.hpp"
#include "facts.hpp"
#include "guidance.hpp"
#include "show_inquiry.hpp"
#include "terminal.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// Of the policy's own types, as the methods of the plugin have it too.
constexpr const char* reply_form = "reply_form";

int interrupted_while_asking(const Context& context) {
  return fail(context, client::make_error(client::reasons::interrupted));
}

std::string form_source(const std::string& answer) {
  if (answer == "1") return "notice";
  if (answer == "2") return "city";
  return "none";
}

int refuse(const Context& context, Key why, const std::string& id) {
  client::RpcError error;
  error.reason = "conflict";
  error.ja = say(Lang::ja, why, {id});
  error.en = say(Lang::en, why, {id});
  return fail(context, error, id);
}

void tell_of_second_visit(const Context& context, client::Client& client, const json::object& visit) {
  const auto* decision = object_at(visit, "decision");
  // The holder's answer will do; whoever has come can fetch what else is missing, today too.
  if (decision != nullptr && text_at(*decision, "outcome") == "not_today" &&
      !any_of_severity(*decision, "second_visit"))
    return tell_about_next_time(context, client, visit);
  const auto status = client.call("proxy-two-visit.status", {{"case", text_at(visit, "id")}});
  // A city may have its two visits of another plugin's making; its findings have said what to bring.
  if (status && status->is_object() && waits_for_second_visit(status->get_object()))
    show_way_to_second_visit(context, status->get_object());
  tell_until_when_and_where(context, client, visit);
}

}  // namespace

void tell_of_slip(const Context& context, const json::object& visit) {
  const auto* pins = object_at(visit, "pins");
  const bool any = pins != nullptr && std::any_of(pins->begin(), pins->end(), [](const auto& item) {
                     return item.value() == "mismatched";
                   });
  if (!any) return;
  Output::complain(say(context.lang(),
                       waits_for_answer(visit) ? Key("case.retry_pins") : Key("case.retry_pins_of_rest"),
                       {text_at(visit, "id")}));
}

int ask_for_form(const Context& context, FormOptions& form) {
  if (!form.source.empty()) return done;
  form.source = form_source(ask_for(context, "ask.form_source"));
  return context.interrupts.pending() ? interrupted_while_asking(context) : done;
}

int complete_form(const Context& context, bool may_ask, FormOptions& form) {
  if (form.source.empty() || form.source == "none" || form.sealed) return done;
  auto terminal = may_ask ? Terminal::open(context.interrupts) : std::nullopt;
  if (!terminal) return fail_usage(context, "missing.sealed");
  for (;;) {
    const auto answer = terminal->ask(say(context.lang(), "ask.sealed"));
    if (!answer) return interrupted_while_asking(context);
    if (answer->empty()) return fail_usage(context, "missing.sealed");
    const bool sealed = *answer == "yes" || *answer == "はい";
    if (!sealed && *answer != "no" && *answer != "いいえ") continue;
    form.sealed = sealed;
    return done;
  }
}

void add_form(const FormOptions& form, json::object& facts) {
  if (form.source.empty() || form.source == "none") return;
  json::object document{
      {"type", reply_form}, {"source", form.source}, {"sealed", form.sealed.value_or(false)}};
  if (!form.expires_on.empty()) document["expires_on"] = form.expires_on;
  auto& documents = facts["documents"];
  if (!documents.is_array()) documents = json::array();
  documents.get_array().push_back(std::move(document));
}

int add_second_visit(const Context& context, client::Client& client, const std::string& id, bool sealed,
                     bool again, json::object& facts) {
  const auto status = client.call("proxy-two-visit.status", {{"case", id}});
  if (!status) return fail_inquiry(context, status.error());
  if (!status->is_object()) return fail(context, client::make_error(client::reasons::garbled), id);
  const auto& inquiry = status->get_object();
  const auto phase = text_at(inquiry, "phase");
  if (phase == "second_visit" && !again) return done;
  if (phase == "none") return refuse(context, "inquiry.none", id);
  // The days of a letter that nobody has posted are on no form that came back.
  const auto* posted = phase == "to_mail" ? nullptr : object_at(inquiry, "form");
  if (posted == nullptr) return refuse(context, "inquiry.not_posted", id);
  auto form = *posted;
  context.out.say("inquiry.form_used", {text_at(form, "issued_on"), text_at(form, "expires_on")});
  form["sealed"] = sealed;
  facts["visit"] = 2;
  facts["first_visit_on"] = text_at(inquiry, "first_visit_on");
  facts["documents"] = json::array{std::move(form)};
  return done;
}

namespace {

// The PINs of which the envelope that is here has new ones, and of which the case must first be told that
// they are lost.
std::string answered_resets(const json::object& decision) {
  std::string pins;
  const auto* findings = array_at(decision, "findings");
  for (const auto& item : findings != nullptr ? *findings : json::array()) {
    if (!item.is_object() || text_at(item.get_object(), "code") != "proxy.pin_reset_answered") continue;
    const auto* params = object_at(item.get_object(), "params");
    const auto* named = params != nullptr ? array_at(*params, "pins") : nullptr;
    for (const auto& pin : named != nullptr ? *named : json::array()) {
      if (pin.is_string()) pins.append(pins.empty() ? "" : ",").append(pin.get_string());
    }
  }
  return pins;
}

}  // namespace

std::optional<int> not_to_be_done_today(const Context& context, client::Client& client,
                                        const json::object& visit) {
  const auto* decision = object_at(visit, "decision");
  const auto outcome = decision != nullptr ? text_at(*decision, "outcome") : std::string();
  if (outcome.empty() || (outcome == "complete_today" && !waits_for_answer(visit))) return std::nullopt;
  context.out.document(visit);
  const auto id = text_at(visit, "id");
  const auto pins = answered_resets(*decision);
  if (!pins.empty()) {
    Output::complain(say(context.lang(), "case.tell_forgotten", {id, pins}));
    return finish(context, not_today, id);
  }
  if (waits_for_answer(visit)) {
    tell_of_second_visit(context, client, visit);
  } else {
    tell_about_next_time(context, client, visit);
  }
  Output::complain(say(context.lang(), "case.kept", {id}));
  tell_of_slip(context, visit);
  if (has_finding(*decision, "rest.no_application")) {
    Output::complain(say(context.lang(), "case.rest_form", {id}));
    Output::complain(say(context.lang(), "case.in_person", {id}));
  }
  if (const auto* missing = array_at(*decision, "missing"); missing != nullptr && !missing->empty()) {
    std::vector<std::string> names;
    for (const auto& item : *missing) {
      if (item.is_string()) names.emplace_back(item.get_string());
    }
    Output::complain(say(context.lang(), "case.bring", {id, options_for(names)}));
    if (const auto others = others_for(context, names); !others.empty())
      Output::complain(say(context.lang(), "case.bring_types", {others}));
  }
  return finish(context, not_today, id);
}

bool waits_for_answer(const json::object& visit) {
  return text_at(visit, "state") == "waiting";
}

}  // namespace madoguchi::cli
