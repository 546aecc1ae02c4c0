// A city's policy file, and one laid over it.
#include "settings/policy_file.hpp"
#include "settings/policy_test.hpp"
#include "target.hpp"

using namespace madoguchi;

namespace {

// Whatever a policy names is the same file again: hostile as well.
template <class T>
void sound(const settings::Loaded<T>& loaded) {
  fuzz::claim(loaded.value.has_value() != !loaded.complaints.empty(), "a value or complaints");
  for (const auto& complaint : loaded.complaints) {
    const auto line = settings::to_text(complaint);
    fuzz::claim(line.find('\n') == std::string::npos && line.size() < 4'000, "a complaint is one line");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of({data, size});
  const auto same = [&](const std::string&) -> base::Result<std::string> { return std::string(text); };
  sound(settings::load_policy(text, "policy.yaml", same));
  for (const auto& test : settings::load_policy_tests(text, "test.yaml")) {
    fuzz::claim(!test.name.empty() || !test.complaints.empty(), "a case has a name or a complaint");
  }
  sound(settings::load_facts(text, "facts.yaml"));
  return 0;
}
