#include "plugin.hpp"

#include "extension/requests.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using base::Level;

// Loading and looking at a section happen once and may read files.
constexpr std::chrono::milliseconds opening_deadline{5'000};

}  // namespace

void Plugin::refuse(std::string reason) {
  log_.write(Level::error, "plugin.refused", {{"plugin", name()}, {"why", reason}});
  refusal_ = std::move(reason);
  running_.reset();
}

void Plugin::open(const Folder& folder, const Trust& trust, Start start, const json::object& city) {
  start_ = std::move(start);
  if (const auto begun = begin(folder, trust, city); !begun) return refuse(begun.error().inner);
  log_.write(
      Level::info, "plugin.ready",
      {{"plugin", name()}, {"version", admitted_->manifest.version}, {"sha256", admitted_->manifest.sha256}});
}

base::Result<void> Plugin::begin(const Folder& folder, const Trust& trust, const json::object& city) {
  auto vouched = vouch(folder, trust, name(), config_.allow_unsigned);
  if (!vouched) return vouched.error();
  hooks_ = vouched->manifest.hooks;
  if (!config_.critical && hooks_->rules()) {
    return base::make_fault(
        base::Code::plugin_failed,
        "it decides or schedules, so it is always needed: `critical: false` is not for it");
  }
  auto admitted = admit(folder, std::move(*vouched));
  if (!admitted) return admitted.error();
  admitted_ = std::move(*admitted);
  creation_ = creation_request(section_.value, city);
  auto running = start_(*admitted_);
  if (!running) return running.error();
  running_ = std::move(*running);
  const auto about = running_->ask(Verb::describe, {}, opening_deadline);
  if (!about) return about.error();
  auto description = parse_description(*about, name());
  if (!description) return description.error();
  description_ = std::move(*description);
  const auto remarks = running_->ask(Verb::check, creation_, opening_deadline);
  if (!remarks) return remarks.error();
  auto checked = parse_check(*remarks);
  if (!checked) return checked.error();
  checked_ = std::move(*checked);
  if (!checked_.complaints.empty())
    return base::make_fault(base::Code::plugin_failed, "its section of the policy is not valid");
  const auto made = running_->ask(Verb::create, creation_, opening_deadline);
  if (!made) return made.error();
  return {};
}

base::Result<void> Plugin::start() {
  auto running = start_(*admitted_);
  if (!running) return running.error();
  const auto made = (*running)->ask(Verb::create, creation_, opening_deadline);
  if (!made) return made.error();
  running_ = std::move(*running);
  return {};
}

// What a client sees: which plugin, nothing of its inside.
base::Fault Plugin::denial(base::Fault fault) const {
  if (fault.code != base::Code::plugin_timeout) fault.code = base::Code::plugin_failed;
  fault.inner = name() + ": " + fault.inner;
  fault.details["plugin"] = name();
  return fault;
}

base::Fault Plugin::failed(base::Fault fault) {
  health_.failed(Clock::now(), fault.inner);
  // It may have died of it, or be in any state: the next call gets a new one.
  running_.reset();
  log_.write(Level::error, "plugin.failed",
             {{"plugin", name()},
              {"why", fault.inner},
              {"state", std::string(to_text(health_.state(Clock::now())))},
              {"failures", static_cast<std::int64_t>(health_.failures())}});
  return denial(std::move(fault));
}

std::optional<base::Fault> Plugin::unavailable() const {
  if (refusal_) return denial(base::make_fault(base::Code::plugin_failed, *refusal_));
  if (health_.may_be_asked(Clock::now())) return std::nullopt;
  return denial(base::make_fault(base::Code::plugin_failed,
                                 "not asked after failures; the last: " + health_.last_failure()));
}

template <class Parse>
auto Plugin::ask(Verb verb, std::string_view request, const Parse& parse) -> decltype(parse(std::string())) {
  if (auto fault = unavailable()) return std::move(*fault);
  if (!running_) {
    if (auto started = start(); !started) return failed(started.error());
  }
  const auto answer = running_->ask(verb, request, config_.deadline);
  if (!answer) return failed(answer.error());
  auto parsed = parse(*answer);
  if (!parsed) return failed(parsed.error());
  health_.succeeded();
  return parsed;
}

base::Result<policy::Contribution> Plugin::decide(std::string_view request) {
  return ask(Verb::decide, request, [&](const std::string& answer) {
    return parse_contribution(answer, name(), description_, section_);
  });
}

base::Result<std::vector<policy::ScheduleChange>> Plugin::schedule(const Asked& asked) {
  return ask(Verb::schedule, schedule_request(asked),
             [&](const std::string& answer) { return parse_schedule(answer, name(), asked); });
}

json::object Plugin::describe(const json::storage_ptr& memory) const {
  json::object about(12, memory);
  about["name"] = name();
  about["isolate"] = isolation_names.at(static_cast<std::size_t>(config_.isolate));
  if (admitted_) {
    const auto& manifest = admitted_->manifest;
    json::array hooks(memory);
    for (const auto hook : {Hook::decide, Hook::schedule, Hook::advance, Hook::call}) {
      if (manifest.hooks.has(hook)) hooks.emplace_back(to_text(hook));
    }
    about["version"] = manifest.version;
    about["vendor"] = manifest.vendor;
    about["sha256"] = manifest.sha256;
    about["hooks"] = std::move(hooks);
    auto& signer = about["signer"];
    if (!admitted_->signer.empty()) signer = admitted_->signer;
  }
  about["state"] = refusal_ ? std::string_view("refused") : to_text(health_.state(Clock::now()));
  about["calls"] = health_.calls();
  about["failures"] = health_.failures();
  if (const auto resident = running_ ? running_->resident_bytes() : std::nullopt)
    about["resident_bytes"] = *resident;
  if (refusal_) about["reason"] = *refusal_;
  if (!refusal_ && health_.failures() > 0) about["last_failure"] = health_.last_failure();
  return about;
}

}  // namespace madoguchi::extension
