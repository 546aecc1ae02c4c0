// What is known of the case that is decided for, beside its facts. No rule of core's asks for it: plugins say
// by it what follows, and what not any more.
#pragma once

#include <boost/json/object.hpp>

namespace madoguchi::policy {

struct CaseSoFar {
  // False for what is left of a case whose issuing has begun: no application is received for it.
  bool application = true;
  boost::json::object kept{};  // what plugins keep about it, by their names
};

}  // namespace madoguchi::policy
