// What a disk has kept when the power goes.
#pragma once

#include <cstdint>
#include <filesystem>

namespace madoguchi::faults {

// The store's files, the shared memory beside the database left out, which no start of a machine finds.
void copy_store(const std::filesystem::path& from, const std::filesystem::path& to);
// As `synced` has them; of what was written since (`now`) some sectors, drawn from the seed: a disk keeps
// them in any order.
void tear_store(const std::filesystem::path& synced, const std::filesystem::path& now,
                const std::filesystem::path& to, std::uint64_t seed);

}  // namespace madoguchi::faults
