// What these tests have in common.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <vector>

#include "doctor/examinations.hpp"

namespace madoguchi::doctor {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "madoguchi-doctor-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A finding can be told: it is in the book, and says what to do where it is not well.
inline std::string checked(const Finding& finding) {
  const auto told = to_json(finding);
  EXPECT_EQ(finding.state != State::ok, told.contains("do")) << finding.id;
  for (const auto* key : {"ja", "en"}) {
    EXPECT_EQ(std::string(told.at(key).as_string()).find('{'), std::string::npos) << told;
    if (!told.contains("do")) continue;
    EXPECT_EQ(std::string(told.at("do").at(key).as_string()).find('{'), std::string::npos) << told;
  }
  return finding.id + " " + std::string(name(finding.state));
}

class Told {
 public:
  Tell tell() {
    return [this](const Finding& finding) { all.push_back(checked(finding)); };
  }
  std::vector<std::string> all;
};

}  // namespace madoguchi::doctor
