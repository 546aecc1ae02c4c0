#include "policy/contact.hpp"

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

}  // namespace madoguchi::policy
