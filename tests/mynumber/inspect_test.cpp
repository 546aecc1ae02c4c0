#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "mynumber/glance.hpp"
#include "support/certificates.hpp"
#include "support/model_card.hpp"
#include "support/scripted_card.hpp"

namespace madoguchi::mynumber {
namespace {

using testing::ModelCard;

Inspection inspected(ModelCard& card) {
  CardState state;
  auto result = inspect(card, state, genuine());
  if (!result) throw std::runtime_error(describe(result.error()));
  return *result;
}

TEST(Inspect, TellsEverythingThatNeedsNoPin) {
  ModelCard card;
  const Inspection found = inspected(card);
  EXPECT_EQ(found.kind, CardKind::my_number_card);
  EXPECT_EQ(found.token_label, "JPKIAPICCTOKEN2");
  EXPECT_EQ(found.token_serial, "0000000020500003");
  EXPECT_EQ(found.card_number, "400000012719843");
  EXPECT_EQ(found.identity(), "400000012719843");
  ASSERT_TRUE(found.card_expires_on);
  EXPECT_EQ(base::format_date(*found.card_expires_on), "2035-02-17");
  EXPECT_TRUE(found.signature_present);
  EXPECT_TRUE(found.authentication_present);
  ASSERT_TRUE(found.authentication);
  EXPECT_EQ(found.authentication->serial, "a1b2c");
  EXPECT_FALSE(found.signature);
  EXPECT_EQ(found.tries,
            (Tries{{PinName::signature, 5}, {PinName::authentication, 3}, {PinName::resident_register, 3}}));
  EXPECT_EQ(found.applications,
            (std::vector{Application::jpki, Application::resident_register, Application::common}));
  EXPECT_EQ(card.verifies_with_data, 0);
}

TEST(Inspect, ReadsTheSignatureCertificateInASessionThatVerifiedIt) {
  ModelCard card;
  card.signature_readable = true;
  CardState state;
  ASSERT_TRUE(verify_pin(card, state, genuine(), PinName::signature, base::Secret("PASSWORD1234"), {}));
  const auto found = inspect(card, state, genuine());
  ASSERT_TRUE(found);
  ASSERT_TRUE(found->signature);
  EXPECT_EQ(found->signature->serial, "51");
  EXPECT_TRUE(state.verified.none()) << "the other applications were visited";
}

TEST(Inspect, KindsByTokenLabel) {
  const std::pair<const char*, CardKind> labels[] = {
      {"JPKIAPICCTOKEN2", CardKind::my_number_card}, {"JPKIAPICCTOKEN", CardKind::juki_card},
      {"JPKIAPGPSETOKEN", CardKind::phone},          {"JPKIAPIOSTOKEN", CardKind::phone},
      {"JPKIAPICCTOKEN3", CardKind::other},          {"", CardKind::other},
  };
  for (const auto& [label, kind] : labels) {
    for (const char padding : {' ', '\0'}) {
      ModelCard card;
      card.applications[Application::jpki].files[0x0006] = testing::token_information(label, "1", padding);
      EXPECT_EQ(inspected(card).kind, kind) << label;
      CardState state;
      EXPECT_EQ(glance(card, state).value(), kind) << label;
    }
  }
}

TEST(Inspect, CardWithoutJpkiIsUnknown) {
  for (const char* const answer : {"6A82", "6A86", "6D00", "6E00", "6999"}) {
    testing::ScriptedCard card;
    card.expect("00A4 040C 0A D392F000260100000001", answer);
    CardState state;
    const auto refusal = inspect(card, state, genuine());
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, base::Code::card_unknown);
    EXPECT_EQ(refusal.error().details.at("status"), answer);
    card.expect("00A4 040C 0A D392F000260100000001", answer);
    EXPECT_EQ(glance(card, state).value(), CardKind::other);
  }
}

TEST(Inspect, OnlyTheJpkiApplication) {
  ModelCard card;
  card.applications.erase(Application::common);
  card.applications.erase(Application::resident_register);
  const Inspection found = inspected(card);
  EXPECT_EQ(found.applications, std::vector{Application::jpki});
  EXPECT_EQ(found.card_number, "");
  EXPECT_FALSE(found.tries.contains(PinName::resident_register));
  // The token's serial is not known to be the card's own, so the key goes in.
  EXPECT_EQ(found.identity(),
            "0000000020500003:" + base::to_hex(base::sha256(found.authentication->subject_der)));
}

TEST(Inspect, PresenceFileDecidesAndItsAbsenceAsksTheFiles) {
  ModelCard card;
  auto& files = card.applications[Application::jpki].files;
  files[0x0008] = {0x00, 0x8F, 0x00};
  EXPECT_FALSE(inspected(card).signature_present);
  EXPECT_TRUE(inspected(card).authentication_present);
  for (const base::Bytes& damaged :
       {base::Bytes{}, base::Bytes{0x8F}, base::Bytes(3, 0xFF), base::Bytes(16, 0xFF)}) {
    files[0x0008] = damaged;
    EXPECT_TRUE(inspected(card).signature_present);
  }
  files.erase(0x0008);
  EXPECT_TRUE(inspected(card).signature_present);
  files.erase(0x0001);
  EXPECT_FALSE(inspected(card).signature_present);
  EXPECT_TRUE(inspected(card).authentication_present);
}

// A reader that alters the first byte of one answer.
class OnceAltered final : public smartcard::Channel {
 public:
  OnceAltered(ModelCard& card, int at) : card_(card), at_(at) {}
  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override {
    auto response = card_.transmit(command);
    if (response && !response->data.empty() && ++answers == at_) response->data.front() ^= 0x01;
    return response;
  }

  int answers = 0;  // with anything in them

 private:
  ModelCard& card_;
  int at_;
};

TEST(Inspect, ThatACertificateIsAbsentIsBelievedTwiceOnly) {
  ModelCard card;
  const auto present = [&](int altered) {
    CardState state;
    OnceAltered reader(card, altered);
    auto found = certificates_present(reader, state, genuine());
    EXPECT_EQ(reader.answers, found && found->signature ? 1 : 2);
    return found;
  };
  EXPECT_TRUE(present(0).value().signature);
  const auto spoilt = present(1);
  ASSERT_FALSE(spoilt);
  EXPECT_EQ(spoilt.error().code, base::Code::card_mute);
  card.applications[Application::jpki].files[0x0008] = {0x00, 0x8F, 0x00};
  const auto absent = present(0);
  ASSERT_TRUE(absent);
  EXPECT_FALSE(absent->signature);
  EXPECT_TRUE(absent->authentication);
}

TEST(Inspect, LockedAndMissingPins) {
  ModelCard card;
  card.applications[Application::jpki].pins[0x0018].tries = 0;
  card.applications[Application::jpki].pins.erase(0x001B);
  EXPECT_EQ(inspected(card).tries, (Tries{{PinName::authentication, 0}, {PinName::resident_register, 3}}));
}

TEST(Inspect, RecordOfAnotherFormIsNoCardNumber) {
  const base::Bytes whole = ModelCard().applications[Application::common].records[0x0001];
  base::Bytes letters = whole;
  letters.back() = 'X';
  base::Bytes cut = whole;
  cut.resize(20);
  for (const base::Bytes& record : {letters, cut, base::Bytes{}, base::Bytes(30, 0xFF), base::Bytes{0x01}}) {
    ModelCard card;
    card.applications[Application::common].records[0x0001] = record;
    EXPECT_EQ(inspected(card).card_number, "");
  }
  // A day that does not exist costs the date only.
  base::Bytes no_day = whole;
  std::copy_n("20350230", 8, no_day.end() - 8);
  ModelCard card;
  card.applications[Application::common].records[0x0001] = no_day;
  EXPECT_EQ(inspected(card).card_number, "400000012719843");
  EXPECT_FALSE(inspected(card).card_expires_on);
}

struct Damage {
  const char* what;
  base::Bytes (*apply)(const base::Bytes&);
};

constexpr Damage damages[] = {
    {"empty", [](const base::Bytes&) { return base::Bytes(); }},
    {"one byte", [](const base::Bytes& file) { return base::Bytes(file.begin(), file.begin() + 1); }},
    {"half",
     [](const base::Bytes& file) {
       return base::Bytes(file.begin(), file.begin() + std::min<std::ptrdiff_t>(std::ssize(file) / 2, 400));
     }},
    {"filler", [](const base::Bytes& file) { return base::Bytes(file.size(), 0xFF); }},
    {"zeros", [](const base::Bytes& file) { return base::Bytes(file.size(), 0x00); }},
    {"overlong",
     [](const base::Bytes& file) {
       auto longer = file;
       longer.resize(40000, 0xAA);
       return longer;
     }},
    {"length beyond",
     [](const base::Bytes&) {
       return base::Bytes{0x30, 0x82, 0xFF, 0xFF};
     }},
    {"emptied",
     [](const base::Bytes&) {
       base::Bytes file{0x30, 0x00};
       file.resize(2048, 0xFF);
       return file;
     }},
};

// C10: the inspection goes on whatever one file is like, in a bounded number of commands.
TEST(Inspect, EveryFileDamagedInEveryWay) {
  const ModelCard whole;
  for (const auto& [id, content] : whole.applications.at(Application::jpki).files) {
    for (const Damage& damage : damages) {
      ModelCard card;
      card.applications[Application::jpki].files[id] = damage.apply(content);
      const Inspection found = inspected(card);
      EXPECT_EQ(found.card_number, "400000012719843") << id << ' ' << damage.what;
      EXPECT_EQ(found.tries.size(), 3U) << id << ' ' << damage.what;
      const bool kept = id != 0x000A || std::string_view(damage.what) == "overlong";
      EXPECT_EQ(found.authentication.has_value(), kept) << id << ' ' << damage.what;
      EXPECT_LE(card.sent, 40) << id << ' ' << damage.what;
    }
  }
}

TEST(Inspect, EveryFileAbsent) {
  const ModelCard whole;
  for (const auto& [application, content] : whole.applications) {
    for (const auto& [id, bytes] : content.files) {
      ModelCard card;
      card.applications[application].files.erase(id);
      EXPECT_EQ(inspected(card).authentication.has_value(), id != 0x000A) << id;
    }
    for (const auto& [id, pin] : content.pins) {
      ModelCard card;
      card.applications[application].pins.erase(id);
      EXPECT_EQ(inspected(card).tries.size(), application == Application::common ? 3U : 2U) << id;
    }
  }
}

// Does something else than the card would at the n-th command.
class Disturbed final : public smartcard::Channel {
 public:
  Disturbed(int at, base::Result<smartcard::Response> answer) : at_(at), answer_(std::move(answer)) {}
  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override {
    return at_-- == 0 ? answer_ : card_.transmit(command);
  }

 private:
  ModelCard card_;
  int at_;
  base::Result<smartcard::Response> answer_;
};

int commands_of_an_inspection() {
  ModelCard whole;
  inspected(whole);
  return whole.sent;
}

// A lost card is never taken for an empty file: at each command in turn.
TEST(Inspect, EveryLostReplyIsTold) {
  const int commands = commands_of_an_inspection();
  ASSERT_GT(commands, 15);
  for (int at = 0; at < commands; ++at) {
    Disturbed card(at, base::make_fault(base::Code::card_removed, "taken away"));
    CardState state;
    const auto lost = inspect(card, state, genuine());
    ASSERT_FALSE(lost) << at;
    EXPECT_EQ(lost.error().code, base::Code::card_removed);
  }
}

// Nor a card that is in trouble for a moment: a certificate that could not be read is not one that is not
// there, and a card whose number could not be read is not another card.
TEST(Inspect, EveryExecutionErrorIsTold) {
  for (const std::uint16_t status : {std::uint16_t{0x6400}, std::uint16_t{0x6581}, std::uint16_t{0x6F00}}) {
    for (int at = 1; at < commands_of_an_inspection(); ++at) {
      Disturbed card(at, smartcard::Response{{}, {status}});
      CardState state;
      const auto troubled = inspect(card, state, genuine());
      ASSERT_FALSE(troubled) << at;
      EXPECT_EQ(troubled.error().code, base::Code::card_mute);
    }
  }
}

TEST(ReadIdentity, OfTheRecordLeavesJpkiCurrentWithoutRights) {
  ModelCard card;
  CardState state;
  ASSERT_TRUE(verify_pin(card, state, genuine(), PinName::authentication, base::Secret("1234"), {}));
  card.sent = 0;
  EXPECT_EQ(read_identity(card, state, genuine()).value(), "400000012719843");
  EXPECT_EQ(card.sent, 4);
  EXPECT_EQ(state.current, Application::jpki);
  EXPECT_TRUE(state.verified.none());
}

TEST(ReadIdentity, IsWhatInspectGives) {
  ModelCard card;
  card.applications.erase(Application::common);
  CardState state;
  EXPECT_EQ(read_identity(card, state, genuine()).value(), inspected(card).identity());
}

// What is left of it when the certificate is half written: the beginning of the whole, and never a number.
TEST(ReadIdentity, WithoutItsCertificateBeginsAsTheWholeDoes) {
  ModelCard card;
  CardState state;
  EXPECT_EQ(read_identity_without_certificate(card, state).value(), "");
  card.applications.erase(Application::common);
  const auto whole = inspected(card).identity();
  card.applications[Application::jpki].files.erase(0x000A);
  const auto rest = read_identity_without_certificate(card, state);
  ASSERT_TRUE(rest);
  EXPECT_EQ(*rest, "0000000020500003:");
  EXPECT_TRUE(whole.starts_with(*rest));
  EXPECT_EQ(state.current, Application::jpki);
}

TEST(ReadIdentity, NothingToTellTheCardByIsNoIdentity) {
  ModelCard card;
  card.applications.erase(Application::common);
  card.applications[Application::jpki].files.erase(0x000A);
  CardState state;
  const auto none = read_identity(card, state, genuine());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::Code::card_unknown);
}

}  // namespace
}  // namespace madoguchi::mynumber
