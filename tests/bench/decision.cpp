// decide(): from facts to decision, and with the JSON around it as cases.open needs it.
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "extension/plugins.hpp"
#include "policy/decision.hpp"
#include "settings/policy_file.hpp"
#include "suites.hpp"

namespace madoguchi::bench {
namespace {

// The holder in the window, with a PIN forgotten and the documents for that: most rules have something to
// say.
constexpr std::string_view visit = R"({
  "at": "2026-02-12T10:00:00+09:00", "office": "citizens-division",
  "holder": {"birth_date": "1980-04-10"},
  "card": {"expires_on": "2031-04-10"},
  "certificates": {"signature": {"state": "valid", "expires_on": "2026-04-10"},
                   "authentication": {"state": "valid", "expires_on": "2026-04-10"}},
  "pins": {"signature": "forgotten", "authentication": "matched", "resident_register": "matched"},
  "documents": [{"type": "expiry_notice"}, {"type": "drivers_licence", "expires_on": "2028-05-10"}]})";

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

policy::Policy load(const std::string& file) {
  auto loaded = settings::load_policy(
      text_of(file), file,
      [](const std::string& path) -> base::Result<std::string> { return text_of(path); });
  if (!loaded.value) throw std::runtime_error(file + " is no policy");
  return std::move(*loaded.value);
}

class NoLog : public base::Log {
 public:
  void write(base::Level, std::string_view, std::initializer_list<base::Field>) override {}
};

// Everything that the measurements share, kept as long as they are.
struct City {
  explicit City(const std::string& file) : policy(load(file)) {}

  extension::Plugins& with(extension::Isolation isolation, const std::string& folder,
                           const std::string& host_program) {
    extension::HostConfig config;
    config.folder = folder;
    config.host_program = host_program;
    for (const auto& [name, section] : policy.plugins) {
      config.plugins.push_back({.name = name, .isolate = isolation, .allow_unsigned = true});
    }
    auto built = extension::Plugins::build(config, policy, log);
    for (const auto& refusal : built.refusals) throw std::runtime_error(refusal);
    sets.push_back(std::move(built.plugins));
    return *sets.back();
  }

  policy::Policy policy;
  NoLog log;
  std::vector<std::unique_ptr<extension::Plugins>> sets;
};

policy::Facts facts_of(const policy::Policy& policy, const boost::json::object& json) {
  auto facts = policy::parse_facts(json, {}, policy);
  if (!facts) throw std::runtime_error("facts: " + base::describe(facts.error()));
  return std::move(*facts);
}

}  // namespace

void add_decision(Pairs& pairs, Effort effort, const std::string& file, const std::string& plugins,
                  const std::string& host_program) {
  const auto city = std::make_shared<City>(file);
  const auto json = boost::json::parse(visit).as_object();
  const auto facts = facts_of(city->policy, json);
  const Measured core = [city, facts](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(policy::decide(city->policy, facts));
  };
  pairs.add({"decide", effort.of(20'000), core});
  pairs.add({"decide_json", effort.of(10'000), [city, json](benchmark::State& state) {
               for ([[maybe_unused]] auto _ : state)
                 benchmark::DoNotOptimize(
                     policy::to_json(policy::decide(city->policy, facts_of(city->policy, json))));
             }});
  if (plugins.empty()) return;
  const auto with = [&](extension::Isolation isolation) -> Measured {
    auto& set = city->with(isolation, plugins, host_program);
    return [city, facts, &set](benchmark::State& state) {
      for ([[maybe_unused]] auto _ : state) {
        const auto decision = set.decide(city->policy, facts);
        if (!decision) return state.SkipWithError(base::describe(decision.error()).c_str());
        benchmark::DoNotOptimize(decision);
      }
    };
  };
  pairs.add({"decide_plugins", effort.of(5'000), with(extension::Isolation::none), core});
  pairs.add({"decide_isolated", effort.of(2'000), with(extension::Isolation::process), core});
}

}  // namespace madoguchi::bench
