// A file system under SQLite that fails when told to, and that knows what a power cut would have left.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>

namespace madoguchi::storage {

// SQLite's default file system while it lives; create it before the first store is opened and close all
// stores before it goes. One at a time.
class FaultyDisk {
 public:
  FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
  ~FaultyDisk();

  // From the n-th write, truncation or sync on (n from 0, counted from now), all of them fail with this
  // SQLite code.
  void fail_from(int n, int code);
  // The process is killed (SIGKILL) instead of doing its n-th write, truncation or sync.
  void kill_at(int n);
  void work_again() { countdown_ = -1; }
  // Whoever else has files here is not to suffer from it: until told otherwise it works, and counts nothing.
  void spare(bool spared) { spared_ = spared; }
  // Has a failure been provoked since fail_from()?
  [[nodiscard]] bool has_failed() const { return failed_; }

  // From now on, each synced file is copied as it is at its sync into `folder`: what a disk holds that keeps
  // nothing but what it was told to keep.
  void mirror_synced_into(std::filesystem::path folder) { mirror_ = std::move(folder); }

  // For the file methods.
  int before_change();
  void after_sync(const char* name) const;
  [[nodiscard]] sqlite3_vfs* real() const { return real_; }

 private:
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  int countdown_ = -1;
  int code_ = SQLITE_OK;
  bool failed_ = false;
  bool kill_ = false;
  bool spared_ = false;
  std::filesystem::path mirror_;
};

}  // namespace madoguchi::storage
