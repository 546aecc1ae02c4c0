// Misbehaviour on demand: what a bad network, a busy authority or a broken one does to its clients.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace madoguchi::simulated_ca {

enum class FaultKind : std::uint8_t {
  lose_reply,  // process the message, then close the connection without an answer
  delay,       // answer after `delay`
  hang,        // neither process nor answer; the connection stays open
  http_500,    // not processed
  reject,      // refuse with `failure` and `text`; nothing is remembered, so the same bytes may succeed later
  unsigned_error,  // refuse with an error message that carries no protection
  garbage,         // process the message, then spoil the answer on its way: see `mode`
  wrong_key,       // issue a certificate for another key
  wrong_subject,   // issue a certificate for another name
  wrong_dates,     // issue a certificate that ends `days` later (negative: earlier)
  waiting,         // answer "waiting", and `polls` poll requests with "check after `check_after` seconds"
};

enum class GarbageMode : std::uint8_t {
  random,      // bytes that are no PKIMessage
  truncated,   // half of the answer
  nonce,       // a validly protected answer to some other request
  protection,  // one bit of the signature is wrong
};

struct PlannedFault {
  FaultKind kind = FaultKind::lose_reply;
  std::string body = "any";  // ir, cr, p10cr, kur, rr, genm, certConf, pollReq, any
  int count = 1;             // for so many matching messages
  std::chrono::milliseconds delay{1000};
  int failure = 25;  // bit of PKIFailureInfo (RFC 4210 5.2.3); 25 is systemFailure
  std::string text = "refused on demand";
  GarbageMode mode = GarbageMode::random;
  int days = -1;
  int polls = 1;
  int check_after = 1;  // seconds
};

// Every fault whose body matches a message takes effect on it, and has one message less to spoil.
class FaultPlan {
 public:
  // One object such as {"fault": "delay", "body": "cr", "count": 2, "ms": 500}, an array of these, or
  // {"clear": true}. Members: fault, body, count, ms, failure (name or bit), text, mode, days, polls,
  // check_after. invalid_params, and nothing planned, on any other member, name or range.
  base::Result<void> add(const boost::json::value& order);
  std::vector<PlannedFault> take(std::string_view body);
  // What is still to come.
  [[nodiscard]] boost::json::array describe() const;

 private:
  std::vector<PlannedFault> planned_;
};

}  // namespace madoguchi::simulated_ca
