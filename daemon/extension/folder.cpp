#include "folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace madoguchi::extension {
namespace {

using base::Code;
using base::make_fault;

// Why somebody else could have put something of theirs there; empty if nobody could.
std::string exposed(const struct stat& about) {
  if (about.st_uid != 0 && about.st_uid != ::geteuid())
    return "belongs to neither root nor the daemon's user";
  if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "others than its owner may write to it";
  return {};
}

base::Result<base::Bytes> read_all(int fd, std::size_t size, const std::string& path) {
  base::Bytes bytes(size);
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::read(fd, bytes.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return make_fault(Code::plugin_failed, path + ": cannot be read to its end");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

base::Result<Folder> Folder::open(const std::filesystem::path& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat about {};
  if (!fd.open() || ::fstat(fd.get(), &about) != 0) {
    return make_fault(Code::plugin_failed, path.string() + ": " + std::strerror(errno));
  }
  if (const auto why = exposed(about); !why.empty())
    return make_fault(Code::plugin_failed, path.string() + ": " + why);
  return Folder(std::move(fd), path.string());
}

base::Result<base::Bytes> Folder::read(std::string_view name, std::size_t most) const {
  const auto path = path_ + "/" + std::string(name);
  if (name.empty() || name.find('/') != std::string_view::npos || name.front() == '.') {
    return make_fault(Code::plugin_failed, path + ": not a plain file name");
  }
  const Descriptor fd(
      ::openat(fd_.get(), std::string(name).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd.open()) {
    return make_fault(errno == ENOENT ? Code::not_found : Code::plugin_failed,
                      path + ": " + std::strerror(errno));
  }
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    return make_fault(Code::plugin_failed, path + ": not a plain file");
  }
  if (const auto why = exposed(about); !why.empty())
    return make_fault(Code::plugin_failed, path + ": " + why);
  if (static_cast<std::uint64_t>(about.st_size) > most)
    return make_fault(Code::plugin_failed, path + ": too large");
  return read_all(fd.get(), static_cast<std::size_t>(about.st_size), path);
}

}  // namespace madoguchi::extension
