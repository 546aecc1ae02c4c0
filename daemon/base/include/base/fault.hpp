// The one error vocabulary: a stable public code, what may be shown, and what may only be logged.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace madoguchi::base {

// One value a public reason; `base/code_book.hpp` has the names, numbers and texts.
enum class Code : std::uint8_t {
  parse_error,
  invalid_request,
  method_not_found,
  invalid_params,
  internal,
  not_found,
  conflict,
  forbidden,
  reader_busy,
  reader_gone,
  reader_service_down,
  card_absent,
  card_removed,
  card_mute,
  card_unknown,
  card_different,
  card_refused,
  pin_required,
  pin_wrong,
  pin_locked,
  pin_malformed,
  pin_last_try,
  pin_tries_changed,
  pin_timeout,
  pin_cancelled,
  policy_blocked,
  policy_invalid,
  policy_not_in_force,
  authority_unreachable,
  authority_rejected,
  authority_mismatch,
  authority_waiting,
  authority_clock,
  plugin_failed,
  plugin_timeout,
  overloaded,
  shutting_down,
  storage_full,
  storage_unavailable,
};

struct Fault {
  Code code = Code::internal;
  // For the log only: may name files, status words, library errors. Never a secret.
  std::string inner;
  // May be shown to a client: small facts such as `tries_left` or `pointer`.
  boost::json::object details;
};

Fault make_fault(Code code, std::string inner = {}, boost::json::object details = {});

// `what: reason: inner`, for logs and test failures.
std::string describe(const Fault& fault);

}  // namespace madoguchi::base
