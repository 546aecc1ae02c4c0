#include "decider.hpp"

#include <vector>

#include "files.hpp"
#include "policy/contribution.hpp"
#include "policy/facts.hpp"
#include "settings/policy_file.hpp"

namespace madoguchi::app {

using base::Code;
using base::make_fault;

namespace {

// Whoever comes for somebody else, and whoever must be represented, is decided by rules that this daemon does
// not have yet (proxies' two visits, legal representatives). Without them such a visit would look like the
// holder's own, so it is refused here and taken by hand.
std::vector<policy::Contribution> holder_only(const policy::Policy& policy, const policy::Facts& facts) {
  const bool represented =
      facts.holder.adult_ward ||
      base::age_on(facts.holder.birth_date, base::date_in_japan(facts.at)) < policy.age_of_capacity;
  if (facts.visitor.role == policy::Role::holder && !represented) return {};
  policy::Finding finding;
  finding.code = "visit.holder_only";
  finding.severity = policy::Severity::block;
  finding.rule = {"age_of_capacity", policy.origin("age_of_capacity")};
  finding.message = {
      "この端末では本人による手続きのみ受け付けます。代理人・法定代理人の手続きは従来の手順で受け付けてくださ"
      "い。",
      "This counter takes the holder's own visit only; receive proxies and legal representatives by the "
      "usual procedure."};
  policy::Contribution contribution;
  contribution.source = "core";
  contribution.findings.push_back(std::move(finding));
  return {std::move(contribution)};
}

}  // namespace

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
  auto loaded =
      settings::load_policy(*text, path_.string(), [](const std::string& path) { return read_text(path); });
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
  return counter::Decided{policy::to_json(*parsed),
                          policy::to_json(policy::merge(*in_force, policy::decide(*in_force, *parsed),
                                                        holder_only(*in_force, *parsed)))};
}

}  // namespace madoguchi::app
