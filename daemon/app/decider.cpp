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

base::Fault invalid(const std::vector<settings::Complaint>& complaints) {
  boost::json::array listed;
  std::string all;
  for (const auto& complaint : complaints) {
    listed.emplace_back(to_text(complaint));
    all.append(all.empty() ? "" : "\n").append(to_text(complaint));
  }
  return make_fault(Code::policy_invalid, std::move(all), {{"complaints", std::move(listed)}});
}

settings::Complaint as_complaint(const extension::SectionRemark& remark) {
  return {remark.origin.file, {remark.origin.line, remark.origin.column}, remark.key, remark.message};
}

}  // namespace

base::Result<std::unique_ptr<Decider>> Decider::make(std::filesystem::path path,
                                                     extension::HostConfig plugins, base::Log& log) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) path /= "policy.yaml";
  std::unique_ptr<Decider> decider(new Decider(std::move(path), std::move(plugins), log));
  auto built = decider->read(decider->policy_);
  if (!built) return built.error();
  decider->plugins_ = std::move(built->plugins);
  return decider;
}

base::Result<extension::Plugins::Built> Decider::read(std::shared_ptr<const policy::Policy>& policy) const {
  const auto text = read_text(path_);
  if (!text) return make_fault(Code::policy_invalid, text.error().inner);
  auto loaded =
      settings::load_policy(*text, path_.string(), [](const std::string& path) { return read_text(path); });
  if (!loaded.value) return invalid(loaded.complaints);
  auto candidate = std::make_shared<const policy::Policy>(std::move(*loaded.value));
  auto built = extension::Plugins::build(host_, *candidate, log_);
  std::vector<settings::Complaint> complaints;
  for (const auto& remark : built.complaints) complaints.push_back(as_complaint(remark));
  if (!complaints.empty()) return invalid(complaints);
  for (const auto& remark : built.notices) {
    log_.write(base::Level::warning, "policy.notice", {{"at", to_text(as_complaint(remark))}});
  }
  policy = std::move(candidate);
  return built;
}

base::Result<void> Decider::reload() {
  std::shared_ptr<const policy::Policy> policy;
  auto built = read(policy);
  if (!built) return built.error();
  if (!built->refusals.empty()) {
    std::string all;
    for (const auto& refusal : built->refusals) all.append(all.empty() ? "" : "; ").append(refusal);
    return make_fault(Code::plugin_failed, std::move(all));
  }
  policy_ = std::move(policy);
  plugins_ = std::move(built->plugins);
  return {};
}

base::Result<counter::Decided> Decider::decide(const boost::json::object& facts,
                                               base::Instant received) const {
  const auto in_force = policy_;
  const auto parsed = policy::parse_facts(facts, received, *in_force);
  if (!parsed) return parsed.error();
  const auto decision = plugins_->decide(*in_force, *parsed);
  if (!decision) {
    log_.write(base::Level::error, "decision.denied", {{"why", base::describe(decision.error())}});
    return decision.error();
  }
  return counter::Decided{policy::to_json(*parsed), policy::to_json(*decision)};
}

}  // namespace madoguchi::app
