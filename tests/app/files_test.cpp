#include "files.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;
using base::Code;

TEST(Files, AreReadWholeAndUnchanged) {
  const Folder folder;
  const std::string text("\xEF\xBB\xBF一\r\n\0二", 12);
  const auto file = folder.write("file", text);
  EXPECT_EQ(read_text(file).value(), text);
  EXPECT_EQ(read_bytes(file).value(), base::Bytes(text.begin(), text.end()));
  EXPECT_EQ(read_text(folder.write("empty", "")).value(), "");
}

TEST(Files, NameTheOneThatIsNotThere) {
  const Folder folder;
  const auto missing = read_text(folder.path() / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  EXPECT_NE(missing.error().inner.find("missing"), std::string::npos);
  EXPECT_FALSE(read_text(folder.path())) << "a folder is no file";
}

TEST(Files, StopAtAMebibyte) {
  const Folder folder;
  EXPECT_TRUE(read_text(folder.write("just", std::string(std::size_t{1} << 20, 'x'))));
  const auto over = read_text(folder.write("over", std::string((std::size_t{1} << 20) + 1, 'x')));
  ASSERT_FALSE(over);
  EXPECT_NE(over.error().inner.find("larger"), std::string::npos);
}

TEST(Files, KeepKeysFromEverybody) {
  const Folder folder;
  const auto key = folder.write("key.pem", "secret");
  for (const auto open : {fs::perms::others_read, fs::perms::others_write, fs::perms::others_exec}) {
    fs::permissions(key, fs::perms::owner_read | fs::perms::group_read | open);
    const auto refused = read_key(key);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::forbidden);
    EXPECT_NE(refused.error().inner.find("key.pem"), std::string::npos);
    EXPECT_EQ(refused.error().inner.find("secret"), std::string::npos);
  }
  fs::permissions(key, fs::perms::owner_read | fs::perms::group_read);
  EXPECT_TRUE(read_key(key));
}

TEST(Files, WithASecretGoByTheirPlaceWhereTheyAreNotThere) {
  const Folder folder;
  const auto name_of = names_of_secrets(folder.path());
  const std::string place = "store.key, line 12";
  const auto instead = [&](const fs::path& there) {
    return (there / "(named by store.key, line 12)").string();
  };
  folder.write("storekey", "x");
  fs::create_directory(folder.path() / "keys");
  fs::create_symlink("/nowhere", folder.path() / "keys/link");
  EXPECT_EQ(name_of("storekey", place), "storekey");
  EXPECT_EQ(name_of((folder.path() / "storekey").string(), place), (folder.path() / "storekey").string());
  EXPECT_EQ(name_of("keys/link", place), "keys/link");
  EXPECT_EQ(name_of("keys/mistyped", place), instead(folder.path() / "keys"));
  EXPECT_EQ(name_of("kyes/old/storekey", place), instead(folder.path()));
  EXPECT_EQ(name_of("Tokyo.2026", place), instead(folder.path()));
  EXPECT_EQ(name_of("Qm9/xx==", place), instead(folder.path()));
  EXPECT_EQ(name_of("/Qm9/xx==", place), instead("/"));
  EXPECT_EQ(name_of(std::string(900, 'a'), place), instead(folder.path())) << "longer than any name";
  EXPECT_EQ(name_of("storekey/more", place), instead(folder.path()));
}

TEST(Files, ThatAreStillToComeAreNamed) {
  const Folder folder;
  const auto name_of = names_of_secrets(folder.path());
  for (const std::string later : {"/run/credentials/madoguchid.service/ra.pin", "state/store.key"})
    EXPECT_EQ(name_of(later, "store.key, line 12"), later);
}

}  // namespace
}  // namespace madoguchi::app
