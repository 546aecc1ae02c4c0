// A plugin's library in its bytes, before any of it could run.
#include "extension/probe.hpp"
#include "target.hpp"

using namespace madoguchi;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView library(data, size);
  const auto objection = extension::library_objection(library);
  const auto names = extension::exported_symbols(library);
  if (objection.empty()) {
    fuzz::claim(std::ranges::find(names, "madoguchi_plugin_query") != names.end(),
                "one that is loaded can be asked");
  }
  return 0;
}
