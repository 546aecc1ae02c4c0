#include "support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/code_book.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;

std::shared_ptr<const policy::Policy> small_policy() {
  auto policy = std::make_shared<policy::Policy>();
  policy->municipality.id = "kakuu";
  policy->version = "1";
  policy->digest = "00";
  policy::Office office;
  office.id = "citizens-division";
  office.name = {"市民課", "Citizens' Division"};
  for (unsigned weekday = 1; weekday <= 5; ++weekday) office.weekly.at(weekday) = {{510, 1140}};
  office.reception.lead_minutes = 15;
  policy->offices = {office};
  policy->availability.services = {
      {"e_tax", {"e-Tax", "e-Tax"}, policy::AvailabilityDelay{{}, 1, {}, 0}, {}, false},
      {"store",
       {"コンビニ", "Store"},
       policy::AvailabilityDelay{180, {}, {}, 0},
       policy::AvailabilityDelay{1440, {}, {}, 0},
       false}};
  return policy;
}

server::EventHub::Fetch fetch_from(storage::CaseStore& store) {
  return [&store](std::int64_t since, const std::vector<std::string>& topics,
                  int limit) -> base::Result<std::vector<server::Event>> {
    const auto records = store.events(since, topics, limit);
    if (!records) return records.error();
    std::vector<server::Event> events;
    for (const auto& r : *records)
      events.push_back({r.seq, r.at, r.topic, r.type, r.case_id, r.reader, r.data});
    return events;
  };
}

}  // namespace

Counter::Counter(Options options)
    : world(std::move(options)),
      policy(small_policy()),
      hub(topics(), fetch_from(world.store), 0, world.clock, world.log),
      parts{
          .loop = world.loop,
          .desk = *world.desk,
          .store = world.store,
          .readers = world.readers,
          .hub = hub,
          .clock = world.clock,
          .log = world.log,
          .decide = [this](const json::object& facts,
                           base::Instant received) { return world.decide(facts, received); },
          .explain = [this](const json::object& facts, base::Instant received) -> base::Result<json::object> {
            auto decided = world.decide(facts, received);
            if (!decided) return decided.error();
            return json::object{{"trace", json::array()}, {"decision", std::move(decided->decision)}};
          },
          .policy = [this](base::Instant at) -> base::Result<std::shared_ptr<const policy::Policy>> {
            const bool next = next_policy && static_cast<int>(base::date_in_japan(at).year()) >= 2030;
            return next ? next_policy : policy;
          },
          .schedule = [](base::Instant) -> base::Result<std::shared_ptr<const policy::Schedule>> {
            return std::make_shared<const policy::Schedule>();
          },
          .other_health = [] { return json::object{}; },
          .plugins = [this] { return plugins; },
          .plugins_revision = [this] { return plugins_revision; },
          .reload = [this](const base::Actor& by) -> base::Result<void> {
            reloaded_by = by;
            if (reload_fault) return *reload_fault;
            return {};
          },
          .notices = [this] { return notices; },
          .audit = {&world.store, audit_key, {audit_key->public_key()}},
          .privacy = {&world.store, {30, 750}},
          .version = "0",
          .started = world.clock.now()},
      dispatcher(table, world.log) {
  world.store.seal_with(audit_key, {});
  add_methods(table, parts);
  rpc::add_discover(table, "madoguchi", "0");
  serve_plugin_methods();
  caller.roles = rpc::all_roles;
  caller.peer = peer;
  talk_ = dispatcher.converse(*this);
}

void Counter::serve_plugin_methods() {
  auto served = api::plugin_methods(table, parts, plugin_methods);
  ASSERT_TRUE(served.refused.empty()) << base::describe(served.refused.front());
  table.set_guests(std::move(served.guests));
}

Counter::~Counter() {
  talk_->close();
}

std::set<std::string>& reasons_seen() {
  static std::set<std::string> seen;
  return seen;
}

json::object Counter::line(std::string_view text) {
  out_.clear();
  talk_->receive(caller, text);
  world.until([&] { return out_.find('\n') != std::string::npos; });
  auto response = json::parse(out_).as_object();
  if (const auto* error = response.if_contains("error"))
    reasons_seen().emplace(error->at("data").at("reason").as_string());
  return response;
}

json::object Counter::call(std::string_view method, json::object params) {
  const json::object request{
      {"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
  auto response = line(json::serialize(request));
  EXPECT_EQ(response.at("id"), 1);
  if (const auto* error = response.if_contains("error")) check_error(method, error->as_object());
  return response;
}

void Counter::check_error(std::string_view method, const json::object& error) const {
  const auto& data = error.at("data").as_object();
  const std::string reason(data.at("reason").as_string());
  const auto code = base::code_of(reason);
  ASSERT_TRUE(code) << reason;
  EXPECT_EQ(error.at("code"), base::entry(*code).number);
  EXPECT_FALSE(data.at("ja").as_string().empty());
  EXPECT_FALSE(data.at("en").as_string().empty());
  EXPECT_TRUE(data.at("retryable").is_bool());
  const auto* row = table.find(method);
  if (row == nullptr) return;
  const auto document = table.openrpc("", "");
  bool declared = std::find(row->faults.begin(), row->faults.end(), *code) != row->faults.end();
  for (const auto& anyones : document.at("x-errors").as_array()) {
    declared = declared || json::serialize(anyones).find("\"" + reason + "\"") != std::string::npos;
  }
  EXPECT_TRUE(declared) << method << " does not declare " << reason;
}

json::object Counter::result(std::string_view method, json::object params) {
  auto response = call(method, std::move(params));
  const auto* result = response.if_contains("result");
  if (result == nullptr) {
    ADD_FAILURE() << method << ": " << json::serialize(response);
    return {};
  }
  const auto* row = table.find(method);
  if (row != nullptr && !row->result.empty()) {
    const auto schema = json::parse(row->result).as_object();
    if (const auto* required = schema.if_contains("required")) {
      for (const auto& key : required->as_array()) {
        EXPECT_TRUE(result->as_object().contains(key.as_string())) << method << " lacks " << key;
      }
    }
  }
  return result->as_object();
}

json::object Counter::error(std::string_view method, json::object params) {
  const auto response = call(method, std::move(params));
  const auto* error = response.if_contains("error");
  if (error == nullptr) {
    ADD_FAILURE() << method << " succeeds: " << json::serialize(response);
    return {{"reason", ""}};
  }
  return error->at("data").as_object();
}

std::string Counter::reason(std::string_view method, json::object params) {
  return std::string(error(method, std::move(params)).at("reason").as_string());
}

json::object Counter::open_params(const char* reader) const {
  json::object params{{"facts", json::object{{"office", "citizens-division"}}}, {"staff", "clerk-7"}};
  if (reader != nullptr) params["reader"] = reader;
  return params;
}

json::object Counter::pin_params(const std::string& id, std::string_view pin) const {
  const auto kind = simulated_card::pin_kind_named(pin).value();
  return {{"case", id},
          {"pin", pin},
          {"value", world.citizen.pins.at(kind)},
          {"entered_by", "holder"},
          {"staff", "clerk-7"}};
}

std::string Counter::open() {
  return std::string(result("cases.open", open_params()).at("id").as_string());
}

std::string Counter::ready() {
  const auto id = open();
  const auto visit = result("cases.get", {{"case", id}});
  for (const auto& pin : visit.at("decision").at("pins_required").as_array()) {
    result("cases.verify_pin", pin_params(id, std::string_view(pin.as_string())));
  }
  return id;
}

}  // namespace madoguchi::api::test
