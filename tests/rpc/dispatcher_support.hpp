// A dispatcher with a method of each kind, a log to look at, and one conversation with it.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc/dispatcher.hpp"

namespace madoguchi::rpc {
namespace json = boost::json;

struct Line {
  std::string id;
  std::string text;
};

class RecordingLog final : public base::Log {
 public:
  void write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) override {
    std::string text;
    for (const auto& field : fields) {
      text.append(field.name).append("=");
      if (const auto* words = std::get_if<std::string>(&field.value)) {
        text.append(*words);
      } else {
        text.append(std::to_string(std::get<std::int64_t>(field.value)));
      }
      text.append(" ");
    }
    lines.push_back({std::string(id), text});
  }
  std::vector<Line> lines;
};

class TextOutlet final : public Outlet {
 public:
  std::string& output() override { return text; }
  void advanced() override { ++times; }
  std::string text;
  int times = 0;
};

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    const auto two = [](std::string_view name, std::string_view summary, Handler handler,
                        bool reads = false) {
      return Method{.name = name,
                    .summary = summary,
                    .params = {{.name = "a", .type = Param::Type::integer},
                               {.name = "b", .type = Param::Type::integer}},
                    .handler = std::move(handler),
                    .reads = reads};
    };
    table.add(
        two("subtract", "Takes b from a.", [](const Caller&, const json::object& params, Responder respond) {
          respond(json::value(params.at("a").as_int64() - params.at("b").as_int64()));
        }));
    table.add(two("later", "Answers when it is told to.",
                  [this](const Caller&, const json::object&, Responder respond) {
                    held.push_back(std::move(respond));
                  }));
    table.add(two(
        "look", "Reads.", [](const Caller&, const json::object&, Responder r) { r(json::value("seen")); },
        true));
    table.add(two("forget", "Drops it.", [](const Caller&, const json::object&, Responder) {}));
    table.add(two("throw", "Throws.", [](const Caller&, const json::object&, Responder) {
      throw std::runtime_error("the cellar is flooded");
    }));
    table.add(two("throw_after", "Answers, then throws.",
                  [](const Caller&, const json::object&, Responder respond) {
                    respond(json::value(1));
                    throw std::runtime_error("too late");
                  }));
    table.add(two("throw_number", "Throws what nobody throws.",
                  [](const Caller&, const json::object&, Responder) { throw 42; }));
    table.add(two("fail", "Refuses.", [](const Caller&, const json::object&, Responder respond) {
      respond(base::make_fault(base::Code::pin_wrong, "63C2", {{"tries_left", 2}, {"case", "C-1"}}));
    }));
    table.add(two("break", "Fails inside.", [](const Caller&, const json::object&, Responder respond) {
      respond(base::make_fault(base::Code::internal, "row 7 of cases", {{"path", "/secret"}}));
    }));
    table.add({.name = "pin",
               .summary = "Takes a PIN.",
               .params = {{.name = "value", .type = Param::Type::secret, .required = true}},
               .example = R"({"value":"0000"})",
               .handler = [this](const Caller&, const json::object& params, Responder respond) {
                 const auto& value = params.at("value").as_string();
                 seen_text = std::string(value.data(), value.size());
                 seen_at = value.data();
                 respond(json::value(nullptr));
               }});
    table.add(
        two("text", "Answers with JSON text.",
            [](const Caller&, const json::object&, Responder respond) { respond.text(R"({"a":[1,2]})"); }));
    table.add(
        {.name = "facts",
         .summary = "Takes anything.",
         .params = {{.name = "facts", .type = Param::Type::object}},
         .handler = [](const Caller&, const json::object&, Responder respond) { respond(json::value(1)); }});
    talk = dispatcher->converse(outlet);
  }

  // What came out, one value a line.
  std::vector<json::value> replies() {
    std::vector<json::value> all;
    std::size_t begin = 0;
    for (auto end = outlet.text.find('\n'); end != std::string::npos; end = outlet.text.find('\n', begin)) {
      all.push_back(json::parse(std::string_view(outlet.text).substr(begin, end - begin)));
      begin = end + 1;
    }
    EXPECT_EQ(begin, outlet.text.size()) << "an unfinished line";
    outlet.text.clear();
    return all;
  }
  json::value ask(std::string_view line) {
    talk->receive(caller, line);
    auto all = replies();
    EXPECT_EQ(all.size(), 1U) << line;
    return all.empty() ? json::value() : all.front();
  }
  static std::string reason(const json::value& reply) {
    return std::string(reply.at("error").at("data").at("reason").as_string());
  }
  static std::string request(std::string_view method, int id) {
    return R"({"jsonrpc":"2.0","method":")" + std::string(method) + R"(","id":)" + std::to_string(id) + "}";
  }

  MethodTable table;
  RecordingLog log;
  std::unique_ptr<Dispatcher> dispatcher =
      std::make_unique<Dispatcher>(table, log, Limits{.in_flight = 3, .batch = 8});
  TextOutlet outlet;
  std::shared_ptr<Conversation> talk;
  Caller caller{.uid = 1000, .roles = all_roles, .peer = {}};
  std::vector<Responder> held;
  std::string seen_text;
  const char* seen_at = nullptr;
};

}  // namespace madoguchi::rpc
