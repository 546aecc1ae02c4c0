// card: what a card tells without a PIN and, of its signature certificate, with that one's.
#include "commands.hpp"
#include "expiry.hpp"
#include "pick_reader.hpp"
#include "pin_entry.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

const std::string signature = "signature";

// The signature certificate cannot be read without its PIN, and each wrong one costs a try.
class SignatureCertificate {
 public:
  SignatureCertificate(const Context& context, client::Client& client, const CardOptions& options,
                       PinEntry& entry, std::int64_t tries)
      : context_(context), client_(client), options_(options), entry_(entry), tries_(tries) {}

  // Until it has been read into `certificate`, or until there is nothing more to try.
  PinEntry::Ended read(json::object& certificate) {
    while (!found_) {
      if (auto ended = try_once()) return ended;
    }
    for (const auto& [key, value] : *found_) certificate[key] = value;
    certificate["readable"] = true;
    show_on_card(context_, signature, certificate);
    return std::nullopt;
  }

 private:
  PinEntry::Ended try_once() {
    context_.out.say("pin.tries", {pin_name(context_, signature), tries_text(context_, tries_)});
    if (tries_ == 0) return entry_.stop(person_needed, "pin.is_locked", {pin_name(context_, signature)});
    bool accepted = options_.pins.accept_last_try;
    if (tries_ == 1 && !accepted) {
      if (auto ended = entry_.consent_to_last_try(signature, accepted)) return ended;
    }
    client::Secret value;
    if (auto ended = entry_.ask(signature, value)) return ended;
    json::object params{{"reader", options_.reader},
                        {"expected_tries_left", {{signature, tries_}}},
                        {"entered_by", who_enters(options_.pins, false)},
                        {"staff", options_.staff}};
    if (accepted) params["accept_last_try"] = true;
    const auto reply = client_.call("card.check_expiry", params,
                                    {.secret = {.name = signature, .value = &value, .inside = "pins"}});
    return reply ? take(*reply) : after_refusal(reply.error());
  }

  PinEntry::Ended take(const json::value& reply) {
    const auto* certificates = reply.is_object() ? object_at(reply.get_object(), "certificates") : nullptr;
    const auto* told = certificates != nullptr ? object_at(*certificates, signature) : nullptr;
    if (told == nullptr) return entry_.stop_on(client::make_error(client::reasons::garbled));
    if (text_at(*told, "expires_on").empty()) return entry_.stop(refused, "card.signature_unreadable");
    found_ = *told;
    return std::nullopt;
  }

  PinEntry::Ended after_refusal(const client::RpcError& error) {
    const auto* left = error.details.if_contains("tries_left");
    if (left != nullptr && left->is_int64()) tries_ = left->get_int64();
    const bool again =
        error.reason == "pin.wrong" || error.reason == "pin.malformed" || error.reason == "pin.tries_changed";
    if (entry_.is_given() || !again) return entry_.stop_on(error);
    Output::complain(text_of(context_, error));
    return std::nullopt;
  }

  const Context& context_;
  client::Client& client_;
  const CardOptions& options_;
  PinEntry& entry_;
  std::int64_t tries_;
  std::optional<json::object> found_{};
};

json::object* certificate_in(json::object& card) {
  auto* certificates = card.if_contains("certificates");
  if (certificates == nullptr || !certificates->is_object()) return nullptr;
  auto* found = certificates->get_object().if_contains(signature);
  return found != nullptr ? found->if_object() : nullptr;
}

}  // namespace

PinEntry::Ended read_signature(const Context& context, client::Client& client, const CardOptions& options,
                               PinEntry& entry, json::object& card) {
  auto* certificate = certificate_in(card);
  const auto* present = certificate != nullptr ? certificate->if_contains("present") : nullptr;
  if (present == nullptr || *present != true) return std::nullopt;
  const auto* tries = object_at(card, "tries_left");
  const auto* left = tries != nullptr ? tries->if_contains(signature) : nullptr;
  if (left == nullptr || !left->is_int64()) {
    return entry.stop_on(client::make_error(client::reasons::garbled));
  }
  return SignatureCertificate(context, client, options, entry, left->get_int64()).read(*certificate);
}

int show_card_in(const Context& context, CardOptions options) {
  PinEntry entry(context);
  const bool with_pin = options.with_pin || options.pins.from_stdin;
  if (with_pin) {
    std::optional<GivenPins> pins;
    if (const int code = read_pins(context, options.pins, pins); code != done) return code;
    if (pins) {
      entry.use_given(std::move(*pins));
    } else {
      entry.use_terminal();
    }
  }
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  if (const int code = pick_reader(context, *client, options.reader); code != done) return code;
  auto card = client->call("card.inspect", {{"reader", options.reader}});
  if (!card) return fail(context, card.error());
  if (!card->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  auto& object = card->get_object();
  show_card(context, object);
  if (with_pin) {
    if (const auto ended = read_signature(context, *client, options, entry, object)) return *ended;
  }
  context.out.document(*card);
  return finish(context);
}

}  // namespace madoguchi::cli
