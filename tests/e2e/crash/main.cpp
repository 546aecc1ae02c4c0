#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "app/world.hpp"
#include "full_disk.hpp"
#include "struck_store.hpp"

// madoguchid-crash --config FILE; MADOGUCHI_CRASH=PLAN says what happens at which commit (struck_store.hpp),
// MADOGUCHI_DISK=WAY how a disk is full (full_disk.hpp). The store has to be in the folder MADOGUCHI_STORE.
int main(int argc, char** argv) {
  using namespace madoguchi;
  if (argc != 3 || std::strcmp(argv[1], "--config") != 0) return 2;
  app::Options options;
  options.config = argv[2];
  std::function<void()> fill = [] {};
  if (const char* way = std::getenv("MADOGUCHI_DISK")) {
    const char* folder = std::getenv("MADOGUCHI_STORE");
    if (folder == nullptr) return 2;
    fill = crash::full_disk(way, folder);
  }
  app::Seams seams;
  if (const char* plan = std::getenv("MADOGUCHI_CRASH")) {
    seams.wrap_store = [parsed = crash::parse_plan(plan), fill](std::unique_ptr<storage::CaseStore> store) {
      return crash::make_struck_store(std::move(store), parsed, fill);
    };
  }
  return app::run(options, seams);
}
