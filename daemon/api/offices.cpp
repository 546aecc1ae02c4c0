// offices.*, availability.forecast: when a counter receives, and when services work again.
#include "answer.hpp"
#include "availability.hpp"
#include "base/visit_time.hpp"
#include "families.hpp"
#include "policy/contact.hpp"
#include "policy/forewarning.hpp"
#include "policy/hours.hpp"
#include "policy/text_json.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using base::Code;
using rpc::Param;

constexpr std::string_view date_time = R"({"format":"date-time"})";

json::object outline(const policy::Policy& policy, const policy::Office& office) {
  json::object all{
      {"office", office.id}, {"name", policy::to_json(office.name)}, {"kind", to_text(office.kind)}};
  if (office.queue_label) all["queue_label"] = policy::to_json(*office.queue_label);
  if (!office.queue_url.empty()) all["queue_url"] = office.queue_url;
  const auto& reception = office.reception;
  if (reception.service_minutes) all["service_minutes"] = *reception.service_minutes;
  if (reception.daily_limit) all["daily_limit"] = *reception.daily_limit;
  if (reception.may_close_early) all["may_close_early"] = true;
  json::array reservations;
  for (const auto& rule : office.reservations) {
    reservations.push_back(json::object{{"need", to_text(rule.need)}, {"how", policy::to_json(rule.how)}});
  }
  if (!reservations.empty()) all["reservations"] = std::move(reservations);
  auto contact = policy::to_json(policy::contact_of(policy, office));
  if (!contact.empty()) all["contact"] = std::move(contact);
  return all;
}

base::Fault no_time(std::string_view pointer) {
  return base::make_fault(Code::invalid_params, "no time",
                          {{"pointer", pointer}, {"expected", base::visit_time_expected}});
}

// The parameter's time; nothing if it is not given.
base::Result<std::optional<base::Instant>> time_of(const json::object& params, std::string_view name) {
  const auto* given = params.if_contains(name);
  if (given == nullptr) return std::optional<base::Instant>();
  const auto time = base::parse_time(std::string_view(given->get_string()));
  if (!time || !base::is_visit_time(*time)) return no_time("/" + std::string(name));
  return time;
}

// Of an office that receives nobody now, closed or after its last reception.
std::optional<base::Instant> received_next(const policy::OfficeStatus& found) {
  return found.now ? found.after : found.next_opening;
}

// A guess about a time to come is told of the time at which somebody can come.
void forewarn(const policy::Policy& policy, const policy::Office& office, const policy::Outlook& outlook,
              base::Instant at, const policy::OfficeStatus& found, json::object& all) {
  const auto next = received_next(found);
  auto crowding = policy::crowding(policy, next.value_or(at));
  if (crowding) all["crowding"] = std::move(*crowding);
  std::vector<base::Date> told;
  if (!found.today.empty()) told.push_back(base::date_in_japan(at));
  if (next) told.push_back(base::date_in_japan(*next));
  auto unknown = policy::holidays_unknown(policy, office, told, outlook);
  if (unknown) all["holidays_unknown"] = std::move(*unknown);
}

Reply status(Parts& parts, const json::object& params) {
  const auto told = time_of(params, "at");
  if (!told) return told.error();
  const auto at = told->value_or(parts.clock.now());
  const auto in_force = parts.policy(at);
  if (!in_force) return in_force.error();
  const auto& policy = *in_force;
  const auto* office = policy->office(std::string_view(params.at("office").get_string()));
  if (office == nullptr) return base::make_fault(Code::not_found, "no such office");
  const auto changes = parts.schedule(at);
  if (!changes) return changes.error();
  const auto outlook = parts.outlook ? parts.outlook(at, *policy) : policy::Outlook();
  const auto found = office_status(*policy, **changes, *office, at, outlook);
  auto all = outline(*policy, *office);
  json::array today;
  for (const auto interval : found.today) today.emplace_back(to_text(interval));
  all["open"] = found.now.has_value();
  all["in_time"] = found.in_time;
  all["today"] = std::move(today);
  if (found.last_reception) all["last_reception"] = base::format_time(*found.last_reception);
  if (const auto next = received_next(found)) all["next_opening"] = base::format_time(*next);
  forewarn(*policy, *office, outlook, at, found, all);
  return json::value(std::move(all));
}

// Whether a certificate was issued anew, by what the client says was done.
base::Result<bool> issued_anew(const json::object& params) {
  constexpr std::string_view expected = "renew or issue_new";
  const auto actions = texts(params, "actions", expected);
  if (!actions) return actions.error();
  bool anew = false;
  for (std::size_t i = 0; i < actions->size(); ++i) {
    if ((*actions)[i] != "renew" && (*actions)[i] != "issue_new") {
      return base::make_fault(Code::invalid_params, {},
                              {{"pointer", "/actions/" + std::to_string(i)}, {"expected", expected}});
    }
    anew = anew || (*actions)[i] == "issue_new";
  }
  return anew;
}

Reply forecast(Parts& parts, const json::object& params) {
  const auto completed = time_of(params, "completed_at");
  if (!completed) return completed.error();
  const auto applied = time_of(params, "insurance_applied_at");
  if (!applied) return applied.error();
  const auto anew = issued_anew(params);
  if (!anew) return anew.error();
  policy::Completion done;
  done.at = **completed;
  done.applied_at = *applied;
  done.new_issuance = *anew;
  const auto* face = params.if_contains("face_authentication");
  done.face_authentication = face != nullptr && face->get_bool();
  const auto in_force = parts.policy(done.at);
  if (!in_force) return in_force.error();
  return json::value(forecast_of((*in_force)->availability, done));
}

Reply list(const Parts& parts) {
  const auto policy = parts.policy(parts.clock.now());
  if (!policy) return policy.error();
  json::array offices;
  for (const auto& office : (*policy)->offices) offices.push_back(outline(**policy, office));
  const auto& due = (*policy)->fees;
  json::object fees{{"renewal_yen", due.renewal_yen}, {"new_issuance_yen", due.new_issuance_yen}};
  if (due.after_loss_yen) fees["after_loss_yen"] = *due.after_loss_yen;
  if (due.card_reissue_yen) fees["card_reissue_yen"] = *due.card_reissue_yen;
  return json::value(json::object{{"offices", std::move(offices)}, {"fees", std::move(fees)}});
}

}  // namespace

void add_offices(rpc::MethodTable& table, Parts& parts) {
  table.add({.name = "offices.list",
             .summary = "The offices of the policy in force, with queue labels, limits, reservations and "
                        "contacts; and the fees.",
             .result = R"({"type":"object","required":["offices","fees"],"properties":{
                 "offices":{"type":"array","items":{"$ref":"#/components/schemas/Office"}},
                 "fees":{"type":"object","required":["renewal_yen","new_issuance_yen"],"properties":{
                   "renewal_yen":{"type":"integer"},"new_issuance_yen":{"type":"integer"},
                   "after_loss_yen":{"type":"integer"},"card_reissue_yen":{"type":"integer"}}}}})",
             .faults = {Code::policy_not_in_force},
             .example = "{}",
             .handler = [&parts](const rpc::Caller&, const json::object&,
                                 rpc::Responder respond) { respond(list(parts)); },
             .reads = true});
  table.add(
      {.name = "offices.status",
       .summary = "Whether an office is open, today's hours, the last reception, the next opening, and how "
                  "busy it will be.",
       .params = {{.name = "office", .required = true, .description = "id of an office"},
                  {.name = "at", .description = "RFC 3339; default: now", .schema = date_time}},
       .result = R"({"allOf":[{"$ref":"#/components/schemas/Office"},
           {"type":"object","required":["open","in_time","today"],"properties":{"open":{"type":"boolean"},
            "in_time":{"type":"boolean","description":"open, and not after the last reception"},
            "today":{"type":"array","items":{"type":"string"},"description":"intervals, HH:MM-HH:MM"},
            "last_reception":{"type":"string","format":"date-time"},
            "next_opening":{"type":"string","format":"date-time","description":"where nobody is received at that time: it is closed, or the last reception is over"},
            "crowding":{"type":"object","required":["expected","ja","en"],
              "description":"at that time, or at the next opening where nobody is received then; missing: the policy does not say",
              "properties":{"expected":{"type":"boolean"},"ja":{"type":"string"},"en":{"type":"string"}}},
            "holidays_unknown":{"type":"object","required":["day","ja","en"],
              "description":"nobody knows whether that day, of which this tells, is a holiday: make sure first",
              "properties":{"day":{"type":"string","format":"date"},"ja":{"type":"string"},"en":{"type":"string"}}}}}]})",
       .faults = {Code::not_found, Code::policy_not_in_force, Code::plugin_failed, Code::plugin_timeout},
       .example = R"({"office":"citizens-division"})",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(status(parts, params)); },
       .reads = true});
  table.add(
      {.name = "availability.forecast",
       .summary = "When services work again after a renewal; a guide only.",
       .params = {{.name = "completed_at", .required = true, .description = "RFC 3339", .schema = date_time},
                  {.name = "actions",
                   .type = Param::Type::array,
                   .description = "what was done; default: renew",
                   .schema = R"({"items":{"enum":["renew","issue_new"]}})"},
                  {.name = "insurance_applied_at",
                   .description = "RFC 3339; default: not known",
                   .schema = date_time},
                  {.name = "face_authentication",
                   .type = Param::Type::boolean,
                   .description = "for a card without PINs; default: false"}},
       .result = R"({"type":"object","required":["services","caveat"],"properties":{
                 "services":{"type":"array","items":{"$ref":"#/components/schemas/Service"}},
                 "caveat":{"$ref":"#/components/schemas/Words"}}})",
       .faults = {Code::policy_not_in_force},
       .example = R"({"completed_at":"2026-10-16T10:30:00+09:00"})",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(forecast(parts, params)); },
       .reads = true});
}

}  // namespace madoguchi::api
