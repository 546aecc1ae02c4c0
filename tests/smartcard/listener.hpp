// What a listener to reader events believes. It refuses events that make no sense: twice added, removed
// though absent.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "smartcard/readers.hpp"

namespace madoguchi::smartcard {

class Listener {
 public:
  using Kind = ReaderEvent::Kind;

  void hear(const ReaderEvent& event) {
    switch (event.kind) {
      case Kind::reader_added:
        EXPECT_TRUE(cards.emplace(event.reader, false).second) << event.reader << " was added twice";
        return;
      case Kind::reader_removed:
        EXPECT_FALSE(cards.at(event.reader)) << event.reader << " left with a card in it";
        cards.erase(event.reader);
        return;
      case Kind::card_inserted:
        EXPECT_FALSE(cards.at(event.reader)) << "a second card in " << event.reader;
        cards.at(event.reader) = true;
        return;
      case Kind::card_removed:
        EXPECT_TRUE(cards.at(event.reader)) << "no card to be removed from " << event.reader;
        cards.at(event.reader) = false;
        removed.insert(event.reader);
        return;
      case Kind::service_down:
        EXPECT_NE(up, false) << "down twice";
        EXPECT_TRUE(cards.empty()) << "readers outlived their service";
        up = false;
        return;
      case Kind::service_up:
        EXPECT_NE(up, true) << "up twice";
        up = true;
        return;
    }
  }

  std::map<std::string, bool> cards;  // reader to whether a card is in it
  std::set<std::string> removed;      // whose card left, since this was last cleared
  std::optional<bool> up;             // the service, once heard of
};

}  // namespace madoguchi::smartcard
