// cases.verify_pin and cases.reset_pin.
#include <algorithm>

#include "answer.hpp"
#include "certificate_status.hpp"
#include "families.hpp"
#include "pin_params.hpp"
#include "renewal/codec.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using base::Code;
using rpc::Param;

counter::PinRequest request_of(const rpc::Caller& caller, const json::object& params) {
  counter::PinRequest request;
  request.wanted = still_there(caller);
  request.id = text(params, "case");
  request.pin = *mynumber::pin_named(text(params, "pin"));
  request.on_pad = params.contains("entry");
  if (!request.on_pad) request.value = base::Secret(std::string_view(params.at("value").get_string()));
  request.entered_by = text(params, "entered_by");
  request.staff = text(params, "staff");
  request.by = acting(caller, params);
  if (const auto tries = number(params, "expected_tries_left")) {
    request.guards.expected_tries_left = static_cast<int>(*tries);
  }
  request.ask_status = asked_status(params);
  request.guards.accept_last_try = flag(params, "accept_last_try");
  return request;
}

// A new PIN with small letters: the card keeps them as capitals, and the holder is to know it.
bool is_folded(const counter::PinRequest& request) {
  const auto bytes = request.value.reveal();
  return std::any_of(bytes.begin(), bytes.end(), [](std::uint8_t c) { return c >= 'a' && c <= 'z'; });
}

boost::asio::awaitable<Reply> shown(counter::Later<counter::PinReply> work, bool folded = false) {
  base::Result<counter::PinReply> reply = co_await std::move(work);
  if (!reply) co_return reply.error();
  json::object object{{"case", told_of(reply->visit)}, {"tries_left", reply->tries_left}};
  if (folded) {
    object["hint"] = json::object{
        {"folded_to", "upper_case"},
        {"ja", "英字は大文字で設定しました。今後も大文字で入力するようご案内ください。"},
        {"en", "Its letters were set as capitals; tell the holder to enter them as capitals from now on."}};
  }
  co_return json::value(std::move(object));
}

// Whoever chooses a new PIN enters it twice; a front-end that has not compared them leaves it to this.
base::Result<void> both_the_same(const counter::PinRequest& request, const json::object& params) {
  if (!params.contains("again")) return {};
  const base::Secret again(std::string_view(params.at("again").get_string()));
  const auto one = request.value.reveal();
  const auto other = again.reveal();
  const bool whole = !request.value.overlong() && !again.overlong();
  if (whole && std::equal(one.begin(), one.end(), other.begin(), other.end())) return {};
  return base::make_fault(
      Code::pin_malformed, "the two entries differ",
      {{"pin", mynumber::name(request.pin)},
       {"differs", true},
       {"ja", "2回の入力が一致しません。カードには送っていません。もう一度、2回入力してください。"},
       {"en", "The two entries differ; nothing was sent to the card. Enter it twice again."}});
}

counter::PinReport report_of(const json::object& params) {
  counter::PinReport report;
  report.id = text(params, "case");
  report.pin = *mynumber::pin_named(text(params, "pin"));
  report.outcome = *renewal::outcome_named(text(params, "outcome"));
  report.entered_by = text(params, "entered_by");
  report.staff = text(params, "staff");
  if (const auto tries = number(params, "tries_left")) report.tries_left = static_cast<int>(*tries);
  return report;
}

boost::asio::awaitable<Reply> shown_case(counter::Later<renewal::Case> work) {
  base::Result<renewal::Case> visit = co_await std::move(work);
  if (!visit) co_return visit.error();
  co_return json::value(told_of(*visit));
}

// `value`, or where it is entered without passing through the front end; and only one of them.
base::Result<void> entry_of(const json::object& params) {
  const bool value = params.contains("value");
  const bool entry = params.contains("entry");
  if (value && entry) {
    return base::make_fault(Code::invalid_params, {},
                            {{"pointer", "/entry"}, {"expected", "no entry beside a value"}});
  }
  if (value || entry) return {};
  return base::make_fault(Code::invalid_params, {},
                          {{"pointer", "/value"}, {"expected", "a string (required without entry)"}});
}

std::vector<Param> common() {
  return {{.name = "case", .required = true, .description = "a case's id", .minimum = 1, .maximum = 64},
          {.name = "pin",
           .required = true,
           .description = "which PIN",
           .values = {"signature", "authentication", "resident_register"}},
          {.name = "staff",
           .required = true,
           .description = "the clerk's id, for the audit",
           .minimum = 1,
           .maximum = 128}};
}

std::vector<Code> faults(std::vector<Code> more) {
  more.insert(more.end(), {Code::not_found, Code::conflict, Code::reader_busy, Code::reader_gone,
                           Code::reader_service_down, Code::card_absent, Code::card_removed, Code::card_mute,
                           Code::card_unknown, Code::card_different, Code::card_refused, Code::policy_blocked,
                           Code::policy_not_in_force, Code::plugin_failed, Code::plugin_timeout});
  return with_storage(std::move(more));
}

void add_record_pin(rpc::MethodTable& table, Parts& parts) {
  auto record = common();
  record.push_back({.name = "outcome",
                    .required = true,
                    .description =
                        "what the official terminal said of it; reset: it was initialised there, as "
                        "decided, and set anew. Never the PIN",
                    .values = {"matched", "mismatched", "locked", "forgotten", "reset"}});
  record.push_back(
      {.name = "entered_by", .required = true, .description = "who typed it", .values = {"holder", "staff"}});
  record.push_back({.name = "tries_left",
                    .type = Param::Type::integer,
                    .description = "as the official terminal shows, of one that did not match",
                    .minimum = 1,
                    .maximum = 15});
  table.add(
      {.name = "cases.record_pin",
       .summary =
           "Records what came of a PIN at the official terminal (channel `terminal`), and decides anew.",
       .roles = counter_staff,
       .params = std::move(record),
       .result = R"({"$ref":"#/components/schemas/Case"})",
       .faults = with_storage({Code::not_found, Code::conflict, Code::policy_blocked,
                               Code::policy_not_in_force, Code::plugin_failed, Code::plugin_timeout}),
       .example =
           R"({"case":"261123-7K3F92QD","pin":"authentication","outcome":"matched","entered_by":"holder","staff":"clerk-7"})",
       .handler = [&parts](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
         auto report = report_of(params);
         report.by = acting(by, params);
         answer(parts.loop, std::move(respond), shown_case(parts.desk.record_pin(std::move(report))));
       }});
}

}  // namespace

void add_pins(rpc::MethodTable& table, Parts& parts) {
  auto verify = common();
  verify.push_back({.name = "value", .type = Param::Type::secret, .description = "the PIN; or `entry`"});
  verify.push_back({.name = "entry",
                    .description = "instead of `value`: entered at the reader's own keys, where readers.list "
                                   "has `pinpad: true`; a PIN that could be is refused as `value` there "
                                   "(conflict, `entry: pinpad`). A PIN with letters cannot",
                    .values = {"pinpad"}});
  verify.push_back({.name = "entered_by",
                    .required = true,
                    .description = "who entered it",
                    .values = {"holder", "staff"}});
  verify.push_back({.name = "expected_tries_left",
                    .type = Param::Type::integer,
                    .description = "nothing is sent when the card has another count",
                    .minimum = 0,
                    .maximum = 15});
  verify.push_back({.name = "accept_last_try",
                    .type = Param::Type::boolean,
                    .description = "the holder agrees to use the last try"});
  verify.push_back(status_param());
  table.add(
      {.name = "cases.verify_pin",
       .summary = "Checks a PIN on the card, reading the tries left in the same transaction first.",
       .roles = counter_staff,
       .params = verify,
       .result = R"({"type":"object","required":["case","tries_left"],"properties":{
           "case":{"$ref":"#/components/schemas/Case"},
           "tries_left":{"type":"integer","description":"of this PIN from now on"}}})",
       .faults = faults(pin_faults()),
       .example =
           R"({"case":"261123-7K3F92QD","pin":"authentication","value":"0000","entered_by":"holder","staff":"clerk-7"})",
       .handler = [&parts](const rpc::Caller& caller, const json::object& params, rpc::Responder respond) {
         if (const auto entry = entry_of(params); !entry) return respond(entry.error());
         answer(parts.loop, std::move(respond), shown(parts.desk.verify_pin(request_of(caller, params))));
       }});
  auto reset = common();
  reset.push_back(
      {.name = "value", .type = Param::Type::secret, .required = true, .description = "the new PIN"});
  reset.push_back({.name = "again",
                   .type = Param::Type::secret,
                   .description =
                       "the new PIN as it was entered the second time; given, it has to be the same. "
                       "Without it the front-end has compared them"});
  reset.push_back(
      {.name = "entered_by", .required = true, .description = "who typed it", .values = {"holder", "staff"}});
  reset.push_back(status_param());
  table.add(
      {.name = "cases.reset_pin",
       .summary =
           "Initialises a PIN that was forgotten or locked and sets the new one, when the decision allows. "
           "`hint` in the result: small letters were set as capitals.",
       .roles = counter_staff,
       .params = std::move(reset),
       .result = R"({"type":"object","required":["case","tries_left"],"properties":{
           "case":{"$ref":"#/components/schemas/Case"},
           "tries_left":{"type":"integer","description":"of this PIN from now on"},
           "hint":{"type":"object","required":["folded_to","ja","en"],"properties":{"folded_to":{"const":"upper_case"},
             "ja":{"type":"string"},"en":{"type":"string"}}}}})",
       .faults = faults({Code::pin_malformed, Code::pin_wrong, Code::pin_locked}),
       .example =
           R"({"case":"261123-7K3F92QD","pin":"authentication","value":"0000","entered_by":"holder","staff":"clerk-7"})",
       .handler = [&parts](const rpc::Caller& caller, const json::object& params, rpc::Responder respond) {
         auto request = request_of(caller, params);
         if (const auto same = both_the_same(request, params); !same) return respond(same.error());
         const bool folded = is_folded(request);
         answer(parts.loop, std::move(respond), shown(parts.desk.reset_pin(std::move(request)), folded));
       }});
  add_record_pin(table, parts);
}

}  // namespace madoguchi::api
