#include "decider.hpp"

#include <algorithm>
#include <vector>

#include "files.hpp"
#include "policy/contribution.hpp"
#include "policy/facts.hpp"
#include "settings/policy_book.hpp"

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

// The file, or every policy*.yaml of the folder.
base::Result<std::vector<settings::PolicyText>> policy_texts(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files{path};
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    files.clear();
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
      const auto name = entry.path().filename().string();
      if (name.starts_with("policy") && name.ends_with(".yaml")) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    if (files.empty())
      return make_fault(Code::policy_invalid, path.string() + ": no policy*.yaml in this folder");
  }
  std::vector<settings::PolicyText> texts;
  for (const auto& file : files) {
    auto text = read_text(file);
    if (!text) return make_fault(Code::policy_invalid, text.error().inner);
    texts.push_back({file.string(), std::move(*text)});
  }
  return texts;
}

settings::Complaint as_complaint(const extension::SectionRemark& remark) {
  return {remark.origin.file, {remark.origin.line, remark.origin.column}, remark.key, remark.message};
}

}  // namespace

base::Result<std::unique_ptr<Decider>> Decider::make(std::filesystem::path path,
                                                     extension::HostConfig plugins, base::Log& log) {
  std::unique_ptr<Decider> decider(new Decider(std::move(path), std::move(plugins), log));
  auto built = decider->read();
  if (!built) return built.error();
  decider->in_force_ = std::move(built->versions);
  return decider;
}

// Every version with its own plugins, since each has its own sections.
base::Result<Decider::Built> Decider::read() const {
  auto texts = policy_texts(path_);
  if (!texts) return texts.error();
  auto book = settings::load_policy_book(*texts, [](const std::string& path) { return read_text(path); });
  if (!book.value) return invalid(book.complaints);
  Built all;
  std::vector<settings::Complaint> complaints;
  for (auto& policy : book.value->versions) {
    auto built = extension::Plugins::build(host_, *policy, log_);
    for (const auto& remark : built.complaints) complaints.push_back(as_complaint(remark));
    for (const auto& remark : built.notices) {
      log_.write(base::Level::warning, "policy.notice", {{"at", to_text(as_complaint(remark))}});
    }
    for (auto& refusal : built.refusals) all.refusals.push_back(std::move(refusal));
    all.versions.push_back({std::move(policy), std::move(built.plugins)});
  }
  if (!complaints.empty()) return invalid(complaints);
  return all;
}

base::Result<void> Decider::reload() {
  auto built = read();
  if (!built) return built.error();
  if (!built->refusals.empty()) {
    std::string all;
    for (const auto& refusal : built->refusals) all.append(all.empty() ? "" : "; ").append(refusal);
    return make_fault(Code::plugin_failed, std::move(all));
  }
  in_force_ = std::move(built->versions);
  return {};
}

const Decider::Version& Decider::on(base::Date day) const {
  const auto* chosen = &in_force_.front();
  for (const auto& version : in_force_) {
    if (!version.policy->effective_from || *version.policy->effective_from <= day) chosen = &version;
  }
  return *chosen;
}

base::Result<std::shared_ptr<const policy::Schedule>> Decider::schedule(base::Instant at) const {
  const auto day = base::date_in_japan(at);
  const auto& version = on(day);
  return version.plugins->schedule(*version.policy, day.year());
}

base::Result<counter::Decided> Decider::decide(const boost::json::object& facts,
                                               base::Instant received) const {
  // The day of the visit chooses the version; a time that is none is complained about by whichever is asked.
  const auto* at = facts.if_contains("at");
  const auto told =
      at != nullptr && at->is_string() ? base::parse_time(std::string_view(at->get_string())) : std::nullopt;
  const auto& version = on(base::date_in_japan(told.value_or(received)));
  const auto parsed = policy::parse_facts(facts, received, *version.policy);
  if (!parsed) return parsed.error();
  const auto decision = version.plugins->decide(*version.policy, *parsed);
  if (!decision) {
    log_.write(base::Level::error, "decision.denied", {{"why", base::describe(decision.error())}});
    return decision.error();
  }
  return counter::Decided{policy::to_json(*parsed), policy::to_json(*decision)};
}

}  // namespace madoguchi::app
