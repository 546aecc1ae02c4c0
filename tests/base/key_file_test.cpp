#include "base/key_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace madoguchi::base {
namespace {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = (fs::temp_directory_path() / "madoguchi-key-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = pattern;
    std::ofstream(file()) << "secret";
  }
  ~KeyFile() override { fs::remove_all(folder_); }
  [[nodiscard]] fs::path file() const { return folder_ / "a.key"; }

  fs::path folder_;
};

TEST_F(KeyFile, IsForItsOwnerAndAtMostForItsGroupToRead) {
  for (const mode_t mode : {0400U, 0600U, 0440U, 0640U}) {
    ::chmod(file().c_str(), mode);
    EXPECT_TRUE(check_secret(file(), "a key")) << mode;
  }
  for (const mode_t mode : {0604U, 0602U, 0601U, 0620U, 0610U, 0644U, 0660U, 0666U}) {
    ::chmod(file().c_str(), mode);
    const auto refused = check_secret(file(), "the key of the store");
    ASSERT_FALSE(refused) << mode;
    EXPECT_EQ(refused.error().code, Code::forbidden);
    const auto said = refused.error().inner;
    EXPECT_NE(said.find(file().string() + ": the key of the store"), std::string::npos) << said;
    EXPECT_EQ(said.find("secret"), std::string::npos);
  }
}

// Clerks are in the daemon's group, for its socket.
TEST_F(KeyFile, IsNotForAGroupThatOthersAreIn) {
  const auto clerks = [](gid_t) { return std::vector<std::string>{"root", "window-app"}; };
  ::chmod(file().c_str(), 0640);
  const auto refused = check_secret(file(), "a key", clerks);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::forbidden);
  EXPECT_NE(refused.error().inner.find("window-app"), std::string::npos) << refused.error().inner;
  ::chmod(file().c_str(), 0600);
  EXPECT_TRUE(check_secret(file(), "a key", clerks));
}

TEST_F(KeyFile, IsRootsOrOurs) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ::chmod(file().c_str(), 0600);
  ASSERT_EQ(::chown(file().c_str(), 65'534, 65'534), 0);
  EXPECT_EQ(check_secret(file(), "a key").error().code, Code::forbidden);
}

TEST_F(KeyFile, IsAFileThatIsThere) {
  EXPECT_EQ(check_secret(folder_ / "none", "a key").error().code, Code::not_found);
  ::chmod(folder_.c_str(), 0700);
  EXPECT_EQ(check_secret(folder_, "a key").error().code, Code::forbidden) << "a folder";
}

TEST_F(KeyFile, IsTheServiceManagersWhereItHandsOneOver) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(credential("a.key"));
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(credential("a.key"), file());
  EXPECT_EQ(credential_of_service("a.key"), file());
  EXPECT_FALSE(credential("b.key"));
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

}  // namespace
}  // namespace madoguchi::base
