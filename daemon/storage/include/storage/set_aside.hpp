// Stores that a restore has put aside: whole copies of what was held until then, about people too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace madoguchi::storage {

// In its name, between the store's and the stamp.
inline constexpr const char* set_aside_mark = ".before-";

struct SetAside {
  std::filesystem::path path{};
  std::int64_t bytes = 0;
  base::Instant written_at{};  // last: nothing in it is younger
  base::Instant put_aside_at{};
  // By state, when a case in it was last changed. Nothing: it cannot be read.
  std::optional<std::map<std::string, base::Instant>> last_changed{};
};

// How a name tells when: Japan's time, like everything that people are told.
std::string set_aside_stamp(base::Instant at);

// Those beside the store, by name.
std::vector<SetAside> stores_set_aside(const std::filesystem::path& store);
// With the files that SQLite has put beside it. storage.unavailable.
base::Result<void> remove_set_aside(const std::filesystem::path& path);

}  // namespace madoguchi::storage
