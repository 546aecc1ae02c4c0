#include "rpc/method.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>
#include <stdexcept>

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;

Method verify_pin() {
  return {.name = "cases.verify_pin",
          .summary = "Checks a PIN on the card.",
          .roles = only(Role::clerk),
          .params = {{.name = "case", .required = true, .maximum = 8},
                     {.name = "pin", .required = true, .values = {"authentication", "signature"}},
                     {.name = "value", .type = Param::Type::secret, .required = true, .maximum = 4},
                     {.name = "tries", .type = Param::Type::integer, .minimum = 0, .maximum = 15},
                     {.name = "last", .type = Param::Type::boolean},
                     {.name = "facts", .type = Param::Type::object},
                     {.name = "list", .type = Param::Type::array}},
          .result = R"({"type":"object","required":["tries_left"]})",
          .faults = {base::Code::pin_wrong, base::Code::pin_locked, base::Code::reader_busy},
          .example = R"({"case":"C-1","pin":"signature","value":"ABC123","tries":5})",
          .handler = [](const Caller&, const json::object&, Responder respond) {
            respond(json::value(nullptr));
          }};
}

struct Row {
  std::string change;    // members set in a valid request; null removes
  std::string pointer;   // empty: valid
  std::string expected;  // part of the text
};

class Validate : public testing::TestWithParam<Row> {};

TEST_P(Validate, NamesThePlaceAndWhatBelongsThere) {
  auto params = json::parse(R"({"case":"C-1","pin":"signature","value":"ABC123"})").as_object();
  const auto change = json::parse(GetParam().change);
  for (const auto& member : change.as_object()) {
    if (member.value() == "REMOVED") {
      params.erase(member.key());
    } else {
      params[member.key()] = member.value();
    }
  }
  const auto result = validate(verify_pin(), params);
  ASSERT_EQ(result.has_value(), GetParam().pointer.empty());
  if (result) return;
  EXPECT_EQ(result.error().code, base::Code::invalid_params);
  EXPECT_EQ(result.error().details.at("pointer").as_string(), std::string_view(GetParam().pointer));
  EXPECT_THAT(std::string(result.error().details.at("expected").as_string()),
              testing::HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Validate,
    testing::Values(
        Row{"{}", "", ""}, Row{R"({"tries":0,"last":true,"facts":{},"list":[]})", "", ""},
        Row{R"({"tries":15})", "", ""}, Row{R"({"tries":16})", "/tries", "from 0 up to 15"},
        Row{R"({"tries":-1})", "/tries", "an integer"}, Row{R"({"tries":1.0})", "/tries", "an integer"},
        Row{R"({"tries":18446744073709551615})", "/tries", "an integer"},
        Row{R"({"tries":"1"})", "/tries", "an integer"}, Row{R"({"tries":null})", "/tries", "an integer"},
        Row{R"({"last":1})", "/last", "true or false"}, Row{R"({"facts":[]})", "/facts", "an object"},
        Row{R"({"list":{}})", "/list", "an array"}, Row{R"({"case":1})", "/case", "a string"},
        Row{R"({"case":"123456789"})", "/case", "up to 8 characters"},
        Row{R"({"case":"受付いろはにほへ"})", "", ""},
        Row{R"({"case":"受付いろはにほへと"})", "/case", "up to 8"},
        Row{R"({"case":"REMOVED"})", "/case", ""}, Row{R"({"case":"a\u001b[2J"})", "/case", "on one line"},
        Row{R"({"case":"a\nb"})", "/case", "on one line"}, Row{R"({"case":"a\u007f"})", "/case", "control"},
        Row{R"({"case":"a\u009b"})", "/case", "control"}, Row{R"({"case":"a\u2028b"})", "/case", "control"},
        Row{R"({"case":"a\u202eb"})", "/case", "bidirectional"},
        Row{R"({"case":"a\u2066b"})", "/case", "bidirectional"}, Row{R"({"case":"a\u3000b"})", "", ""},
        Row{R"({"facts":{"holder":{"name":"a\u0000"}}})", "/facts/holder/name", "on one line"},
        Row{R"({"facts":{"a":["x",{"b":["y","\t"]}]}})", "/facts/a/1/b/1", "on one line"},
        Row{R"({"facts":{"a":{"b\u202e":1}}})", "/facts/a", "bidirectional"},
        Row{R"({"list":["x","\r"]})", "/list/1", "on one line"},
        Row{R"({"x\u001b":1})", "/", "no such parameter"},
        Row{R"({"pin":"Signature"})", "/pin", "one of authentication, signature"},
        Row{R"({"value":1357})", "/value", "a string"}, Row{R"({"value":"REMOVED"})", "/value", "a string"},
        Row{R"({"value":"longer than any PIN is"})", "", ""}, Row{R"({"extra":1})", "/extra", "no such"},
        Row{R"({"a/b~c":1})", "/a~1b~0c", "no such"}));

TEST(Validate, NeverRepeatsAValue) {
  for (const auto* params :
       {R"({"case":"C-1","pin":"1357","value":"1357"})", R"({"case":"C-1","pin":"signature","value":1357})",
        R"({"case":"C-1","pin":"signature","value":["1357"]})",
        R"({"case":"C-1","pin":"signature","value":"1357","last":"1357"})"}) {
    const auto result = validate(verify_pin(), json::parse(params).as_object());
    ASSERT_FALSE(result) << params;
    EXPECT_THAT(json::serialize(result.error().details) + result.error().inner,
                testing::Not(testing::HasSubstr("1357")));
  }
}

TEST(Roles, MakeSets) {
  constexpr auto some = Role::clerk | Role::admin | Role::display;
  static_assert(some.has(Role::clerk) && some.has(Role::admin) && some.has(Role::display));
  EXPECT_FALSE(some.has(Role::supervisor));
  EXPECT_TRUE((some | only(Role::supervisor)).any_of(only(Role::supervisor)));
  EXPECT_EQ((some | only(Role::supervisor)).bits, all_roles.bits);
  EXPECT_TRUE(Roles{}.none());
}

TEST(Roles, HaveNames) {
  for (const auto role : {Role::clerk, Role::supervisor, Role::admin, Role::display}) {
    EXPECT_EQ(role_named(name(role)), role);
  }
  EXPECT_EQ(role_named("root"), std::nullopt);
}

TEST(MethodTable, FindsByNameAndKeepsOrder) {
  MethodTable table;
  for (const auto* name : {"b.b", "a.a", "c.c", "a.b"}) {
    Method row = verify_pin();
    row.name = name;
    table.add(row);
  }
  std::vector<std::string> names;
  for (const auto& row : table.rows()) {
    names.emplace_back(row.name);
    EXPECT_EQ(table.find(row.name), &row);
  }
  EXPECT_THAT(names, testing::ElementsAre("a.a", "a.b", "b.b", "c.c"));
  EXPECT_EQ(table.find("a"), nullptr);
  EXPECT_EQ(table.find(""), nullptr);
  EXPECT_EQ(table.find("d"), nullptr);
}

TEST(MethodTable, RefusesRowsThatContradictThemselves) {
  MethodTable table;
  table.add(verify_pin());
  EXPECT_THROW(table.add(verify_pin()), std::logic_error);
  Method row = verify_pin();
  row.name = "other";
  row.example = R"({"case":"C-1"})";
  EXPECT_THROW(table.add(row), std::logic_error);
  row.example = verify_pin().example;
  row.result = "{not json";
  EXPECT_ANY_THROW(table.add(row));
  EXPECT_EQ(table.rows().size(), 1U);
}

TEST(Responder, AnswersOnceAndWhenDroppedToo) {
  std::vector<base::Result<json::value>> answers;
  const auto sink = [&](base::Result<json::value> result) { answers.push_back(std::move(result)); };
  {
    Responder first(sink);
    Responder second(std::move(first));
    second(json::value(1));
    EXPECT_THROW(second(json::value(2)), std::logic_error);
  }
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(*answers[0], 1);
  {
    Responder one(sink);
    Responder other(sink);
    one = std::move(other);
    EXPECT_EQ(answers.size(), 2U);
  }
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[1].error().code, base::Code::internal);
  EXPECT_EQ(answers[2].error().code, base::Code::internal);
}

TEST(OpenRpc, ListsEveryRowWithItsErrorsOnce) {
  MethodTable table;
  table.add(verify_pin());
  add_discover(table, "Madoguchi", "0.1.0");
  Method later = verify_pin();
  later.name = "zones.list";
  later.params.clear();
  later.example = "";
  later.result = "";
  table.add(later);

  json::value document;
  table.find("rpc.discover")->handler({}, {}, Responder([&](base::Result<json::value> result) {
                                        document = *result;
                                      }));
  document = json::parse(json::serialize(document));
  EXPECT_EQ(document.at("openrpc"), "1.2.6");
  EXPECT_EQ(document.at("info"), (json::value{{"title", "Madoguchi"}, {"version", "0.1.0"}}));
  std::vector<std::string> names;
  for (const auto& method : document.at("methods").as_array()) {
    names.emplace_back(method.at("name").as_string());
    std::set<std::int64_t> codes;
    for (const auto& error : method.at("errors").as_array()) {
      EXPECT_TRUE(codes.insert(error.at("code").as_int64()).second) << names.back();
    }
    for (const auto* member : {"summary", "params", "result", "x-roles"}) {
      EXPECT_TRUE(method.as_object().contains(member)) << names.back() << " " << member;
    }
  }
  EXPECT_THAT(names, testing::ElementsAre("cases.verify_pin", "rpc.discover", "zones.list"));

  const auto& method = document.at("methods").at(0);
  EXPECT_EQ(method.at("x-roles"), json::array{"clerk"});
  EXPECT_EQ(method.at("params").at(2).at("schema"),
            json::parse(R"({"type":"string","format":"password","writeOnly":true})"));
  EXPECT_EQ(method.at("params").at(1).at("schema").at("enum"), (json::array{"authentication", "signature"}));
  EXPECT_EQ(method.at("errors").at(0).at("data").at("reasons").as_array().size(), 2U);
  EXPECT_EQ(method.at("result").at("schema").at("type"), "object");
  EXPECT_EQ(method.at("params").at(3).at("schema").at("examples"), json::array{5});
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return name.starts_with("x-") || std::find(names.begin(), names.end(), name) != names.end();
}

// The members that OpenRPC 1.2.6 knows for each object; it allows no others but extensions.
TEST(OpenRpc, HasNoMemberThatTheSpecificationDoesNotKnow) {
  MethodTable table;
  table.add(verify_pin());
  add_discover(table, "Madoguchi", "0.1.0");
  const auto document = table.openrpc("Madoguchi", "0.1.0");
  for (const auto& member : document) EXPECT_TRUE(is_one_of(member.key(), {"openrpc", "info", "methods"}));
  for (const auto& method : document.at("methods").as_array()) {
    for (const auto& member : method.as_object()) {
      EXPECT_TRUE(
          is_one_of(member.key(), {"name", "summary", "paramStructure", "params", "result", "errors"}))
          << member.key();
    }
    EXPECT_EQ(method.at("paramStructure"), "by-name");
    std::set<std::string> names;
    auto descriptors = method.at("params").as_array();
    for (const auto& param : descriptors) {
      EXPECT_TRUE(names.emplace(param.at("name").as_string()).second) << param.at("name");
    }
    descriptors.push_back(method.at("result"));
    for (const auto& descriptor : descriptors) {
      EXPECT_TRUE(descriptor.at("schema").is_object());
      for (const auto& member : descriptor.as_object()) {
        EXPECT_TRUE(is_one_of(member.key(), {"name", "description", "required", "schema"})) << member.key();
      }
    }
    for (const auto& error : method.at("errors").as_array()) {
      EXPECT_TRUE(error.at("message").is_string());
      for (const auto& member : error.as_object()) {
        EXPECT_TRUE(is_one_of(member.key(), {"code", "message", "data"})) << member.key();
      }
    }
  }
}

Method guest(std::string_view name) {
  return {.name = name,
          .summary = "A guest's.",
          .params = {{.name = "n",
                      .type = Param::Type::described,
                      .required = true,
                      .schema = R"({"type":"number","maximum":2})"}},
          .example = R"({"n":1.5})"};
}

TEST(Guests, stand_beside_the_rows_and_go_as_they_came) {
  MethodTable table;
  table.add(verify_pin());
  table.set_guests(table.admit({guest("b.two"), guest("a.one")}).value());
  ASSERT_NE(table.find("a.one"), nullptr);
  EXPECT_EQ(table.rows().size(), 1U);
  const auto methods = table.openrpc("t", "1").at("methods").as_array();
  ASSERT_EQ(methods.size(), 3U);
  EXPECT_EQ(methods[1].at("name"), "a.one");
  EXPECT_EQ(json::serialize(methods[1].at("params").at(0).at("schema")),
            R"({"type":"number","maximum":2,"examples":[1.5E0]})");
  EXPECT_TRUE(validate(*table.find("a.one"), {{"n", json::array{1}}})) << "the method's to check";
  EXPECT_FALSE(validate(*table.find("a.one"), {}));
  EXPECT_FALSE(validate(*table.find("a.one"), {{"n", 1}, {"m", 1}}));
  table.set_guests(table.admit({guest("a.one")}).value());
  EXPECT_EQ(table.find("b.two"), nullptr);
}

TEST(Guests, take_no_row_s_name_and_none_twice) {
  MethodTable table;
  table.add(verify_pin());
  table.set_guests(table.admit({guest("a.one")}).value());
  EXPECT_FALSE(table.admit({guest("b.two"), guest("cases.verify_pin")}));
  EXPECT_FALSE(table.admit({guest("cases.erase")})) << "it would be taken for core's";
  EXPECT_TRUE(table.admit({guest("cases-more.erase")}));
  EXPECT_FALSE(table.admit({guest("b.two"), guest("b.two")}));
  auto wrong = guest("b.two");
  wrong.example = "{}";
  const auto refused = table.admit({guest("c.three"), wrong});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().inner.find("the example of b.two"), std::string::npos) << refused.error().inner;
  wrong.example = "{";
  EXPECT_FALSE(table.admit({wrong}));
  EXPECT_NE(table.find("a.one"), nullptr) << "all or none";
}

TEST(Guests, of_several_plugins_stand_beside_each_other) {
  MethodTable table;
  auto all = table.admit({guest("b.two")}).value();
  all.join(table.admit({guest("a.one"), guest("c.three")}).value());
  table.set_guests(std::move(all));
  for (const auto* name : {"a.one", "b.two", "c.three"}) EXPECT_NE(table.find(name), nullptr) << name;
}

TEST(Guests, texts_are_kept_where_they_are_and_once) {
  MethodTable table;
  const auto first = table.keep("a.one");
  for (int i = 0; i < 1'000; ++i) table.keep("text " + std::to_string(i));
  EXPECT_EQ(table.keep("a.one").data(), first.data());
  EXPECT_EQ(first, "a.one");
}

TEST(OpenRpc, tells_the_shapes_that_rows_share_and_what_lies_within_a_parameter) {
  MethodTable table;
  table.define("Thing", R"({"type":"object"})");
  EXPECT_THROW(table.define("Thing", "{}"), std::logic_error);
  EXPECT_THROW(table.define("Other", "[]"), std::logic_error);
  table.add(
      {.name = "things.add",
       .params = {{.name = "names", .type = Param::Type::array, .schema = R"({"items":{"type":"string"}})"}},
       .result = R"({"$ref":"#/components/schemas/Thing"})"});
  const auto document = table.openrpc("Madoguchi", "0.1.0");
  EXPECT_EQ(document.at("components").at("schemas").at("Thing").at("type"), "object");
  const auto& schema = document.at("methods").at(0).at("params").at(0).at("schema");
  EXPECT_EQ(schema, json::parse(R"({"type":"array","items":{"type":"string"}})"));
}

TEST(OpenRpc, says_what_may_be_in_the_details_of_an_error_where_a_shape_does) {
  MethodTable table;
  table.define("Details.conflict", R"({"type":"object","properties":{"state":{"type":"string"}}})");
  table.add({.name = "things.add", .faults = {base::Code::conflict, base::Code::not_found}});
  const auto document = table.openrpc("Madoguchi", "0.1.0");
  const auto& errors = document.at("methods").at(0).at("errors").as_array();
  std::map<std::string, bool> described;
  for (const auto& error : errors) {
    for (const auto& reason : error.at("data").at("reasons").as_array())
      described[std::string(reason.at("reason").as_string())] = reason.as_object().contains("details");
  }
  EXPECT_EQ(described, (std::map<std::string, bool>{{"conflict", true}, {"not_found", false}}));
}

}  // namespace
}  // namespace madoguchi::rpc
