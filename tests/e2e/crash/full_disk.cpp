#include "full_disk.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace madoguchi::crash {
namespace {

// SQLite's system calls are plain functions, so what they look at is global.
std::filesystem::path& marks() {
  static std::filesystem::path folder;
  return folder;
}
bool marked(const char* name) {
  return ::access((marks() / name).c_str(), F_OK) == 0;
}
// What the disk says to a write; 0: nothing against it.
int refusal() {
  if (marked("full")) return ENOSPC;
  return marked("read-only") ? EROFS : 0;
}

ssize_t write_to(int fd, const void* data, std::size_t size) {
  const int refused = refusal();
  if (refused == 0) return ::write(fd, data, size);
  errno = refused;
  return -1;
}
ssize_t write_at(int fd, const void* data, std::size_t size, off_t offset) {
  const int refused = refusal();
  if (refused == 0) return ::pwrite(fd, data, size, offset);
  errno = refused;
  return -1;
}
int allocate(int fd, off_t offset, off_t length) {
  const int refused = refusal();
  return refused == 0 ? ::posix_fallocate(fd, offset, length) : refused;
}

template <class Function>
void replace(sqlite3_vfs& vfs, const char* call, Function* by) {
  // A call that this build of SQLite does not use is not there to be replaced.
  if (vfs.xGetSystemCall(&vfs, call) == nullptr) return;
  if (vfs.xSetSystemCall(&vfs, call, reinterpret_cast<sqlite3_syscall_ptr>(by)) != SQLITE_OK) {
    throw std::runtime_error(std::string("SQLite keeps its ") + call);
  }
}

std::function<void()> failing_calls(const std::filesystem::path& folder) {
  marks() = folder;
  auto* vfs = sqlite3_vfs_find(nullptr);
  replace(*vfs, "write", write_to);
  replace(*vfs, "pwrite", write_at);
  replace(*vfs, "pwrite64", write_at);
  replace(*vfs, "fallocate", allocate);
  return [] { ::close(::open((marks() / "full").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)); };
}

void limit_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 0;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

void fill_up(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), file.string());
  const std::array<char, 4096> block{};
  while (::write(fd, block.data(), block.size()) > 0) {
  }
  const int error = errno;
  ::close(fd);
  if (error != ENOSPC) throw std::system_error(error, std::generic_category(), file.string());
}

}  // namespace

std::function<void()> full_disk(const std::string& way, const std::filesystem::path& folder) {
  if (way == "enospc") return failing_calls(folder);
  if (way == "limit") return limit_files;
  if (way == "fill") return [file = folder / "full"] { fill_up(file); };
  throw std::invalid_argument("no such way to fill a disk: " + way);
}

}  // namespace madoguchi::crash
