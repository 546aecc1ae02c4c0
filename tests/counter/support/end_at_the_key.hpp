// An issuing that stops where a key is to be made.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "world.hpp"

namespace madoguchi::counter::test {

// The daemon ends between the record and the command, or between the command and its outcome.
inline void end_at_the_key(World& world, const std::string& id, bool made) {
  world.store.on_commit = [&world, id, made](int number) {
    if (world.store.kinds(id).back() != "key.intent") return;
    if (made) {
      world.store.refused_at = number + 1;
    } else {
      world.card->disturb = [](int) { return Act::gone_before; };
    }
  };
  EXPECT_EQ(code_of(world.issue(id)), made ? base::Code::storage_full : base::Code::card_removed);
  world.store.on_commit = nullptr;
  world.restart();
  world.put_back();
}

}  // namespace madoguchi::counter::test
