#include "service_rights.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;

// Whoever owns the state folder runs the daemon; where that was given to root by mistake, whoever owns what
// the daemon made in it. Nothing: there is no folder, and no user of the unit's.
std::optional<struct stat> owner_of_state(const fs::path& store) {
  std::optional<struct stat> owner;
  for (const auto& made : {store.parent_path(), store, store.parent_path() / "audit.key"}) {
    struct stat status {};
    if (::stat(made.c_str(), &status) != 0) continue;
    if (!owner || status.st_uid != 0) owner = status;
    if (owner->st_uid != 0) break;
  }
  if (owner) return owner;
  const auto* user = ::getpwnam("madoguchi");  // of the unit, which makes the folder when it starts
  if (user == nullptr) return std::nullopt;
  owner.emplace();
  owner->st_uid = user->pw_uid;
  owner->st_gid = user->pw_gid;
  return owner;
}

}  // namespace

bool become_service(const fs::path& store) {
  const auto owner = owner_of_state(store);
  if (!owner) return ::geteuid() != 0;
  if (::geteuid() == owner->st_uid) return true;
  if (::geteuid() != 0) return false;
  const auto* user = ::getpwuid(owner->st_uid);
  const gid_t group = user != nullptr ? user->pw_gid : owner->st_gid;
  const bool done = (user != nullptr ? ::initgroups(user->pw_name, group) : ::setgroups(0, nullptr)) == 0 &&
                    ::setgid(group) == 0 && ::setuid(owner->st_uid) == 0;
  if (!done) throw std::runtime_error("cannot take on the rights of the store's owner");
  return true;
}

}  // namespace madoguchi::app
