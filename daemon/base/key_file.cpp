#include "base/key_file.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace madoguchi::base {
namespace {

std::optional<std::filesystem::path> credential_in(const std::filesystem::path& folder,
                                                   std::string_view name) {
  const auto file = folder / name;
  std::error_code error;
  return std::filesystem::exists(file, error) ? std::optional(file) : std::nullopt;
}

// The front ends' users are in the daemon's group, which lets them through to its socket.
std::string somebody_else_in(gid_t group, const GroupMembers& members_of) {
  const auto* own = ::getpwuid(::geteuid());
  for (auto& member : members_of(group)) {
    if (member != "root" && (own == nullptr || member != own->pw_name)) return std::move(member);
  }
  return {};
}

}  // namespace

std::vector<std::string> group_members(gid_t group) {
  std::vector<std::string> members;
  const auto* entry = ::getgrgid(group);
  if (entry == nullptr) return members;
  for (auto** name = entry->gr_mem; *name != nullptr; ++name) members.emplace_back(*name);
  return members;
}

Result<void> check_secret(const std::filesystem::path& path, std::string_view what,
                          const GroupMembers& members_of) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    const auto code = errno == EACCES ? Code::forbidden : Code::not_found;
    return make_fault(code, path.string() + ": " + std::generic_category().message(errno));
  }
  const bool own = status.st_uid == 0 || status.st_uid == ::geteuid();
  if (S_ISREG(status.st_mode) && own && (status.st_mode & 0037) == 0) {
    if ((status.st_mode & 0040) == 0) return {};
    const auto other = somebody_else_in(status.st_gid, members_of);
    if (other.empty()) return {};
    return make_fault(Code::forbidden, path.string() + ": " + std::string(what) +
                                           " may be read by its group, and so by " + other +
                                           "; give it to the daemon's user and chmod 0600 first");
  }
  return make_fault(
      Code::forbidden,
      path.string() + ": " + std::string(what) +
          " must be a file of root's or the daemon's, which others may not read and its group may "
          "not change; give it to the daemon's user and chmod 0600 first");
}

std::optional<std::filesystem::path> credential(std::string_view name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder == nullptr ? std::nullopt : credential_in(folder, name);
}

std::optional<std::filesystem::path> credential_of_service(std::string_view name) {
  if (auto own = credential(name)) return own;
  return credential_in(services_credentials, name);
}

}  // namespace madoguchi::base
