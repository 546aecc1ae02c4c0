// expiry: the holder learns the last days at the counter, or how else to learn them.
#include "expiry.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "facts.hpp"
#include "guidance.hpp"
#include "pick_reader.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

json::object certificate_facts(const json::object& certificate) {
  if (!flag_at(certificate, "present")) return {{"state", "absent"}};
  const auto* status = object_at(certificate, "status");
  if (status != nullptr && text_at(*status, "status") == "revoked") return {{"state", "revoked"}};
  const auto day = text_at(certificate, "expires_on");
  if (day.empty()) return {{"state", "unknown"}};
  return {{"state", "valid"}, {"expires_on", day}};
}

json::object facts_of(const ExpiryOptions& options, const json::object& card) {
  json::object facts{{"office", options.office}, {"holder", {{"birth_date", options.birth_date}}}};
  if (options.proxy) facts["visitor"] = json::object{{"role", "proxy"}};
  json::object told;
  auto until = text_at(card, "card_expires_on");
  if (until.empty()) until = options.card_expires;
  if (!until.empty()) told["expires_on"] = until;
  facts["card"] = std::move(told);
  json::object certificates;
  if (const auto* on_card = object_at(card, "certificates")) {
    for (const auto& [name, value] : *on_card) {
      if (value.is_object()) certificates[name] = certificate_facts(value.get_object());
    }
  }
  facts["certificates"] = std::move(certificates);
  return facts;
}

// A daemon that refuses on the card tells them itself, by the city's rules.
void tell_other_ways(const Context& context, const json::object& refusal = {}) {
  if (const auto* told = object_at(refusal, "other_ways")) return context.out.line(words_at(context, *told));
  for (const Key way :
       {Key("expiry.other_ways"), Key("expiry.on_card"), Key("expiry.copy"), Key("expiry.jpki")})
    context.out.say(way);
}

// One for face authentication has none.
bool has_pin(const json::object& card, const std::string& name) {
  const auto* tries = object_at(card, "tries_left");
  return tries != nullptr && tries->contains(name);
}

const std::string signature = "signature";
const std::string authentication = "authentication";

// One that is neither locked nor, for scripts, kept back.
bool can_be_entered(const json::object& card, const std::string& name, const PinEntry& entry,
                    const PinOptions& options) {
  const auto* tries = object_at(card, "tries_left");
  if (tries == nullptr || number_at(*tries, name, 0) == 0) return false;
  const bool at_pad = options.at_pad && name == authentication;  // keys of a reader have no letters
  return !entry.is_given() || entry.has_been_given(name) || at_pad;
}

bool holds(const json::object& card, const std::string& name) {
  const auto* certificates = object_at(card, "certificates");
  const auto* found = certificates != nullptr ? object_at(*certificates, name) : nullptr;
  return found != nullptr && flag_at(*found, "present");
}

// The signature certificate's PIN tells of both; a card without one, e.g. a child's, has the other PIN only,
// and a holder may know no more than that.
std::string certificate_to_open(const json::object& card, const PinEntry& entry, const PinOptions& options) {
  if (!holds(card, signature)) return authentication;
  const bool other = !can_be_entered(card, signature, entry, options) &&
                     can_be_entered(card, authentication, entry, options);
  return other ? authentication : signature;
}

// One that has ended or was revoked is no longer renewed.
void tell_due(const Context& context, const json::object& facts, const json::object& planned) {
  const auto* certificates = object_at(facts, "certificates");
  for (const auto& [name, plan] : planned) {
    const auto* known = certificates != nullptr ? object_at(*certificates, name) : nullptr;
    if (known == nullptr || text_at(*known, "state") == "absent" || !plan.is_object()) continue;
    const auto action = text_at(plan.get_object(), "action");
    if (action == "none") continue;
    context.out.say(action == "issue_new" ? Key("expiry.due_anew") : Key("expiry.due"),
                    {certificate_name(context, name)});
  }
}

// From when they are renewed, and when the notice comes.
void tell_what_follows(const Context& context, client::Client& client, const json::object& facts) {
  const auto reply = client.call("policy.evaluate", {{"facts", facts}});
  if (!reply || !reply->is_object()) return;
  const auto& decision = reply->get_object();
  if (const auto day = text_at(decision, "opens_on"); !day.empty()) {
    context.out.say("expiry.opens_on", {spoken_time(context.lang(), day)});
  } else if (const auto* planned = object_at(decision, "certificates")) {
    // Where the card is renewed first, nothing is due today.
    if (text_at(decision, "outcome") != "other_procedure") tell_due(context, facts, *planned);
  }
  const auto* findings = array_at(decision, "findings");
  if (findings == nullptr) return;
  for (const auto& item : *findings) {
    if (!item.is_object()) continue;
    const auto code = text_at(item.get_object(), "code");
    const auto* message = object_at(item.get_object(), "message");
    constexpr std::array told_at_the_check{"notice.expected", "card.renewal_required", "certificate.expired",
                                           "legal_representative.required"};
    const bool told =
        std::find(told_at_the_check.begin(), told_at_the_check.end(), code) != told_at_the_check.end();
    if (told && message != nullptr) context.out.line(words_at(context, *message));
  }
}

int complete(const Context& context, client::Client& client, ExpiryOptions& options) {
  if (options.office.empty()) options.office = ask_for_office(context, client);
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  if (options.office.empty()) return fail_usage(context, "missing.office");
  if (options.birth_date.empty()) options.birth_date = ask_for(context, "ask.birth_date");
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  return options.birth_date.empty() ? fail_usage(context, "missing.birth_date") : done;
}

// Without the card's own last day no rule can say until when a certificate may last.
int complete_silent_card(const Context& context, const json::object& card, ExpiryOptions& options) {
  if (card.contains("card_expires_on") || !options.card_expires.empty()) return done;
  Output::complain(say(context.lang(), "ask.card_is_silent"));
  options.card_expires = ask_for(context, "ask.card_until");
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  return options.card_expires.empty() ? fail_usage(context, "usage.required", {"--card-expires YYYY-MM-DD"})
                                      : done;
}

// Whether this visitor may be told; the exit code where not.
std::optional<int> refuse_to_tell(const Context& context, client::Client& client, json::object facts) {
  facts["purpose"] = "expiry_check";
  const auto reply = client.call("policy.evaluate", {{"facts", facts}});
  if (!reply) return fail(context, reply.error());
  if (!reply->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  const auto& decision = reply->get_object();
  if (text_at(decision, "outcome") == "complete_today") return std::nullopt;
  context.out.document(json::object{{"decision", decision}});
  show_decision(context, decision);
  // Where the city's rules have said them, once is enough.
  if (!has_finding(decision, "expiry_check.other_ways")) tell_other_ways(context);
  tell_about_next_time(context, client, facts, decision);
  return finish(context, not_today);
}

void tell_of_reset(const Context& context, const json::object& card, const std::string& pin) {
  if (has_pin(card, pin)) context.out.say("expiry.forgotten", {pin});
}

// A card that was taken away, or a service that has gone, is put right, and the day then told after all.
void tell_how_else(const Context& context, const PinEntry& entry, int ended, const json::object& card,
                   const std::string& which) {
  if (ended == interrupted || ended == bad_usage) return;
  if (ended == lost || entry.stopped_at_card()) return Output::complain(say(context.lang(), "expiry.again"));
  tell_other_ways(context, entry.details());
  if (ended == person_needed) tell_of_reset(context, card, which);
}

// A card that was left at home is no reason to send anybody away without an answer. What is at work on a
// reader is somebody else's; one that does not answer may be the visitor's, and is placed again.
int left_at_home(const Context& context, client::Client& client, int code) {
  if (code == person_needed && no_card_to_read(client)) tell_other_ways(context);
  return code;
}

// On the reader that was named; what lies on another one is not the visitor's.
int not_on_reader(const Context& context, client::Client& client, const client::RpcError& error,
                  const std::string& reader) {
  const int code = fail_at_reader(context, client, error, reader);
  const auto& why = error.reason;
  if (why == "card.absent" || why == "reader.busy" || why == "reader.gone") tell_other_ways(context);
  return code;
}

}  // namespace

int check_expiry(const Context& context, ExpiryOptions options) {
  PinEntry entry(context);
  std::optional<GivenPins> pins;
  if (const int code = read_pins(context, options.card.pins, pins); code != done) return code;
  if (pins) {
    entry.use_given(std::move(*pins));
  } else {
    entry.use_terminal();
  }
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  if (const int code = complete(context, *client, options); code != done) return code;
  if (const int code = pick_reader(context, *client, options.card.reader); code != done)
    return left_at_home(context, *client, code);
  auto card = client->call("card.inspect", {{"reader", options.card.reader}});
  if (!card) return not_on_reader(context, *client, card.error(), options.card.reader);
  if (!card->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  auto& seen = card->get_object();
  if (const int code = complete_silent_card(context, seen, options); code != done) return code;
  if (const auto ended = refuse_to_tell(context, *client, facts_of(options, seen))) return *ended;
  // Whoever asks for the days knows a PIN of the card: only then are they told.
  options.card.status = true;
  auto which = certificate_to_open(seen, entry, options.card.pins);
  auto ended = read_with_pin(context, *client, options.card, entry, which, seen);
  const bool another = which == signature && entry.can_ask() && has_pin(seen, authentication);
  if (ended == person_needed && another && !entry.stopped_at_card()) {
    which = authentication;
    context.out.say("expiry.other_pin");
    ended = read_with_pin(context, *client, options.card, entry, which, seen);
  }
  if (ended) {
    tell_how_else(context, entry, *ended, seen, which);
    return *ended;
  }
  show_card(context, seen);
  context.out.document(seen);
  if (!holds(seen, signature) && !holds(seen, authentication)) context.out.say("expiry.no_certificate");
  tell_what_follows(context, *client, facts_of(options, seen));
  if (which == authentication && holds(seen, signature)) {
    context.out.say("expiry.needs_its_pin", {certificate_name(context, signature)});
    tell_other_ways(context, entry.details());
    tell_of_reset(context, seen, signature);
  }
  return finish(context);
}

}  // namespace madoguchi::cli
