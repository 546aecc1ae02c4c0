// The folder of plugins: the only place from which one is ever read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "descriptor.hpp"

namespace madoguchi::extension {

inline constexpr std::size_t largest_library = std::size_t{256} << 20;
inline constexpr std::size_t largest_signature = std::size_t{64} << 10;

class Folder {
 public:
  // Refused unless it belongs to root or this process's user and nobody else may write to it.
  static base::Result<Folder> open(const std::filesystem::path& path);

  // The whole of a plain file, opened once and through no symbolic link; `name` without a folder. The same
  // ownership as the folder is asked for. not_found if there is none.
  [[nodiscard]] base::Result<base::Bytes> read(std::string_view name, std::size_t most) const;

 private:
  Folder(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Descriptor fd_;
  std::string path_;
};

}  // namespace madoguchi::extension
