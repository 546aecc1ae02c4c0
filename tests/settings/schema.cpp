#include "schema.hpp"

// First, since valijson's adapter takes Boost.JSON's own headers for granted.
#include <boost/json.hpp>
#include <map>
#include <memory>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "support.hpp"

namespace madoguchi::settings {
namespace {

namespace json = boost::json;
using valijson::adapters::BoostJsonAdapter;

const valijson::Schema& parsed(const std::string& name) {
  static std::map<std::string, std::unique_ptr<valijson::Schema>> all;
  auto& made = all[name];
  if (!made) {
    made = std::make_unique<valijson::Schema>();
    valijson::SchemaParser parser;
    const auto fetch = [](const std::string& uri) -> const json::value* {
      return new json::value(json::parse(shipped("schema/" + uri.substr(uri.rfind('/') + 1))));
    };
    const auto release = [](const json::value* document) { delete document; };
    const json::value text = schema(name);
    parser.populateSchema(BoostJsonAdapter(text), *made, fetch, release);
  }
  return *made;
}

}  // namespace

json::value schema(const std::string& name) {
  return json::parse(shipped("schema/" + name + ".schema.json"));
}

std::string violation(const std::string& name, const json::value& value) {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(parsed(name), BoostJsonAdapter(value), &results)) return {};
  valijson::ValidationResults::Error error;
  std::string text = "invalid";
  if (results.popError(error)) {
    text.clear();
    for (const auto& step : error.context) text += step;
    text += ": " + error.description;
  }
  return text;
}

}  // namespace madoguchi::settings
