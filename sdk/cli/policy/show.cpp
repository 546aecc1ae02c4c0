// Policies as they stand: one, or two compared.
#include <boost/json/serialize.hpp>
#include <set>

#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace json = boost::json;
using Values = std::map<std::string, std::string>;

Values values_of(const Opened& opened, const policy::Policy& policy) {
  const auto file = policy.origin("version").file;
  for (const auto& [name, text] : opened.texts) {
    if (name != file) continue;
    const auto tree = settings::read_tree(text, name);
    const auto flat = settings::flat_values(*tree.root);
    return {flat.begin(), flat.end()};
  }
  return {};
}

struct Chosen {
  Opened opened;
  std::shared_ptr<const policy::Policy> policy;
};

std::optional<Chosen> choose(const Setting& setting, const std::string& path) {
  auto opened = open_valid_policy(setting, path);
  if (!opened) return std::nullopt;
  // Also what has ended, or not yet begun, can be looked at.
  const auto& versions = opened->book.value->versions;
  auto policy = versions[policy::nearest(versions, base::date_in_japan(setting.now))];
  return Chosen{std::move(*opened), std::move(policy)};
}

const std::string& value_or_nothing(const Values& values, const std::string& key) {
  static const std::string nothing = "(none)";
  const auto found = values.find(key);
  return found == values.end() ? nothing : found->second;
}

}  // namespace

int show(const Setting& setting, const std::string& path, Format format) {
  const auto chosen = choose(setting, path);
  if (!chosen) return unreadable;
  const auto values = values_of(chosen->opened, *chosen->policy);
  if (format == Format::json) {
    json::object all;
    for (const auto& [key, value] : values) all[key] = value;
    setting.out << json::serialize(json::object{{"municipality", chosen->policy->municipality.id},
                                                {"version", chosen->policy->version},
                                                {"digest", chosen->policy->digest},
                                                {"values", std::move(all)}})
                << "\n";
    return good;
  }
  setting.out << "# " << text_of(setting, chosen->policy->municipality.name) << ", version "
              << chosen->policy->version << ", digest " << chosen->policy->digest << "\n";
  for (const auto& [key, value] : values) setting.out << key << ": " << value << "\n";
  return good;
}

int diff(const Setting& setting, const std::string& older, const std::string& newer, Format format) {
  const auto a = choose(setting, older);
  const auto b = choose(setting, newer);
  if (!a || !b) return unreadable;
  const auto before = values_of(a->opened, *a->policy);
  const auto after = values_of(b->opened, *b->policy);
  std::set<std::string> keys;
  for (const auto& [key, value] : before) keys.insert(key);
  for (const auto& [key, value] : after) keys.insert(key);
  json::array changes;
  for (const auto& key : keys) {
    const auto& was = value_or_nothing(before, key);
    const auto& is = value_or_nothing(after, key);
    if (was == is) continue;
    changes.push_back(json::object{{"key", key}, {"before", was}, {"after", is}});
    if (format != Format::json) setting.out << key << ": " << was << " -> " << is << "\n";
  }
  const bool same = changes.empty();
  if (format == Format::json)
    setting.out << json::serialize(json::object{{"changes", std::move(changes)}}) << "\n";
  return same ? good : not_so;
}

}  // namespace madoguchi::policy_tools
