#include "city.hpp"

#include <fstream>
#include <sstream>

#include "settings/policy_file.hpp"

namespace madoguchi::plugins {
namespace {

namespace json = boost::json;

constexpr auto shipped_policy = CONFIG_FOLDER "/policy/utsunomiya/policy.yaml";

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return base::make_fault(base::Code::not_found, path);
  return text.str();
}

extension::HostConfig host(std::vector<std::string> order) {
  if (order.empty()) order = {"legal-representative", "proxy-two-visit", "holiday-openings"};
  extension::HostConfig config;
  config.folder = plugin_folder();
  for (auto& name : order) {
    config.plugins.push_back({.name = std::move(name),
                              .isolate = extension::Isolation::none,
                              .allow_unsigned = true,
                              .deadline = std::chrono::seconds(20)});
  }
  return config;
}

policy::Policy loaded(const std::string& text) {
  auto policy = settings::load_policy(text, shipped_policy, read_file);
  for (const auto& complaint : policy.complaints) ADD_FAILURE() << to_text(complaint);
  return std::move(policy.value.value());
}

}  // namespace

void KeptLog::write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) {
  text.append(id);
  for (const auto& field : fields) {
    text.append(" ").append(field.name).append("=");
    if (const auto* words = std::get_if<std::string>(&field.value)) text.append(*words);
  }
  text.append("\n");
}

std::string plugin_folder() {
  return PLUGIN_FOLDER;
}

std::string policy_text(std::initializer_list<Change> changes) {
  auto text = read_file(shipped_policy).value();
  for (const auto& change : changes) {
    const auto at = text.find(change.from);
    EXPECT_NE(at, std::string::npos) << change.from;
    EXPECT_EQ(text.find(change.from, at + 1), std::string::npos) << change.from;
    text.replace(at, change.from.size(), change.to);
  }
  return text;
}

namespace {

std::vector<std::string> told(const std::vector<extension::SectionRemark>& remarks) {
  std::vector<std::string> lines;
  lines.reserve(remarks.size());
  for (const auto& r : remarks) {
    lines.push_back(std::to_string(r.origin.line) + ": " + r.key + ": " + r.message);
  }
  return lines;
}

}  // namespace

std::vector<std::string> City::complaints(const std::string& text, std::vector<std::string> order) {
  KeptLog log;
  return told(extension::Plugins::build(host(std::move(order)), loaded(text), log).complaints);
}

std::vector<std::string> City::notices(const std::string& text) {
  KeptLog log;
  return told(extension::Plugins::build(host({}), loaded(text), log).notices);
}

City::City(const std::string& text, std::vector<std::string> order)
    : policy(loaded(text)), built(extension::Plugins::build(host(std::move(order)), policy, log)) {
  for (const auto& refusal : built.refusals) ADD_FAILURE() << refusal;
}

policy::Decision City::decide(const json::object& facts, const policy::CaseSoFar& so_far) {
  const auto parsed = policy::parse_facts(facts, {}, policy);
  EXPECT_TRUE(parsed) << (parsed ? ""
                                 : base::describe(parsed.error()) + json::serialize(parsed.error().details));
  auto decision = built.plugins->decide(policy, *parsed, nullptr, {}, so_far);
  EXPECT_TRUE(decision) << (decision ? "" : base::describe(decision.error()));
  return decision ? std::move(*decision) : policy::Decision{};
}

Facts::Facts()
    : json_(json::parse(R"({
        "at": "2026-02-12T10:00:00+09:00",
        "office": "citizens-division",
        "holder": {"birth_date": "1980-04-10"},
        "visitor": {"role": "holder"},
        "card": {"expires_on": "2031-04-10"},
        "certificates": {
          "signature": {"state": "valid", "expires_on": "2026-04-10"},
          "authentication": {"state": "valid", "expires_on": "2026-04-10"}
        },
        "pins": {"signature": "matched", "authentication": "matched", "resident_register": "matched"},
        "documents": [{"type": "expiry_notice"}]
      })")
                .as_object()) {}

Facts Facts::with(std::string_view pointer, json::value value) const {
  auto changed = *this;
  json::object* object = &changed.json_;
  pointer.remove_prefix(1);
  for (auto slash = pointer.find('/'); slash != std::string_view::npos; slash = pointer.find('/')) {
    object = &(*object)[pointer.substr(0, slash)].as_object();
    pointer.remove_prefix(slash + 1);
  }
  (*object)[pointer] = std::move(value);
  return changed;
}

Facts Facts::with_document(json::object document) const {
  auto changed = *this;
  changed.json_["documents"].as_array().push_back(std::move(document));
  return changed;
}

Facts Facts::at(std::string_view time) const {
  std::string full(time);
  full[10] = 'T';
  return with("/at", json::string(full + ":00+09:00"));
}

Facts proxy() {
  return Facts()
      .with("/visitor/role", "proxy")
      .with_document({{"type", "drivers_licence"}})
      .with_document(
          {{"type", "reply_form"}, {"sealed", true}, {"source", "notice"}, {"expires_on", "2026-04-10"}});
}

Facts representative(std::string_view birth_date) {
  return Facts()
      .with("/visitor/role", "legal_representative")
      .with("/holder/birth_date", json::string(birth_date))
      .with("/certificates/signature", json::object{{"state", "absent"}})
      .with_document({{"type", "drivers_licence"}});
}

std::set<std::string> codes(const policy::Decision& decision) {
  std::set<std::string> all;
  for (const auto& finding : decision.findings) all.insert(finding.code);
  return all;
}

std::set<std::string> missing(const policy::Decision& decision) {
  return {decision.missing.begin(), decision.missing.end()};
}

}  // namespace madoguchi::plugins
