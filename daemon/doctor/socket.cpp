#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "doctor/examinations.hpp"
#include "doctor/listening.hpp"

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;

std::optional<gid_t> group_named(const std::string& name) {
  gid_t number = 0;
  const auto* end = name.data() + name.size();
  if (std::from_chars(name.data(), end, number).ptr == end) return number;
  const auto* entry = ::getgrnam(name.c_str());
  return entry != nullptr ? std::optional(entry->gr_gid) : std::nullopt;
}

bool member_of(gid_t group) {
  if (::geteuid() == 0 || ::getegid() == group) return true;
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

// Whether everybody may put files of their own in the place of those in that folder.
bool open_to_all(const fs::path& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0 &&
         (status.st_mode & S_ISVTX) == 0;
}

std::optional<Finding> cannot_be_made(const SocketSetting& setting, std::optional<gid_t> group) {
  const auto folder = setting.path.parent_path();
  const auto no_rights = [](const fs::path& path, std::string why, const char* mode) {
    return Finding{State::wrong,
                   "socket.no_rights",
                   {{"path", path.string()}, {"why", std::move(why)}, {"user", own_name()}, {"mode", mode}}};
  };
  if (open_to_all(folder)) return Finding{State::wrong, "socket.open_folder", {{"path", folder.string()}}};
  if (auto why = barred(folder, W_OK | X_OK); !why.empty()) return no_rights(folder, std::move(why), "0755");
  const fs::path lock = setting.path.string() + ".lock";
  if (auto found = of_other_kind(lock, fs::file_type::regular)) return found;
  if (auto why = barred(lock, R_OK | W_OK); !why.empty()) return no_rights(lock, std::move(why), "0600");
  if (group && !member_of(*group))
    return Finding{State::wrong, "socket.group_not_own", {{"group", setting.group}, {"user", own_name()}}};
  return std::nullopt;
}

}  // namespace

Finding examine_socket(const SocketSetting& setting) {
  std::error_code error;
  const auto folder = setting.path.parent_path();
  if (!fs::is_directory(folder, error) && error != std::errc::permission_denied)
    return {State::wrong, "socket.no_folder", {{"path", folder.string()}}};
  const auto group = setting.group.empty() ? std::nullopt : group_named(setting.group);
  if (!setting.group.empty() && !group)
    return {State::wrong, "socket.unknown_group", {{"group", setting.group}}};
  const auto there = fs::symlink_status(setting.path, error).type();
  if (there != fs::file_type::socket && there != fs::file_type::not_found && there != fs::file_type::none)
    return {State::wrong, "socket.occupied", {{"path", setting.path.string()}}};
  // Whoever listens has been able to serve there.
  if (setting.as_service && !setting.by_manager && !listens(setting.path)) {
    if (auto found = cannot_be_made(setting, group)) return std::move(*found);
  }
  return {State::ok, "socket.ok", {{"path", setting.path.string()}}};
}

}  // namespace madoguchi::doctor
