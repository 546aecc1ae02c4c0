#include "extension/plugins.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "extension/requests.hpp"
#include "in_process.hpp"
#include "isolated.hpp"
#include "landlock.hpp"
#include "plugin.hpp"
#include "policy/contribution.hpp"
#include "policy/hours.hpp"
#include "policy/plugin_key.hpp"
#include "policy/schedule.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

// How many years' openings are kept; a counter asks for this year and, near its end, for the next.
constexpr std::size_t most_years = 16;

constexpr std::string_view without_landlock =
    "this kernel has no Landlock, which keeps an isolated plugin from reading the daemon's files while it "
    "loads";

// One that is not there stands where it would have to be written.
policy::PluginSection section_of(const policy::Policy& policy, const std::string& name) {
  const auto found = policy.plugins.find(name);
  if (found != policy.plugins.end()) return found->second;
  const bool any = !policy.plugins.empty();
  return {{}, {{"", policy.origin(any ? "plugins" : "version")}}};
}

// The city's words for what that plugin may say.
CityTexts texts_of(const policy::Policy& policy, const std::string& name) {
  CityTexts texts;
  for (const auto& [code, text] : policy.texts) {
    if (policy::may_say(name, code)) texts.emplace(code, text);
  }
  return texts;
}

// Words that nobody would say must not look as if they were said. What a plugin that was refused would have
// said is not known.
void check_texts(const policy::Policy& policy, const std::vector<std::unique_ptr<Plugin>>& plugins,
                 std::vector<SectionRemark>& into) {
  const auto cores = policy::core_codes();
  for (const auto& [code, text] : policy.texts) {
    if (std::find(cores.begin(), cores.end(), code) != cores.end()) continue;
    const DeclaredCode* declared = nullptr;
    bool unknown = false;
    for (const auto& plugin : plugins) {
      if (!policy::may_say(plugin->name(), code)) continue;
      if (const auto* found = plugin->description().code(code)) declared = found;
      unknown = unknown || plugin->refusal();
    }
    const auto key = "texts." + code;
    if (declared == nullptr) {
      if (!unknown) into.push_back({policy.origin(key), key, "no plugin that is configured says this"});
      continue;
    }
    const auto known = policy::parameters_in(declared->text.en);
    for (const auto& problem : policy::parameter_complaints(text.ja, known))
      into.push_back({policy.origin(key + ".ja"), key + ".ja", problem});
    for (const auto& problem : policy::parameter_complaints(text.en, known))
      into.push_back({policy.origin(key + ".en"), key + ".en", problem});
  }
}

// A rule that nobody would apply must not look as if it held.
std::vector<SectionRemark> unclaimed(const HostConfig& config, const policy::Policy& policy) {
  std::vector<SectionRemark> remarks;
  for (const auto& [name, section] : policy.plugins) {
    const auto configured = [&, &wanted = name](const PluginConfig& p) { return p.name == wanted; };
    if (std::any_of(config.plugins.begin(), config.plugins.end(), configured)) continue;
    remarks.push_back({section.origin(""), "plugins." + name,
                       "no such plugin is configured, so nobody would apply these rules"});
  }
  return remarks;
}

void tell(const Plugin& plugin, const std::vector<Remark>& remarks, std::vector<SectionRemark>& into) {
  for (const auto& remark : remarks) {
    into.push_back({plugin.section().origin(remark.pointer),
                    policy::plugin_key(plugin.name(), remark.pointer), remark.message});
  }
}

constexpr std::array<std::string_view, 1> all_facts{""};  // RFC 6901: the whole document

std::vector<std::string> codes_of(const policy::Contribution& said) {
  std::vector<std::string> codes;
  for (const auto& finding : said.findings) codes.push_back(finding.code);
  return codes;
}

// No two may speak with one voice.
void refuse_shared_codes(std::vector<std::unique_ptr<Plugin>>& plugins) {
  std::map<std::string, std::vector<Plugin*>, std::less<>> speakers;
  for (auto& plugin : plugins) {
    if (plugin->refusal()) continue;
    for (const auto& code : plugin->description().codes) speakers[code.code].push_back(plugin.get());
  }
  // All of them, so that it does not matter which comes first.
  for (const auto& [code, together] : speakers) {
    if (together.size() < 2) continue;
    for (auto* plugin : together) plugin->refuse("another plugin says the code \"" + code + "\" too");
  }
}

}  // namespace

struct Plugins::Inside {
  std::chrono::milliseconds decision_time;
  std::vector<std::unique_ptr<Plugin>> plugins;
  std::map<int, std::shared_ptr<const policy::Schedule>> schedules;  // by the first year

  base::Result<std::shared_ptr<const policy::Schedule>> schedule(const policy::Policy& policy,
                                                                 std::chrono::year year, Plugin::Until until);

  Plugin* named(std::string_view name) {
    const auto found =
        std::find_if(plugins.begin(), plugins.end(), [&](const auto& p) { return p->name() == name; });
    return found == plugins.end() ? nullptr : found->get();
  }
};

Plugins::Plugins(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Plugins::~Plugins() = default;

Plugins::Built Plugins::build(const HostConfig& config, const policy::Policy& policy, base::Log& log) {
  Built built;
  built.complaints = unclaimed(config, policy);
  auto inside = std::make_unique<Inside>();
  inside->decision_time = config.decision_time;
  const auto city = city_document(policy);
  if (!config.plugins.empty()) {
    const auto folder = Folder::open(config.folder);
    const auto trust = Trust::load(config.trusted_vendors);
    for (const auto& wanted : config.plugins) {
      auto plugin = std::make_unique<Plugin>(wanted, section_of(policy, wanted.name),
                                             texts_of(policy, wanted.name), log, config.progress);
      const Plugin::Start apart = [&log, memory = wanted.memory_bytes, program = config.host_program](
                                      const Admitted& admitted, std::chrono::milliseconds allowed) {
        return start_isolated(admitted, program, memory, log, allowed);
      };
      const Plugin::Start here = [&log](const Admitted& admitted, std::chrono::milliseconds) {
        return start_in_process(admitted, log);
      };
      const bool isolated = wanted.isolate == Isolation::process;
      // What runs in this process could end it while it is only looked at.
      const bool rehearsed = !isolated && !config.host_program.empty();
      const bool readable = isolated && landlock_abi() == 0;
      if (readable && wanted.allow_without_landlock) {
        log.write(base::Level::warning, "plugin.without_landlock",
                  {{"plugin", wanted.name}, {"why", std::string(without_landlock)}});
      }
      if (!folder || !trust) {
        plugin->refuse(folder ? trust.error().inner : folder.error().inner);
      } else if (readable && !wanted.allow_without_landlock) {
        plugin->refuse(std::string(without_landlock) + "; `allow_without_landlock: true` accepts that");
      } else {
        plugin->open(*folder, *trust, isolated ? apart : here, rehearsed ? apart : nullptr, city);
      }
      tell(*plugin, plugin->checked().complaints, built.complaints);
      tell(*plugin, plugin->checked().notices, built.notices);
      inside->plugins.push_back(std::move(plugin));
    }
  }
  refuse_shared_codes(inside->plugins);
  check_texts(policy, inside->plugins, built.complaints);
  for (const auto& plugin : inside->plugins) {
    if (plugin->refusal() && plugin->needed())
      built.refusals.push_back(plugin->name() + ": " + *plugin->refusal());
  }
  built.plugins.reset(new Plugins(std::move(inside)));
  return built;
}

base::Result<std::shared_ptr<const policy::Schedule>> Plugins::schedule(const policy::Policy& policy,
                                                                        std::chrono::year year) {
  return inside_->schedule(policy, year, Clock::now() + inside_->decision_time);
}

base::Result<std::shared_ptr<const policy::Schedule>> Plugins::Inside::schedule(const policy::Policy& policy,
                                                                                std::chrono::year year,
                                                                                Plugin::Until until) {
  // Without what it closes a closed office would look open.
  for (const auto& plugin : plugins) {
    if (!plugin->schedules()) continue;
    if (auto fault = plugin->unavailable()) return std::move(*fault);
  }
  if (const auto found = schedules.find(static_cast<int>(year)); found != schedules.end())
    return found->second;
  const base::Date from = year / std::chrono::January / 1;
  const base::Date to = (year + std::chrono::years(1)) / std::chrono::December / 31;
  std::vector<base::Date> holidays;
  for (const auto& holiday : policy.calendar.holidays) {
    if (from <= holiday.day && holiday.day <= to) holidays.push_back(holiday.day);
  }
  std::vector<policy::ScheduleChange> changes;
  for (auto& plugin : plugins) {
    if (!plugin->has(Hook::schedule)) continue;
    for (const auto& office : policy.offices) {
      const auto year_end = policy::year_end_closures(policy, office, from, to);
      const Asked asked{office.id, from, to, holidays, year_end};
      auto said = plugin->schedule(asked, until);
      if (!said) return said.error();
      changes.insert(changes.end(), std::make_move_iterator(said->begin()),
                     std::make_move_iterator(said->end()));
    }
  }
  if (schedules.size() >= most_years) schedules.clear();
  auto whole = std::make_shared<const policy::Schedule>(std::move(changes));
  schedules.emplace(static_cast<int>(year), whole);
  return std::shared_ptr<const policy::Schedule>(std::move(whole));
}

base::Result<policy::Decision> Plugins::decide(const policy::Policy& policy, const policy::Facts& facts,
                                               policy::Tracer* tracer, const policy::Outlook& outlook,
                                               const policy::CaseSoFar& so_far) {
  for (const auto& plugin : inside_->plugins) {
    if (!plugin->needed()) continue;
    if (auto fault = plugin->unavailable()) return std::move(*fault);
  }
  const auto until = Clock::now() + inside_->decision_time;
  const auto changes = inside_->schedule(policy, base::date_in_japan(facts.at).year(), until);
  if (!changes) return changes.error();
  auto core = policy::decide(policy, facts, **changes, tracer, outlook);
  std::vector<policy::Contribution> contributions;
  std::string same_for_all;
  for (auto& plugin : inside_->plugins) {
    if (!plugin->has(Hook::decide)) continue;
    std::string its_own;
    const bool keeps = so_far.kept.contains(plugin->name());
    auto& request = keeps ? its_own : same_for_all;
    if (request.empty()) request = decide_request(policy, facts, core, so_far, plugin->name());
    const auto rule = tracer == nullptr ? std::string() : policy::plugin_key(plugin->name(), "");
    if (tracer != nullptr) tracer->asked({rule, rule, all_facts});
    auto said = plugin->decide(request, until);
    if (!said) return said.error();
    if (tracer != nullptr) tracer->answered(codes_of(*said));
    contributions.push_back(std::move(*said));
  }
  return policy::merge(policy, facts, std::move(core), std::move(contributions));
}

std::vector<std::string> Plugins::codes() const {
  std::vector<std::string> all;
  for (const auto& plugin : inside_->plugins) {
    if (plugin->refusal()) continue;
    for (const auto& code : plugin->description().codes) all.push_back(code.code);
  }
  return all;
}

std::vector<Plugins::Follower> Plugins::followers() const {
  std::vector<Follower> all;
  for (const auto& plugin : inside_->plugins) {
    if (plugin->follows()) all.push_back({plugin->name(), plugin->needed()});
  }
  return all;
}

bool Plugins::configured(std::string_view plugin) const {
  return inside_->named(plugin) != nullptr;
}

base::Result<policy::PluginStep> Plugins::advance(std::string_view plugin, const json::object& visit,
                                                  const json::value& state, const json::object& event) {
  auto* asked = inside_->named(plugin);
  if (asked == nullptr) return base::make_fault(base::Code::internal, "no such plugin is configured");
  return asked->advance(advance_request(visit, state, event), Clock::now() + inside_->decision_time);
}

std::vector<ServedMethod> Plugins::methods() const {
  std::vector<ServedMethod> all;
  for (const auto& plugin : inside_->plugins) {
    if (!plugin->has(Hook::call)) continue;
    for (const auto& method : plugin->description().methods) all.push_back({plugin->name(), method});
  }
  return all;
}

base::Result<policy::PluginStep> Plugins::call(std::string_view plugin, const CallRequest& asked) {
  auto* called = inside_->named(plugin);
  const auto* method = called == nullptr ? nullptr : called->description().method(asked.verb);
  if (method == nullptr) return base::make_fault(base::Code::method_not_found);
  return called->call(*method, asked, Clock::now() + inside_->decision_time);
}

json::array Plugins::list() const {
  json::array all;
  all.reserve(inside_->plugins.size());
  for (const auto& plugin : inside_->plugins) all.push_back(plugin->describe());
  return all;
}

std::uint64_t Plugins::revision() const {
  std::uint64_t calls = 0;
  std::uint64_t ready = 0;
  for (const auto& plugin : inside_->plugins) {
    calls += plugin->health().calls();
    ready += plugin->health().may_be_asked(Plugin::Clock::now()) ? 1 : 0;
  }
  // Whatever happens to a plugin happens in a call; without one, those that wait become ready again.
  return calls * (inside_->plugins.size() + 1) + ready;
}

json::object Plugins::health() const {
  json::array wanting;
  for (const auto& plugin : inside_->plugins) {
    if (!plugin->well()) wanting.emplace_back(plugin->name());
  }
  if (wanting.empty()) return {{"state", "ok"}};
  return {{"state", "failed"}, {"plugins", std::move(wanting)}};
}

}  // namespace madoguchi::extension
