// A text as clients and plugins are told it.
#pragma once

#include <boost/json/object.hpp>

#include "policy/text.hpp"

namespace madoguchi::policy {

inline boost::json::object to_json(const Text& text) {
  return {{"ja", text.ja}, {"en", text.en}};
}

}  // namespace madoguchi::policy
