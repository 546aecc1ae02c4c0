#include "simulated_card/store.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "../../../temporary_folder.hpp"
#include "test_card.hpp"

namespace madoguchi::simulated_card {
namespace {

class Store : public TestCard {
 protected:
  std::string path() const { return (folder_ / "card.json").string(); }
  std::string content() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  tests::TemporaryFolder folder_;
};

TEST_F(Store, CardGoesOnWhereItStopped) {
  FileMemory file(path());
  ASSERT_TRUE(file.commit(image()));
  {
    Card first(load(path()).value(), file);
    first.transmit(hex("00A4040C 0A D392F000260100000001"));
    EXPECT_EQ(first.transmit(command("00200098", text("0000"))), hex("63C2"));
  }
  Card second(load(path()).value(), file);
  second.transmit(hex("00A4040C 0A D392F000260100000001"));
  EXPECT_EQ(second.transmit(hex("00200098")), hex("63C2"));
  EXPECT_EQ(second.transmit(command("0020009B", text("ABC123"))), hex("9000"));
  EXPECT_EQ(second.transmit(hex("00B08100 04")), hex("308203E8 9000"));
  EXPECT_EQ(to_json(load(path()).value()), content());
}

TEST_F(Store, HoldsNoPinInTheClear) {
  ASSERT_TRUE(FileMemory(path()).commit(image()));
  EXPECT_EQ(content().find("ABC123"), std::string::npos);
  EXPECT_EQ(content().find(base::to_base64(text("ABC123"))), std::string::npos);
}

TEST_F(Store, RefusesWhatIsNoCard) {
  EXPECT_EQ(load(path()).error().code, base::Code::not_found);
  auto good = to_json(image());
  EXPECT_TRUE(from_json(good));
  EXPECT_FALSE(from_json(good.substr(0, good.size() / 2)));
  EXPECT_FALSE(from_json("[]"));
  const std::string field = "\"max_tries\":3,\"tries\":3";
  good.replace(good.find(field), field.size(), "\"max_tries\":3,\"tries\":4");
  EXPECT_FALSE(from_json(good));
}

TEST_F(Store, SaysWhenItCannotKeep) {
  FileMemory nowhere((folder_ / "missing/card.json").string());
  EXPECT_FALSE(nowhere.commit(image()));
}

}  // namespace
}  // namespace madoguchi::simulated_card
