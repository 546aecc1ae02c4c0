// A plugin's own methods, as its description declares them, and what its two hooks about state may answer.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "extension/schema.hpp"
#include "policy/plugin_step.hpp"

namespace madoguchi::extension {

// Which state a method is given and may change.
enum class Touches : std::uint8_t { nothing, plugin, visit };
inline constexpr std::array<std::string_view, 3> touches_names{"nothing", "plugin", "case"};

struct DeclaredMethod {
  std::string verb;     // served as "<plugin>.<verb>"
  std::string summary;  // one sentence
  Schema params;        // of an object that takes no further members
  Schema result;
  std::vector<std::string> roles;  // the daemon's words; at least one
  Touches touches = Touches::nothing;
  bool reads = false;   // changes nothing
  bool states = false;  // it is given what the plugin keeps about cases, page by page
};

struct ServedMethod {
  std::string plugin;
  DeclaredMethod method;
};

// A longer state is no answer.
inline constexpr std::size_t longest_state = std::size_t{64} * 1024;

// All of them: plugin_failed, with what is wrong in `inner`.
base::Result<policy::PluginStep> parse_advance(std::string_view document);
// Nothing was wrong with the plugin when it refuses: it says why to whoever called.
struct Called {
  std::optional<policy::Text> refused;
  policy::PluginStep step;
};
// `before` is the state that it was given: a method that reads must give it back.
base::Result<Called> parse_call(std::string_view document, const DeclaredMethod& method,
                                const boost::json::value& before);

}  // namespace madoguchi::extension
