#include "sealed_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/bytes.hpp"

namespace madoguchi::app {
namespace {

using base::Code;
using base::make_fault;
namespace fs = std::filesystem;

constexpr off_t most_bytes = off_t{64} << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

base::Fault failed(const fs::path& file, int error) {
  // EFBIG: a file size limit is a full disk (RLIMIT_FSIZE).
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return make_fault(full ? Code::storage_full : Code::storage_unavailable,
                    file.string() + ": " + std::strerror(error));
}

int write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(to, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(to) == 0 ? 0 : errno;
}

int sync_folder(const fs::path& folder) {
  const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.get() < 0) return errno;
  return ::fsync(open.get()) == 0 ? 0 : errno;
}

}  // namespace

base::Result<void> write_durably(const fs::path& file, std::string_view text) {
  // One daemon has the state folder (the store's lock); what a crash left under this name is its own.
  const fs::path beside = file.string() + ".new";
  ::unlink(beside.c_str());
  int error = 0;
  {
    const Descriptor made(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    error = made.get() < 0 ? errno : write_all(made.get(), text);
  }
  if (error == 0 && std::rename(beside.c_str(), file.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(beside.c_str());
  if (error == 0) error = sync_folder(file.parent_path());
  if (error != 0) return failed(file, error);
  return {};
}

base::Result<std::string> read_own(const fs::path& file) {
  const Descriptor open(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (open.get() < 0) {
    if (errno == ENOENT) return make_fault(Code::not_found, file.string() + ": " + std::strerror(ENOENT));
    return failed(file, errno);
  }
  struct stat status {};
  if (::fstat(open.get(), &status) != 0) return failed(file, errno);
  if (!S_ISREG(status.st_mode) || (status.st_uid != 0 && status.st_uid != ::geteuid()) ||
      (status.st_mode & 0077) != 0 || status.st_size > most_bytes) {
    return make_fault(Code::storage_unavailable, file.string() + ": not a file of the daemon's alone");
  }
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const auto count = ::read(open.get(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed(file, count < 0 ? errno : EIO);
    done += static_cast<std::size_t>(count);
  }
  return text;
}

base::Result<std::string> read_own_key(const fs::path& file) {
  auto text = read_own(file);
  if (text || text.error().code == Code::not_found) return text;
  return make_fault(Code::forbidden,
                    text.error().inner + "; give it to the daemon's user and chmod 0600 first");
}

base::Result<void> make_own_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return failed(folder, errno);
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0) return failed(folder, errno);
  if (!S_ISDIR(status.st_mode) || (status.st_uid != 0 && status.st_uid != ::geteuid()) ||
      (status.st_mode & 0022) != 0) {
    return make_fault(Code::storage_unavailable, folder.string() + ": not a folder of the daemon's alone");
  }
  return {};
}

std::string digest_of(std::string_view text) {
  return base::to_hex(base::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

}  // namespace madoguchi::app
