#include "todays_visitor.hpp"

#include <algorithm>
#include <chrono>

#include "base/calendar.hpp"
#include "facts.hpp"
#include "representative.hpp"
#include "second_visit.hpp"
#include "terminal.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view holder = "holder";
constexpr std::string_view proxy = "proxy";
constexpr std::string_view representative = "legal_representative";

const json::object& facts_of(const json::object& visit) {
  static const json::object none;
  const auto* facts = object_at(visit, "facts");
  return facts != nullptr ? *facts : none;
}

std::string role_before(const json::object& visit) {
  const auto* visitor = object_at(facts_of(visit), "visitor");
  const auto role = visitor != nullptr ? text_at(*visitor, "role") : std::string();
  return role.empty() ? std::string(holder) : role;
}

// Empty: nobody said so.
std::string_view role_told(const VisitorOptions& visitor) {
  if (visitor.in_person) return holder;
  if (visitor.proxy) return proxy;
  return visitor.representative.has_come ? representative : std::string_view();
}

std::string role_today(const json::object& visit, const VisitorOptions& visitor) {
  const auto told = role_told(visitor);
  return told.empty() ? role_before(visit) : std::string(told);
}

// Papers that lay on the counter on another day have to be brought again.
bool received_today(const json::object& facts) {
  const auto at = base::parse_time(text_at(facts, "at"));
  if (!at) return true;  // not decided yet
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return base::date_in_japan(*at) == base::date_in_japan(now);
}

template <typename Which>
bool any_certificate(const json::object& visit, Which which) {
  const auto* certificates = object_at(visit, "certificates");
  return certificates != nullptr &&
         std::any_of(certificates->begin(), certificates->end(), [&](const auto& item) {
           return item.value().is_object() && which(item.value().get_object());
         });
}

// Of a key that may have been made.
bool is_in_doubt(const json::object& certificate) {
  const auto phase = text_at(certificate, "phase");
  return phase == "key_intended" || phase == "key_unknown";
}

// What a key is still to be made for, as far as anybody knows; all of it before the issuing has begun.
bool anything_left(const json::object& visit) {
  const auto* certificates = object_at(visit, "certificates");
  if (certificates == nullptr || certificates->empty()) return true;
  return any_certificate(visit, [](const json::object& one) {
    if (flag_at(one, "key_to_be_made")) return true;
    // An older daemon does not say so, and of a key that may have been made none does.
    return text_at(one, "phase") == "planned" || is_in_doubt(one);
  });
}

// False: interrupted.
bool ask_who(const Context& context, Terminal& terminal, const std::string& before, VisitorOptions& visitor) {
  const auto prompt = say(context.lang(), "ask.who_has_come", {word(context.lang(), "visitor.role", before)});
  for (;;) {
    const auto answer = terminal.ask(prompt);
    if (!answer) return false;
    if (*answer == "1") visitor.in_person = true;
    if (*answer == "2") visitor.proxy = true;
    if (*answer == "3") visitor.representative.has_come = true;
    const auto told = role_told(visitor);
    if (told.empty() && !answer->empty()) continue;
    // Whoever came before is chosen by Enter alone.
    visitor.another = told == before && told != holder;
    return true;
  }
}

}  // namespace

bool is_of_another_day(const json::object& visit) {
  return !received_today(facts_of(visit));
}

bool received_earlier(const json::object& visit) {
  return is_of_another_day(visit) && anything_left(visit);
}

bool is_another_day_for(const json::object& visit) {
  return !waits_for_answer(visit) && received_earlier(visit);
}

bool only_keys_are_left(const json::object& visit) {
  const auto to_be_made = [](const json::object& one) {
    return flag_at(one, "key_to_be_made") || text_at(one, "phase") == "planned";
  };
  const bool half_way = any_certificate(
      visit, [&](const json::object& one) { return !to_be_made(one) && text_at(one, "phase") != "done"; });
  const auto in_place_of_another = [](const json::object& one) {
    return flag_at(one, "key_to_be_made") && text_at(one, "phase") == "failed";
  };
  return any_certificate(visit, in_place_of_another) || (any_certificate(visit, to_be_made) && !half_way);
}

bool key_is_in_doubt(const json::object& visit) {
  return any_certificate(visit, is_in_doubt);
}

bool somebody_else_has_come(const json::object& visit, const ResumeOptions& options) {
  return options.visitor.another || role_today(visit, options.visitor) != role_before(visit);
}

int ask_who_has_come(const Context& context, const json::object& visit, ResumeOptions& options) {
  // The holder may have come meanwhile. Whoever brings the form back comes for them.
  const auto* known = object_at(facts_of(visit), "visitor");
  if (options.second_visit && known != nullptr && text_at(*known, "role") == holder)
    options.visitor.proxy = true;
  if (options.no_card || options.second_visit) return done;
  const bool may_ask = !options.pins.from_stdin;
  const bool another_day = is_another_day_for(visit);
  auto& visitor = options.visitor;
  if (may_ask && another_day && !visitor.another && role_told(visitor).empty()) {
    auto terminal = Terminal::open(context.interrupts);
    if (terminal && !ask_who(context, *terminal, role_before(visit), visitor))
      return fail(context, client::make_error(client::reasons::interrupted), options.id);
  }
  const bool papers_anew = another_day || somebody_else_has_come(visit, options);
  if (!papers_anew || role_today(visit, visitor) != proxy || !options.form.source.empty()) return done;
  // The posted form is the one that counts.
  if (number_at(facts_of(visit), "visit", 1) == 2) {
    options.second_visit = true;
    options.form.source = "city";
    return done;
  }
  if (may_ask && Terminal::open(context.interrupts)) return ask_for_form(context, options.form);
  return fail_usage(context, "missing.form_source");
}

int tell_visitor(const Context& context, const json::object& visit, const ResumeOptions& options,
                 json::object& facts) {
  if (!somebody_else_has_come(visit, options)) return done;
  const auto role = role_today(visit, options.visitor);
  if (role != representative) {
    object_in(facts, "visitor")["role"] = role;
    return done;
  }
  // What is asked depends on the holder's age.
  const auto* known = object_at(facts_of(visit), "holder");
  if (known != nullptr && known->contains("birth_date"))
    object_in(facts, "holder")["birth_date"] = known->at("birth_date");
  return complete_representative(context, !options.pins.from_stdin, options.visitor.representative, facts);
}

json::array documents_still_here(const json::object& visit, const ResumeOptions& options) {
  json::array here;
  const auto* known = received_today(facts_of(visit)) ? array_at(facts_of(visit), "documents") : nullptr;
  if (known == nullptr) return here;
  const bool others = somebody_else_has_come(visit, options);
  std::copy_if(known->begin(), known->end(), std::back_inserter(here), [&](const json::value& document) {
    return !others || (document.is_object() && text_at(document.get_object(), "of") == holder);
  });
  return here;
}

}  // namespace madoguchi::cli
