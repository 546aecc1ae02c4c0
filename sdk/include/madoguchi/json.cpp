// Boost.JSON, compiled once into a plugin.
#include <boost/json/src.hpp>
