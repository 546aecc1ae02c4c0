// From a coroutine's result to a reply.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/actor.hpp"
#include "rpc/method.hpp"

namespace madoguchi::api {

using Reply = base::Result<boost::json::value>;

// Runs `work` on the loop and answers with what comes of it; an exception is answered as `internal`.
inline void answer(boost::asio::io_context& loop, rpc::Responder respond,
                   boost::asio::awaitable<Reply> work) {
  auto kept = std::make_shared<rpc::Responder>(std::move(respond));
  boost::asio::co_spawn(loop, std::move(work), [kept](const std::exception_ptr& thrown, Reply reply) {
    if (!thrown) {
      (*kept)(std::move(reply));
      return;
    }
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      (*kept)(base::make_fault(base::Code::internal, error.what()));
    }
  });
}

// A fault about the facts points into them; a client looks for the place in what it sent.
inline base::Fault about_facts(base::Fault fault) {
  auto* pointer = fault.details.if_contains("pointer");
  if (fault.code == base::Code::invalid_params && pointer != nullptr && pointer->is_string()) {
    *pointer = "/facts" + std::string(pointer->get_string());
  }
  return fault;
}

// What any method may answer that makes something durable.
inline std::vector<base::Code> with_storage(std::vector<base::Code> faults) {
  faults.insert(faults.end(), {base::Code::storage_full, base::Code::storage_unavailable});
  return faults;
}

inline rpc::Param facts_param(std::string_view description) {
  return {.name = "facts",
          .type = rpc::Param::Type::object,
          .required = true,
          .description = description,
          .schema = R"({"allOf":[{"$ref":"#/components/schemas/Facts"}]})"};
}

// The parameters of a request that its row has already checked.
inline std::string text(const boost::json::object& params, std::string_view key) {
  const auto* value = params.if_contains(key);
  return value == nullptr ? std::string() : std::string(value->get_string());
}
// Its own: a plain copy would stay in the request's memory, which is wiped when the handler returns.
inline boost::json::object object(const boost::json::object& params, std::string_view key) {
  return {params.at(key).get_object(), boost::json::storage_ptr()};
}
// A list of texts, or what its place was to have; nothing where it is not given.
inline base::Result<std::vector<std::string>> texts(const boost::json::object& params, std::string_view key,
                                                    std::string_view expected) {
  std::vector<std::string> all;
  const auto* given = params.if_contains(key);
  if (given == nullptr) return all;
  for (const auto& each : given->get_array()) {
    if (!each.is_string()) {
      return base::make_fault(
          base::Code::invalid_params, {},
          {{"pointer", "/" + std::string(key) + "/" + std::to_string(all.size())}, {"expected", expected}});
    }
    all.emplace_back(each.get_string());
  }
  return all;
}
inline std::optional<std::int64_t> number(const boost::json::object& params, std::string_view key) {
  const auto* value = params.if_contains(key);
  if (value == nullptr) return std::nullopt;
  return value->get_int64();
}
inline bool flag(const boost::json::object& params, std::string_view key) {
  const auto* value = params.if_contains(key);
  return value != nullptr && value->get_bool();
}

// Who has it done: as the socket knows the caller, and as the front end names the clerk.
inline base::Actor acting(const rpc::Caller& caller, const boost::json::object& params) {
  return {.uid = caller.uid, .role = rpc::names(caller.roles), .staff = text(params, "staff")};
}

}  // namespace madoguchi::api
