#include "base/key_file.hpp"

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

}  // namespace

Result<void> check_secret(const std::filesystem::path& path, std::string_view what) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    const auto code = errno == EACCES ? Code::forbidden : Code::not_found;
    return make_fault(code, path.string() + ": " + std::generic_category().message(errno));
  }
  const bool own = status.st_uid == 0 || status.st_uid == ::geteuid();
  if (S_ISREG(status.st_mode) && own && (status.st_mode & 0037) == 0) return {};
  return make_fault(
      Code::forbidden,
      path.string() + ": " + std::string(what) +
          " must be a file of root's or the daemon's, which others may not read and its group may "
          "not change; chmod 0600 first");
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
