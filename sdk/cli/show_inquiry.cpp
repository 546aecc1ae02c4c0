#include "show_inquiry.hpp"

#include <boost/json/array.hpp>

#include "guidance.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

std::string phase_of(const Context& context, const json::object& inquiry) {
  return word(context.lang(), "inquiry.phase", text_at(inquiry, "phase"));
}

std::string return_by(const json::object& inquiry) {
  const auto* letter = object_at(inquiry, "letter");
  return letter != nullptr ? text_at(*letter, "return_by") : std::string();
}

std::string term_text(const Context& context, const json::object& inquiry) {
  const auto term = return_by(inquiry);
  if (term.empty()) return say(context.lang(), "inquiry.term.none");
  if (flag_at(inquiry, "overdue")) return say(context.lang(), "inquiry.term.overdue", {term});
  const auto left = number_at(inquiry, "days_left", -1);
  if (left < 0) return say(context.lang(), "inquiry.term", {term});
  if (left == 0) return say(context.lang(), "inquiry.term.today", {term});
  return say(context.lang(), "inquiry.term.left", {term, std::to_string(left)});
}

void show_names(const Context& context, const json::object& inquiry, std::string_view key,
                std::string_view family, Key text) {
  const auto* names = array_at(inquiry, key);
  if (names != nullptr && !names->empty()) context.out.say(text, {joined(context, *names, family)});
}

void show_wanted(const Context& context, const json::object& inquiry) {
  const auto* certificates = array_at(inquiry, "certificates");
  if (certificates == nullptr) return;
  for (const auto& item : *certificates) {
    if (!item.is_object()) continue;
    const auto& wanted = item.get_object();
    context.out.say("decision.certificate", {certificate_name(context, text_at(wanted, "certificate")),
                                             word(context.lang(), "action", text_at(wanted, "action"))});
  }
}

void show_day(const Context& context, const json::object& inquiry, std::string_view key, Key text) {
  if (const auto day = text_at(inquiry, key); !day.empty()) context.out.say(text, {day});
}

// The letter's last day is before the second visit is likely.
void show_early_end(const Context& context, const json::object& inquiry) {
  const auto term = return_by(inquiry);
  if (!term.empty() && term < text_at(inquiry, "likely_on"))
    context.out.say("inquiry.early_end", {spoken_time(context.lang(), term)});
}

void show_letter(const Context& context, const json::object& inquiry) {
  const auto* letter = object_at(inquiry, "letter");
  if (letter == nullptr) {
    context.out.line(say(context.lang(), "inquiry.term.none"));
    return;
  }
  context.out.say("inquiry.letter", {text_at(*letter, "issued_on"), term_text(context, inquiry),
                                     std::to_string(number_at(inquiry, "round", 1))});
}

void show_what_is_next(const Context& context, const json::object& inquiry) {
  const auto id = text_at(inquiry, "case");
  const auto phase = text_at(inquiry, "phase");
  if (phase == "second_visit") return context.out.say("inquiry.next.go_on", {id});
  if (phase == "lapsed") return context.out.say("inquiry.next.lapsed", {id});
  if (flag_at(inquiry, "overdue")) return context.out.say("inquiry.next.overdue", {id});
  if (phase == "to_mail") {
    if (return_by(inquiry).empty()) return context.out.say("inquiry.next.letter", {id});
    return context.out.say("inquiry.next.mail", {id});
  }
  if (phase == "mailed") context.out.say("inquiry.next.returned", {id});
  if (waits_for_second_visit(inquiry)) context.out.say("inquiry.next.second_visit", {id});
}

// A letter will be posted.
void show_way_through_the_post(const Context& context, const json::object& inquiry) {
  const bool first = number_at(inquiry, "round", 1) == 1;
  context.out.say(first ? Key("inquiry.way") : Key("inquiry.way.again"));
  const auto days = number_at(inquiry, "likely_days", 0);
  if (days > 0) {
    context.out.say(first ? Key("inquiry.likely_days") : Key("inquiry.likely_from"),
                    {spoken_time(context.lang(), text_at(inquiry, "likely_on")), std::to_string(days)});
    show_early_end(context, inquiry);
  } else {
    context.out.say("inquiry.likely_unknown");
  }
}

void show_what_to_bring(const Context& context, const json::object& inquiry) {
  // The answer is with the city already.
  const bool returned = text_at(inquiry, "phase") == "returned";
  context.out.say(returned ? Key("inquiry.bring.returned") : Key("inquiry.bring"));
}

}  // namespace

int fail_inquiry(const Context& context, const client::RpcError& error) {
  const int code = fail(context, error);
  if (error.reason == "method_not_found") Output::complain(say(context.lang(), "inquiry.no_plugin"));
  return code;
}

void show_inquiry_line(const Context& context, const json::object& inquiry) {
  context.out.say("inquiry.line",
                  {text_at(inquiry, "case"), phase_of(context, inquiry), text_at(inquiry, "first_visit_on"),
                   term_text(context, inquiry), text_at(inquiry, "office")});
}

void show_inquiry(const Context& context, const json::object& inquiry) {
  const auto phase = text_at(inquiry, "phase");
  context.out.say("inquiry.title", {text_at(inquiry, "case"), phase_of(context, inquiry)});
  if (phase == "none") return;
  context.out.say("inquiry.first_visit", {text_at(inquiry, "first_visit_on"), text_at(inquiry, "office"),
                                          word(context.lang(), "purpose", text_at(inquiry, "purpose"))});
  show_wanted(context, inquiry);
  show_names(context, inquiry, "reasons", "inquiry.reason", "inquiry.reasons");
  show_names(context, inquiry, "pins", "pin.name", "inquiry.pins");
  show_names(context, inquiry, "pin_resets", "pin.name", "inquiry.pin_resets");
  show_letter(context, inquiry);
  show_day(context, inquiry, "mailed_on", "inquiry.mailed_on");
  if (const auto* said = object_at(inquiry, "not_told_apart")) context.out.line(words_at(context, *said));
  show_day(context, inquiry, "returned_on", "inquiry.returned_on");
  show_day(context, inquiry, "second_visit_on", "inquiry.second_visit_on");
  if (waits_for_second_visit(inquiry)) {
    show_day(context, inquiry, "likely_on", "inquiry.likely_on");
    show_early_end(context, inquiry);
    show_what_to_bring(context, inquiry);
  }
  show_what_is_next(context, inquiry);
}

bool waits_for_second_visit(const json::object& inquiry) {
  const auto phase = text_at(inquiry, "phase");
  return phase == "to_mail" || phase == "mailed" || phase == "returned";
}

void show_way_to_second_visit(const Context& context, const json::object& inquiry) {
  const auto phase = text_at(inquiry, "phase");
  if (phase == "to_mail") {
    show_way_through_the_post(context, inquiry);
  } else {
    const bool returned = phase == "returned";
    context.out.say(returned ? Key("inquiry.way.returned") : Key("inquiry.way.posted"),
                    {spoken_time(context.lang(), text_at(inquiry, returned ? "returned_on" : "mailed_on")),
                     spoken_time(context.lang(), return_by(inquiry))});
  }
  show_what_to_bring(context, inquiry);
  show_what_is_next(context, inquiry);
}

}  // namespace madoguchi::cli
