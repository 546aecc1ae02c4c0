#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "doctor/examinations.hpp"

namespace madoguchi::doctor {

std::string own_name() {
  const auto* user = ::getpwuid(::geteuid());
  return user != nullptr ? user->pw_name : std::to_string(::geteuid());
}

std::string barred(const std::filesystem::path& path, int how) {
  if (::access(path.c_str(), how) == 0 || errno == ENOENT || errno == EROFS) return {};
  return std::generic_category().message(errno);
}

std::vector<Finding> store_rights(const std::filesystem::path& store) {
  std::vector<Finding> found;
  const auto look = [&](const std::filesystem::path& path, int how, const char* mode) {
    if (auto why = barred(path, how); !why.empty())
      found.push_back(
          {State::wrong,
           "store.unreadable",
           {{"path", path.string()}, {"why", std::move(why)}, {"user", own_name()}, {"mode", mode}}});
  };
  look(store.parent_path(), R_OK | W_OK | X_OK, "0700");
  // What is in a folder that is closed cannot be looked at.
  if (!found.empty()) return found;
  for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) look(store.string() + suffix, R_OK | W_OK, "0600");
  return found;
}

}  // namespace madoguchi::doctor
