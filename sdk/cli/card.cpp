// card: what a card tells without a PIN and, of its signature certificate, with that one's.
#include <algorithm>
#include <array>

#include "commands.hpp"
#include "expiry.hpp"
#include "pick_reader.hpp"
#include "pin_entry.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

const std::string signature = "signature";

json::object* certificate_in(json::object& card, std::string_view name) {
  auto* certificates = card.if_contains("certificates");
  if (certificates == nullptr || !certificates->is_object()) return nullptr;
  auto* found = certificates->get_object().if_contains(name);
  return found != nullptr ? found->if_object() : nullptr;
}

// A certificate's PIN shows that its holder has come; the signature certificate cannot even be read without.
// Each wrong one costs a try.
class CertificateWithPin {
 public:
  CertificateWithPin(const Context& context, client::Client& client, const CardOptions& options,
                     PinEntry& entry, std::string name, std::int64_t tries)
      : context_(context),
        client_(client),
        options_(options),
        entry_(entry),
        name_(std::move(name)),
        tries_(tries),
        // Keys of a reader have no letters.
        on_pad_(name_ != signature &&
                (options.pins.at_pad || (!entry.is_given() && has_pin_pad(client, options.reader)))) {}

  // Until what it opens has been put into `card`, or until there is nothing more to try.
  PinEntry::Ended read(json::object& card) {
    while (!found_) {
      if (auto ended = try_once()) return ended;
    }
    for (const auto& [name, told] : *found_) {
      auto* certificate = certificate_in(card, name);
      if (certificate == nullptr || !told.is_object() || flag_at(told.get_object(), "unknown")) continue;
      for (const auto& [key, value] : told.get_object()) (*certificate)[key] = value;
    }
    if (name_ == signature) (*certificate_in(card, name_))["readable"] = true;
    return std::nullopt;
  }

 private:
  PinEntry::Ended try_once() {
    context_.out.say("pin.tries", {pin_name(context_, name_), tries_text(context_, tries_)});
    if (tries_ == 0) return entry_.stop(person_needed, "pin.is_locked", {pin_name(context_, name_)});
    bool accepted = options_.pins.accept_last_try;
    if (tries_ == 1 && !accepted) {
      if (auto ended = entry_.consent_to_last_try(name_, accepted)) return ended;
    }
    json::object params{{"reader", options_.reader},
                        {"expected_tries_left", {{name_, tries_}}},
                        {"entered_by", who_enters(options_.pins, false)},
                        {"staff", options_.staff}};
    if (accepted) params["accept_last_try"] = true;
    if (options_.status) params["status"] = true;
    client::Secret value;
    client::CallOptions with;
    if (on_pad_) {
      if (auto ended = begin_at_pad()) return ended;
      params["pins"] = json::object{{name_, {{"entry", "pinpad"}}}};
    } else {
      if (auto ended = entry_.ask(name_, value)) return ended;
      with.secret = {.name = name_, .value = &value, .inside = "pins"};
    }
    const auto reply = client_.call("card.check_expiry", params, with);
    return reply ? take(*reply) : after_refusal(reply.error());
  }

  PinEntry::Ended begin_at_pad() {
    bool forgotten = false;
    if (entry_.can_ask() || !options_.pins.at_pad) {
      if (auto ended = entry_.await_holder(name_, forgotten)) return ended;
    }
    context_.out.say("pin.pad_waits", {pin_name(context_, name_)});
    return std::nullopt;
  }

  PinEntry::Ended take(const json::value& reply) {
    const auto* certificates = reply.is_object() ? object_at(reply.get_object(), "certificates") : nullptr;
    const auto* told = certificates != nullptr ? object_at(*certificates, name_) : nullptr;
    if (told == nullptr) return entry_.stop_on(client::make_error(client::reasons::garbled));
    if (text_at(*told, "expires_on").empty()) return entry_.stop(refused, "card.signature_unreadable");
    found_ = *certificates;
    return std::nullopt;
  }

  PinEntry::Ended after_refusal(const client::RpcError& error) {
    const auto* left = error.details.if_contains("tries_left");
    if (left != nullptr && left->is_int64()) tries_ = left->get_int64();
    constexpr std::array again{"pin.wrong", "pin.malformed", "pin.tries_changed", "pin.timeout",
                               "pin.cancelled"};
    if (!entry_.can_ask() || std::find(again.begin(), again.end(), error.reason) == again.end()) {
      auto ended = entry_.stop_on(error);
      // Whoever stops here has to know whether to try again.
      if (error.reason == "pin.wrong")
        Output::complain(
            say(context_.lang(), "pin.tries", {pin_name(context_, name_), tries_text(context_, tries_)}));
      return ended;
    }
    Output::complain(text_of(context_, error));
    return std::nullopt;
  }

  const Context& context_;
  client::Client& client_;
  const CardOptions& options_;
  PinEntry& entry_;
  std::string name_;
  std::int64_t tries_;
  bool on_pad_;
  std::optional<json::object> found_{};
};

}  // namespace

PinEntry::Ended read_with_pin(const Context& context, client::Client& client, const CardOptions& options,
                              PinEntry& entry, const std::string& certificate, json::object& card) {
  const auto* found = certificate_in(card, certificate);
  if (found == nullptr || !flag_at(*found, "present")) return std::nullopt;
  const auto* tries = object_at(card, "tries_left");
  const auto* left = tries != nullptr ? tries->if_contains(certificate) : nullptr;
  if (left == nullptr || !left->is_int64())
    return entry.stop(person_needed, "pin.not_on_card", {pin_name(context, certificate)});
  return CertificateWithPin(context, client, options, entry, certificate, left->get_int64()).read(card);
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
  json::object params{{"reader", options.reader}};
  if (options.status) params["status"] = true;
  auto card = client->call("card.inspect", params);
  if (!card) return fail_at_reader(context, *client, card.error(), options.reader);
  if (!card->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  auto& object = card->get_object();
  show_card(context, object);
  if (with_pin) {
    if (const auto ended = read_with_pin(context, *client, options, entry, signature, object)) return *ended;
    if (const auto* read = certificate_in(object, signature); read != nullptr && flag_at(*read, "present"))
      show_on_card(context, signature, *read);
  }
  context.out.document(*card);
  return finish(context);
}

}  // namespace madoguchi::cli
