// privacy.report and privacy.reseal: what is held about whom and until when, and the keys that it is sealed
// with.
#include "api/privacy.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/value_from.hpp>
#include <set>

#include "answer.hpp"
#include "base/code_book.hpp"
#include "families.hpp"
#include "renewal/case.hpp"

namespace madoguchi::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using renewal::State;
using rpc::Param;

constexpr int sealed_at_once = 20;

std::vector<std::string> names_of(std::initializer_list<State> states) {
  std::vector<std::string> names;
  for (const auto state : states) names.emplace_back(renewal::name(state));
  return names;
}

bool applies(const KeepingRule& rule, const std::string& state) {
  return std::find(rule.states.begin(), rule.states.end(), state) != rule.states.end();
}

// In the order in which they are told; by kind only, never what they say.
std::vector<std::string_view> kinds_of(const storage::Held& held) {
  std::set<std::string_view> found{"case"};
  for (const auto& name : held.parts) {
    const bool certificate = name.ends_with("certificate") || name.ends_with("/subject");
    found.insert(name == "/facts"      ? "facts"
                 : name == "/decision" ? "decision"
                 : certificate         ? "certificates"
                                       : "messages");
  }
  if (held.journal > 0) found.insert("journal");
  if (!held.plugins.empty()) found.insert("plugins");
  std::vector<std::string_view> kinds;
  for (const std::string_view kind :
       {"case", "facts", "decision", "certificates", "messages", "journal", "plugins"})
    if (found.count(kind) != 0) kinds.push_back(kind);
  return kinds;
}

json::object shown(const storage::Held& held, const std::vector<KeepingRule>& rules) {
  json::object object{{"id", held.case_id},
                      {"state", held.state},
                      {"opened_at", base::format_time(held.opened_at)},
                      {"updated_at", base::format_time(held.updated_at)},
                      {"held", json::value_from(kinds_of(held))},
                      {"journal_lines", held.journal}};
  if (!held.card.empty()) object["card_mark"] = held.card;
  if (!held.plugins.empty()) object["plugins"] = json::value_from(held.plugins);
  object["rule"] = "needed";
  for (const auto& rule : rules) {
    if (!applies(rule, held.state)) continue;
    object["rule"] = rule.name;
    object["leaves_on"] = base::format_date(leaves_on(rule, held.updated_at));
  }
  return object;
}

// Whole stores. Whose cases are in them is not told: they may be sealed with a key that is gone.
json::array put_aside(const Privacy& privacy) {
  json::array stores;
  for (const auto& copy : storage::stores_set_aside(privacy.store)) {
    json::object store{{"path", copy.path.string()},
                       {"bytes", copy.bytes},
                       {"put_aside_at", base::format_time(copy.put_aside_at)}};
    if (const auto day = leaves_on(copy, privacy.keeping)) store["leaves_on"] = base::format_date(*day);
    stores.emplace_back(std::move(store));
  }
  return stores;
}

Reply report(Parts& parts, const json::object& params) {
  storage::HeldQuery query{text(params, "cursor"), text(params, "case"), text(params, "card"), 100};
  query.limit = static_cast<int>(number(params, "limit").value_or(query.limit));
  auto& holdings = *parts.privacy.holdings;
  const auto found = holdings.held(query);
  if (!found) return found.error();
  const auto sealing = holdings.sealing();
  if (!sealing) return sealing.error();
  const auto rules = rules_of(parts.privacy.keeping);
  json::array cases;
  for (const auto& held : *found) cases.push_back(shown(held, rules));
  json::object result{{"cases", std::move(cases)},
                      {"keep_days", parts.privacy.keeping.days},
                      {"keep_unfinished_days", parts.privacy.keeping.unfinished_days},
                      {"key", sealing->key},
                      {"former_keys", json::value_from(sealing->former)}};
  // With whatever case or card is asked for: it may be in there, too.
  if (query.after.empty()) result["put_aside"] = put_aside(parts.privacy);
  if (found->size() == static_cast<std::size_t>(query.limit)) result["next"] = found->back().case_id;
  return json::value(std::move(result));
}

asio::awaitable<Reply> reseal(Parts& parts) {
  auto& holdings = *parts.privacy.holdings;
  storage::Resealed place;
  while (!place.done) {
    const auto next = holdings.reseal(place, sealed_at_once);
    if (!next) co_return next.error();
    place = *next;
    // The counter goes on meanwhile.
    co_await asio::post(parts.loop, asio::use_awaitable);
  }
  const auto sealing = holdings.sealing();
  if (!sealing) co_return sealing.error();
  if (place.damaged > 0) {
    parts.log.write(base::Level::warning, "store.not_all_resealed",
                    {{"key", sealing->key}, {"damaged", place.damaged}});
  } else {
    parts.log.write(base::Level::info, "store.resealed", {{"key", sealing->key}});
  }
  co_return json::value(json::object{
      {"key", sealing->key}, {"damaged", place.damaged}, {"former_keys", json::value_from(sealing->former)}});
}

std::vector<Param> report_params() {
  return {{.name = "case", .description = "only this one", .minimum = 1, .maximum = 128},
          {.name = "card",
           .description = "only of the card with this identity, as in cases.list",
           .minimum = 1,
           .maximum = 128},
          {.name = "cursor", .description = "`next` of the page before", .minimum = 1, .maximum = 128},
          {.name = "limit",
           .type = Param::Type::integer,
           .description = "cases a page; 100 unless told",
           .minimum = 1,
           .maximum = 500}};
}

}  // namespace

std::vector<KeepingRule> rules_of(const Keeping& keeping) {
  return {{"ended", names_of({State::completed, State::cancelled}), keeping.days},
          {"left_behind", names_of({State::open, State::waiting, State::ready}), keeping.unfinished_days}};
}

storage::Outdated outdated_by(const KeepingRule& rule, base::Instant now) {
  return {rule.states, base::start_of_day_in_japan(base::add_days(base::date_in_japan(now), -rule.days))};
}

base::Date leaves_on(const KeepingRule& rule, base::Instant updated_at) {
  return base::add_days(base::date_in_japan(updated_at), rule.days + 1);
}

std::optional<base::Date> leaves_on(const storage::SetAside& copy, const Keeping& keeping) {
  const auto rules = rules_of(keeping);
  // As long as what had ended last, whatever is in it: whoever looks for what came after the copy that was
  // restored finds it here alone.
  auto day = leaves_on(rules.front(), copy.written_at);
  if (!copy.last_changed) {
    for (const auto& rule : rules) day = std::max(day, leaves_on(rule, copy.written_at));
    return day;
  }
  for (const auto& [state, changed] : *copy.last_changed) {
    const auto its = std::find_if(rules.begin(), rules.end(),
                                  [&name = state](const KeepingRule& rule) { return applies(rule, name); });
    if (its == rules.end()) return std::nullopt;
    day = std::max(day, leaves_on(*its, changed));
  }
  return day;
}

json::object sealing_health(storage::Holdings& holdings) {
  const auto sealing = holdings.sealing();
  if (!sealing) {
    const auto& entry = base::entry(sealing.error().code);
    return {{"state", "failed"}, {"reason", entry.reason}, {"ja", entry.ja}, {"en", entry.en}};
  }
  return {{"state", "ok"}, {"key", sealing->key}, {"former_keys", json::value_from(sealing->former)}};
}

void add_privacy(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "privacy.report",
       .summary = "What is held about whom and until when, by case: kinds, never what they say.",
       .roles = rpc::Role::supervisor | rpc::Role::admin,
       .params = report_params(),
       .result =
           R"({"type":"object","required":["cases","keep_days","keep_unfinished_days","key","former_keys"],"properties":{
           "cases":{"type":"array","items":{"type":"object",
             "required":["id","state","opened_at","updated_at","held","journal_lines","rule"],"properties":{
             "id":{"type":"string"},"state":{"type":"string"},
             "opened_at":{"type":"string"},"updated_at":{"type":"string"},
             "card_mark":{"type":"string","description":"the same for every case of a card; tells nothing else of it"},
             "held":{"type":"array","items":{"enum":["case","facts","decision","certificates","messages","journal","plugins"]}},
             "journal_lines":{"type":"integer"},
             "plugins":{"type":"array","items":{"type":"string"},"description":"that keep something about it"},
             "rule":{"enum":["ended","left_behind","needed"],
               "description":"why it goes, or that it stays until a person has ended it"},
             "leaves_on":{"type":"string","description":"the day on which it is let go unless it is changed before"}}}},
           "put_aside":{"type":"array",
             "description":"with the first page: stores that a restore has put aside, with all that they hold about people, of other cases and cards than asked for too",
             "items":{"type":"object","required":["path","bytes","put_aside_at"],"properties":{
               "path":{"type":"string"},"bytes":{"type":"integer"},"put_aside_at":{"type":"string"},
               "leaves_on":{"type":"string","description":"the day on which it is removed; without it stays until a person removes it, since issuing has not ended in it"}}}},
           "next":{"type":"string","description":"`cursor` of the next page"},
           "keep_days":{"type":"integer"},"keep_unfinished_days":{"type":"integer"},
           "key":{"type":"string","description":"id of the key that seals"},
           "former_keys":{"type":"array","items":{"type":"string"},
             "description":"ids of the earlier keys that are still needed"}}})",
       .faults = {base::Code::storage_unavailable},
       .example = R"({"limit":100})",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(report(parts, params)); },
       .reads = true});
  table.add(
      {.name = "privacy.reseal",
       .summary =
           "Seals with the key in use all that earlier ones have sealed; then these are not needed any more.",
       .roles = rpc::only(rpc::Role::admin),
       .result = R"({"type":"object","required":["key","damaged","former_keys"],"properties":{
           "key":{"type":"string","description":"id of the key under which everything is sealed"},
           "damaged":{"type":"integer","description":"values that do not open; they stay as they are"},
           "former_keys":{"type":"array","items":{"type":"string"},
             "description":"ids of earlier keys that these are sealed with, and that are still needed"}}})",
       .faults = {base::Code::storage_unavailable, base::Code::storage_full},
       .example = "{}",
       .handler = [&parts](const rpc::Caller&, const json::object&, rpc::Responder respond) {
         answer(parts.loop, std::move(respond), reseal(parts));
       }});
}

}  // namespace madoguchi::api
