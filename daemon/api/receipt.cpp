// cases.receipt: what a front-end prints.
#include "renewal/receipt.hpp"

#include <algorithm>

#include "answer.hpp"
#include "availability.hpp"
#include "families.hpp"
#include "policy/contact.hpp"
#include "policy/hours.hpp"
#include "policy/text_json.hpp"
#include "renewal/transitions.hpp"
#include "timeline.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using base::Code;

// Who gave it out, and whom to ask.
void add_office(const policy::Policy& policy, json::object& sheet) {
  sheet["municipality"] = policy::to_json(policy.municipality.name);
  const auto* id = sheet.if_contains("office");
  const auto* office =
      id != nullptr && id->is_string() ? policy.office(std::string_view(id->get_string())) : nullptr;
  if (office == nullptr) return;
  sheet["office_name"] = policy::to_json(office->name);
  auto contact = policy::to_json(policy::contact_of(policy, *office));
  if (!contact.empty()) sheet["contact"] = std::move(contact);
}

bool ends_a_certificate(std::string_view record) {
  const auto table = renewal::transitions();
  return std::any_of(table.begin(), table.end(), [&](const renewal::Transition& row) {
    return row.to == renewal::Phase::done && row.record == record;
  });
}

// When all that was wanted was done, or the last of a part; which may be another day than the one on which
// the sheet is printed.
base::Result<std::optional<base::Instant>> completed_at(Parts& parts, const renewal::Case& visit) {
  const auto journal = parts.store.journal(visit.id);
  if (!journal) return journal.error();
  const bool whole = visit.state == renewal::State::completed;
  const auto found = std::find_if(journal->rbegin(), journal->rend(), [&](const auto& record) {
    return whole ? record.kind == "case.completed" : ends_a_certificate(record.kind);
  });
  return found == journal->rend() ? std::nullopt : std::optional(found->at);
}

bool issued_anew(const renewal::Case& visit) {
  for (const auto& saga : visit.sagas) {
    const auto* certificates = visit.decision.if_contains("certificates");
    const auto* one = certificates == nullptr
                          ? nullptr
                          : certificates->get_object().if_contains(mynumber::name(saga.certificate));
    if (one != nullptr && one->at("action") == "issue_new") return true;
  }
  return false;
}

bool without_pins(const renewal::Case& visit) {
  const auto* card = visit.facts.if_contains("card");
  const auto* told = card == nullptr ? nullptr : card->get_object().if_contains("face_authentication");
  return told != nullptr && told->get_bool();
}

// When the office receives next, for what is left to do.
void add_next_opening(Parts& parts, const policy::Policy& policy, base::Instant now, json::object& sheet) {
  const auto* id = sheet.if_contains("office");
  const auto* office =
      id != nullptr && id->is_string() ? policy.office(std::string_view(id->get_string())) : nullptr;
  const auto changes = parts.schedule(now);
  if (office == nullptr || !changes) return;
  const auto found = office_status(policy, **changes, *office, now,
                                   parts.outlook ? parts.outlook(now, policy) : policy::Outlook());
  if (found.next_opening) sheet["next_opening"] = base::format_time(*found.next_opening);
}

// Where the rest does not serve meanwhile, nobody can tell what works: a service may need both.
bool rest_serves(const json::object& sheet) {
  const auto& lines = sheet.at("certificates").get_array();
  return std::all_of(lines.begin(), lines.end(), [](const json::value& line) {
    return line.at("done") == true || line.get_object().contains("usable_until");
  });
}

// What the citizen asks next: when is it of use, and what does it cost.
void add_services(const policy::Policy& policy, const renewal::Case& visit, base::Instant done,
                  json::object& sheet) {
  sheet["completed_at"] = base::format_time(done);
  if (const auto* fee = visit.decision.if_contains("fee_yen")) sheet["fee_yen"] = *fee;
  policy::Completion completion;
  completion.at = done;
  completion.new_issuance = issued_anew(visit);
  completion.face_authentication = without_pins(visit);
  for (auto& [key, value] : forecast_of(policy.availability, completion)) sheet[key] = std::move(value);
}

// By the policy of the day; where none is in force the certificates are told all the same.
base::Result<void> add_what_the_city_says(Parts& parts, const renewal::Case& visit, json::object& sheet) {
  const auto done = completed_at(parts, visit);
  if (!done) return done.error();
  const auto now = parts.clock.now();
  const auto policy = parts.policy(done->value_or(now));
  if (!policy) return {};
  add_office(**policy, sheet);
  if (sheet.at("kind") != "completed") return {};
  if (visit.state == renewal::State::partly_completed && !visit.given_up)
    add_next_opening(parts, **policy, now, sheet);
  if (*done && rest_serves(sheet)) add_services(**policy, visit, **done, sheet);
  return {};
}

Reply sheet(Parts& parts, const json::object& params) {
  const auto id = text(params, "case");
  const auto visit = parts.desk.load(id);
  if (!visit) return visit.error();
  const auto now = parts.clock.now();
  if (text(params, "kind") != "incident") {
    auto receipt = renewal::receipt_of(*visit, now);
    if (!receipt) return receipt.error();
    if (const auto added = add_what_the_city_says(parts, *visit, *receipt); !added) return added.error();
    return json::value(std::move(*receipt));
  }
  auto slip = renewal::incident_slip_of(*visit, now);
  if (!slip) return slip.error();
  if (const auto added = add_what_the_city_says(parts, *visit, *slip); !added) return added.error();
  auto entries = timeline_of(parts, id);
  if (!entries) return entries.error();
  (*slip)["timeline"] = std::move(*entries);
  return json::value(std::move(*slip));
}

}  // namespace

void add_receipt(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "cases.receipt",
       .summary =
           "The printable sheet of what a case has completed, be it a part, or the incident slip of one "
           "that needs a person.",
       .roles = counter_staff,
       .params =
           {{.name = "case", .required = true, .description = "a case's id", .minimum = 1, .maximum = 64},
            {.name = "kind",
             .description = "which sheet; `completed` unless told",
             .values = {"completed", "incident"}}},
       .result = R"({"$ref":"#/components/schemas/Sheet"})",
       .faults = {Code::not_found, Code::conflict},
       .example = R"({"case":"261123-7K3F92QD"})",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(sheet(parts, params)); },
       .reads = true});
}

}  // namespace madoguchi::api
