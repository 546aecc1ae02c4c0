// A program that has PINs in its memory leaves no core file of it.
#pragma once

namespace madoguchi::cli {

// To be called before a PIN is read: a crash must not write it to a disk.
void forbid_core_dump();

}  // namespace madoguchi::cli
