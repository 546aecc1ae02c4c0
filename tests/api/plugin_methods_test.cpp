// Methods that plugins serve: rows like core's, with the same refusals, and gone with their plugin.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <set>

#include "extension/answers.hpp"
#include "extension/manifest.hpp"
#include "followers.hpp"
#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr auto described = R"({"section":{},"codes":[],"methods":[
  {"verb":"count","summary":"How often.","touches":"case","reads":true,"roles":["clerk","display"],
   "params":{"type":"object","additionalProperties":false},
   "result":{"type":"object","required":["count"],"properties":{"count":{"type":"integer"}}}},
  {"verb":"take","summary":"Takes a ticket.","touches":"plugin","roles":["clerk"],
   "params":{"type":"object","additionalProperties":false,"required":["office"],
     "properties":{"office":{"type":"string","minLength":1,"description":"where"},
                   "kinds":{"type":"array","items":{"enum":["renewal","other"]}}}},
   "result":{"type":"object","required":["number"],"properties":{"number":{}}}},
  {"verb":"open","summary":"Those that are open.","touches":"nothing","states":"cases","roles":["clerk"],
   "params":{"type":"object","additionalProperties":false,"properties":{"office":{"type":"string"}}},
   "result":{"type":"object"}},
  {"verb":"name","summary":"Touches nothing.","touches":"nothing","roles":["admin"],
   "params":{"type":"object","additionalProperties":false},"result":{}}]})";

class PluginMethods : public testing::Test {
 protected:
  PluginMethods() {
    const auto description = extension::parse_description(described, "queue-board").value();
    for (const auto& method : description.methods) counter.plugin_methods.push_back({"queue-board", method});
    counter.serve_plugin_methods();
    plugins.named.clear();
    plugins.on_call = [this](const counter::PluginPort::Asked& asked) -> counter::test::TestPlugins::Step {
      given = asked.params;
      if (asked.verb == "count")
        return policy::PluginStep{json::object{{"count", asked.visit == nullptr ? 0 : 1}}, {}, {}};
      const auto number = asked.state.is_null() ? 1 : asked.state.at("number").as_int64() + 1;
      return policy::PluginStep{json::object{{"number", number}}, json::object{{"number", number}}, {}};
    };
  }

  counter::test::TestPlugins plugins;
  json::object given;
  Counter counter{[this] {
    Options options;
    options.plugins = &plugins;
    return options;
  }()};
};

TEST_F(PluginMethods, are_called_with_their_parameters_and_nothing_of_the_daemons) {
  EXPECT_EQ(counter.result("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}}).at("number"), 1);
  EXPECT_EQ(counter.result("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}}).at("number"), 2);
  EXPECT_EQ(json::serialize(given), R"({"office":"hall"})");
  EXPECT_EQ(counter.result("queue-board.count", {{"case", counter.open()}}).at("count"), 1);
  EXPECT_TRUE(given.empty());
  EXPECT_EQ(counter.world.published.front().type, "plugin.called");
  EXPECT_EQ(json::parse(counter.world.published.front().data).at("staff"), "clerk-7");
}

TEST_F(PluginMethods, are_held_against_roles_and_schema_before_the_plugin_is_asked) {
  const auto pointer = [&](std::string_view method, json::object params) {
    const auto error = counter.error(method, std::move(params));
    EXPECT_EQ(error.at("reason"), "invalid_params");
    return std::string(error.at("details").at("pointer").as_string());
  };
  EXPECT_EQ(pointer("queue-board.take", {{"staff", "clerk-7"}}), "/office");
  EXPECT_EQ(pointer("queue-board.take", {{"office", "hall"}}), "/staff");
  EXPECT_EQ(pointer("queue-board.take", {{"office", ""}, {"staff", "clerk-7"}}), "/office");
  EXPECT_EQ(pointer("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}, {"far", 1}}), "/far");
  EXPECT_EQ(pointer("queue-board.take",
                    {{"office", "hall"}, {"staff", "clerk-7"}, {"kinds", json::array{"other", "none"}}}),
            "/kinds/1");
  EXPECT_EQ(pointer("queue-board.count", {}), "/case");
  EXPECT_EQ(counter.reason("queue-board.count", {{"case", "none"}}), "not_found");
  EXPECT_EQ(counter.reason("queue-board.other", {}), "method_not_found");
  counter.caller.roles = rpc::only(rpc::Role::display);
  EXPECT_EQ(counter.reason("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}}), "forbidden");
  EXPECT_EQ(plugins.calls, 0);
}

TEST_F(PluginMethods, that_list_take_a_cursor_that_the_plugin_does_not_see) {
  std::vector<std::string> offered;
  const auto document = counter.result("rpc.discover");
  for (const auto& method : document.at("methods").as_array()) {
    if (method.at("name") != "queue-board.open") continue;
    for (const auto& param : method.at("params").as_array())
      offered.emplace_back(param.at("name").as_string());
  }
  EXPECT_THAT(offered, testing::ElementsAre("office", "cursor"));
  plugins.on_call = [this](const counter::PluginPort::Asked& asked) -> counter::test::TestPlugins::Step {
    given = asked.params;
    return policy::PluginStep{asked.states == nullptr ? json::object() : *asked.states, {}, {}};
  };
  const auto reply = counter.result("queue-board.open", {{"office", "hall"}, {"cursor", "260101-A"}});
  EXPECT_EQ(json::serialize(reply), R"({"items":[],"next":null})");
  EXPECT_EQ(json::serialize(given), R"({"office":"hall"})");
  EXPECT_EQ(counter.reason("queue-board.open", {{"cursor", ""}}), "invalid_params");
  EXPECT_EQ(counter.reason("queue-board.take", {{"office", "hall"}, {"staff", "x"}, {"cursor", "y"}}),
            "invalid_params");
}

TEST_F(PluginMethods, stand_in_the_document_with_an_example_that_holds) {
  const auto document = counter.result("rpc.discover");
  int found = 0;
  for (const auto& method : document.at("methods").as_array()) {
    const std::string name(method.at("name").as_string());
    if (name != "queue-board.take") continue;
    ++found;
    EXPECT_EQ(json::serialize(method.at("x-roles")), R"(["clerk"])");
    EXPECT_EQ(method.at("params").at(0).at("name"), "office");
    EXPECT_EQ(method.at("params").at(0).at("schema").at("minLength"), 1);
    EXPECT_EQ(method.at("params").at(0).at("description"), "where");
    EXPECT_EQ(method.at("params").at(1).at("schema").at("items").at("enum").at(0), "renewal");
    EXPECT_EQ(method.at("params").at(2).at("name"), "staff");
  }
  EXPECT_EQ(found, 1);
}

TEST_F(PluginMethods, that_fail_or_refuse_say_so_with_their_name) {
  plugins.on_call = [](const counter::PluginPort::Asked&) -> counter::test::TestPlugins::Step {
    return base::make_fault(base::Code::conflict, "",
                            {{"plugin", "queue-board"}, {"ja", "ない"}, {"en", "none"}});
  };
  const auto refused = counter.error("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}});
  EXPECT_EQ(refused.at("reason"), "conflict");
  EXPECT_EQ(refused.at("details").at("en"), "none");
  plugins.on_call = [](const counter::PluginPort::Asked&) -> counter::test::TestPlugins::Step {
    return base::make_fault(base::Code::plugin_timeout, "", {{"plugin", "queue-board"}});
  };
  EXPECT_EQ(counter.reason("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}}), "plugin.timeout");
}

TEST_F(PluginMethods, that_read_are_answered_to_the_end) {
  const auto id = counter.open();
  counter.world.desk->stop();
  counter.dispatcher.refuse_new();
  EXPECT_EQ(counter.result("queue-board.count", {{"case", id}}).at("count"), 1);
  EXPECT_EQ(counter.reason("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}}), "shutting_down");
}

TEST_F(PluginMethods, go_with_their_plugin) {
  counter.plugin_methods.clear();
  counter.serve_plugin_methods();
  EXPECT_EQ(counter.reason("queue-board.take", {{"office", "hall"}, {"staff", "clerk-7"}}),
            "method_not_found");
}

TEST_F(PluginMethods, of_one_plugin_that_cannot_be_served_leave_the_others_theirs) {
  auto foul = counter.plugin_methods.front();
  foul.plugin = "privacy";
  foul.method.verb = "erase";
  counter.plugin_methods.push_back(foul);
  const auto served = api::plugin_methods(counter.table, counter.parts, counter.plugin_methods);
  ASSERT_EQ(served.refused.size(), 1U);
  EXPECT_EQ(served.refused.front().details.at("plugin"), "privacy");
  counter.table.set_guests(served.guests);
  EXPECT_EQ(counter.reason("privacy.erase"), "method_not_found");
  EXPECT_EQ(counter.result("queue-board.count", {{"case", counter.open()}}).at("count"), 1);
}

// Whatever family core has: its name is no plugin's.
TEST_F(PluginMethods, stand_in_no_family_of_core_s) {
  std::set<std::string> families;
  for (const auto& row : counter.table.rows()) families.emplace(row.name.substr(0, row.name.find('.')));
  ASSERT_GT(families.size(), 8U);
  for (const auto& family : families) {
    const json::object manifest{{"name", family},
                                {"version", "1.0.0"},
                                {"vendor", "somebody"},
                                {"abi", {{"major", 1}, {"minor", 0}}},
                                {"hooks", {"call"}},
                                {"library", "it.so"},
                                {"sha256", std::string(64, 'a')}};
    const auto refused = extension::parse_manifest(json::serialize(manifest));
    ASSERT_FALSE(refused) << family;
    EXPECT_THAT(refused.error().inner, HasSubstr("reserved")) << family;
  }
}

TEST_F(PluginMethods, what_they_note_stands_in_the_timeline_in_their_words) {
  plugins.on_call = [](const counter::PluginPort::Asked&) -> counter::test::TestPlugins::Step {
    return policy::PluginStep{
        nullptr, {}, {policy::PluginNote{{"照会書を発送しました", "The letter was sent"}}}};
  };
  auto touching = counter.plugin_methods.at(1);
  touching.method.touches = extension::Touches::visit;
  counter.plugin_methods = {touching};
  counter.serve_plugin_methods();
  const auto id = counter.open();
  counter.call("queue-board.take", {{"case", id}, {"office", "hall"}, {"staff", "clerk-7"}});
  const auto entry =
      counter.result("cases.timeline", {{"case", id}}).at("entries").as_array().back().as_object();
  EXPECT_EQ(entry.at("kind"), "plugin.note");
  EXPECT_THAT(std::string(entry.at("en").as_string()), HasSubstr("The letter was sent"));
  EXPECT_THAT(std::string(entry.at("ja").as_string()), HasSubstr("照会書を発送しました"));
}

}  // namespace
}  // namespace madoguchi::api::test
