#include <sys/statvfs.h>

#include "doctor/examinations.hpp"

namespace madoguchi::doctor {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;
// A day at a counter writes a few MiB; the log of the store itself grows to 4 before it is cut back.
constexpr std::uint64_t full = 16 * mib;
constexpr std::uint64_t low = 256 * mib;

}  // namespace

std::optional<DiskSeen> look_at_disk(const std::filesystem::path& folder) {
  struct statvfs seen {};
  if (::statvfs(folder.c_str(), &seen) != 0) return std::nullopt;
  return DiskSeen{folder.string(), std::uint64_t{seen.f_bavail} * seen.f_frsize,
                  (seen.f_flag & ST_RDONLY) != 0};
}

Finding judge_disk(const DiskSeen& seen) {
  boost::json::object facts{{"path", seen.path}, {"free_mib", seen.free_bytes / mib}};
  if (seen.read_only) return {State::wrong, "disk.read_only", std::move(facts)};
  if (seen.free_bytes < full) return {State::wrong, "disk.full", std::move(facts)};
  if (seen.free_bytes < low) return {State::attention, "disk.low", std::move(facts)};
  return {State::ok, "disk.ok", std::move(facts)};
}

}  // namespace madoguchi::doctor
