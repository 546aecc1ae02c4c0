#include "sqlite/store_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace madoguchi::storage {
namespace {

base::Fault fault_of(int error, const std::string& what) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return base::make_fault(full ? base::Code::storage_full : base::Code::storage_unavailable,
                          what + ": " + std::generic_category().message(error));
}

// A file whose name is not on the disk is lost with all that was committed to it.
base::Result<void> sync_folder(const std::filesystem::path& store) {
  const Descriptor folder(::open(store.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0)
    return fault_of(errno, "cannot sync the folder of the store");
  return {};
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<std::filesystem::path> real_path(const std::filesystem::path& path) {
  std::error_code error;
  auto absolute = std::filesystem::absolute(path, error);
  if (!error) absolute = std::filesystem::weakly_canonical(absolute, error);
  if (error) return fault_of(error.value(), "cannot resolve " + path.string());
  return absolute;
}

base::Result<Descriptor> take_lock(const std::filesystem::path& store) {
  const std::string name = store.string() + ".lock";
  Descriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.get() < 0) return fault_of(errno, "cannot open " + name);
  int locked;
  do {
    locked = ::flock(lock.get(), LOCK_EX | LOCK_NB);
  } while (locked != 0 && errno == EINTR);
  if (locked != 0) {
    if (errno == EWOULDBLOCK) {
      return base::make_fault(base::Code::storage_unavailable,
                              store.string() + " is in use by another daemon");
    }
    return fault_of(errno, "cannot lock " + name);
  }
  return lock;
}

base::Result<void> secure_file(const std::filesystem::path& store) {
  bool made = true;
  int fd = ::open(store.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST) {
    made = false;
    fd = ::open(store.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  }
  const Descriptor file(fd);
  if (file.get() < 0) return fault_of(errno, "cannot open " + store.string());
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fault_of(errno, "cannot look at " + store.string());
  if (!S_ISREG(status.st_mode)) return fault_of(EINVAL, store.string() + " is not a file");
  if ((status.st_mode & 07777) != 0600 && ::fchmod(file.get(), 0600) != 0) {
    return fault_of(errno, "cannot keep others from reading " + store.string());
  }
  return made ? sync_folder(store) : base::Result<void>();
}

base::Result<void> hand_over(const Descriptor& file, const std::filesystem::path& like) {
  if (::geteuid() != 0) return {};
  struct stat owner {};
  if (::stat(like.c_str(), &owner) != 0 || ::fchown(file.get(), owner.st_uid, owner.st_gid) != 0)
    return fault_of(errno, "cannot give a file to the owner of " + like.string());
  return {};
}

base::Result<Descriptor> new_file(const std::filesystem::path& path, const std::filesystem::path& like) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) return fault_of(errno, "cannot make " + path.string());
  if (auto given = hand_over(file, like); !given) return given.error();
  return file;
}

std::filesystem::path being_restored(const std::filesystem::path& store) {
  return store.string() + ".restoring";
}

void remove_cut_off_restore(const std::filesystem::path& store) {
  std::error_code ignored;
  for (const auto* suffix : {"", "-journal", "-wal", "-shm"})
    std::filesystem::remove(being_restored(store).string() + suffix, ignored);
}

base::Result<void> sync_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return fault_of(errno, "cannot sync " + path.string());
  return sync_folder(path);
}

}  // namespace madoguchi::storage
