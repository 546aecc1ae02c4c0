// What plugins say of their methods and answer to events and calls, held against the closed lists.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "extension/answers.hpp"
#include "extension/schema.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

json::object object(std::string_view text) {
  return json::parse(text).as_object();
}

TEST(Schema, takes_what_it_says_and_names_the_place_of_what_it_does_not) {
  const auto schema = Schema::read(object(R"({
    "type": "object", "additionalProperties": false, "required": ["office", "n"],
    "properties": {
      "office": {"type": "string", "minLength": 1, "maxLength": 3, "description": "where"},
      "n": {"type": "integer", "minimum": 2, "maximum": 4},
      "rate": {"type": "number", "maximum": 1},
      "kind": {"enum": ["a", 2]},
      "ids": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}},
      "sure": {"type": "boolean"}, "none": {"type": "null"},
      "a/b~c": {"type": "object", "properties": {"x": {"type": "integer"}}},
      "any": {}}})"));
  ASSERT_TRUE(schema) << base::describe(schema.error());
  EXPECT_EQ(json::serialize(schema->example()), R"({"office":"x","n":2})");
  struct Row {
    const char* value;
    const char* pointer;
    const char* expected = "";
  };
  for (const auto& row :
       {Row{R"({"office":"市民課","n":4,"rate":0.5,"kind":2,"ids":["x"],"sure":true,"none":null,"any":[1]})",
            "-"},
        Row{R"({"office":"x","n":2,"a/b~c":{"x":1,"more":true}})", "-"}, Row{"[]", "", "an object"},
        Row{R"({"n":2})", "/office", "a value"},
        Row{R"({"office":"x","n":2,"far":1})", "/far", "no such member"},
        Row{R"({"office":"","n":2})", "/office", "a string from 1 up to 3 characters long"},
        Row{R"({"office":"abcd","n":2})", "/office"}, Row{R"({"office":7,"n":2})", "/office"},
        Row{R"({"office":"x","n":5})", "/n", "an integer from 2 up to 4"},
        Row{R"({"office":"x","n":2.0})", "/n"},
        Row{R"({"office":"x","n":2,"rate":1.5})", "/rate", "a number up to 1"},
        Row{R"({"office":"x","n":2,"rate":"1"})", "/rate"},
        Row{R"({"office":"x","n":2,"kind":"b"})", "/kind", R"(one of ["a",2])"},
        Row{R"({"office":"x","n":2,"ids":[]})", "/ids", "a list from 1 up to 2 items long"},
        Row{R"({"office":"x","n":2,"ids":["a",1]})", "/ids/1", "a string"},
        Row{R"({"office":"x","n":2,"sure":0})", "/sure", "true or false"},
        Row{R"({"office":"x","n":2,"none":0})", "/none", "null"},
        Row{R"({"office":"x","n":2,"a/b~c":{"x":""}})", "/a~1b~0c/x", "an integer"}}) {
    const auto wrong = schema->mismatch(json::parse(row.value));
    EXPECT_EQ(wrong ? wrong->pointer : "-", row.pointer) << row.value;
    if (wrong && *row.expected != '\0') {
      EXPECT_EQ(wrong->expected, row.expected);
    }
  }
}

TEST(Schema, is_refused_for_what_would_be_passed_over) {
  struct Row {
    std::string schema;
    const char* why;
  };
  std::string deep = R"({"type":"array","items":)";
  for (int i = 0; i < 10; ++i) deep += R"({"type":"array","items":)";
  deep += "{}" + std::string(11, '}');
  for (const auto& [schema, why] :
       {Row{R"({"type":"text"})", "an unknown type"}, Row{R"({"type":["string","null"]})", "an unknown type"},
        Row{R"({"type":"string","pattern":"(a+)+$"})", "\"pattern\" is not known"},
        Row{R"({"type":"string","minimum":1})", "\"minimum\" is not known"},
        Row{R"({"":1})", "\"\" is not known"}, Row{R"({"oneOf":[]})", "oneOf"},
        Row{R"({"type":"integer","minimum":1.5})", "no whole number"},
        Row{R"({"type":"string","minLength":-1})", "no whole number"},
        Row{R"({"enum":[]})", "no list of values"},
        Row{R"({"type":"object","required":["x"]})", "required but not described"},
        Row{R"({"type":"object","properties":{"x":1}})", "/x: not an object"},
        Row{R"({"type":"object","additionalProperties":{}})", "not true or false"},
        Row{R"({"type":"integer","minimum":5,"maximum":4})", "its own example"},
        Row{R"({"type":"integer","examples":["x"]})", "its own example"},
        Row{R"({"type":"array","items":{"type":"array","minItems":999999},"minItems":999999})", "too long"},
        Row{R"({"type":"string","minLength":999999999})", "too long"}, Row{deep, "nested too deep"}}) {
    const auto read = Schema::read(object(schema));
    ASSERT_FALSE(read) << schema;
    EXPECT_THAT(read.error().inner, HasSubstr(why)) << schema;
  }
}

const std::string method =
    R"({"verb":"call_next","summary":"Calls.","params":{"type":"object","additionalProperties":false},
  "result":{"type":"object"},"roles":["clerk","admin"],"touches":"case"})";

std::string description(const std::string& methods) {
  return R"({"section":{},"codes":[],"methods":[)" + methods + "]}";
}

TEST(Methods, are_read) {
  const auto read = parse_description(description(method), "queue-board");
  ASSERT_TRUE(read) << base::describe(read.error());
  const auto* found = read->method("call_next");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->touches, Touches::visit);
  EXPECT_FALSE(found->reads);
  EXPECT_THAT(found->roles, testing::ElementsAre("clerk", "admin"));
  EXPECT_EQ(read->method("call"), nullptr);
}

TEST(Methods, may_read_what_is_kept_about_cases) {
  for (const auto* touches : {R"("touches":"nothing")", R"("reads":true,"touches":"plugin")"}) {
    auto text = method;
    EXPECT_FALSE(parse_description(description(text), "queue-board")->methods.at(0).states);
    text.replace(text.find(R"("touches":"case")"), 16, std::string(R"("states":"cases",)") + touches);
    const auto read = parse_description(description(text), "queue-board");
    ASSERT_TRUE(read) << base::describe(read.error());
    EXPECT_TRUE(read->methods.at(0).states);
  }
}

TEST(Methods, are_refused_for_every_member_that_is_not_as_it_should_be) {
  struct Row {
    std::string from, to, why;
  };
  for (const auto& row :
       {Row{"call_next", "Call", "verb"}, Row{"call_next", "a.b", "verb"}, Row{"call_next", "_x", "verb"},
        Row{"\"Calls.\"", "\"\"", "summary"}, Row{"\"Calls.\"", "7", "summary"},
        Row{"\"additionalProperties\":false", "\"properties\":{}", "additionalProperties: false"},
        Row{"\"additionalProperties\":false",
            R"("additionalProperties":false,"properties":{"staff":{"type":"string"}})",
            "added by the daemon"},
        Row{R"("result":{"type":"object"})", R"("result":7)", "result"},
        Row{R"("result":{"type":"object"})", R"("result":{"type":"x"})", "an unknown type"},
        Row{R"(["clerk","admin"])", "[]", "nobody could call"},
        Row{"\"admin\"", "\"root\"", "a role that there is not"}, Row{"\"case\"", "\"cases\"", "touches"},
        Row{"\"touches\"", "\"reads\":1,\"touches\"", "reads"},
        Row{"\"touches\"", "\"more\":1,\"touches\"", "more"},
        Row{"\"touches\"", "\"states\":\"cases\",\"touches\"", "touches no case"},
        Row{R"("touches":"case")", R"("states":"cases","touches":"plugin")", "that reads"},
        Row{R"("touches":"case")", R"("states":"all","touches":"nothing")", "states: not cases"},
        Row{R"("additionalProperties":false},
  "result":{"type":"object"},"roles":["clerk","admin"],"touches":"case")",
            R"("additionalProperties":false,"properties":{"cursor":{"type":"string"}}},
  "result":{"type":"object"},"roles":["clerk"],"states":"cases","touches":"nothing")",
            "added by the daemon"}}) {
    auto text = method;
    text.replace(text.find(row.from), row.from.size(), row.to);
    const auto read = parse_description(description(text), "queue-board");
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().inner, HasSubstr(row.why)) << text;
  }
  EXPECT_THAT(parse_description(description(method + "," + method), "queue-board").error().inner,
              HasSubstr("twice"));
}

constexpr auto step = R"({"state":{"n":1},"effects":[
  {"type":"event","topic":"queue","name":"called","data":{"n":7}},
  {"type":"case.state","to":"waiting","ja":"待つ","en":"wait"},
  {"type":"note","ja":"記録","en":"noted"}]})";

TEST(Advance, gives_state_and_effects) {
  const auto read = parse_advance(step);
  ASSERT_TRUE(read) << base::describe(read.error());
  EXPECT_EQ(json::serialize(*read->state), R"({"n":1})");
  ASSERT_EQ(read->effects.size(), 3U);
  EXPECT_EQ(std::get<policy::PluginEvent>(read->effects[0]).name, "called");
  EXPECT_TRUE(std::get<policy::PluginHold>(read->effects[1]).held);
  EXPECT_EQ(std::get<policy::PluginNote>(read->effects[2]).text.en, "noted");
  EXPECT_FALSE(parse_advance(R"({"state":null,"effects":[]})")->state) << "it keeps nothing";
}

TEST(Advance, is_no_answer_with_anything_else_in_it) {
  struct Row {
    std::string from, to, why;
  };
  for (const auto& row :
       {Row{"{\"n\":1}", "[1]", "state: not an object"},
        Row{"{\"n\":1}", "{\"n\":1e999}", "a number is too large"},
        Row{"{\"n\":1}", "{\"n\":\"" + std::string(longest_state, 'x') + "\"}", "at most 65536"},
        Row{"\"state\":{\"n\":1},", "", "state"}, Row{"\"state\"", "\"reply\":1,\"state\"", "reply"},
        Row{"\"event\"", "\"case.open\"", "nothing that is carried out"}, Row{"\"event\"", "7", "type"},
        Row{"\"queue\"", "\"readers\"", "topic"}, Row{"called", "case.completed", "name"},
        Row{"{\"n\":7}", "\"x\"", "data"},
        Row{"{\"n\":7}", "{\"n\":\"" + std::string(9'000, 'x') + "\"}", "at most 8192"},
        Row{"\"data\"", "\"reader\":\"\",\"data\"", "reader"}, Row{"\"waiting\"", "\"ready\"", "to"},
        Row{"待つ", "", "one language"}, Row{"noted", std::string(2'001, 'x'), "too long"},
        Row{"\"note\"", "\"note\",\"at\":1", "at"}}) {
    std::string text = step;
    text.replace(text.find(row.from), row.from.size(), row.to);
    const auto read = parse_advance(text);
    ASSERT_FALSE(read) << text.substr(0, 300);
    EXPECT_THAT(read.error().inner, HasSubstr(row.why)) << text.substr(0, 300);
    EXPECT_EQ(read.error().code, base::Code::plugin_failed);
  }
  std::string many = R"({"state":null,"effects":[)";
  for (int i = 0; i < 17; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"type":"note","ja":"x","en":"x"})";
  EXPECT_THAT(parse_advance(many + "]}").error().inner, HasSubstr("longer than 16"));
}

DeclaredMethod declared(Touches touches, bool reads = false) {
  DeclaredMethod m;
  m.verb = "x";
  m.touches = touches;
  m.reads = reads;
  m.result =
      Schema::read(object(R"({"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}})"))
          .value();
  return m;
}

TEST(Call, gives_a_reply_as_it_was_declared) {
  const auto answered =
      parse_call(R"({"reply":{"n":1},"state":{"a":1},"effects":[]})", declared(Touches::plugin), nullptr);
  ASSERT_TRUE(answered) << base::describe(answered.error());
  EXPECT_EQ(answered->step.reply.at("n"), 1);
  const auto wrong =
      parse_call(R"({"reply":{"n":"1"},"state":null,"effects":[]})", declared(Touches::plugin), nullptr);
  EXPECT_THAT(wrong.error().inner, HasSubstr("reply/n: not an integer"));
  EXPECT_FALSE(parse_call(R"({"state":null,"effects":[]})", declared(Touches::plugin), nullptr));
}

TEST(Call, may_refuse_in_words) {
  const auto refused =
      parse_call(R"({"refused":{"ja":"ない","en":"none"}})", declared(Touches::plugin), nullptr);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->refused->en, "none");
  EXPECT_FALSE(parse_call(R"({"refused":{"ja":"ない","en":""}})", declared(Touches::plugin), nullptr));
  EXPECT_FALSE(
      parse_call(R"({"refused":{"ja":"x","en":"x"},"state":{}})", declared(Touches::plugin), nullptr));
}

TEST(Call, does_no_more_than_it_touches) {
  struct Row {
    DeclaredMethod method;
    const char* state;
    const char* effects;
    const char* why;
  };
  constexpr auto event = R"([{"type":"event","topic":"queue","name":"x","data":{}}])";
  for (const auto& row : {Row{declared(Touches::plugin), "{}", R"([{"type":"note","ja":"x","en":"x"}])",
                              "nothing that is carried out"},
                          Row{declared(Touches::plugin), "{}",
                              R"([{"type":"event","topic":"cases","name":"x","data":{}}])", "no case"},
                          Row{declared(Touches::plugin, true), R"({"a":1})", event, "effects"},
                          Row{declared(Touches::visit, true), R"({"a":2})", "[]", "state"},
                          Row{declared(Touches::visit, true), "null", "[]", "state"},
                          Row{declared(Touches::nothing, true), R"({"a":1})", "[]", "state"},
                          Row{declared(Touches::nothing, true), "null", event, "effects"}}) {
    const auto answer =
        std::string(R"({"reply":{"n":1},"state":)") + row.state + R"(,"effects":)" + row.effects + "}";
    const auto read = parse_call(answer, row.method, object(R"({"a":1})"));
    ASSERT_FALSE(read) << answer;
    EXPECT_THAT(read.error().inner, HasSubstr(row.why)) << answer;
  }
  EXPECT_TRUE(parse_call(R"({"reply":{"n":1},"state":{"a":1},"effects":[]})", declared(Touches::visit, true),
                         object(R"({"a":1})")));
}

}  // namespace
}  // namespace madoguchi::extension
