#include "extension/requests.hpp"

#include <boost/json/serialize.hpp>

#include "policy/contact.hpp"
#include "policy/hours.hpp"
#include "policy/text_json.hpp"

namespace madoguchi::extension {

namespace json = boost::json;

namespace {

json::array listed(std::span<const base::Date> days) {
  json::array all;
  for (const auto day : days) all.emplace_back(base::format_date(day));
  return all;
}

}  // namespace

json::object city_document(const policy::Policy& policy) {
  json::array offices;
  json::array details;
  for (const auto& office : policy.offices) {
    offices.emplace_back(office.id);
    json::object one{{"id", office.id},
                     {"name", policy::to_json(office.name)},
                     {"contact", policy::to_json(policy::contact_of(policy, office))}};
    if (office.queue_label) one["queue_label"] = policy::to_json(*office.queue_label);
    details.push_back(std::move(one));
  }
  json::array types;
  for (const auto type : policy::document_types()) types.emplace_back(json::string_view(type));
  for (const auto& type : policy.documents.own_types) types.emplace_back(type);
  json::object names;
  for (const auto& type : types)
    names[type.get_string()] = policy::to_json(policy.documents.name(std::string(type.get_string())));
  return {{"offices", std::move(offices)},
          {"document_types", std::move(types)},
          {"document_names", std::move(names)},
          {"office_details", std::move(details)},
          {"name", policy::to_json(policy.municipality.name)}};
}

json::array offices_document(const policy::Policy& policy, const policy::Schedule& changes, base::Instant at,
                             const policy::Outlook& outlook) {
  json::array all;
  for (const auto& office : policy.offices) {
    const auto found = policy::office_status(policy, changes, office, at, outlook);
    json::array today;
    for (const auto interval : found.today) today.emplace_back(policy::to_text(interval));
    json::object one{{"id", office.id},
                     {"open", found.now.has_value()},
                     {"in_time", found.in_time},
                     {"today", std::move(today)}};
    if (found.last_reception) one["last_reception"] = base::format_time(*found.last_reception);
    if (const auto next = found.now ? found.after : found.next_opening)
      one["next_opening"] = base::format_time(*next);
    all.push_back(std::move(one));
  }
  return all;
}

json::object people_document(const policy::Policy& policy, const policy::Facts& facts) {
  return {{"needs_representative", policy::needs_representative(policy, facts)},
          {"age_of_capacity", policy.age_of_capacity},
          {"acting_as", json::string_view(policy::to_text(policy::acting_role(policy, facts)))}};
}

std::string creation_request(const json::object& section, const json::object& city) {
  return json::serialize(json::object{{"section", section}, {"city", city}});
}

std::string decide_request(const policy::Policy& policy, const policy::Facts& facts,
                           const policy::Decision& core, const policy::CaseSoFar& so_far,
                           std::string_view plugin) {
  auto context = people_document(policy, facts);
  context["day"] = base::format_date(base::date_in_japan(facts.at));
  context["application"] = so_far.application;
  if (const auto* kept = so_far.kept.if_contains(plugin)) context["kept"] = *kept;
  return json::serialize(json::object{{"facts", policy::to_json(facts)},
                                      {"decision", policy::to_json(core)},
                                      {"context", std::move(context)}});
}

std::string schedule_request(const Asked& asked) {
  return json::serialize(json::object{{"office", asked.office},
                                      {"from", base::format_date(asked.from)},
                                      {"to", base::format_date(asked.to)},
                                      {"holidays", listed(asked.holidays)},
                                      {"year_end", listed(asked.year_end)}});
}

std::string advance_request(const json::object& visit, const json::value& state, const json::object& event) {
  return json::serialize(json::object{{"case", visit}, {"state", state}, {"event", event}});
}

std::string call_request(const CallRequest& asked) {
  json::object request{{"method", asked.verb},
                       {"params", asked.params},
                       {"state", asked.state},
                       {"at", base::format_time(asked.at)}};
  if (asked.visit != nullptr) request["case"] = *asked.visit;
  if (asked.states != nullptr) request["states"] = *asked.states;
  if (asked.offices != nullptr) request["offices"] = *asked.offices;
  return json::serialize(request);
}

}  // namespace madoguchi::extension
