#include "settings/policy_file.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "overlay.hpp"
#include "policy/plugin_key.hpp"
#include "policy_reader.hpp"
#include "scan.hpp"
#include "to_json.hpp"

namespace madoguchi::settings {
namespace {

using policy::names;
using policy::Policy;

constexpr std::size_t longest_id = 64;

void read_municipality(Section& root, Policy& policy) {
  root.section("municipality", Need::required, [&](Section& s) {
    read_id(s, policy.municipality.id);
    auto& code = policy.municipality.code;
    s.text("code", code, Need::optional);
    const bool digits = std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!code.empty() && (code.size() != 6 || !digits)) {
      s.complain("code", "expected the six digits of 全国地方公共団体コード, found " + quote(code));
    }
    s.words_in_both("name", policy.municipality.name, Need::required);
    read_contact(s, policy.municipality.contact);
  });
}

void read_identity(Section& root, Policy& policy) {
  read_municipality(root, policy);
  root.text("version", policy.version, Need::required, longest_id);
  root.date("effective_from", policy.effective_from, Need::optional);
  root.date("effective_to", policy.effective_to, Need::optional);
  if (policy.effective_from && policy.effective_to && *policy.effective_to < *policy.effective_from) {
    root.complain("effective_to", "expected no day before effective_from (" +
                                      base::format_date(*policy.effective_from) + ")");
  }
  root.text("source", policy.source, Need::optional);
  root.words("channels", policy.channels, names<policy::Channel>(), Need::required);
  root.words("application_channels", policy.application_channels, names<policy::Channel>(), Need::optional);
  root.not_empty("application_channels");
  root.section("new_issuance", Need::optional, [&](Section& s) {
    s.words("channels", policy.new_issuance_channels, names<policy::Channel>(), Need::required);
  });
}

// What is in them is for the plugins to check.
void read_plugins(Section& root, Policy& policy) {
  root.open_section("plugins", Need::optional, [&](const std::string& name, const Value& value, Position at) {
    const auto& file = root.report().file();
    if (value.kind != Value::Kind::mapping) {
      return root.report().complain(value.at, "plugins." + name, "expected a mapping");
    }
    policy::PluginSection section;
    section.origins[""] = {file, at.line, at.column};
    const Placing placing{[&](const std::string& pointer, Position place) {
                            section.origins[pointer] = {file, place.line, place.column};
                          },
                          [&](const std::string& pointer, Position place, std::string problem) {
                            root.report().complain(place, policy::plugin_key(name, pointer),
                                                   std::move(problem));
                          }};
    section.value = to_json(value, "", placing).get_object();
    policy.plugins.emplace(name, std::move(section));
  });
}

std::string read_policy(Section& root, Policy& policy, const ReadFile& read) {
  read_identity(root, policy);
  read_rules(root, policy);
  auto files = read_calendar(root, policy, read);
  read_offices(root, policy);
  read_crowding(root, policy);
  read_availability(root, policy);
  read_plugins(root, policy);
  read_texts(root, policy);
  return files;
}

Loaded<Policy> load(std::string_view text, const std::string& file, const Value* overlay,
                    const ReadFile& read) {
  Loaded<Policy> loaded;
  auto tree = read_tree(text, file);
  Report report(file);
  report.add(std::move(tree.complaints));
  Policy policy;
  std::string all(text);
  if (tree.root) {
    if (overlay != nullptr) lay_over(*tree.root, *overlay);
    Section::read(*tree.root, tree.root->at, "", report,
                  [&](Section& root) { all += read_policy(root, policy, read); });
  }
  loaded.complaints = report.sorted();
  if (!loaded.complaints.empty()) return loaded;
  policy.digest = base::to_hex(base::sha256({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()}));
  for (const auto& [key, at] : report.places()) policy.origins[key] = {file, at.line, at.column};
  loaded.value = std::move(policy);
  return loaded;
}

void flatten(const Value& value, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& into) {
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const auto* id = value.items[i].find("id");
    const auto name =
        id != nullptr && id->value.kind == Value::Kind::scalar ? id->value.text : std::to_string(i);
    flatten(value.items[i], std::string(path).append("[").append(name).append("]"), into);
  }
  for (const auto& member : value.members) {
    flatten(member.value, path.empty() ? member.key : path + "." + member.key, into);
  }
  if (value.kind == Value::Kind::scalar) into.emplace_back(path, value.text);
  const bool empty = value.items.empty() && value.members.empty();
  if (value.kind == Value::Kind::list && empty) into.emplace_back(path, "[]");
  if (value.kind == Value::Kind::mapping && empty) into.emplace_back(path, "{}");
  if (value.kind == Value::Kind::nothing) into.emplace_back(path, "");
}

}  // namespace

void read_id(Section& section, std::string& into) {
  section.text("id", into, Need::required, longest_id);
  const bool plain = std::all_of(into.begin(), into.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!plain) section.complain("id", "expected lower-case letters, digits, '-' and '_' only");
}

Loaded<Policy> load_policy(std::string_view text, const std::string& file, const ReadFile& read) {
  return load(text, file, nullptr, read);
}

Loaded<Policy> load_policy(std::string_view text, const std::string& file, const Value& overlay,
                           const ReadFile& read) {
  return load(text, file, &overlay, read);
}

std::vector<std::pair<std::string, std::string>> flat_values(const Value& root) {
  std::vector<std::pair<std::string, std::string>> all;
  flatten(root, "", all);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace madoguchi::settings
