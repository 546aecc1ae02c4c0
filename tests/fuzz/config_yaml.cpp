// The daemon's configuration.
#include "settings/daemon_config.hpp"
#include "target.hpp"

using namespace madoguchi;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto loaded = settings::load_daemon_config(fuzz::text_of({data, size}), "madoguchid.yaml");
  fuzz::claim(loaded.value.has_value() != !loaded.complaints.empty(), "a value or complaints");
  for (const auto& complaint : loaded.complaints) {
    const auto line = settings::to_text(complaint);
    fuzz::claim(line.find('\n') == std::string::npos && line.size() < 4'000, "a complaint is one line");
  }
  return 0;
}
