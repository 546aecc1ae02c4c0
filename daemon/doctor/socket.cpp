#include <grp.h>

#include <charconv>

#include "doctor/examinations.hpp"

namespace madoguchi::doctor {

Finding examine_socket(const std::filesystem::path& socket, const std::string& group) {
  std::error_code error;
  const auto folder = socket.parent_path();
  if (!std::filesystem::is_directory(folder, error))
    return {State::wrong, "socket.no_folder", {{"path", folder.string()}}};
  gid_t number = 0;
  const bool numeric =
      std::from_chars(group.data(), group.data() + group.size(), number).ptr == group.data() + group.size();
  if (!group.empty() && !numeric && ::getgrnam(group.c_str()) == nullptr)
    return {State::wrong, "socket.unknown_group", {{"group", group}}};
  return {State::ok, "socket.ok", {{"path", socket.string()}}};
}

}  // namespace madoguchi::doctor
