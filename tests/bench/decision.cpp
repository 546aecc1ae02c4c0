// decide(): from facts to decision, and with the JSON around it as cases.open needs it.
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

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

policy::Facts facts_of(const policy::Policy& policy, const boost::json::object& json) {
  auto facts = policy::parse_facts(json, {}, policy);
  if (!facts) throw std::runtime_error("facts: " + base::describe(facts.error()));
  return std::move(*facts);
}

}  // namespace

void add_decision(Pairs& pairs, Effort effort, const std::string& file) {
  const auto policy = std::make_shared<const policy::Policy>(load(file));
  const auto json = boost::json::parse(visit).as_object();
  pairs.add({"decide", effort.of(20'000), [policy, facts = facts_of(*policy, json)](benchmark::State& state) {
               for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(policy::decide(*policy, facts));
             }});
  pairs.add({"decide_json", effort.of(10'000), [policy, json](benchmark::State& state) {
               for ([[maybe_unused]] auto _ : state)
                 benchmark::DoNotOptimize(policy::to_json(policy::decide(*policy, facts_of(*policy, json))));
             }});
}

}  // namespace madoguchi::bench
