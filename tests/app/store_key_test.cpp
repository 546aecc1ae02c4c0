#include "store_key.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "support.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;
using base::Code;
using testing::HasSubstr;

const std::string hex(64, 'a');

std::string id_of(const std::string& text) {
  return storage::SealingKey::from_text(text).value().id();
}

TEST(StoreKeys, the_own_one_is_made_when_asked_for_and_is_for_the_daemon_alone) {
  const Folder folder;
  RememberingLog log;
  auto ring = store_keys({}, folder.path(), folder.path(), log).value();
  EXPECT_TRUE(ring.keys.empty());
  const auto file = folder.path() / "store.key";
  EXPECT_FALSE(fs::exists(file));
  const auto made = ring.make().value().id();
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_THAT(log.lines[0], HasSubstr("store.key_made"));
  EXPECT_THAT(log.lines[0], HasSubstr(made));
  ring = store_keys({}, folder.path(), folder.path(), log).value();
  ASSERT_EQ(ring.keys.size(), 1U);
  EXPECT_EQ(ring.keys[0].id(), made);
}

TEST(StoreKeys, are_refused_when_others_may_use_them) {
  const Folder folder;
  RememberingLog log;
  const auto own = folder.write("store.key", hex);
  const auto given = folder.write("city.key", hex);
  settings::StoreConfig config;
  for (const auto open : {fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(own, fs::perms::owner_read | open);
    EXPECT_EQ(store_keys(config, folder.path(), folder.path(), log).error().code, Code::forbidden);
    fs::permissions(own, fs::perms::owner_read);
    fs::permissions(given, fs::perms::owner_read | open);
    config.key = "city.key";
    EXPECT_EQ(store_keys(config, folder.path(), folder.path(), log).error().code, Code::forbidden);
    EXPECT_EQ(starting_store_keys(config, folder.path(), folder.path()).error().code, Code::forbidden);
    config.key.clear();
  }
}

TEST(StoreKeys, a_given_one_seals_and_the_own_and_former_ones_open) {
  const Folder folder;
  RememberingLog log;
  for (const auto& [name, digit] :
       {std::pair("city.key", '1'), std::pair("old.key", '2'), std::pair("store.key", '3')})
    fs::permissions(folder.write(name, std::string(64, digit) + "\n"), fs::perms::owner_read);
  settings::StoreConfig config;
  config.key = "city.key";
  config.former_keys = {"old.key"};
  const auto ring = store_keys(config, folder.path(), folder.path(), log).value();
  ASSERT_EQ(ring.keys.size(), 3U);
  for (int n = 0; n < 3; ++n)
    EXPECT_EQ(ring.keys[static_cast<std::size_t>(n)].id(),
              id_of(std::string(64, static_cast<char>('1' + n))));
  config.key = "missing.key";
  EXPECT_EQ(store_keys(config, folder.path(), folder.path(), log).error().code, Code::not_found);
}

TEST(StoreKeys, a_credential_comes_before_the_own_one) {
  const Folder folder;
  const Folder credentials;
  RememberingLog log;
  fs::permissions(credentials.write("store.key", hex), fs::perms::owner_read);
  ::setenv("CREDENTIALS_DIRECTORY", credentials.path().c_str(), 1);
  const auto ring = store_keys({}, folder.path(), folder.path(), log);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ASSERT_EQ(ring.value().keys.size(), 1U);
  EXPECT_EQ(ring.value().keys[0].id(), id_of(hex));
  EXPECT_FALSE(fs::exists(folder.path() / "store.key"));
}

TEST(StoreKeys, former_ones_alone_do_not_seal) {
  const Folder folder;
  RememberingLog log;
  fs::permissions(folder.write("old.key", hex), fs::perms::owner_read);
  settings::StoreConfig config;
  config.former_keys = {"old.key"};
  EXPECT_EQ(store_keys(config, folder.path(), folder.path(), log).error().code, Code::storage_unavailable);
}

TEST(StoreKeys, what_is_no_key_is_named_and_not_shown) {
  const Folder folder;
  fs::permissions(folder.write("city.key", "my own words"), fs::perms::owner_read);
  settings::StoreConfig config;
  config.key = "city.key";
  const auto checked = starting_store_keys(config, folder.path(), folder.path());
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().inner, HasSubstr("city.key"));
  EXPECT_THAT(checked.error().inner, testing::Not(HasSubstr("my own words")));
}

}  // namespace
}  // namespace madoguchi::app
