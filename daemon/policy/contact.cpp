#include "policy/contact.hpp"

#include <algorithm>

namespace madoguchi::policy {

boost::json::object to_json(const Contact& contact) {
  boost::json::object told;
  const auto tell = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) told[key] = value;
  };
  tell("phone", contact.phone);
  tell("fax", contact.fax);
  tell("url", contact.url);
  return told;
}

const Contact& contact_of(const Policy& policy, const Office& office) {
  if (office.contact != Contact{}) return office.contact;
  if (policy.municipality.contact != Contact{}) return policy.municipality.contact;
  const auto main = std::find_if(policy.offices.begin(), policy.offices.end(), [](const Office& other) {
    return other.kind == OfficeKind::main && other.contact != Contact{};
  });
  return main == policy.offices.end() ? office.contact : main->contact;
}

}  // namespace madoguchi::policy
