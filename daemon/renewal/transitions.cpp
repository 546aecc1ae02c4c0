#include "renewal/transitions.hpp"

#include <algorithm>
#include <array>

namespace madoguchi::renewal {
namespace {

using H = Happening;
using P = Phase;

// clang-format off
constexpr std::array table{
  // Nothing begins with an authority that is away.
  Transition{P::planned,             H::authority_answered,   P::planned,             "authority.answered"},
  Transition{P::key_intended,        H::authority_answered,   P::key_intended,        "authority.answered"},
  // The official terminal does it all, and the card says what it has done. Before the card is given away its going is
  // on disk; what comes back is looked at as often as a clerk likes.
  Transition{P::planned,             H::handed_over,          P::handed_over,         "terminal.handed_over"},
  Transition{P::handed_over,         H::terminal_unfinished,  P::handed_over,         "terminal.unfinished"},
  Transition{P::handed_over,         H::terminal_differs,     P::handed_over,         "terminal.differs"},
  Transition{P::handed_over,         H::proved_from_card,     P::done,                "terminal.proved"},
  Transition{P::handed_over,         H::accepted_by_clerk,    P::done,                "terminal.accepted"},
  Transition{P::handed_over,         H::hand_over_withdrawn,  P::planned,             "terminal.withdrawn"},
  // The key. Before anything is made, what the slot holds is recorded: only so can an interruption be told apart.
  Transition{P::planned,             H::key_seen_unchanged,   P::key_intended,        "key.intent"},
  Transition{P::key_intended,        H::key_generated,        P::key_made,            "key.made"},
  Transition{P::key_intended,        H::interrupted,          P::key_unknown,         "key.unknown"},
  Transition{P::key_unknown,         H::key_seen_new,         P::key_made,            "key.found"},
  Transition{P::key_unknown,         H::key_seen_unchanged,   P::key_intended,        "key.intent"},
  Transition{P::key_intended,        H::put_off,              P::planned,             "key.put_off"},
  // The request. Once it may have been sent, it is never signed again: its bytes are repeated.
  Transition{P::key_made,            H::request_signed,       P::request_signed,      "request.signed"},
  Transition{P::request_signed,      H::message_outgoing,     P::enrolling,           "request.sending"},
  Transition{P::enrolling,           H::message_outgoing,     P::enrolling,           "request.sending"},
  Transition{P::enrolling,           H::message_incoming,     P::enrolling,           "request.answered"},
  Transition{P::enrolling,           H::certificate_issued,   P::write_intended,      "certificate.intent"},
  Transition{P::enrolling,           H::certificate_refused,  P::refusing,            "certificate.refused"},
  Transition{P::enrolling,           H::rejected,             P::failed,              "request.rejected"},
  // The certificate. Writing may be repeated, another day too; nothing is believed before it was read back.
  Transition{P::write_intended,      H::certificate_written,  P::written,             "certificate.written"},
  Transition{P::written,             H::write_torn,           P::write_intended,      "certificate.torn"},
  Transition{P::written,             H::write_given_up,       P::failed,              "certificate.unwritten"},
  Transition{P::written,             H::proved_in_spare,      P::activation_intended, "activation.intent"},
  Transition{P::written,             H::proved_in_place,      P::in_use,              "certificate.proved"},
  Transition{P::activation_intended, H::activated,            P::in_use,              "activation.done"},
  Transition{P::activation_intended, H::interrupted,          P::activation_unknown,  "activation.unknown"},
  Transition{P::activation_unknown,  H::activated,            P::in_use,              "activation.done"},
  Transition{P::activation_unknown,  H::not_activated,        P::activation_intended, "activation.intent"},
  // The confirmation. Once sent its outcome can only be unknown, never a failure: the card is good.
  Transition{P::in_use,              H::message_outgoing,     P::confirming,          "confirmation.sending"},
  Transition{P::in_use,              H::confirmed,            P::confirmed,           "confirmation.done"},
  Transition{P::confirming,          H::message_outgoing,     P::confirming,          "confirmation.sending"},
  Transition{P::confirming,          H::message_incoming,     P::confirming,          "confirmation.answered"},
  Transition{P::confirming,          H::confirmed,            P::confirmed,           "confirmation.done"},
  Transition{P::in_use,              H::confirmation_unclear, P::confirmed,           "confirmation.unclear"},
  Transition{P::confirming,          H::confirmation_unclear, P::confirmed,           "confirmation.unclear"},
  // Then whether the authority stands by the new certificate says what became of it, where that can be asked.
  Transition{P::confirmed,           H::status_good,          P::confirmed,           "status.good"},
  Transition{P::confirmed,           H::status_revoked,       P::failed,              "status.revoked"},
  Transition{P::confirmed,           H::status_unknown,       P::confirmed,           "status.unknown"},
  Transition{P::confirmed,           H::status_unanswered,    P::confirmed,           "status.unanswered"},
  // The old certificate, last of all.
  Transition{P::confirmed,           H::revocation_needless,  P::done,                "revocation.needless"},
  Transition{P::confirmed,           H::revocation_withheld,  P::done,                "revocation.withheld"},
  Transition{P::confirmed,           H::message_outgoing,     P::revoking,            "revocation.sending"},
  Transition{P::revoking,            H::message_outgoing,     P::revoking,            "revocation.sending"},
  Transition{P::revoking,            H::message_incoming,     P::revoking,            "revocation.answered"},
  Transition{P::revoking,            H::revoked,              P::done,                "revocation.done"},
  Transition{P::revoking,            H::revocation_unclear,   P::done,                "revocation.unclear"},
  // A certificate that does not fit: the authority is told, nothing is written.
  Transition{P::refusing,            H::message_outgoing,     P::refusing,            "refusal.sending"},
  Transition{P::refusing,            H::message_incoming,     P::refusing,            "refusal.answered"},
  Transition{P::refusing,            H::refusal_told,         P::failed,              "refusal.done"},
  Transition{P::refusing,            H::refusal_unclear,      P::failed,              "refusal.unclear"},
  // The card was renewed elsewhere meanwhile, or has lost this case's key: its certificate is worth nothing.
  Transition{P::planned,             H::key_lost,             P::failed,              "key.lost"},
  Transition{P::key_intended,        H::key_lost,             P::failed,              "key.lost"},
  Transition{P::key_unknown,         H::key_lost,             P::failed,              "key.lost"},
  Transition{P::key_made,            H::key_lost,             P::failed,              "key.lost"},
  Transition{P::write_intended,      H::key_lost,             P::refusing,            "key.lost"},
  Transition{P::written,             H::key_lost,             P::refusing,            "key.lost"},
  Transition{P::activation_intended, H::key_lost,             P::refusing,            "key.lost"},
  Transition{P::activation_unknown,  H::key_lost,             P::refusing,            "key.lost"},
  // There is no card any more: the authority is told that its certificate is not used.
  Transition{P::write_intended,      H::card_gone,            P::refusing,            "card.gone"},
  Transition{P::written,             H::card_gone,            P::refusing,            "card.gone"},
  Transition{P::activation_intended, H::card_gone,            P::refusing,            "card.gone"},
  Transition{P::activation_unknown,  H::card_gone,            P::refusing,            "card.gone"},
  Transition{P::failed,              H::card_gone,            P::refusing,            "card.gone"},
  // The same of a card that works with its old pair, and did not keep the new certificate.
  Transition{P::failed,              H::withdrawn,            P::refusing,            "certificate.withdrawn"},
  // Another try keeps the key, unless the authority will never certify it again: see restart_of().
  Transition{P::failed,              H::restarted_writing,    P::write_intended,      "certificate.restarted"},
  Transition{P::failed,              H::restarted,            P::key_made,            "request.restarted"},
  Transition{P::failed,              H::restarted_anew,       P::planned,             "key.restarted"},
};
// clang-format on

constexpr bool unambiguous() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = i + 1; j < table.size(); ++j) {
      if (table[i].from == table[j].from && table[i].happening == table[j].happening) return false;
    }
  }
  return true;
}
static_assert(unambiguous(), "one phase and one happening lead to one phase");

}  // namespace

std::span<const Transition> transitions() {
  return table;
}

const Transition* find_transition(Phase from, Happening happening) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Transition& row) {
    return row.from == from && row.happening == happening;
  });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace madoguchi::renewal
