// The rights of an ordinary user for the length of a scope: root may do everything, so as root nothing that
// is barred shows. Whoever runs the tests as an ordinary user has them already.
#pragma once

#include <grp.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace madoguchi::tests {

inline constexpr uid_t service_user = 65'534, other_user = 65'533;

inline void give_to(const std::filesystem::path& path, uid_t user) {
  if (::geteuid() == 0 && ::lchown(path.c_str(), user, user) != 0) throw std::runtime_error("chown");
}

class RightsOf {
 public:
  explicit RightsOf(uid_t user) : were_root_(::geteuid() == 0) {
    if (!were_root_) return;
    if (::setgroups(0, nullptr) != 0 || ::setresgid(user, user, 0) != 0 || ::setresuid(user, user, 0) != 0)
      throw std::runtime_error("the rights of another cannot be had");
  }
  RightsOf(const RightsOf&) = delete;
  RightsOf& operator=(const RightsOf&) = delete;
  ~RightsOf() {
    if (were_root_ && (::setresuid(0, 0, 0) != 0 || ::setresgid(0, 0, 0) != 0)) ::abort();
  }

 private:
  bool were_root_;
};

}  // namespace madoguchi::tests
