#include "turns.hpp"

#include <gtest/gtest.h>

#include <string>

namespace madoguchi::server {
namespace {

std::string all_of(Turns<char>& turns) {
  std::string order;
  while (const auto next = turns.take()) order.push_back(*next);
  return order;
}

TEST(Turns, go_around_the_peers_whatever_each_of_them_has_opened) {
  Turns<char> turns;
  for (const char c : {'a', 'b', 'c', 'd'}) turns.add(1, false, c);
  turns.add(2, false, 'x');
  for (const char c : {'p', 'q'}) turns.add(3, false, c);
  EXPECT_EQ(all_of(turns), "axpbqcd");
  EXPECT_TRUE(turns.empty());
}

TEST(Turns, of_a_peer_that_always_wants_another_come_between_those_of_the_rest) {
  Turns<char> turns;
  for (const char c : {'a', 'b', 'c'}) turns.add(1, false, c);
  std::string order;
  for (int i = 0; i < 8; ++i) {
    const auto next = *turns.take();
    order.push_back(next);
    if (next != 'x') turns.add(1, false, next);  // it has more lines
    if (i == 3) turns.add(2, false, 'x');
  }
  EXPECT_EQ(order, "abcabxca") << "whoever comes waits for one turn of each other peer";
}

TEST(Turns, of_displays_come_last_and_come_all_the_same) {
  Turns<char> turns;
  turns.add(7, true, 'd');
  for (int i = 0; i < 20; ++i) turns.add(1, false, 'c');
  const auto order = all_of(turns);
  EXPECT_EQ(order.size(), 21U);
  EXPECT_GT(order.find('d'), 8U);
  EXPECT_LT(order.find('d'), 20U);
}

TEST(Turns, are_nobodys_once_cleared) {
  Turns<char> turns;
  turns.add(1, false, 'a');
  turns.add(2, true, 'b');
  turns.clear();
  EXPECT_TRUE(turns.empty());
  EXPECT_FALSE(turns.take());
}

}  // namespace
}  // namespace madoguchi::server
