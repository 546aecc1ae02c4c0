// What a plugin answers to an event of a case, or to a call of a method of its own.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/text.hpp"

namespace madoguchi::policy {

// What the daemon is to do for it. The list is closed: a plugin can tell, hold back and note, nothing else.
struct PluginEvent {
  std::string topic;  // cases, queue or plugins
  std::string name;   // told as "<plugin>.<name>", so that none can pass for core's
  boost::json::object data;
};
// Holds the case back from being issued, or lets go of what this plugin itself holds.
struct PluginHold {
  bool held = false;
  Text why;
};
// For the case's timeline.
struct PluginNote {
  Text text;
};
using PluginEffect = std::variant<PluginEvent, PluginHold, PluginNote>;

struct PluginStep {
  boost::json::value reply;                  // of a method; null to an event
  std::optional<boost::json::object> state;  // what it keeps from now on; nothing: nothing
  std::vector<PluginEffect> effects;
};

}  // namespace madoguchi::policy
