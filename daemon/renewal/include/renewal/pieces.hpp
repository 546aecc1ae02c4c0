// A stored case in pieces: what changes with every step, and what is large and seldom does. So a step makes
// durable what it has changed, and not certificates, decision and the words with the authority over again.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "base/result.hpp"

namespace madoguchi::renewal {

struct Pieces {
  boost::json::object body;
  std::map<std::string, std::string> apart;  // JSON by its pointer into the whole
};

// Of what to_stored() wrote.
Pieces take_apart(boost::json::object stored);
// The whole again; internal when a piece is missing or has no place. A body that was never taken apart, as
// earlier releases kept it, is whole by itself.
base::Result<boost::json::object> put_together(boost::json::object body,
                                               const std::map<std::string, std::string>& apart);

}  // namespace madoguchi::renewal
