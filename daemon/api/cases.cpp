// cases.*: a citizen's visit from its opening to its end.
#include "answer.hpp"
#include "certificate_status.hpp"
#include "counter/each_case.hpp"
#include "families.hpp"
#include "renewal/codec.hpp"
#include "timeline.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using base::Code;
using rpc::Param;

Param case_param() {
  return {.name = "case", .required = true, .description = "a case's id", .minimum = 1, .maximum = 64};
}
Param staff_param() {
  return {.name = "staff",
          .required = true,
          .description = "the front-end's own id of the clerk, for the audit",
          .minimum = 1,
          .maximum = 128};
}
Param optional_text(std::string_view name, std::string_view description) {
  return {.name = name, .description = description, .minimum = 0, .maximum = 1024};
}
Param beside_param() {
  return {.name = "beside",
          .type = Param::Type::array,
          .description =
              "ids of unfinished cases with the same card that the clerk passes over, each as a "
              "refusal (conflict) has named it. Two cases at work with one card may end with two "
              "certificates issued for it",
          .schema = R"({"items":{"type":"string"}})"};
}
Param override_reason_param() {
  return optional_text("override_reason",
                       "why the clerk goes on where a finding of severity `override` leaves it to the clerk; "
                       "refused without (policy.blocked, details.needs) when there is one");
}
Param new_facts_param() {
  return {.name = "facts",
          .type = Param::Type::object,
          .description =
              "members of components/schemas/Facts, merged into the case's; lists are replaced. Once issuing "
              "has begun: `documents`, `pins`, `office`, `at`, and of what is left also `visitor`, `holder`, "
              "`visit`, `first_visit_on`; others are refused (conflict, details.refused are their pointers)"};
}
boost::asio::awaitable<Reply> shown_later(counter::Later<renewal::Case> work) {
  base::Result<renewal::Case> visit = co_await std::move(work);
  if (!visit) co_return about_facts(visit.error());
  co_return json::value(told_of(*visit));
}

Reply get(Parts& parts, const json::object& params) {
  const auto visit = parts.desk.load(text(params, "case"));
  if (!visit) return visit.error();
  return json::value(told_of(*visit));
}

// One case that cannot be read must not hide the others: what the store itself knows of it is shown.
json::object unreadable(const Parts& parts, const storage::CaseRecord& record, const base::Fault& fault) {
  parts.log.write(base::Level::error, "case.unreadable",
                  {{"case", record.id}, {"why", base::describe(fault)}});
  json::object object{{"id", record.id},
                      {"revision", record.revision},
                      {"state", record.state},
                      {"opened_at", base::format_time(record.opened_at)},
                      {"updated_at", base::format_time(record.updated_at)},
                      {"unreadable", true}};
  if (!record.card.empty()) object["card"] = record.card;
  return object;
}

Reply list(Parts& parts, const json::object& params) {
  storage::ListQuery query;
  query.card = text(params, "card");
  query.cursor = text(params, "cursor");
  query.limit = static_cast<int>(number(params, "limit").value_or(query.limit));
  if (const auto* states = params.if_contains("states")) {
    for (const auto& state : states->get_array()) {
      if (!state.is_string() || !renewal::state_named(state.get_string())) {
        return base::make_fault(Code::invalid_params, {},
                                {{"pointer", "/states"}, {"expected", "a case's states"}});
      }
      query.states.emplace_back(state.get_string());
    }
  }
  const auto page = parts.store.list(query);
  if (!page) return page.error();
  json::array cases;
  for (const auto& record : page->records) {
    // From what the page has brought: a store that fails at a second look would make a sound case a damaged
    // one.
    const auto visit = counter::read_case(record);
    cases.push_back(visit ? told_of(*visit) : unreadable(parts, record, visit.error()));
  }
  json::object result{{"cases", std::move(cases)}};
  if (!page->next.empty()) result["next"] = page->next;
  return json::value(std::move(result));
}

Reply timeline(Parts& parts, const json::object& params) {
  auto entries = timeline_of(parts, text(params, "case"));
  if (!entries) return entries.error();
  return json::value(json::object{{"entries", std::move(*entries)}});
}

void add_reading(rpc::MethodTable& table, Parts& parts) {
  table.add({.name = "cases.get",
             .summary = "One case as it stands.",
             .roles = counter_staff,
             .params = {case_param()},
             .result = case_schema,
             .faults = {Code::not_found},
             .example = R"({"case":"261123-7K3F92QD"})",
             .handler = [&parts](const rpc::Caller&, const json::object& params,
                                 rpc::Responder respond) { respond(get(parts, params)); },
             .reads = true});
  table.add({.name = "cases.list",
             .summary = "Cases, the newest first, a page at a time. One whose record is damaged has "
                        "`unreadable: true` and no more than id, state, times and card.",
             .roles = counter_staff,
             .params = {{.name = "states",
                         .type = Param::Type::array,
                         .description = "only these states",
                         .schema = R"({"items":{"$ref":"#/components/schemas/Case/properties/state"}})"},
                        optional_text("card", "only those of the card with this identity"),
                        optional_text("cursor", "`next` of the page before"),
                        {.name = "limit",
                         .type = Param::Type::integer,
                         .description = "cases a page; 50 unless told",
                         .minimum = 1,
                         .maximum = 500}},
             .result = R"({"type":"object","required":["cases"],"properties":{
                 "next":{"type":"string","description":"cursor of the next page; absent on the last"},
                 "cases":{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/Case"},
                   {"type":"object","required":["id","revision","state","unreadable"],
                    "properties":{"id":{"type":"string"},"revision":{"type":"integer"},"state":{"type":"string"},
                      "opened_at":{"type":"string","format":"date-time"},
                      "updated_at":{"type":"string","format":"date-time"},
                      "card":{"type":"string"},"unreadable":{"const":true}}}]}}}})",
             .example = R"({"states":["open","ready"],"limit":20})",
             .handler = [&parts](const rpc::Caller&, const json::object& params,
                                 rpc::Responder respond) { respond(list(parts, params)); },
             .reads = true});
  table.add({.name = "cases.timeline",
             .summary = "What happened, in order, in words.",
             .roles = counter_staff,
             .params = {case_param()},
             .result = R"({"type":"object","required":["entries"],"properties":{
                 "entries":{"type":"array","items":{"$ref":"#/components/schemas/Entry"}}}})",
             .faults = {Code::not_found},
             .example = R"({"case":"261123-7K3F92QD"})",
             .handler = [&parts](const rpc::Caller&, const json::object& params,
                                 rpc::Responder respond) { respond(timeline(parts, params)); },
             .reads = true});
}

// Blanks, also the wide one, are no reason.
bool is_blank(std::string_view said) {
  return said.find_first_not_of(" \t\r\n\u3000") == std::string_view::npos;
}

// A reason, for what a clerk accepts.
base::Result<counter::Acceptance> acceptance_of(const json::object& params) {
  counter::Acceptance accepted;
  const auto* given = params.if_contains("accept");
  if (given == nullptr) return accepted;
  for (const auto& name : given->get_array()) {
    const auto which = name.is_string() ? mynumber::certificate_named(name.get_string()) : std::nullopt;
    if (!which) {
      return base::make_fault(Code::invalid_params, {},
                              {{"pointer", "/accept/" + std::to_string(accepted.certificates.size())},
                               {"expected", "signature or authentication"}});
    }
    accepted.certificates.push_back(*which);
  }
  accepted.reason = text(params, "accept_reason");
  if (is_blank(accepted.reason)) {
    return base::make_fault(Code::invalid_params, {},
                            {{"pointer", "/accept_reason"}, {"expected", "a reason (required with accept)"}});
  }
  return accepted;
}

counter::OpenRequest open_of(const json::object& params, std::vector<std::string> beside) {
  return {object(params, "facts"), text(params, "reader"),
          text(params, "staff"),   text(params, "override_reason"),
          std::move(beside),       {},
          asked_status(params)};
}

counter::UpdateRequest update_of(const json::object& params, std::vector<std::string> beside) {
  counter::UpdateRequest request;
  request.beside = std::move(beside);
  request.override_reason = text(params, "override_reason");
  request.ask_status = asked_status(params);
  request.id = text(params, "case");
  request.staff = text(params, "staff");
  request.revision = number(params, "revision");
  request.visitor_changed = flag(params, "visitor_changed");
  if (params.contains("facts")) request.facts = object(params, "facts");
  if (params.contains("reader")) request.reader = text(params, "reader");
  return request;
}

}  // namespace

void add_cases(rpc::MethodTable& table, Parts& parts) {
  add_reading(table, parts);
  const std::vector<Code> card_faults{Code::reader_busy,   Code::reader_gone,   Code::reader_service_down,
                                      Code::card_absent,   Code::card_removed,  Code::card_mute,
                                      Code::card_unknown,  Code::card_refused,  Code::policy_not_in_force,
                                      Code::plugin_failed, Code::plugin_timeout};
  auto open_faults = card_faults;
  open_faults.insert(open_faults.end(), {Code::policy_blocked, Code::not_found, Code::conflict});
  table.add(
      {.name = "cases.open",
       .summary = "Opens a case; with a reader, what its card says wins over the facts given.",
       .roles = counter_staff,
       .params =
           {facts_param(
                "what is known at the counter; what the card itself tells may be left out where there is a "
                "reader"),
            optional_text("reader", "the reader that the card lies on"), staff_param(),
            override_reason_param(), beside_param(), status_param()},
       .result = case_schema,
       .faults = with_storage(open_faults),
       .example =
           R"({"facts":{"office":"citizens-division","holder":{"birth_date":"1980-04-10"}},"reader":"Virtual PCD 00 00","staff":"clerk-7"})",
       .handler = [&parts](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
         auto beside = texts(params, "beside", "a case's id");
         if (!beside) return respond(beside.error());
         auto request = open_of(params, std::move(*beside));
         request.by = acting(by, params);
         answer(parts.loop, std::move(respond), shown_later(parts.desk.open(std::move(request))));
       }});
  auto update_faults = card_faults;
  update_faults.insert(update_faults.end(),
                       {Code::not_found, Code::conflict, Code::card_different, Code::policy_blocked});
  auto issue_faults = update_faults;
  table.add({.name = "cases.update",
             .summary = "New facts, or a reader; decided anew.",
             .roles = counter_staff,
             .params = {case_param(),
                        {.name = "revision",
                         .type = Param::Type::integer,
                         .description = "refused when the case has another by now",
                         .minimum = 1},
                        new_facts_param(),
                        optional_text("reader", "the reader that the card lies on"),
                        override_reason_param(),
                        beside_param(),
                        status_param(),
                        {.name = "visitor_changed",
                         .type = Param::Type::boolean,
                         .description =
                             "true: somebody else has come than before, e.g. another proxy, whom the facts "
                             "do not tell apart. The papers and the relationship of the earlier visitor "
                             "are forgotten, and the PINs, with which the card is let go; those of the new "
                             "one are told in `facts` and entered. While a key may or may not have been "
                             "made, it takes the `reader`"},
                        staff_param()},
             .result = case_schema,
             .faults = with_storage(update_faults),
             .example = R"({"case":"261123-7K3F92QD","reader":"Virtual PCD 00 00","staff":"clerk-7"})",
             .handler = [&parts](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
               auto beside = texts(params, "beside", "a case's id");
               if (!beside) return respond(beside.error());
               auto request = update_of(params, std::move(*beside));
               request.by = acting(by, params);
               answer(parts.loop, std::move(respond), shown_later(parts.desk.update(std::move(request))));
             }});
  // A card that was handed to the official terminal, or may have lost its old key, is looked at first.
  auto cancel_faults = card_faults;
  cancel_faults.insert(cancel_faults.end(), {Code::not_found, Code::conflict, Code::card_different});
  table.add({.name = "cases.cancel",
             .summary = "Ends a case whose card has not been changed, or is gone. A certificate that the "
                        "authority has issued for it is given back; the case is cancelled once that is done.",
             .roles = counter_staff,
             .params = {case_param(),
                        {.name = "reason",
                         .required = true,
                         .description = "why, for the audit",
                         .minimum = 1,
                         .maximum = 1024},
                        staff_param(),
                        {.name = "card_gone",
                         .type = Param::Type::boolean,
                         .description = "the card was lost, broken or replaced: nothing will be done with it "
                                        "any more"}},
             .result = case_schema,
             .faults = with_storage(cancel_faults),
             .example = R"({"case":"261123-7K3F92QD","reason":"the holder left","staff":"clerk-7"})",
             .handler = [&parts](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
               if (is_blank(text(params, "reason"))) {
                 return respond(base::make_fault(Code::invalid_params, {},
                                                 {{"pointer", "/reason"}, {"expected", "a reason"}}));
               }
               answer(parts.loop, std::move(respond),
                      shown_later(parts.desk.cancel({text(params, "case"), text(params, "reason"),
                                                     text(params, "staff"), flag(params, "card_gone"),
                                                     acting(by, params)})));
             }});
  issue_faults.insert(issue_faults.end(),
                      {Code::pin_required, Code::authority_unreachable, Code::authority_rejected,
                       Code::authority_mismatch, Code::authority_waiting, Code::authority_clock});
  table.add(
      {.name = "cases.issue",
       .summary = "Runs the renewal to its end; safe to call again after any failure. On the channel "
                  "`terminal` the first call hands the card over (`terminal.steps` say what to do), and "
                  "each one after it looks at what the card holds (`certificates.*.proof`).",
       .roles = counter_staff,
       .params = {case_param(),
                  staff_param(),
                  {.name = "accept",
                   .type = Param::Type::array,
                   .description = "channel `terminal`: certificates that are taken as the card shows them, "
                                  "where `proof.acceptable` says that they can be"},
                  optional_text("accept_reason", "why, for the audit; required with `accept`")},
       .result = case_schema,
       .faults = with_storage(issue_faults),
       .example = R"({"case":"261123-7K3F92QD","staff":"clerk-7"})",
       .handler = [&parts](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
         auto accepted = acceptance_of(params);
         if (!accepted) return respond(accepted.error());
         answer(parts.loop, std::move(respond),
                shown_later(parts.desk.issue(text(params, "case"), text(params, "staff"), acting(by, params),
                                             std::move(*accepted))));
       }});
}

}  // namespace madoguchi::api
