#include "support.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace madoguchi::settings {

std::string shipped(const std::string& path) {
  std::ifstream file(std::string(CONFIG_DIR "/") + path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Loaded<policy::Policy> load_shipped(const std::string& path) {
  return load_policy(shipped(path), path,
                     [](const std::string& named) -> base::Result<std::string> { return shipped(named); });
}

std::vector<std::string> texts(const std::vector<Complaint>& complaints) {
  std::vector<std::string> all;
  all.reserve(complaints.size());
  for (const auto& complaint : complaints) all.push_back(to_text(complaint));
  return all;
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  EXPECT_EQ(text.find(from, at + 1), std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace madoguchi::settings
