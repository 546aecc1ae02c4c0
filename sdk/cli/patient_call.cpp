#include "patient_call.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>

namespace madoguchi::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto patience = 15s;
constexpr std::int64_t unless_told_ms = 250;
constexpr std::int64_t longest_ms = 2'000;

bool passes(const client::RpcError& error, const boost::json::object& params) {
  if (error.reason == "overloaded") return error.details.contains("retry_after_ms");
  const auto holder = text_at(error.details, "case");
  return error.reason == "reader.busy" && !holder.empty() && holder == text_at(params, "case");
}

// False: interrupted.
bool wait(const Context& context, std::int64_t ms) {
  pollfd interrupt{context.interrupts.fd(), POLLIN, 0};
  ::poll(&interrupt, 1, static_cast<int>(std::clamp<std::int64_t>(ms, 1, longest_ms)));
  return !context.interrupts.pending();
}

}  // namespace

client::Reply call_patiently(const Context& context, client::Client& client, std::string_view method,
                             const boost::json::object& params, const client::CallOptions& options) {
  const auto end = Clock::now() + patience;
  for (;;) {
    auto reply = client.call(method, params, options);
    if (reply || !passes(reply.error(), params) || Clock::now() >= end) return reply;
    if (!wait(context, number_at(reply.error().details, "retry_after_ms", unless_told_ms))) return reply;
  }
}

}  // namespace madoguchi::cli
