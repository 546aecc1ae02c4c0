#include "simulated_issuer/ca_folder.hpp"

#include <fstream>

#include "issuer_fixture.hpp"

namespace madoguchi::simulated_issuer {
namespace {

namespace fs = std::filesystem;

TEST(CaFolder, IsOnlyItsOwnersAndNeverOverwritten) {
  const TemporaryFolder temporary;
  const auto path = temporary.path() / "ca";
  const auto made = CaFolder::create(path);
  ASSERT_TRUE(made) << base::describe(made.error());
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  for (const auto& file : fs::directory_iterator(path)) {
    EXPECT_EQ(fs::status(file).permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none)
        << file.path();
  }
  EXPECT_EQ(made->terminal_key().size(), 32u);
  const auto second = CaFolder::create(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::Code::conflict);
  const auto again = CaFolder::load(path);
  ASSERT_TRUE(again) << base::describe(again.error());
  EXPECT_EQ(again->terminal_key(), made->terminal_key());
  for (const auto kind : kinds) {
    EXPECT_EQ(X509_cmp(again->issuing(kind).certificate.get(), made->issuing(kind).certificate.get()), 0);
  }
}

TEST(CaFolder, SaysWhichFileIsMissing) {
  const TemporaryFolder empty;
  const auto loaded = CaFolder::load(empty.path());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, base::Code::storage_unavailable);
  EXPECT_NE(loaded.error().inner.find("root"), std::string::npos) << loaded.error().inner;
}

TEST(CaFolder, RefusesAKeyOfSomebodyElse) {
  const TemporaryFolder copy;
  fs::copy(shared_ca().path(), copy.path(), fs::copy_options::recursive);
  fs::copy_file(copy.path() / "ra.key.pem", copy.path() / "cmp.key.pem",
                fs::copy_options::overwrite_existing);
  const auto loaded = CaFolder::load(copy.path());
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().inner.find("cmp"), std::string::npos) << loaded.error().inner;
}

TEST(CaFolder, RefusesAShortTerminalKey) {
  const TemporaryFolder copy;
  fs::copy(shared_ca().path(), copy.path(), fs::copy_options::recursive);
  std::ofstream(copy.path() / "terminal.key.hex") << "00112233\n";
  EXPECT_FALSE(CaFolder::load(copy.path()));
}

}  // namespace
}  // namespace madoguchi::simulated_issuer
