#include "plugin.hpp"

#include <algorithm>

#include "extension/requests.hpp"
#include "landlock.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using base::Level;

std::chrono::milliseconds left_until(Plugin::Until until) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(until - Plugin::Clock::now());
}

}  // namespace

void Plugin::refuse(std::string reason) {
  log_.write(Level::error, "plugin.refused", {{"plugin", name()}, {"why", reason}});
  refusal_ = std::move(reason);
  running_.reset();
}

void Plugin::open(const Folder& folder, const Trust& trust, Start start, const Start& rehearse,
                  const json::object& city) {
  start_ = std::move(start);
  if (const auto begun = begin(folder, trust, rehearse, city); !begun) return refuse(begun.error().inner);
  log_.write(
      Level::info, "plugin.ready",
      {{"plugin", name()}, {"version", admitted_->manifest.version}, {"sha256", admitted_->manifest.sha256}});
}

base::Result<void> Plugin::begin(const Folder& folder, const Trust& trust, const Start& rehearse,
                                 const json::object& city) {
  auto vouched = vouch(folder, trust, name(), config_.allow_unsigned);
  if (!vouched) return vouched.error();
  vouched_ = *vouched;
  if (!config_.critical && hooks().rules()) {
    return base::make_fault(
        base::Code::plugin_failed,
        "it decides or schedules, so it is always needed: `critical: false` is not for it");
  }
  auto admitted = admit(folder, std::move(*vouched));
  if (!admitted) return admitted.error();
  admitted_ = std::move(*admitted);
  creation_ = creation_request(section_.value, city);
  if (rehearse) {
    auto trial = run(rehearse, opening_deadline);
    if (!trial) return trial.error();
    if (auto met = meet(**trial); !met) return met;
  }
  const auto begun = Clock::now();
  auto running = run(start_, opening_deadline);
  if (!running) return running.error();
  running_ = std::move(*running);
  auto met = meet(*running_);
  opened_in_ = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  return met;
}

base::Result<void> Plugin::meet(Running& running) {
  const auto about = exchange(running, Verb::describe, {}, opening_deadline);
  if (!about) return about.error();
  auto description = parse_description(*about, name());
  if (!description) return description.error();
  if (description->methods.empty() == hooks().has(Hook::call)) {
    return base::make_fault(base::Code::plugin_failed, description->methods.empty()
                                                           ? "it has the hook call and describes no method"
                                                           : "it describes methods and has no hook call");
  }
  description_ = std::move(*description);
  const auto remarks = exchange(running, Verb::check, creation_, opening_deadline);
  if (!remarks) return remarks.error();
  auto checked = parse_check(*remarks);
  if (!checked) return checked.error();
  checked_ = std::move(*checked);
  if (!checked_.complaints.empty())
    return base::make_fault(base::Code::plugin_failed, "its section of the policy is not valid");
  const auto made = exchange(running, Verb::create, creation_, opening_deadline);
  if (!made) return made.error();
  return {};
}

base::Result<std::string> Plugin::exchange(Running& with, Verb verb, std::string_view request,
                                           std::chrono::milliseconds deadline) {
  auto answer = with.ask(verb, request, deadline);
  if (progress_) progress_();
  return answer;
}

base::Result<std::unique_ptr<Running>> Plugin::run(const Start& how, std::chrono::milliseconds allowed) {
  auto running = how(*admitted_, allowed);
  if (progress_) progress_();
  return running;
}

// As long as one call, and as the first start took with room for a busy machine.
std::chrono::milliseconds Plugin::restart_time() const {
  constexpr int busy = 4;
  return std::min(config_.deadline + busy * opened_in_, opening_deadline);
}

// Whoever waits for a decision waits for this too, and so does everybody else.
base::Result<void> Plugin::start(Until until) {
  until = std::min(until, Clock::now() + restart_time());
  auto running = run(start_, left_until(until));
  if (!running) return running.error();
  const auto left = left_until(until);
  if (left <= left.zero()) {
    return base::make_fault(base::Code::plugin_timeout, "loading it took all of its time");
  }
  const auto made = exchange(**running, Verb::create, creation_, left);
  if (!made) return made.error();
  running_ = std::move(*running);
  resident_ = {};
  return {};
}

// What a client sees: which plugin, nothing of its inside.
base::Fault Plugin::denial(base::Fault fault) const {
  if (fault.code != base::Code::plugin_timeout) fault.code = base::Code::plugin_failed;
  fault.inner = name() + ": " + fault.inner;
  fault.details["plugin"] = name();
  return fault;
}

base::Fault Plugin::failed(base::Fault fault, bool starting) {
  if (starting && fault.code == base::Code::plugin_timeout) {
    health_.did_not_start(Clock::now(), fault.inner);
  } else {
    health_.failed(Clock::now(), fault.inner);
  }
  // It may have died of it, or be in any state: the next call gets a new one.
  running_.reset();
  log_.write(Level::error, "plugin.failed",
             {{"plugin", name()},
              {"why", fault.inner},
              {"state", std::string(to_text(health_.state(Clock::now())))},
              {"failures", static_cast<std::int64_t>(health_.failures())}});
  return denial(std::move(fault));
}

// It did answer, and would answer the next request.
base::Fault Plugin::refused(base::Fault fault) {
  health_.succeeded(Clock::now());
  log_.write(Level::warning, "plugin.refused_request", {{"plugin", name()}, {"why", fault.inner}});
  return denial(std::move(fault));
}

bool Plugin::well() const {
  return !refusal_ && health_.state(Clock::now()) == Health::State::ready;
}

std::optional<base::Fault> Plugin::unavailable() const {
  if (refusal_) return denial(base::make_fault(base::Code::plugin_failed, *refusal_));
  if (health_.may_be_asked(Clock::now())) return std::nullopt;
  return denial(base::make_fault(base::Code::plugin_failed,
                                 "not asked after failures; the last: " + health_.last_failure()));
}

template <class Parse>
auto Plugin::ask(Verb verb, std::string_view request, Until until, const Parse& parse)
    -> decltype(parse(std::string())) {
  if (auto fault = unavailable()) return std::move(*fault);
  const auto not_asked = [&] {
    return denial(
        base::make_fault(base::Code::plugin_timeout, "not asked: nothing is left of the decision's time"));
  };
  if (left_until(until).count() <= 0) return not_asked();
  if (!running_) {
    if (auto started = start(until); !started) return failed(started.error(), true);
  }
  const auto left = left_until(until);
  if (left.count() <= 0) return not_asked();
  const auto answer = exchange(*running_, verb, request, std::min(left, config_.deadline));
  if (!answer) return is_request_refused(answer.error()) ? refused(answer.error()) : failed(answer.error());
  auto parsed = parse(*answer);
  if (!parsed) return failed(parsed.error());
  health_.succeeded(Clock::now());
  return parsed;
}

base::Result<policy::Contribution> Plugin::decide(std::string_view request, Until until) {
  return ask(Verb::decide, request, until, [&](const std::string& answer) {
    return parse_contribution(answer, name(), description_, section_, texts_);
  });
}

base::Result<std::vector<policy::ScheduleChange>> Plugin::schedule(const Asked& asked, Until until) {
  return ask(Verb::schedule, schedule_request(asked), until,
             [&](const std::string& answer) { return parse_schedule(answer, name(), asked); });
}

// Each look opens a file of /proc, and system.info is for everybody: one a second is enough.
std::optional<std::size_t> Plugin::resident_bytes() const {
  if (!running_) return std::nullopt;
  const auto now = Clock::now();
  if (now >= resident_.next) resident_ = {now + std::chrono::seconds(1), running_->resident_bytes()};
  return resident_.bytes;
}

base::Result<policy::PluginStep> Plugin::advance(std::string_view request, Until until) {
  return ask(Verb::advance, request, until, [](const std::string& answer) { return parse_advance(answer); });
}

base::Result<policy::PluginStep> Plugin::call(const DeclaredMethod& method, const CallRequest& asked,
                                              Until until) {
  auto called = ask(Verb::call, call_request(asked), until,
                    [&](const std::string& answer) { return parse_call(answer, method, asked.state); });
  if (!called) return called.error();
  if (!called->refused) return std::move(called->step);
  return base::make_fault(base::Code::conflict, name() + " refuses " + method.verb,
                          {{"plugin", name()}, {"ja", called->refused->ja}, {"en", called->refused->en}});
}

bool Plugin::follows() const {
  return vouched_ ? hooks().has(Hook::advance) : needed();
}

bool Plugin::schedules() const {
  return vouched_ ? hooks().has(Hook::schedule) : needed();
}

json::object Plugin::describe() const {
  json::object about(14);
  about["name"] = name();
  about["isolate"] = isolation_names.at(static_cast<std::size_t>(config_.isolate));
  if (vouched_) {
    const auto& manifest = vouched_->manifest;
    json::array hooks;
    for (const auto hook : {Hook::decide, Hook::schedule, Hook::advance, Hook::call}) {
      if (manifest.hooks.has(hook)) hooks.emplace_back(to_text(hook));
    }
    about["version"] = manifest.version;
    about["vendor"] = manifest.vendor;
    about["sha256"] = manifest.sha256;
    about["hooks"] = std::move(hooks);
    auto& signer = about["signer"];
    if (!vouched_->signer.empty()) signer = vouched_->signer;
  }
  about["state"] = refusal_ ? std::string_view("refused") : to_text(health_.state(Clock::now()));
  about["calls"] = health_.calls();
  about["failures"] = health_.failures();
  if (config_.isolate == Isolation::process) about["landlock"] = landlock_abi() > 0;
  if (const auto resident = resident_bytes()) about["resident_bytes"] = *resident;
  if (!description_.methods.empty()) {
    json::array methods;
    for (const auto& method : description_.methods) methods.emplace_back(name() + "." + method.verb);
    about["methods"] = std::move(methods);
  }
  if (refusal_) about["reason"] = *refusal_;
  if (!refusal_ && health_.failures() > 0) about["last_failure"] = health_.last_failure();
  return about;
}

}  // namespace madoguchi::extension
