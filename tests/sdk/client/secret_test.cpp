#include "madoguchi_client/secret.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <string>

namespace madoguchi::client {
namespace {

TEST(Secret, HoldsWhatItWasGiven) {
  Secret secret("1234");
  EXPECT_EQ(secret.reveal(), "1234");
  EXPECT_TRUE(secret.append('5'));
  EXPECT_EQ(secret.reveal(), "12345");
  secret.clear();
  EXPECT_TRUE(secret.empty());
}

TEST(Secret, IsNeverCutShort) {
  const Secret longest(std::string(Secret::capacity, 'x'));
  EXPECT_EQ(longest.reveal().size(), Secret::capacity);
  EXPECT_FALSE(longest.overlong());
  Secret overlong(std::string(Secret::capacity + 1, 'x'));
  EXPECT_TRUE(overlong.overlong());
  EXPECT_TRUE(overlong.empty());
  EXPECT_FALSE(overlong.append('x'));
}

bool holds(const unsigned char* memory, std::size_t size, std::string_view text) {
  return std::string_view(reinterpret_cast<const char*>(memory), size).find(text) != std::string_view::npos;
}

TEST(Secret, WipesItselfWhenMovedFromAndWhenDestroyed) {
  alignas(Secret) unsigned char memory[sizeof(Secret)];
  auto* secret = new (memory) Secret("SECRET42");
  ASSERT_TRUE(holds(memory, sizeof memory, "SECRET42"));
  Secret moved(std::move(*secret));
  EXPECT_EQ(moved.reveal(), "SECRET42");
  EXPECT_FALSE(holds(memory, sizeof memory, "SECRET42"));
  *secret = std::move(moved);
  ASSERT_TRUE(holds(memory, sizeof memory, "SECRET42"));
  secret->~Secret();
  EXPECT_FALSE(holds(memory, sizeof memory, "SECRET42"));
}

}  // namespace
}  // namespace madoguchi::client
