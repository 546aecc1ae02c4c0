// What a plugin's process gives up, in two steps: before anything of the plugin runs, and before its hooks
// are called.
#pragma once

#include <cstddef>
#include <string>

namespace madoguchi::extension {

// No new privileges, no core dump, nothing written, bounded memory and processor time, gone with the daemon
// and not to be looked into. Of system calls only those with which a library is loaded; no other process, no
// network. Files are opened only to be read and, where the kernel has Landlock, only shared libraries. Empty,
// or what could not be done: then nothing is to be loaded.
std::string confine_for_loading(std::size_t memory_bytes);

// From now on only: memory, time, its socket. Opening a file fails; anything else ends the process.
std::string confine_for_hooks();

}  // namespace madoguchi::extension
