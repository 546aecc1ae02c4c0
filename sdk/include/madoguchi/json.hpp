// The JSON library that a plugin carries in itself: Boost.JSON, compiled into the plugin (json.cpp) and
// hidden in it, so that nothing of it is shared with the daemon or with another plugin.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serializer.hpp>
#include <boost/json/value.hpp>

namespace madoguchi::plugin {

namespace json = boost::json;

}  // namespace madoguchi::plugin
