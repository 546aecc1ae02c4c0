// What a disk is sure to keep, loaded before a program's libraries (LD_PRELOAD): each file in the folder
// MADOGUCHI_STORE is copied as it is at its fsync(2) or fdatasync(2) into the folder MADOGUCHI_SYNCED, before
// the call returns. Where that is not possible the call fails, as on a disk that is ill.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

namespace {

// For when the program has no descriptor left.
int& reserve() {
  static int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return file;
}

std::string path_of(int file) {
  std::array<char, 4096> path{};
  const auto size = ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), path.data(), path.size());
  return size > 0 ? std::string(path.data(), static_cast<std::size_t>(size)) : std::string();
}

int create(const std::string& path) {
  constexpr int how = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  const int file = ::open(path.c_str(), how, 0600);
  if (file >= 0 || errno != EMFILE) return file;
  ::close(std::exchange(reserve(), -1));
  return ::open(path.c_str(), how, 0600);
}

bool fill(int target, int source) {
  std::array<char, 1 << 16> piece{};
  off_t at = 0;
  for (ssize_t size = 0; (size = ::pread(source, piece.data(), piece.size(), at)) != 0; at += size) {
    if (size < 0 || ::write(target, piece.data(), static_cast<std::size_t>(size)) != size) return false;
  }
  return true;
}

// All at once or not at all: the program may be killed meanwhile.
bool copy(int source, const std::string& to) {
  const auto written = to + ".new";
  const int target = create(written);
  if (target < 0) return false;
  const bool done = fill(target, source) && ::rename(written.c_str(), to.c_str()) == 0;
  if (reserve() < 0) {
    reserve() = target;
  } else {
    ::close(target);
  }
  return done;
}

int synced(int file, int result) {
  const char* const store = std::getenv("MADOGUCHI_STORE");
  const char* const kept = std::getenv("MADOGUCHI_SYNCED");
  if (result != 0 || store == nullptr || kept == nullptr) return result;
  const auto path = path_of(file);
  const auto slash = path.rfind('/');
  struct stat about {};
  // The database's; what is written once has no earlier form.
  if ((::fcntl(file, F_GETFL) & O_ACCMODE) != O_RDWR) return result;
  if (slash == std::string::npos || path.substr(0, slash) != store) return result;
  if (::fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return result;
  if (copy(file, kept + path.substr(slash))) return result;
  errno = EIO;
  return -1;
}

__attribute__((constructor)) void keep_a_descriptor() {
  reserve();
}

}  // namespace

extern "C" int fsync(int file) {
  return synced(file, static_cast<int>(::syscall(SYS_fsync, file)));
}
extern "C" int fdatasync(int file) {
  return synced(file, static_cast<int>(::syscall(SYS_fdatasync, file)));
}
