// What the table promises of every row, taken from the table itself: who may call, what is refused and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "base/code_book.hpp"
#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;
using rpc::Param;
using rpc::Role;

json::object example_of(const rpc::Method& row) {
  return json::parse(row.example.empty() ? "{}" : row.example).as_object();
}

// Nothing was begun: the parameters are checked before the method is asked.
void expect_refused(Counter& counter, const rpc::Method& row, json::object params,
                    const std::string& pointer) {
  SCOPED_TRACE(testing::Message() << row.name << " " << json::serialize(params));
  const int commits = counter.world.store.commits;
  const auto sent = counter.world.card->executed.size();
  const auto error = counter.error(row.name, std::move(params));
  EXPECT_EQ(error.at("reason"), "invalid_params");
  ASSERT_TRUE(error.contains("details"));
  EXPECT_EQ(error.at("details").at("pointer").as_string(), pointer);
  EXPECT_FALSE(error.at("details").at("expected").as_string().empty());
  EXPECT_EQ(counter.world.store.commits, commits);
  EXPECT_EQ(counter.world.card->executed.size(), sent);
}

// Values that are of no type that the parameter takes.
std::vector<json::value> wrong_types(const Param& param) {
  std::vector<json::value> wrong{nullptr, 1.5};
  const bool text = param.type == Param::Type::string || param.type == Param::Type::secret;
  if (!text) wrong.emplace_back("text");
  if (param.type != Param::Type::integer) wrong.emplace_back(7);
  if (param.type != Param::Type::boolean) wrong.emplace_back(true);
  if (param.type != Param::Type::object) wrong.emplace_back(json::object{{"a", 1}});
  if (param.type != Param::Type::array) wrong.emplace_back(json::array{"a"});
  return wrong;
}

std::vector<json::value> out_of_bounds(const Param& param) {
  std::vector<json::value> wrong;
  if (param.type == Param::Type::integer) {
    if (param.minimum) wrong.emplace_back(*param.minimum - 1);
    if (param.maximum) wrong.emplace_back(*param.maximum + 1);
  }
  if (param.type == Param::Type::string) {
    if (!param.values.empty()) wrong.emplace_back("none of these");
    if (param.minimum.value_or(0) > 0) wrong.emplace_back("");
    if (param.maximum) wrong.emplace_back(std::string(static_cast<std::size_t>(*param.maximum) + 1, 'x'));
  }
  return wrong;
}

TEST(MethodTable, every_parameter_that_is_missing_unknown_or_wrong_is_named) {
  Counter counter;
  ASSERT_GT(counter.table.rows().size(), 15u);
  for (const auto& row : counter.table.rows()) {
    auto unknown = example_of(row);
    unknown["no/such~one"] = 1;
    expect_refused(counter, row, unknown, "/no~1such~0one");
    for (const auto& param : row.params) {
      const auto pointer = "/" + std::string(param.name);
      if (param.required) {
        auto missing = example_of(row);
        missing.erase(param.name);
        expect_refused(counter, row, missing, pointer);
      }
      auto wrong = wrong_types(param);
      for (auto& value : out_of_bounds(param)) wrong.push_back(std::move(value));
      for (auto& value : wrong) {
        auto params = example_of(row);
        params[param.name] = std::move(value);
        expect_refused(counter, row, params, pointer);
      }
    }
  }
}

TEST(MethodTable, positional_parameters_are_none) {
  Counter counter;
  for (const auto& row : counter.table.rows()) {
    EXPECT_FALSE(row.summary.empty());
    for (const auto& param : row.params)
      EXPECT_FALSE(param.description.empty()) << row.name << " " << param.name;
  }
}

// The socket contract's column "roles". Who supervises or administers may do what a clerk may.
TEST(MethodTable, every_method_is_for_the_contracts_roles_and_for_nobody_else) {
  const std::set<Role> all{Role::clerk, Role::supervisor, Role::admin, Role::display};
  const std::set<Role> staff{Role::clerk, Role::supervisor, Role::admin};
  std::map<std::string_view, std::set<Role>> contract;
  for (const auto* name : {"rpc.discover", "system.info", "system.health", "events.subscribe",
                           "events.unsubscribe", "offices.list", "offices.status", "availability.forecast"}) {
    contract[name] = all;
  }
  for (const auto* name : {"readers.list", "card.inspect", "card.check_expiry", "policy.evaluate",
                           "policy.explain", "policy.info", "cases.open", "cases.get", "cases.list",
                           "cases.update", "cases.cancel", "cases.verify_pin", "cases.record_pin",
                           "cases.reset_pin", "cases.issue", "cases.timeline", "cases.receipt"}) {
    contract[name] = staff;
  }
  for (const auto* name :
       {"policy.reload", "plugins.list", "plugins.reload", "audit.verify", "privacy.reseal"}) {
    contract[name] = {Role::admin};
  }
  contract["audit.query"] = {Role::supervisor, Role::admin};
  contract["privacy.report"] = {Role::supervisor, Role::admin};

  Counter counter;
  for (const auto& row : counter.table.rows()) {
    ASSERT_TRUE(contract.contains(row.name)) << row.name << " is not in the contract";
    for (const auto role : all) {
      SCOPED_TRACE(testing::Message() << row.name << " as " << rpc::name(role));
      counter.caller.roles = rpc::only(role);
      // With a parameter that there is not: whoever may call is told of it, whoever may not is told nothing.
      EXPECT_EQ(counter.reason(row.name, {{"no such", 1}}),
                contract.at(row.name).contains(role) ? "invalid_params" : "forbidden");
    }
    counter.caller.roles = {};
    EXPECT_EQ(counter.reason(row.name), "forbidden");
  }
}

TEST(MethodTable, what_only_reads_is_answered_to_the_end_and_nothing_else) {
  Counter counter;
  const auto id = counter.open();
  counter.world.desk->stop();
  counter.dispatcher.refuse_new();
  const std::set<std::string_view> reading{
      "rpc.discover",   "system.info",    "system.health",  "readers.list",          "cases.get",
      "cases.list",     "cases.timeline", "cases.receipt",  "policy.evaluate",       "policy.info",
      "policy.explain", "offices.list",   "offices.status", "availability.forecast", "plugins.list",
      "audit.query",    "audit.verify",   "privacy.report"};
  for (const auto& row : counter.table.rows()) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(row.reads, reading.contains(row.name));
    auto params = example_of(row);
    if (params.contains("case")) params["case"] = id;
    if (params.contains("cursor")) params.erase("cursor");
    if (row.name == "cases.receipt") {
      EXPECT_EQ(counter.reason(row.name, std::move(params)), "conflict") << "the case is still open";
    } else if (reading.contains(row.name)) {
      counter.result(row.name, std::move(params));
    } else {
      EXPECT_EQ(counter.reason(row.name, std::move(params)), "shutting_down");
    }
  }
}

TEST(MethodTable, the_document_has_every_row) {
  Counter counter;
  const auto document = counter.result("rpc.discover");
  EXPECT_EQ(document.at("openrpc"), "1.2.6");
  std::vector<std::string> names;
  for (const auto& method : document.at("methods").as_array()) {
    names.emplace_back(method.at("name").as_string());
    EXPECT_FALSE(method.at("x-roles").as_array().empty());
  }
  ASSERT_EQ(names.size(), counter.table.rows().size());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(names[i], counter.table.rows()[i].name);
}

// Everything that is referred to anywhere below.
void collect_references(const json::value& value, std::set<std::string>& found) {
  if (const auto* object = value.if_object()) {
    for (const auto& [key, each] : *object) {
      if (key == "$ref") found.emplace(each.as_string());
      collect_references(each, found);
    }
  }
  if (const auto* array = value.if_array()) {
    for (const auto& each : *array) collect_references(each, found);
  }
}

TEST(MethodTable, what_the_document_refers_to_is_in_it) {
  Counter counter;
  const json::value document = counter.result("rpc.discover");
  std::set<std::string> found;
  collect_references(document, found);
  EXPECT_TRUE(found.contains("#/components/schemas/Case"));
  EXPECT_TRUE(found.contains("#/components/schemas/Details.policy.blocked"));
  EXPECT_TRUE(found.contains("#/components/schemas/Facts/definitions/document"));
  for (const auto& reference : found) {
    boost::system::error_code error;
    EXPECT_NE(document.find_pointer(reference.substr(1), error), nullptr) << reference;
  }
}

// A shape of a reason that there is no longer would describe nothing.
TEST(MethodTable, details_are_of_reasons_in_the_code_book) {
  Counter counter;
  const json::value document = counter.result("rpc.discover");
  constexpr std::string_view details = "Details.";
  int described = 0;
  for (const auto& [name, shape] : document.at("components").at("schemas").as_object()) {
    if (!std::string_view(name).starts_with(details)) continue;
    ++described;
    EXPECT_TRUE(base::code_of(std::string_view(name).substr(details.size()))) << name;
    EXPECT_FALSE(shape.at("properties").as_object().empty()) << name;
  }
  EXPECT_GT(described, 20);
}

TEST(MethodTable, every_answer_is_described) {
  Counter counter;
  for (const auto& row : counter.table.rows()) {
    if (row.name == "events.unsubscribe" || row.name == "rpc.discover") continue;
    const auto schema = json::parse(row.result);
    const auto& object = schema.as_object();
    EXPECT_TRUE(object.contains("$ref") || object.contains("properties") || object.contains("allOf"))
        << row.name;
  }
}

TEST(Nested, what_a_row_cannot_check_is_named_as_well) {
  Counter counter;
  const auto reader = counter::test::reader_name;
  const auto pointer = [&](std::string_view method, json::object params) {
    const auto error = counter.error(method, std::move(params));
    EXPECT_EQ(error.at("reason"), "invalid_params");
    return std::string(error.at("details").at("pointer").as_string());
  };
  const auto checked = [&](json::object pins, json::object more = {}) {
    more["reader"] = reader;
    more["pins"] = std::move(pins);
    return pointer("card.check_expiry", std::move(more));
  };
  EXPECT_EQ(checked({{"other", "1234"}}), "/pins");
  EXPECT_EQ(checked({{"signature", 1234}}), "/pins/signature");
  EXPECT_EQ(checked({{"signature", "ABC123"}, {"resident_register", "1234"}}), "/pins/resident_register")
      << "no last day is behind it, and a try would be used up";
  EXPECT_EQ(checked({{"signature", "ABC123"}}, {{"expected_tries_left", json::object{{"signature", "5"}}}}),
            "/expected_tries_left/signature");
  EXPECT_EQ(counter.world.pins_sent(), 0);
  for (const auto* reason : {" ", "\u3000\t"}) {
    EXPECT_EQ(
        pointer("cases.cancel", {{"case", "261123-7K3F92QD"}, {"reason", reason}, {"staff", "clerk-7"}}),
        "/reason");
  }
  EXPECT_EQ(pointer("cases.list", {{"states", json::array{"open", "somewhere"}}}), "/states");
  EXPECT_EQ(pointer("cases.list", {{"states", json::array{1}}}), "/states");
  EXPECT_EQ(
      pointer("cases.open", {{"facts", json::object{}}, {"staff", "clerk-7"}, {"beside", json::array{1}}}),
      "/beside/0");
  EXPECT_EQ(
      pointer("cases.update", {{"case", "c"}, {"staff", "clerk-7"}, {"beside", json::array{"c", false}}}),
      "/beside/1");
  EXPECT_EQ(pointer("events.subscribe", {{"topics", json::array{"cases", 7}}}), "/topics/1");
  EXPECT_EQ(pointer("availability.forecast", {{"completed_at", "2026-10-16T10:30:00+09:00"},
                                              {"actions", json::array{"renew", "repair"}}}),
            "/actions/1");
  EXPECT_EQ(counter.world.card->executed.size(), 0u);
}

TEST(Nested, facts_that_are_refused_are_named_where_the_client_put_them) {
  Counter counter;
  counter.world.decide = [](const json::object&, base::Instant) -> base::Result<counter::Decided> {
    return base::make_fault(base::Code::invalid_params, {},
                            {{"pointer", "/holder/birth_date"}, {"expected", "a date"}});
  };
  const json::object facts{{"holder", json::object{{"birth_date", "yesterday"}}}};
  const auto pointer = [&](std::string_view method, json::object params) {
    return std::string(counter.error(method, std::move(params)).at("details").at("pointer").as_string());
  };
  EXPECT_EQ(pointer("policy.evaluate", {{"facts", facts}}), "/facts/holder/birth_date");
  EXPECT_EQ(pointer("cases.open", {{"facts", facts}, {"staff", "clerk-7"}}), "/facts/holder/birth_date");
}

TEST(Nested, no_pin_is_repeated_by_an_error) {
  Counter counter;
  const auto id = counter.open();
  for (const auto* value : {"4711471147", "４７１１", "7"}) {
    auto params = counter.pin_params(id, "authentication");
    params["value"] = value;
    const auto response = json::serialize(counter.call("cases.verify_pin", params));
    EXPECT_NE(response.find("pin.malformed"), std::string::npos);
    if (std::string_view(value).size() > 1) {
      EXPECT_EQ(response.find(value), std::string::npos);
    }
  }
  auto params = counter.pin_params(id, "authentication");
  params["value"] = "4711";
  params["pin"] = "another";
  EXPECT_EQ(json::serialize(counter.call("cases.verify_pin", params)).find("4711"), std::string::npos);
}

}  // namespace
}  // namespace madoguchi::api::test
