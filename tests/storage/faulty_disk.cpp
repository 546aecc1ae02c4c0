#include "faulty_disk.hpp"

#include <signal.h>

#include <new>

namespace madoguchi::storage {
namespace {

// SQLite gives room for this and, behind it, for the real file system's own file.
struct File {
  sqlite3_file base;
  FaultyDisk* disk;
  std::string* name;
  sqlite3_file* real;
};

File& self(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return self(file).real;
}

int close(sqlite3_file* file) {
  delete self(file).name;
  return real(file)->pMethods->xClose(real(file));
}
int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), into, size, offset);
}
int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (const int code = self(file).disk->before_change(); code != SQLITE_OK) return code;
  return real(file)->pMethods->xWrite(real(file), data, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = self(file).disk->before_change(); code != SQLITE_OK) return code;
  return real(file)->pMethods->xTruncate(real(file), size);
}
int sync(sqlite3_file* file, int flags) {
  if (const int code = self(file).disk->before_change(); code != SQLITE_OK) return code;
  const int code = real(file)->pMethods->xSync(real(file), flags);
  if (code == SQLITE_OK) self(file).disk->after_sync(self(file).name->c_str());
  return code;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_reserved(sqlite3_file* file, int* result) {
  return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** into) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, into);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods methods{
    2,         close,          read,         write,       truncate,        sync,    file_size, lock,
    unlock,    check_reserved, file_control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,        nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* into, int flags, int* given) {
  auto* disk = static_cast<FaultyDisk*>(vfs->pAppData);
  auto* file = new (into) File{};
  file->real = reinterpret_cast<sqlite3_file*>(file + 1);
  const int code = disk->real()->xOpen(disk->real(), name, file->real, flags, given);
  if (code != SQLITE_OK) return code;
  file->disk = disk;
  file->name = new std::string(name != nullptr ? name : "");
  file->base.pMethods = &methods;
  return SQLITE_OK;
}

}  // namespace

FaultyDisk::FaultyDisk() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.zName = "faulty";
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.xOpen = open;
  vfs_.pNext = nullptr;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FaultyDisk::fail_from(int n, int code) {
  countdown_ = n;
  code_ = code;
  failed_ = false;
}

void FaultyDisk::kill_at(int n) {
  countdown_ = n;
  kill_ = true;
}

int FaultyDisk::before_change() {
  if (countdown_ < 0 || spared_) return SQLITE_OK;
  if (countdown_ > 0) {
    --countdown_;
    return SQLITE_OK;
  }
  if (kill_) static_cast<void>(::raise(SIGKILL));
  failed_ = true;
  return code_;
}

void FaultyDisk::after_sync(const char* name) const {
  if (mirror_.empty()) return;
  const std::filesystem::path from(name);
  std::filesystem::copy_file(from, mirror_ / from.filename(),
                             std::filesystem::copy_options::overwrite_existing);
}

}  // namespace madoguchi::storage
