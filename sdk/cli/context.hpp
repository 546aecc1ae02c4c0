// What every command works with, and how it ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exit_codes.hpp"
#include "interrupts.hpp"
#include "madoguchi_client/client.hpp"
#include "output.hpp"

namespace madoguchi::cli {

struct Context {
  const Interrupts& interrupts;
  Output& out;
  std::string socket{};

  [[nodiscard]] client::Outcome<client::Client> connect() const {
    return client::Client::open({.socket = socket, .interrupt_fd = interrupts.fd()});
  }
  [[nodiscard]] Lang lang() const { return out.lang(); }
};

// Says what went wrong and, for a case, how to go on; gives the exit code.
int fail(const Context& context, const client::RpcError& error, std::string_view case_id = {});
// As fail(), of a case that was named by its id, which may be mistyped.
int fail_about_case(const Context& context, const client::RpcError& error);
// For what the command itself finds wrong. As JSON: {"error": {"reason": "usage", ...}}.
int fail_usage(const Context& context, Key key, std::initializer_list<std::string_view> arguments = {});
// The exit code of a command that has said all it had to say.
int finish(const Context& context, int code = done, std::string_view case_id = {});

// In the language of the context.
std::string text_of(const Context& context, const client::RpcError& error);

// For reading the daemon's documents, of which any member may be missing.
// On one line, for people; whole_at() for what goes on as it is, or is of several lines.
std::string text_at(const boost::json::object& object, std::string_view key);
std::string whole_at(const boost::json::object& object, std::string_view key);
// A time as people read it, in Japan as the daemon gives it: 2026-04-20 10:00:00.
std::string time_at(const boost::json::object& object, std::string_view key);
std::int64_t number_at(const boost::json::object& object, std::string_view key, std::int64_t otherwise);
// False, too, where it is missing.
bool flag_at(const boost::json::object& object, std::string_view key);
const boost::json::object* object_at(const boost::json::object& object, std::string_view key);
const boost::json::array* array_at(const boost::json::object& object, std::string_view key);
// {ja, en} in the language of the context.
std::string words_at(const Context& context, const boost::json::object& object);

}  // namespace madoguchi::cli
