// A tar archive (POSIX ustar) in memory: a handful of small texts, for which a library would be more than its
// use.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace madoguchi::cli {

class Tar {
 public:
  // `name`: at most 100 bytes. Readable by its owner only.
  void add(std::string_view name, std::string_view content, std::int64_t modified);
  // The archive as a whole; nothing more can be added.
  std::string finish();

 private:
  std::string bytes_;
};

}  // namespace madoguchi::cli
