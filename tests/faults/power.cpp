#include "power.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <vector>

#include "mishaps.hpp"

namespace madoguchi::faults {
namespace {

namespace fs = std::filesystem;

constexpr std::array files{"cases.db", "cases.db-wal"};
constexpr std::size_t sector = 512;

std::vector<char> content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

void copy_store(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::create_directory(to);
  for (const auto* name : files) {
    if (fs::exists(from / name)) fs::copy_file(from / name, to / name);
  }
}

void tear_store(const fs::path& synced, const fs::path& now, const fs::path& to, std::uint64_t seed) {
  Dice dice(seed);
  fs::remove_all(to);
  fs::create_directory(to);
  for (const auto* name : files) {
    if (!fs::exists(now / name)) continue;
    auto kept = content(synced / name);
    const auto written = content(now / name);
    // Of what was appended the file's length may be known or not.
    if (written.size() > kept.size()) {
      const auto more = (written.size() - kept.size()) / sector;
      kept.resize(kept.size() + sector * static_cast<std::size_t>(dice.below(static_cast<int>(more) + 1)));
    }
    for (std::size_t at = 0; at < std::min(kept.size(), written.size()); at += sector) {
      const auto size = std::min({sector, kept.size() - at, written.size() - at});
      if (dice.one_in(2)) std::copy_n(&written[at], size, &kept[at]);
    }
    std::ofstream(to / name, std::ios::binary).write(kept.data(), static_cast<std::streamsize>(kept.size()));
  }
}

}  // namespace madoguchi::faults
