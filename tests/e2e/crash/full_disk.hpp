// Ways in which a disk is full. Each lasts until a test makes room.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace madoguchi::crash {

// `way`, with `folder` the one that the store is in:
//   enospc   SQLite's writes fail with ENOSPC while the file `full` is in the folder, and with EROFS while
//            `read-only` is, as on a disk that the kernel has remounted; to make room: remove the file
//   limit    the process's own file size limit is 0 (RLIMIT_FSIZE), so that every write of it to any file
//   fails
//            with EFBIG, as does a log's; to make room: prlimit(2)
//   fill     the file `full` takes all that is left on the file system; for a small one. To make room: remove
//   it
// Throws std::invalid_argument for another. What is returned fills the disk.
std::function<void()> full_disk(const std::string& way, const std::filesystem::path& folder);

}  // namespace madoguchi::crash
