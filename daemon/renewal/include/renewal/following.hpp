// What plugins that follow cases are told: which records of the journal, and what of the case.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "renewal/case.hpp"

namespace madoguchi::renewal {

struct Heard {
  bool deniable =
      false;  // the step can still be left undone: nothing has happened on a card, or at an authority
  bool beginning = false;  // the issuing is about to begin
};
// Nothing for what is the daemon's own, e.g. each step of a saga.
std::optional<Heard> heard_of(std::string_view record);

// {type, at, pin?, reason?}; `body` is the record's.
boost::json::object event_of(std::string_view record, base::Instant at, const boost::json::object& body);

// The case without what is nobody's business but the daemon's: no card, no reader, no clerk, no key.
boost::json::object to_plugin(const Case& visit);

}  // namespace madoguchi::renewal
