#include "counter.hpp"

#include <memory>

namespace madoguchi::fuzz {
namespace {

constexpr int inputs_a_counter = 2'000;

// The same keys for every counter's card: making them is most of what a new one costs.
simulated_card::KeySource kept_keys() {
  static std::vector<base::Bytes> kept;
  return [given = std::size_t{0}]() mutable {
    if (given == kept.size()) kept.push_back(simulated_card::generate_rsa_2048());
    return kept[given++];
  };
}

}  // namespace

api::test::Counter& a_counter() {
  static std::unique_ptr<api::test::Counter> counter;
  static int inputs = 0;
  if (counter == nullptr || ++inputs % inputs_a_counter == 0) {
    counter.reset();
    counter = std::make_unique<api::test::Counter>([] {
      counter::test::Options options;
      options.keys = kept_keys();
      return options;
    }());
  }
  return *counter;
}

}  // namespace madoguchi::fuzz
