// What these tests have in common: a folder that goes with the test, and a log that remembers.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/log.hpp"

namespace madoguchi::app {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "madoguchi-app-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

 private:
  std::filesystem::path path_;
};

struct RememberingLog : base::Log {
  void write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) override {
    std::string line(id);
    for (const auto& field : fields) {
      if (const auto* text = std::get_if<std::string>(&field.value)) line.append(" ").append(*text);
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines{};
};

}  // namespace madoguchi::app
