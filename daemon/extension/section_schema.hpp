// A plugin's section of the policy, held against the JSON Schema that the plugin describes it with.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "extension/answers.hpp"

namespace madoguchi::extension {

// What of the section is against the schema, the innermost places only. plugin_failed when the schema is
// none. The schema is the plugin's: to be called where the plugin runs, since one can be written that never
// ends.
base::Result<std::vector<Remark>> violations(const boost::json::object& schema,
                                             const boost::json::object& section);

}  // namespace madoguchi::extension
