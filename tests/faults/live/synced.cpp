// What a disk is sure to keep, loaded before a program's libraries (LD_PRELOAD): each file in the folder
// MADOGUCHI_STORE is copied as it is at its fsync(2) or fdatasync(2) into the folder MADOGUCHI_SYNCED, before the
// call returns.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::perror(what.c_str());
  std::abort();
}

std::string path_of(int file) {
  std::array<char, 4096> path{};
  const auto size = ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), path.data(), path.size());
  return size > 0 ? std::string(path.data(), static_cast<std::size_t>(size)) : std::string();
}

// All at once or not at all: the program may be killed meanwhile.
void copy(const std::string& from, const std::string& to) {
  const int source = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (source < 0) return;  // it was removed meanwhile
  const auto written = to + ".new";
  const int target = ::open(written.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (target < 0) give_up(written);
  std::array<char, 1 << 16> piece{};
  for (ssize_t size = 0; (size = ::read(source, piece.data(), piece.size())) > 0;) {
    if (::write(target, piece.data(), static_cast<std::size_t>(size)) != size) give_up(written);
  }
  ::close(source);
  ::close(target);
  if (::rename(written.c_str(), to.c_str()) != 0) give_up(to);
}

int synced(int file, int result) {
  const char* const store = std::getenv("MADOGUCHI_STORE");
  const char* const kept = std::getenv("MADOGUCHI_SYNCED");
  if (result != 0 || store == nullptr || kept == nullptr) return result;
  const auto path = path_of(file);
  const auto slash = path.rfind('/');
  struct stat about {};
  if (slash == std::string::npos || path.substr(0, slash) != store) return result;
  if (::fstat(file, &about) == 0 && S_ISREG(about.st_mode)) copy(path, kept + path.substr(slash));
  return result;
}

}  // namespace

extern "C" int fsync(int file) {
  return synced(file, static_cast<int>(::syscall(SYS_fsync, file)));
}
extern "C" int fdatasync(int file) {
  return synced(file, static_cast<int>(::syscall(SYS_fdatasync, file)));
}
