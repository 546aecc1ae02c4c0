// What can be seen of a library in its bytes alone, before its constructors could run.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace madoguchi::extension {

// Empty, or why these bytes are not loaded: no shared object of this machine's architecture, no query symbol,
// symbols that would keep it mapped for ever (STB_GNU_UNIQUE), code that is changed while loading (text
// relocations), libraries from elsewhere than the system's folders, or segments that the loader would read
// otherwise than they stand in the file. Any bytes may be given.
std::string elf_objection(base::ByteView library);

// The names that it defines for others; none for bytes that are no library of this machine.
std::vector<std::string> elf_exports(base::ByteView library);

}  // namespace madoguchi::extension
