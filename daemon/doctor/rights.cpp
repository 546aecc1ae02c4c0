#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <map>
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

std::optional<Finding> of_other_kind(const std::filesystem::path& path, std::filesystem::file_type expected) {
  namespace fs = std::filesystem;
  static const std::map<fs::file_type, const char*> kinds{{fs::file_type::directory, "a directory"},
                                                          {fs::file_type::symlink, "a symbolic link"},
                                                          {fs::file_type::regular, "a file"}};
  std::error_code error;
  const auto there = fs::symlink_status(path, error).type();
  // none, unknown: it cannot be looked at, which is told of where rights are.
  if (there == expected || there == fs::file_type::not_found || there == fs::file_type::none ||
      there == fs::file_type::unknown)
    return std::nullopt;
  const auto kind = kinds.find(there);
  return Finding{State::wrong,
                 "file.of_other_kind",
                 {{"path", path.string()}, {"kind", kind != kinds.end() ? kind->second : "something else"}}};
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
  for (const auto* suffix : {"-wal", "-shm", ".lock"}) {
    if (auto odd = of_other_kind(store.string() + suffix, std::filesystem::file_type::regular))
      found.push_back(std::move(*odd));
  }
  if (!found.empty()) return found;
  for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) look(store.string() + suffix, R_OK | W_OK, "0600");
  return found;
}

}  // namespace madoguchi::doctor
