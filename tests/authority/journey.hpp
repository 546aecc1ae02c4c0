// A case as these tests play it: the conversation in a journal, the authority port, the card's key.
#pragma once

#include <memory>
#include <variant>

#include "authority/conversation.hpp"
#include "pki.hpp"
#include "responder.hpp"

namespace madoguchi::authority::test {

struct Journey {
  explicit Journey(BodyType type = BodyType::cr, std::size_t card = 0)
      : body(type), enrolment(enrolment_for(card_key(card))), port(authority_for(type)) {
    conversation.transaction_id = base::random_bytes(16);
    const auto input = port->to_be_signed(enrolment).value();
    conversation.body = port->assemble(enrolment, input, card_signs(card_key(card), input)).value();
  }

  // As after a crash: nothing survives but the journal.
  void restart() { port = authority_for(body); }

  base::Result<Next> next(Verdict verdict = Verdict::undecided, bool waited = false) const {
    return port->enrol(enrolment, conversation, verdict, waited);
  }

  // Journals the message as sent.
  const base::Bytes& record(const Next& step) {
    add_request(conversation, std::get<Send>(step).message);
    return conversation.exchanges.back().request;
  }
  void store(base::Bytes answer) { conversation.exchanges.back().response = std::move(answer); }

  // Sends what comes next and stores its answer.
  void exchange(Responder& responder, Verdict verdict = Verdict::undecided, bool waited = false) {
    const auto& request = record(next(verdict, waited).value());
    auto answer = responder.handle(request);
    port->check_response(request, answer).value();
    store(std::move(answer));
  }

  BodyType body;
  Enrolment enrolment;
  Conversation conversation;
  std::unique_ptr<Authority> port;
};

template <class Kind>
bool is(const base::Result<Next>& step) {
  return step && std::holds_alternative<Kind>(*step);
}

inline bool to_be_set_aside(const base::Fault& fault) {
  const auto* flag = fault.details.if_contains("set_aside");
  return flag != nullptr && flag->is_bool() && flag->as_bool();
}

inline std::string detail(const base::Fault& fault, std::string_view name) {
  const auto* text = fault.details.if_contains(name);
  return text != nullptr && text->is_string() ? std::string(text->as_string()) : std::string();
}

}  // namespace madoguchi::authority::test
