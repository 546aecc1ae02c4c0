// Facts of a visit as a front-end tells them.
#include "base/json.hpp"
#include "policy/facts.hpp"
#include "target.hpp"

using namespace madoguchi;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  boost::json::value value;
  if (base::parse_json(fuzz::text_of({data, size}), value) || !value.is_object()) return 0;
  const base::Instant at(std::chrono::milliseconds(1'775'523'600'000));
  const auto facts = policy::parse_facts(value.get_object(), at);
  if (!facts) {
    fuzz::claim(facts.error().code == base::Code::invalid_params, "a front-end's mistake is invalid_params");
    fuzz::claim(facts.error().details.contains("pointer"), "and its place is named");
    return 0;
  }
  const auto again = policy::parse_facts(policy::to_json(*facts), at);
  fuzz::claim(again && *again == *facts, "facts written out are the same facts");
  return 0;
}
