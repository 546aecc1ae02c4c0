#include "decider.hpp"

#include "files.hpp"
#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "settings/policy_file.hpp"

namespace madoguchi::app {

using base::Code;
using base::make_fault;

base::Result<std::unique_ptr<Decider>> Decider::make(std::filesystem::path path) {
  auto decider = std::make_unique<Decider>();
  std::error_code error;
  decider->path_ = std::filesystem::is_directory(path, error) ? path / "policy.yaml" : std::move(path);
  if (const auto loaded = decider->reload(); !loaded) return loaded.error();
  return decider;
}

base::Result<void> Decider::reload() {
  const auto text = read_text(path_);
  if (!text) return make_fault(Code::policy_invalid, text.error().inner);
  auto loaded = settings::load_policy(*text, path_.string());
  if (!loaded.value) {
    boost::json::array complaints;
    std::string all;
    for (const auto& complaint : loaded.complaints) {
      complaints.emplace_back(to_text(complaint));
      all.append(all.empty() ? "" : "\n").append(to_text(complaint));
    }
    return make_fault(Code::policy_invalid, std::move(all), {{"complaints", std::move(complaints)}});
  }
  policy_ = std::make_shared<const policy::Policy>(std::move(*loaded.value));
  return {};
}

base::Result<counter::Decided> Decider::decide(const boost::json::object& facts,
                                               base::Instant received) const {
  const auto in_force = policy_;
  const auto parsed = policy::parse_facts(facts, received, *in_force);
  if (!parsed) return parsed.error();
  return counter::Decided{policy::to_json(*parsed), policy::to_json(policy::decide(*in_force, *parsed))};
}

}  // namespace madoguchi::app
