// A reader's own keys: asked for with every handle, used in the job's transaction, and what may happen there.
#include <reader.h>

#include "pcsc_fixture.hpp"
#include "smartcard/pin_pad.hpp"

namespace madoguchi::smartcard {
namespace {

constexpr DWORD verify_code = 0x42330006;

struct Asked {
  std::mutex mutex;
  std::vector<std::string> structures;
};

class PcscPinPadTest : public testing::Test, public PcscFixture {
 protected:
  void TearDown() override {
    finish();
    EXPECT_EQ(fake->open_handles(), 0U);
  }

  // Keys at reader A, which answer so.
  void give_keys(FakePcsc::Answer answer) {
    fake->drive("A", [asked = asked, answer = std::move(answer)](DWORD code, const base::Bytes& sent) {
      if (code == CM_IOCTL_GET_FEATURE_REQUEST)
        return FakePcsc::Answer{SCARD_S_SUCCESS, *base::from_hex("060442330006")};
      if (code != verify_code) return FakePcsc::Answer{SCARD_E_INVALID_PARAMETER, {}};
      const std::lock_guard lock(asked->mutex);
      asked->structures.push_back(base::to_hex(sent));
      return answer;
    });
  }
  // What a job there gets; "none" without keys.
  std::string enter(const std::string& reader, std::chrono::milliseconds deadline = patience) {
    auto told = std::make_shared<std::string>();
    const auto held = lease(reader);
    const auto job = [told](Channel& card) -> base::Result<void> {
      auto* const pad = card.pin_pad();
      if (pad == nullptr) {
        *told = "none";
        return {};
      }
      const auto answer = pad->verify({{.cla = 0x00, .ins = 0x20, .p1 = 0x00, .p2 = 0x80}, 4, 4});
      if (!answer) return answer.error();
      *told = to_string(answer->status);
      return {};
    };
    const auto ran = run(*held, job, deadline);
    return ran ? *told : reason(ran);
  }

  std::shared_ptr<Asked> asked = std::make_shared<Asked>();
};

TEST_F(PcscPinPadTest, IsUnknownUntilACardWasReachedAndThenKnown) {
  give_keys({SCARD_S_SUCCESS, {0x90, 0x00}});
  start_and_wait();
  EXPECT_EQ(status("A").pin_pad, std::nullopt);
  EXPECT_EQ(enter("A"), "9000");
  EXPECT_EQ(enter("B"), "none");
  EXPECT_EQ(status("A").pin_pad, true);
  EXPECT_EQ(status("B").pin_pad, false);
  EXPECT_EQ(asked->structures, std::vector<std::string>{base::to_hex(verify_structure(
                                   {{.cla = 0x00, .ins = 0x20, .p1 = 0x00, .p2 = 0x80}, 4, 4}))});
  EXPECT_TRUE(fake->sent().empty()) << "the computer has sent nothing itself";
}

TEST_F(PcscPinPadTest, PassesOnWhatTheReaderSays) {
  give_keys({SCARD_S_SUCCESS, {0x64, 0x01}});
  start_and_wait();
  EXPECT_EQ(enter("A"), "6401");
}

TEST_F(PcscPinPadTest, KeepsTheCardWhereTheDriverDoesNotWantIt) {
  for (const LONG code : {SCARD_E_UNSUPPORTED_FEATURE, SCARD_E_INVALID_PARAMETER}) {
    give_keys({code, {}});
    if (!readers) start_and_wait();
    EXPECT_EQ(enter("A"), "conflict");
  }
  EXPECT_FALSE(recorder.logged("reader.card_lost"));
}

TEST_F(PcscPinPadTest, LosesTheCardWithAnyOtherAnswer) {
  give_keys({SCARD_E_NOT_TRANSACTED, {}});
  start_and_wait();
  EXPECT_EQ(enter("A"), "card.removed");
  EXPECT_TRUE(recorder.logged("reader.card_lost"));
}

// A card pulled while somebody is at the keys.
TEST_F(PcscPinPadTest, TakesNoBytesForACardThatHasGone) {
  give_keys({SCARD_S_SUCCESS, {}});
  start_and_wait();
  EXPECT_EQ(enter("A"), "card.removed");
}

TEST_F(PcscPinPadTest, SetsAReaderAsideWhoseKeysNeverEnd) {
  give_keys({SCARD_S_SUCCESS, {0x90, 0x00}});
  fake->set_trap(Call::control, 2, FakePcsc::Trap::block);
  start_and_wait();
  EXPECT_EQ(enter("A", 50ms), "card.mute");
  EXPECT_EQ(status("A").presence, Presence::stuck);
  fake->release_blocked();
  while (readers->stuck_calls() > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace madoguchi::smartcard
