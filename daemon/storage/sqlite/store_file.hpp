// The store's file as the operating system sees it: who may hold it, who may read it.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace madoguchi::storage {

// Closes what it owns.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

// One name for one file, whatever links lead to it, so that two daemons meet at the same lock.
base::Result<std::filesystem::path> real_path(const std::filesystem::path& path);

// The right to be the only daemon on the store, held while the descriptor lives. The lock file stays behind:
// removing it would let two daemons lock two files of the same name.
base::Result<Descriptor> take_lock(const std::filesystem::path& store);

// Makes the file if there is none and lets nobody but its owner read it. To be called under the lock and
// before SQLite opens the file: closing any descriptor of it drops all locks that this process has on it
// (POSIX).
base::Result<void> secure_file(const std::filesystem::path& store);

// What root has made, for a daemon that is not root: it belongs from now on to whom `like` belongs.
base::Result<void> hand_over(const Descriptor& file, const std::filesystem::path& like);

// A new file for its owner only, whom `like` belongs to; storage.unavailable when there is one already.
base::Result<Descriptor> new_file(const std::filesystem::path& path, const std::filesystem::path& like);

// A restore's copy before it has the store's name.
std::filesystem::path being_restored(const std::filesystem::path& store);
// One that was cut off has left its copy behind. To be called under the lock: then none is at work.
void remove_cut_off_restore(const std::filesystem::path& store);

// What was written to it, and the name that it has now, outlive a power cut.
base::Result<void> sync_file(const std::filesystem::path& path);

}  // namespace madoguchi::storage
