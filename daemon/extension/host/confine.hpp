// What a plugin's process gives up, in two steps: before anything of the plugin runs, and before its hooks
// are called.
#pragma once

#include <cstddef>
#include <string>

namespace madoguchi::extension {

// No new privileges, no core dump, no files written, bounded memory and processor time, gone with the daemon;
// no network, no other process, no debugging. Empty, or what could not be done: then nothing is to be loaded.
std::string confine_for_loading(std::size_t memory_bytes);

// From now on only: memory, time, its socket. Opening a file fails; anything else ends the process.
std::string confine_for_hooks();

}  // namespace madoguchi::extension
