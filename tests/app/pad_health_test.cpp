// Readers whose keys the configuration counts on.
#include "pad_health.hpp"

#include <gmock/gmock.h>

#include "messages/book.hpp"

namespace madoguchi::app {
namespace {

using settings::PinPadUse;

std::vector<smartcard::ReaderStatus> readers(std::optional<bool> first, std::optional<bool> second) {
  std::vector<smartcard::ReaderStatus> all(2);
  all[0].name = "Window 1";
  all[0].pin_pad = first;
  all[1].name = "Window 2";
  all[1].pin_pad = second;
  return all;
}

TEST(PinPads, OneThatIsLackingIsNamedWhereThereIsNoOtherWay) {
  const auto state = pad_health(PinPadUse::required, readers(true, false));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->at("state"), "degraded");
  EXPECT_THAT(std::string(state->at("en").as_string()), testing::HasSubstr("Window 2 has none"));
  EXPECT_THAT(std::string(state->at("ja").as_string()), testing::HasSubstr("Window 2"));
  EXPECT_FALSE(messages::remedy("reader.no_pin_pad", *state).empty());
}

TEST(PinPads, NothingIsSaidOfOthersOrOfWhatIsNotKnown) {
  EXPECT_FALSE(pad_health(PinPadUse::required, readers(true, std::nullopt)));
  EXPECT_FALSE(pad_health(PinPadUse::automatic, readers(false, false)));
  EXPECT_FALSE(pad_health(PinPadUse::optional, readers(false, false)));
}

}  // namespace
}  // namespace madoguchi::app
