// Who is served what, and until when.
#include "dispatcher_support.hpp"

namespace madoguchi::rpc {
namespace {

class DispatcherAccess : public DispatcherTest {};

TEST_F(DispatcherAccess, EveryRowIsServedToItsRolesOnly) {
  MethodTable rows;
  for (int bits = 1; bits <= 15; ++bits) {
    static std::vector<std::string> names(16);
    names[static_cast<std::size_t>(bits)] = "m" + std::to_string(bits);
    rows.add({.name = names[static_cast<std::size_t>(bits)],
              .roles = {static_cast<std::uint8_t>(bits)},
              .handler = [](const Caller&, const json::object&, Responder r) { r(json::value(true)); }});
  }
  Dispatcher guarded(rows, log);
  const auto guard = guarded.converse(outlet);
  for (const auto& row : rows.rows()) {
    for (int have = 0; have <= 15; ++have) {
      guard->receive({.uid = 1, .roles = {static_cast<std::uint8_t>(have)}, .peer = {}},
                     request(row.name, 1));
      const auto all = replies();
      ASSERT_EQ(all.size(), 1U);
      const bool may = (have & row.roles.bits) != 0;
      EXPECT_EQ(all[0].as_object().contains("result"), may) << row.name << " " << have;
      if (!may) {
        EXPECT_EQ(all[0].at("error").at("code"), -32003);
      }
    }
  }
}

TEST_F(DispatcherAccess, AccessIsCheckedBeforeParameters) {
  caller.roles = {};
  EXPECT_EQ(reason(ask(R"({"jsonrpc":"2.0","method":"pin","params":{"value":1},"id":1})")), "forbidden");
}

// A role may be wanting for what is asked of a method that it may call.
TEST_F(DispatcherAccess, WhatAMethodRefusesForWantOfARoleIsToldOnce) {
  std::vector<std::string> told;
  dispatcher =
      std::make_unique<Dispatcher>(table, log, Limits{}, [&](const Caller& by, std::string_view method) {
        told.push_back(std::to_string(by.uid) + " " + names(by.roles) + " " + std::string(method));
      });
  talk = dispatcher->converse(outlet);
  table.add({.name = "hear",
             .summary = "Refuses a topic.",
             .handler = [](const Caller&, const json::object&, Responder respond) {
               respond(base::make_fault(base::Code::forbidden, {}, {{"topic", "cases"}}));
             }});
  EXPECT_EQ(reason(ask(request("hear", 1))), "forbidden");
  EXPECT_EQ(told, std::vector{std::to_string(caller.uid) + " " + names(caller.roles) + " hear"});
}

// What a call should have looked like is for those who may make it.
TEST_F(DispatcherAccess, AccessIsCheckedBeforeTheFormOfParameters) {
  for (const auto* params : {"[1]", "5", "\"a\"", "null"}) {
    const auto call = R"({"jsonrpc":"2.0","method":"pin","params":)" + std::string(params) + R"(,"id":1})";
    const auto allowed = caller.roles;
    EXPECT_NE(reason(ask(call)), "forbidden") << params;
    caller.roles = {};
    EXPECT_EQ(reason(ask(call)), "forbidden") << params;
    caller.roles = allowed;
  }
}

TEST_F(DispatcherAccess, WhileStoppingOnlyReadsAreServed) {
  talk->receive(caller, request("later", 1));
  dispatcher->refuse_new();
  EXPECT_EQ(reason(ask(request("subtract", 2))), "shutting_down");
  EXPECT_EQ(ask(request("look", 3)).at("result"), "seen");
  int idle = 0;
  dispatcher->when_idle([&] { ++idle; });
  EXPECT_EQ(idle, 0);
  held[0](json::value(1));
  EXPECT_EQ(idle, 1);
  EXPECT_EQ(replies().size(), 1U);
  dispatcher->when_idle([&] { ++idle; });
  EXPECT_EQ(idle, 2);
}

TEST_F(DispatcherAccess, AnAnswerMayOutliveConnectionAndDispatcher) {
  talk->receive(caller, request("later", 1));
  talk->receive(caller, "[" + request("later", 2) + "]");
  talk->receive(caller, request("later", 3));
  talk->close();
  talk.reset();
  held[0](json::value(1));
  EXPECT_EQ(dispatcher->running(), 2U);
  dispatcher.reset();
  held[1](base::make_fault(base::Code::internal, "gone"));
  held.clear();
  EXPECT_EQ(outlet.text, "");
  EXPECT_TRUE(log.lines.empty());
}

}  // namespace
}  // namespace madoguchi::rpc
