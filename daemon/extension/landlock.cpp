#include "landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "descriptor.hpp"

namespace madoguchi::extension {
namespace {

// Every right of this version is taken away: version 1 has 13 of them, 2 REFER, 3 TRUNCATE, 5 IOCTL_DEV; the
// kernel refuses those that it does not know.
std::uint64_t rights_of(int abi) {
  const int count = abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13;
  return (std::uint64_t{1} << count) - 1;
}

std::string failed(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

// What the dynamic loader reads, and the tables that a library of dates and texts reads.
struct Place {
  const char* path;
  bool folder;
};
constexpr std::array places{Place{"/lib", true},
                            Place{"/lib64", true},
                            Place{"/usr/lib", true},
                            Place{"/usr/lib64", true},
                            Place{"/usr/local/lib", true},
                            Place{"/usr/share/zoneinfo", true},
                            Place{"/etc/ld.so.cache", false}};

}  // namespace

int landlock_abi() {
  const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

std::string allow_libraries_only() {
  landlock_ruleset_attr all{};
  all.handled_access_fs = rights_of(landlock_abi());
  // Of the size that version 1 had: later members are not ours to fill.
  const Descriptor rules(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &all, sizeof all.handled_access_fs, 0)));
  if (!rules.open()) return failed("landlock_create_ruleset");
  for (const auto& place : places) {
    const Descriptor at(::open(place.path, O_PATH | O_CLOEXEC));
    if (!at.open()) continue;
    landlock_path_beneath_attr allowed{};
    allowed.parent_fd = at.get();
    allowed.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    if (place.folder) allowed.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
    if (::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &allowed, 0) != 0)
      return failed("landlock_add_rule");
  }
  if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) return failed("landlock_restrict_self");
  return {};
}

}  // namespace madoguchi::extension
