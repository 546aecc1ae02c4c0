// C12: a card that answers anything at all. No step may crash, run on without end, or take an answer for a
// right that was not given.
#include <gtest/gtest.h>

#include <random>

#include "mynumber/admin.hpp"
#include "mynumber/card.hpp"

namespace madoguchi::mynumber {
namespace {

class RandomCard final : public smartcard::Channel {
 public:
  explicit RandomCard(unsigned seed) : random_(seed) {}

  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override {
    ++sent;
    if (command.secret()) ++secrets;
    base::Bytes data(random_() % 4 == 0 ? 0 : random_() % 300);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(random_());
    shape(data);
    return smartcard::Response{.data = std::move(data), .status = smartcard::StatusWord{status()}};
  }

  int sent = 0;
  int secrets = 0;

 private:
  // Often enough the beginning of something that is read on.
  void shape(base::Bytes& data) {
    static const base::Bytes beginnings[] = {{0x30, 0x82}, {0x30, 0x82, 0x04}, {0x7F, 0x49, 0x82, 0x01, 0x09},
                                             {0x01, 0x1C}, {0x30, 0x84, 0xFF}, {0xFF, 0xFF}};
    const base::Bytes& beginning = beginnings[random_() % 6];
    if (data.size() >= beginning.size()) std::copy(beginning.begin(), beginning.end(), data.begin());
  }

  std::uint16_t status() {
    static const std::uint16_t likely[] = {0x9000, 0x9000, 0x9000, 0x9000, 0x63C3,
                                           0x6282, 0x6982, 0x6A82, 0x6B00};
    if (random_() % 8 == 0) {
      const auto any = static_cast<std::uint16_t>(random_());
      // An offer of bytes without end is the exchange's own matter and tested there.
      return (any >> 8) == 0x61 ? std::uint16_t{0x6F00} : any;
    }
    return likely[random_() % 9];
  }

  std::mt19937 random_;
};

constexpr int bound = 200;

TEST(HostileCard, ReadingEnds) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    RandomCard card(seed);
    CardState state;
    if (const auto found = inspect(card, state, simulated_spare()); !found) {
      EXPECT_NE(found.error().code, base::Code::internal);
    }
    EXPECT_LE(card.sent, bound) << seed;
    EXPECT_EQ(card.secrets, 0) << seed;
    EXPECT_TRUE(state.verified.none());
  }
}

TEST(HostileCard, OnePinIsSentAtMostOnce) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    RandomCard card(seed);
    CardState state;
    const auto verified =
        verify_pin(card, state, simulated_spare(), PinName::authentication, base::Secret("1234"), {});
    EXPECT_LE(card.secrets, 1) << seed;
    EXPECT_EQ(state.is_verified(PinName::authentication), verified.has_value()) << seed;
  }
}

TEST(HostileCard, AdministrationEnds) {
  const auto key = make_terminal_key(base::Bytes(32, 0x11));
  const auto admin = make_admin_commands(simulated_spare());
  for (unsigned seed = 0; seed < 2000; ++seed) {
    RandomCard card(seed);
    CardState state;
    (void)admin->authenticate(card, state, *key);
    const auto made = admin->generate_key(card, state, CertificateName::signature, Slot::spare);
    if (made) {
      EXPECT_EQ(made->size(), 294U) << seed;
    }
    (void)admin->read_public_key(card, state, CertificateName::authentication, Slot::active);
    (void)admin->read_back(card, state, CertificateName::authentication, Slot::active);
    (void)admin->activate(card, state, CertificateName::authentication);
    EXPECT_LE(card.sent, bound) << seed;
  }
}

}  // namespace
}  // namespace madoguchi::mynumber
