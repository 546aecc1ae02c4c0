#include "section_schema.hpp"

// First, since valijson's adapter takes Boost.JSON's own headers for granted.
#include <boost/json.hpp>
#include <exception>
#include <map>
#include <string>
#define VALIJSON_USE_EXCEPTIONS 1  // or it ends the process
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/json_pointer.hpp"

namespace madoguchi::extension {
namespace {

using valijson::adapters::BoostJsonAdapter;

// valijson's {"<root>", "[openings]", "[0]"} by RFC 6901.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (std::size_t i = 1; i < context.size(); ++i) {
    const std::string_view step(context[i]);
    pointer = base::below(pointer, step.size() > 2 ? step.substr(1, step.size() - 2) : step);
  }
  return pointer;
}

// Every level around a mistake says that something within it is wrong: the place itself is what helps.
std::vector<Remark> innermost(const valijson::ValidationResults& results) {
  std::map<std::string, std::string> first;  // sorted, so that what is within a place follows it
  for (const auto& error : results) first.try_emplace(pointer_of(error.context), error.description);
  std::vector<Remark> remarks;
  for (auto at = first.begin(); at != first.end(); ++at) {
    const auto within = first.lower_bound(at->first + "/");
    const bool around = within != first.end() && within->first.starts_with(at->first + "/");
    if (!around) remarks.push_back({at->first, "not as the plugin's schema has it: " + at->second});
  }
  return remarks;
}

}  // namespace

base::Result<std::vector<Remark>> violations(const boost::json::object& schema,
                                             const boost::json::object& section) {
  try {
    const boost::json::value text(schema);
    const boost::json::value value(section);
    valijson::Schema parsed;
    valijson::SchemaParser().populateSchema(BoostJsonAdapter(text), parsed);
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    if (validator.validate(parsed, BoostJsonAdapter(value), &results)) return std::vector<Remark>();
    return innermost(results);
  } catch (const std::exception& error) {
    return base::make_fault(base::Code::plugin_failed,
                            "describe: section: no JSON Schema: " + std::string(error.what()));
  }
}

}  // namespace madoguchi::extension
