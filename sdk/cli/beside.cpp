#include "beside.hpp"

namespace madoguchi::cli {

namespace fs = std::filesystem;

fs::path beside(std::initializer_list<const char*> places) {
  std::error_code error;
  const auto here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const auto* place : places) {
    if (fs::exists(here / place, error)) return here / place;
  }
  return here / *places.begin();
}

fs::path plugin_host_program() {
  return beside({"madoguchi-plugin-host", "../lib/madoguchi/madoguchi-plugin-host"});
}

}  // namespace madoguchi::cli
