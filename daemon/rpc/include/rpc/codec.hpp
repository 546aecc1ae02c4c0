// One line of text to a JSON-RPC 2.0 message and back (https://www.jsonrpc.org/specification).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "rpc/scratch.hpp"

namespace madoguchi::rpc {

// As strict as base::parse_json. Otherwise parse_error, with details.offset (bytes) and details.problem,
// which never repeats the text. The value lives in `memory`, until that is released.
base::Result<const boost::json::value*> parse(std::string_view text, Scratch& memory);

// Of a request; without one it is a notification.
using Id = std::variant<std::monostate, std::nullptr_t, std::int64_t, std::string>;
inline bool absent(const Id& id) {
  return std::holds_alternative<std::monostate>(id);
}

struct Request {
  Id id;
  std::string_view method;
  const boost::json::object* params = nullptr;  // never null once read
  bool more = false;                            // the message has members that no request has
};

// Fills `request` from a message; views point into it. On a fault (invalid_request, or invalid_params for
// positional parameters) request.id is what the error has to carry: null where it could not be read.
base::Result<void> read_request(const boost::json::value& message, Request& request);

// Each appends to `out`. Text that is not UTF-8 becomes U+FFFD, a number that JSON does not know becomes
// null.
void append_json(std::string& out, const boost::json::value& value);
void append_text(std::string& out, std::string_view text);
// Each a response without the line's end; `json` is the result as JSON text.
void append_result(std::string& out, const Id& id, const boost::json::value& result);
void append_result_text(std::string& out, const Id& id, std::string_view json);
// error: {code, message, data: {reason, ja, en, retryable, case?, details?}}; details.case moves up to
// data.case. fault.inner is not written. An absent id is written as null.
void append_fault(std::string& out, const Id& id, const base::Fault& fault);

}  // namespace madoguchi::rpc
