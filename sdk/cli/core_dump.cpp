#include "core_dump.hpp"

#include <sys/resource.h>

namespace madoguchi::cli {

void forbid_core_dump() {
  // 1, not 0: where dumps are piped to a program (kernel.core_pattern), Linux ignores every limit but this
  // one; and no file of one byte is written either.
  const rlimit limit{1, 1};
  ::setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace madoguchi::cli
