// readers.list, card.inspect, card.check_expiry: what lies on the readers, before any case.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <map>
#include <set>

#include "answer.hpp"
#include "certificate_status.hpp"
#include "families.hpp"
#include "pin_params.hpp"
#include "policy/expiry.hpp"
#include "policy/text_json.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using mynumber::CertificateName;
using rpc::Param;

// How long readers.list waits for cards that it has not met: a slow one is told as unknown until it has
// answered.
constexpr std::chrono::milliseconds patience{500};

Param asked_status_param() {
  return {.name = "status",
          .type = Param::Type::boolean,
          .description =
              "also asks the authority whether it stands by each certificate that was read; waits for "
              "it up to two seconds. Without it no network is waited for"};
}

// The looks that readers.list has begun.
struct Looks {
  std::set<std::string> looked_at;  // readers, just now
  std::vector<std::weak_ptr<boost::asio::steady_timer>> waiting;
};

std::string_view state_of(const Parts& parts, const Looks& looks, const smartcard::ReaderStatus& reader) {
  if (reader.presence == smartcard::Presence::empty) return "empty";
  if (reader.presence != smartcard::Presence::present) return "mute";
  // The list's own look keeps nobody from the reader.
  const bool leased = reader.leased && !looks.looked_at.contains(reader.name);
  return leased || parts.desk.held(reader.name) ? "busy" : "present";
}

json::object shown(const Parts& parts, const Looks& looks, const smartcard::ReaderStatus& reader) {
  json::object object{{"name", reader.name}, {"state", state_of(parts, looks, reader)}};
  if (const auto pad = parts.desk.pad_on(reader)) object["pinpad"] = *pad;
  if (reader.presence == smartcard::Presence::empty) return object;
  const auto kind = parts.desk.kind_on(reader);
  object["card"] = kind ? mynumber::name(*kind) : "unknown";
  return object;
}

// What may be told of either; who the signature certificate belongs to is not needed for its dates.
void tell(json::object& object, const mynumber::Certificate& certificate) {
  object["serial"] = certificate.serial;
  object["issued_on"] = base::format_date(certificate.issued_on);
  object["expires_on"] = base::format_date(certificate.last_day);
  object["key_bits"] = certificate.key_bits;
}

json::object shown(const std::string& reader, const mynumber::Inspection& card) {
  json::object authentication{{"present", card.authentication_present}};
  if (const auto& certificate = card.authentication) {
    tell(authentication, *certificate);
    authentication["issuer"] = certificate->issuer;
    authentication["subject"] = certificate->subject;
  }
  json::object tries;
  for (const auto& [pin, left] : card.tries) tries[mynumber::name(pin)] = left;
  json::array applications;
  for (const auto application : card.applications) applications.emplace_back(mynumber::name(application));
  json::object object{
      {"reader", reader},
      {"kind", mynumber::name(card.kind)},
      {"identity", card.identity()},
      {"applications", std::move(applications)},
      {"certificates",
       json::object{{"authentication", std::move(authentication)},
                    {"signature", json::object{{"present", card.signature_present}, {"readable", false}}}}},
      {"tries_left", std::move(tries)}};
  if (card.card_expires_on) object["card_expires_on"] = base::format_date(*card.card_expires_on);
  return object;
}

// Ends the look at a reader, however it ends, and wakes whoever waits when it was the last.
class LookedAt {
 public:
  LookedAt(std::shared_ptr<Looks> looks, std::string reader)
      : looks_(std::move(looks)), reader_(std::move(reader)) {}
  LookedAt(const LookedAt&) = delete;
  LookedAt& operator=(const LookedAt&) = delete;
  ~LookedAt() {
    looks_->looked_at.erase(reader_);
    if (!looks_->looked_at.empty()) return;
    for (const auto& each : std::exchange(looks_->waiting, {})) {
      if (const auto timer = each.lock()) timer->cancel();
    }
  }

 private:
  std::shared_ptr<Looks> looks_;
  std::string reader_;
};

boost::asio::awaitable<void> look_at(Parts& parts, std::shared_ptr<Looks> looks, std::string reader) {
  const LookedAt end(std::move(looks), reader);
  // The desk knows the kind then; whatever was in the way is tried at the next call.
  static_cast<void>(co_await parts.desk.glance(reader));
}

// Each card is looked at once, without a PIN, by the first who asks while nobody works with it.
boost::asio::awaitable<Reply> list(Parts& parts, std::shared_ptr<Looks> looks) {
  for (const auto& reader : parts.readers.list()) {
    const bool idle = state_of(parts, *looks, reader) == "present";
    if (!idle || parts.desk.kind_on(reader) || !looks->looked_at.insert(reader.name).second) continue;
    boost::asio::co_spawn(parts.loop, look_at(parts, looks, reader.name), boost::asio::detached);
  }
  if (!looks->looked_at.empty()) {
    const auto timer = std::make_shared<boost::asio::steady_timer>(parts.loop, patience);
    looks->waiting.emplace_back(timer);
    co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  json::array readers;
  for (const auto& reader : parts.readers.list()) readers.push_back(shown(parts, *looks, reader));
  co_return json::value(json::object{{"readers", std::move(readers)}});
}

using Read = std::map<CertificateName, const mynumber::Certificate*>;

// The card is not kept waiting: it has been read, and whoever wants the reader meanwhile has it.
boost::asio::awaitable<void> add_statuses(Parts& parts, Read read, json::object& certificates) {
  std::map<CertificateName, base::Bytes> asked;
  for (const auto& [which, certificate] : read) asked[which] = certificate->der;
  for (const auto& [which, status] : co_await parts.desk.statuses(std::move(asked)))
    certificates[mynumber::name(which)].get_object()["status"] = told_of(status);
}

boost::asio::awaitable<Reply> inspect(Parts& parts, std::string reader, bool ask_status) {
  base::Result<mynumber::Inspection> card = co_await parts.desk.inspect(reader);
  if (!card) co_return card.error();
  auto told = shown(reader, *card);
  if (ask_status && card->authentication) {
    Read read;
    read[CertificateName::authentication] = &*card->authentication;
    co_await add_statuses(parts, std::move(read), told["certificates"].get_object());
  }
  co_return json::value(std::move(told));
}

// Where the last day cannot be had here, the clerk tells where else it stands.
base::Fault with_other_ways(const Parts& parts, base::Fault fault) {
  if (fault.code != base::Code::pin_locked && fault.code != base::Code::card_absent) return fault;
  const auto policy = parts.policy(parts.clock.now());
  if (policy) fault.details["other_ways"] = policy::to_json(policy::expiry_elsewhere(**policy, false));
  return fault;
}

boost::asio::awaitable<Reply> check_expiry(Parts& parts, std::string reader,
                                           std::vector<counter::PinRequest> pins, bool ask_status) {
  base::Result<counter::Expiry> expiry = co_await parts.desk.check_expiry(std::move(reader), std::move(pins));
  if (!expiry) co_return with_other_ways(parts, expiry.error());
  Read found;
  json::object certificates;
  const auto add = [&](const char* name, bool present, const std::optional<mynumber::Certificate>& read) {
    json::object told{{"present", present}};
    if (read) {
      tell(told, *read);
    } else if (present) {
      told["unknown"] = true;
    }
    certificates[name] = std::move(told);
  };
  add("authentication", expiry->present.authentication, expiry->authentication);
  add("signature", expiry->present.signature, expiry->signature);
  if (expiry->authentication) found[CertificateName::authentication] = &*expiry->authentication;
  if (expiry->signature) found[CertificateName::signature] = &*expiry->signature;
  if (ask_status) co_await add_statuses(parts, std::move(found), certificates);
  co_return json::value(json::object{{"certificates", std::move(certificates)}});
}

}  // namespace

void add_readers(rpc::MethodTable& table, Parts& parts) {
  auto looks = std::make_shared<Looks>();
  table.add(
      {.name = "readers.list",
       .summary =
           "Every reader with its state and its card's kind, `unknown` until the card could be looked at, "
           "and once a card on it was, `pinpad`: whether PINs can be entered at its own keys.",
       .roles = counter_staff,
       .result = R"({"type":"object","required":["readers"],"properties":{
           "readers":{"type":"array","items":{"type":"object","required":["name","state"],"properties":{
             "name":{"type":"string"},"state":{"enum":["empty","present","busy","mute"]},
             "card":{"type":"string","description":"the card's kind, e.g. my_number_card; unknown: not looked at yet"},
             "pinpad":{"type":"boolean","description":"whether PINs can be entered at its own keys; absent until a card on it was looked at"}}}}}})",
       .example = "{}",
       .handler = [&parts, looks](
                      const rpc::Caller&, const json::object&,
                      rpc::Responder respond) { answer(parts.loop, std::move(respond), list(parts, looks)); },
       .reads = true});
  const std::vector<base::Code> card_faults{
      base::Code::not_found,           base::Code::reader_busy,  base::Code::reader_gone,
      base::Code::reader_service_down, base::Code::card_absent,  base::Code::card_removed,
      base::Code::card_mute,           base::Code::card_unknown, base::Code::card_refused};
  const Param reader{.name = "reader",
                     .required = true,
                     .description = "a name from readers.list",
                     .minimum = 1,
                     .maximum = 256};
  table.add(
      {.name = "card.inspect",
       .summary = "What can be known of the card without a PIN.",
       .roles = counter_staff,
       .params = {reader, asked_status_param()},
       .result =
           R"({"type":"object","required":["reader","kind","identity","certificates","tries_left"],"properties":{
           "reader":{"type":"string"},"kind":{"type":"string","description":"e.g. my_number_card; other"},
           "identity":{"type":"string","description":"the same card has the same one"},
           "applications":{"type":"array","items":{"type":"string"}},
           "certificates":{"type":"object","required":["authentication","signature"],"properties":{
             "authentication":{"type":"object","required":["present"],"properties":{"present":{"type":"boolean"},
               "serial":{"type":"string"},"issued_on":{"type":"string","format":"date"},
               "expires_on":{"type":"string","format":"date"},"key_bits":{"type":"integer"},
               "issuer":{"type":"string"},"subject":{"type":"string"},
               "status":{"$ref":"#/components/schemas/CertificateStanding"}}},
             "signature":{"type":"object","required":["present"],"properties":{"present":{"type":"boolean"},
               "readable":{"type":"boolean","description":"never without its PIN"}}}}},
           "tries_left":{"$ref":"#/components/schemas/Tries"},
           "card_expires_on":{"type":"string","format":"date"}}})",
       .faults = card_faults,
       .example = R"({"reader":"Virtual PCD 00 00"})",
       .handler = [&parts](const rpc::Caller&, const json::object& params, rpc::Responder respond) {
         answer(parts.loop, std::move(respond),
                inspect(parts, text(params, "reader"), flag(params, "status")));
       }});
  auto expiry_faults = card_faults;
  expiry_faults.insert(expiry_faults.end(), pin_faults().begin(), pin_faults().end());
  expiry_faults.push_back(base::Code::conflict);
  table.add(
      {.name = "card.check_expiry",
       .summary =
           "Both certificates' last day, first day and serial; the signature certificate's need its PIN.",
       .roles = counter_staff,
       .params = {reader,
                  {.name = "pins",
                   .type = Param::Type::object,
                   .description = "PIN values by name, checked on the card; or {\"entry\": \"pinpad\"} for "
                                  "one that is entered at the reader's own keys",
                   .schema =
                       R"({"properties":{
                     "signature":{"type":"string","format":"password","writeOnly":true},
                     "authentication":{"anyOf":[{"type":"string","format":"password","writeOnly":true},{"type":"object","required":["entry"],"properties":{"entry":{"enum":["pinpad"]}}}]}},
                     "additionalProperties":false})"},
                  {.name = "expected_tries_left",
                   .type = Param::Type::object,
                   .description = "tries by PIN name; nothing is sent when the card has another count",
                   .schema = R"({"allOf":[{"$ref":"#/components/schemas/Tries"}]})"},
                  {.name = "accept_last_try",
                   .type = Param::Type::boolean,
                   .description = "the holder agrees to use the last try"},
                  {.name = "staff",
                   .description = "the clerk's id, for the trace of PINs that were sent",
                   .minimum = 0,
                   .maximum = 128},
                  {.name = "entered_by",
                   .description = "who typed the PINs; the holder unless told",
                   .values = {"holder", "staff"}},
                  asked_status_param()},
       .result = R"({"type":"object","required":["certificates"],"properties":{
           "certificates":{"type":"object","required":["authentication","signature"],
             "additionalProperties":{"type":"object","required":["present"],"properties":{
               "present":{"type":"boolean","description":"whether the card has one"},
               "serial":{"type":"string"},"issued_on":{"type":"string","format":"date"},
               "expires_on":{"type":"string","format":"date","description":"its last day"},
               "key_bits":{"type":"integer"},
               "status":{"$ref":"#/components/schemas/CertificateStanding"},
               "unknown":{"const":true,"description":"it was not read: its PIN was not given, or it is damaged"}}}}}})",
       .faults = with_storage(expiry_faults),
       .example = R"({"reader":"Virtual PCD 00 00"})",
       .handler = [&parts](const rpc::Caller& caller, const json::object& params, rpc::Responder respond) {
         auto pins = pins_of(caller, params);
         if (!pins) return respond(pins.error());
         answer(parts.loop, std::move(respond),
                check_expiry(parts, text(params, "reader"), std::move(*pins), flag(params, "status")));
       }});
}

}  // namespace madoguchi::api
