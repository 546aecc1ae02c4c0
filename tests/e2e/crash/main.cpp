#include <cstdlib>
#include <cstring>

#include "app/world.hpp"
#include "killing_store.hpp"

// madoguchid-crash --config FILE; MADOGUCHI_CRASH=N:before|N:after says where it ends.
int main(int argc, char** argv) {
  using namespace madoguchi;
  if (argc != 3 || std::strcmp(argv[1], "--config") != 0) return 2;
  app::Options options;
  options.config = argv[2];
  app::Seams seams;
  if (const char* plan = std::getenv("MADOGUCHI_CRASH")) {
    seams.wrap_store = [parsed = crash::parse_plan(plan)](std::unique_ptr<storage::CaseStore> store) {
      return crash::make_killing_store(std::move(store), parsed);
    };
  }
  return app::run(options, seams);
}
