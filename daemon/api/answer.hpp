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

// The parameters of a request that its row has already checked.
inline std::string text(const boost::json::object& params, std::string_view key) {
  const auto* value = params.if_contains(key);
  return value == nullptr ? std::string() : std::string(value->get_string());
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

}  // namespace madoguchi::api
