// The authority's CMP messages at every place of a case's conversation: as they come, and as an authority
// that has gone bad would protect them.
#include <functional>

#include "authority.hpp"
#include "journey.hpp"

using namespace madoguchi;
using namespace madoguchi::authority::test;

namespace {

// What the counter had sent, the genuine answer to it, and what it asks the port with an answer in its place.
struct Place {
  authority::Conversation conversation;  // its last exchange has no answer yet
  base::Bytes answer;
  std::function<base::Result<authority::Next>(const authority::Conversation&)> next;
};

const base::Bytes& spki() {
  static const auto key = enrolment_for(card_key(0)).spki;
  return key;
}

const authority::Authority& checking() {
  static const auto port = authority_for(authority::BodyType::cr);
  return *port;
}

std::vector<Place> places() {
  static const auto port = authority_for(authority::BodyType::cr);
  static const auto enrolment = enrolment_for(card_key(0));
  std::vector<Place> all;
  const auto add = [&](authority::Conversation conversation, Responder& responder, auto next) {
    const auto request = std::get<authority::Send>(next(conversation).value()).message;
    authority::add_request(conversation, request);
    all.push_back({std::move(conversation), responder.handle(request), std::move(next)});
    fuzz::claim(!all.back().answer.empty(), "the authority answers");
  };
  const auto enrol = [&](void (*trouble)(Responder&), bool confirms) {
    Responder responder;
    trouble(responder);
    Journey journey;
    if (confirms) journey.exchange(responder);
    const auto verdict = confirms ? authority::Verdict::accepted : authority::Verdict::undecided;
    add(journey.conversation, responder, [verdict](const authority::Conversation& conversation) {
      return port->enrol(enrolment, conversation, verdict, false);
    });
  };
  enrol([](Responder&) {}, false);                          // a certificate
  enrol([](Responder& r) { r.waits = 1; }, false);          // come again
  enrol([](Responder& r) { r.reject = 2; }, false);         // refused
  enrol([](Responder& r) { r.break_down = true; }, false);  // an error of its own
  enrol([](Responder&) {}, true);                           // the confirmation's confirmation
  Responder responder;
  const authority::Conversation begun{.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
  add(begun, responder, [](const authority::Conversation& conversation) {
    return port->revoke(enrolment.old_certificate, conversation);
  });
  add({.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}}, responder,
      [](const authority::Conversation& conversation) {
        return port->preflight(
            conversation, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
      });
  add({.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}}, responder,
      [](const authority::Conversation& conversation) {
        return port->ask_issuers(
            conversation, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
      });
  return all;
}

// PKIMessage: header, body, [0] protection over both, [1] certificates (RFC 4210 5.1).
base::Bytes protected_again(base::ByteView message, fuzz::Input& input) {
  const auto sequence = smartcard::find_tlv(message, 0x30);
  if (!sequence) return {message.begin(), message.end()};
  const auto header = fuzz::whole_first(sequence->value);
  const auto body = fuzz::whole_first(sequence->value.subspan(header.size()));
  const auto certificates = smartcard::find_tlv(sequence->value, 0xA1);
  const auto part = fuzz::changed(fuzz::joined({header, body}), input);
  auto signature = card_signs(*pki().server.key, smartcard::make_tlv(0x30, part));
  signature.insert(signature.begin(), 0);
  const auto protection = smartcard::make_tlv(0xA0, smartcard::make_tlv(0x03, signature));
  const auto extra = certificates ? smartcard::make_tlv(0xA1, certificates->value) : base::Bytes();
  return smartcard::make_tlv(0x30, fuzz::joined({part, protection, extra}));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto all = places();
  fuzz::Input input(data, size);
  const auto& place = all[input.byte() % all.size()];
  const auto kind = input.byte() % 3;
  base::Bytes answer;
  if (kind == 0) {
    const auto raw = input.rest();
    answer.assign(raw.begin(), raw.end());
  } else {
    answer = kind == 1 ? fuzz::changed(place.answer, input) : protected_again(place.answer, input);
  }
  auto conversation = place.conversation;
  const auto fits = checking().check_response(conversation.exchanges.back().request, answer);
  if (!fits) {
    fuzz::claim(fits.error().code == base::Code::authority_mismatch, "another answer is authority.mismatch");
  }
  // Also where it does not fit: what was stored may have been damaged since.
  conversation.exchanges.back().response = answer;
  const auto next = place.next(conversation);
  if (!next) {
    fuzz::claim(next.error().code != base::Code::internal, "an answer is no fault of ours");
  } else if (const auto* issued = std::get_if<authority::Issued>(&*next)) {
    const auto parsed = authority::certificate_from_der(issued->certificate);
    fuzz::claim(parsed && authority::to_der(X509_get_X509_PUBKEY(parsed.get()), i2d_X509_PUBKEY) == spki(),
                "what is taken for issued is for the card's key");
  }
  return 0;
}
