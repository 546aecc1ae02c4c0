#include "simulated_card/keys.hpp"
#include "../../../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <vector>

namespace madoguchi::simulated_card {
namespace {

namespace fs = std::filesystem;

class KeysTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(folder / name, std::ios::binary) << content;
  }
  [[nodiscard]] auto left() const { return std::distance(fs::directory_iterator(folder.path()), {}); }

  tests::TemporaryFolder folder;
};

TEST_F(KeysTest, EachKeyIsTakenOnceByWhoeverComesFirst) {
  constexpr int takers = 4;
  constexpr int each = 50;
  for (int key = 0; key < takers * each; ++key)
    put(std::to_string(key) + ".key", "key " + std::to_string(key));
  std::vector<std::vector<base::Bytes>> taken(takers);
  std::vector<std::thread> threads;
  threads.reserve(taken.size());
  for (auto& mine : taken) {
    threads.emplace_back([this, &mine] {
      const auto keys = ready_keys(folder.path());
      for (int i = 0; i < each; ++i) mine.push_back(keys());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<base::Bytes> all;
  for (const auto& mine : taken) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), std::size_t{takers} * each);
  EXPECT_EQ(left(), 0);
}

TEST_F(KeysTest, WithoutAnyLeftAFreshOneIsMade) {
  put("half-written.part", "no key");
  for (const auto& where : {folder.path(), folder / "absent"}) {
    const auto keys = ready_keys(where);
    EXPECT_FALSE(public_key_info(keys()).empty());
  }
  EXPECT_EQ(left(), 1);
}

TEST_F(KeysTest, WhatWasStockedIsUsable) {
  const auto at = folder / "new" / "keys";
  ASSERT_TRUE(stock(at, 2));
  const auto keys = ready_keys(at);
  const auto first = public_key_info(keys());
  EXPECT_NE(first, public_key_info(keys()));
  EXPECT_TRUE(fs::is_empty(at));
  EXPECT_EQ(stock("/dev/null/keys", 1).error().code, base::Code::storage_unavailable);
}

}  // namespace
}  // namespace madoguchi::simulated_card
