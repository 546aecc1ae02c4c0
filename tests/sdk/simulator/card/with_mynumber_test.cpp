// The daemon's steps against the simulated card: both were written from the same facts by different hands.
#include <gtest/gtest.h>

#include <filesystem>

#include "../../../temporary_folder.hpp"
#include "base/code_book.hpp"
#include "mynumber/admin.hpp"
#include "mynumber/card.hpp"
#include "simulated_card/factory.hpp"
#include "simulated_card/keys.hpp"
#include "simulated_issuer/issue.hpp"
#include "test_card.hpp"

namespace madoguchi::simulated_card {
namespace {

using mynumber::CertificateName;
using mynumber::PinName;
using mynumber::Slot;

class Wire : public smartcard::Channel {
 public:
  explicit Wire(Card& card) : card_(card) {}
  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override {
    ++commands;
    base::Bytes bytes(command.encoded_size());
    bytes.resize(command.encode(bytes));
    return smartcard::parse_response(card_.transmit(bytes));
  }
  int commands = 0;

 private:
  Card& card_;
};

// One CA for all: making its keys takes seconds.
const simulated_issuer::CaFolder& ca() {
  static const tests::TemporaryFolder temporary;
  static const auto folder = simulated_issuer::CaFolder::create(temporary / "ca").value();
  return folder;
}

Order order(CitizenKind kind) {
  return {.kind = kind,
          .today = std::chrono::year(2026) / 4 / 1,
          .seed = 11,
          .birth = {},
          .issued_on = {},
          .expires_on = {},
          .card_expires_on = {},
          .tries = {},
          .pins = {}};
}

// What the factory makes, but for new keys: those of the tests, under certificates of their own.
MadeCard make_quickly(CitizenKind kind) {
  Personalisation card{.citizen = make_citizen(order(kind)).value(),
                       .layout = Layout::spare,
                       .signature = {},
                       .authentication = {},
                       .signature_issuer = {},
                       .authentication_issuer = {},
                       .terminal_key = ca().terminal_key(),
                       .internal_key = {}};
  const auto certify = [&](simulated_issuer::Kind which, std::size_t key) {
    simulated_issuer::IssueRequest request{
        .spki = public_key_info(TestCard::key(key)),
        .subject_der = simulated_issuer::make_subject(which, {"Mihon-ken", "Kakuu-shi"}, "HOLDER"),
        .holder = {},
        .not_before = base::start_of_day_in_japan(card.citizen.issued_on),
        .last_day = card.citizen.expires_on};
    if (which == simulated_issuer::Kind::signature) {
      const auto& citizen = card.citizen;
      request.holder = simulated_issuer::Holder{citizen.name, citizen.sex, citizen.birth, citizen.address};
    }
    return CertifiedKey{TestCard::key(key), simulated_issuer::issue(ca(), which, request).value()};
  };
  card.authentication = certify(simulated_issuer::Kind::authentication, 1);
  if (card.citizen.has_signature()) card.signature = certify(simulated_issuer::Kind::signature, 0);
  return {card.citizen, personalise(card)};
}

struct Counter {
  explicit Counter(MadeCard card_made, Layout layout = Layout::spare)
      : made(std::move(card_made)),
        profile(layout == Layout::spare ? mynumber::simulated_spare() : mynumber::simulated_single()) {}

  base::Secret pin(PinKind kind) const { return base::Secret(made.citizen.pins.at(kind)); }

  MadeCard made;
  const mynumber::CardProfile& profile;
  CountingMemory memory;
  Card card{made.image, memory};
  Wire wire{card};
  mynumber::CardState state;
};

TEST(WithMyNumber, InspectsEveryCitizen) {
  for (const auto kind_name : kind_names()) {
    SCOPED_TRACE(kind_name);
    Counter at(make_quickly(kind_named(kind_name).value()));
    const auto seen = mynumber::inspect(at.wire, at.state, at.profile);
    ASSERT_TRUE(seen) << base::describe(seen.error());
    EXPECT_FALSE(seen->identity().empty());
    const auto& citizen = at.made.citizen;
    const bool damaged =
        citizen.kind == CitizenKind::absent_files || citizen.kind == CitizenKind::truncated_files;
    if (!damaged) {
      EXPECT_EQ(seen->card_number, citizen.card_number);
      EXPECT_EQ(seen->card_expires_on, citizen.card_expires_on);
      EXPECT_EQ(seen->signature_present, citizen.has_signature());
    }
    EXPECT_EQ(seen->authentication.has_value(), citizen.kind != CitizenKind::truncated_files);
    if (seen->authentication) {
      EXPECT_EQ(seen->authentication->last_day, citizen.expires_on);
      EXPECT_EQ(seen->authentication->issued_on, citizen.issued_on);
    }
    if (citizen.kind == CitizenKind::face_authentication) {
      EXPECT_TRUE(seen->tries.empty());
    } else {
      EXPECT_EQ(seen->tries.at(PinName::authentication), citizen.tries.at(PinKind::authentication));
    }
  }
}

TEST(WithMyNumber, ReadsTheSignatureCertificateAfterItsPin) {
  Counter at(make_quickly(CitizenKind::expiring_soon));
  const auto closed = mynumber::read_certificate(at.wire, at.state, at.profile, CertificateName::signature);
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, base::Code::pin_required);
  ASSERT_TRUE(mynumber::verify_pin(at.wire, at.state, at.profile, PinName::signature,
                                   at.pin(PinKind::signature), {}));
  const int before = at.wire.commands;
  const auto read = mynumber::read_certificate(at.wire, at.state, at.profile, CertificateName::signature);
  ASSERT_TRUE(read) << base::describe(read.error());
  EXPECT_EQ(read->last_day, at.made.citizen.expires_on);
  EXPECT_LE(at.wire.commands - before, 6 + static_cast<int>((read->der.size() + 255) / 256));
}

// A renewal's card side in one go: new key, certificate by the CA, write, prove, exchange.
void renew(CertificateName which, Layout layout) {
  Counter at(make_card(ca(), order(CitizenKind::expiring_soon), layout).value(), layout);
  const auto commands = mynumber::make_admin_commands(at.profile);
  const auto terminal = mynumber::make_terminal_key(ca().terminal_key());
  ASSERT_TRUE(mynumber::inspect(at.wire, at.state, at.profile));
  ASSERT_TRUE(commands->authenticate(at.wire, at.state, *terminal));
  const auto slot = layout == Layout::spare ? Slot::spare : Slot::active;
  const auto spki = commands->generate_key(at.wire, at.state, which, slot);
  ASSERT_TRUE(spki) << base::describe(spki.error());

  const bool signature = which == CertificateName::signature;
  const auto kind = signature ? simulated_issuer::Kind::signature : simulated_issuer::Kind::authentication;
  simulated_issuer::IssueRequest request{
      .spki = *spki,
      .subject_der = simulated_issuer::make_subject(kind, {"Mihon-ken", "Kakuu-shi"}, "RENEWED"),
      .holder = {},
      .not_before = base::start_of_day_in_japan(std::chrono::year(2026) / 4 / 1),
      .last_day = std::chrono::year(2031) / 4 / 1};
  if (signature) {
    request.holder =
        simulated_issuer::Holder{at.made.citizen.name, '1', at.made.citizen.birth, at.made.citizen.address};
  }
  const auto certificate = simulated_issuer::issue(ca(), kind, request).value();
  ASSERT_TRUE(commands->write_certificate(at.wire, at.state, which, slot, certificate));
  EXPECT_EQ(commands->read_back(at.wire, at.state, which, slot).value(), certificate);
  EXPECT_EQ(commands->read_public_key(at.wire, at.state, which, slot).value(), *spki);

  const auto pin = signature ? PinName::signature : PinName::authentication;
  const auto value = at.pin(signature ? PinKind::signature : PinKind::authentication);
  ASSERT_TRUE(mynumber::verify_pin(at.wire, at.state, at.profile, pin, value, {}));
  const auto digest = base::sha256(text("challenge"));
  const auto answer = mynumber::sign(at.wire, at.state, at.profile, which, slot, digest);
  ASSERT_TRUE(answer) << base::describe(answer.error());
  EXPECT_TRUE(mynumber::verifies(*spki, digest, *answer));
  if (layout == Layout::spare) {
    ASSERT_TRUE(commands->activate(at.wire, at.state, which));
  }
  const auto active = mynumber::read_certificate(at.wire, at.state, at.profile, which);
  ASSERT_TRUE(active) << base::describe(active.error());
  EXPECT_EQ(active->der, certificate);
}

TEST(WithMyNumber, RenewsBothCertificatesInBothLayouts) {
  for (const auto layout : {Layout::spare, Layout::single}) {
    for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
      SCOPED_TRACE(std::string(name(layout)) + " " + std::string(mynumber::name(which)));
      renew(which, layout);
    }
  }
}

TEST(WithMyNumber, ResetsEveryPin) {
  Counter at(make_quickly(CitizenKind::blocked));
  const auto commands = mynumber::make_admin_commands(at.profile);
  const auto terminal = mynumber::make_terminal_key(ca().terminal_key());
  for (const auto pin : {PinName::signature, PinName::authentication, PinName::resident_register}) {
    SCOPED_TRACE(mynumber::name(pin));
    const base::Secret value(pin == PinName::signature ? "NEWPASS1" : "2468");
    ASSERT_TRUE(commands->authenticate(at.wire, at.state, *terminal));
    const auto reset = commands->reset_pin(at.wire, at.state, pin, value);
    ASSERT_TRUE(reset) << base::describe(reset.error());
    const auto tries = mynumber::verify_pin(at.wire, at.state, at.profile, pin, value, {});
    ASSERT_TRUE(tries) << base::describe(tries.error());
    EXPECT_EQ(*tries, pin == PinName::signature ? 5 : 3);
  }
  // The four digits that citizens know as one PIN live in two applications.
  const auto& common = at.card.image().find(layout::common)->pins.at(layout::resident_pin);
  EXPECT_TRUE(matches(common, text("2468")));
}

TEST(WithMyNumber, FaceAuthenticationSignsByTheTerminalsRight) {
  Counter at(make_quickly(CitizenKind::face_authentication));
  const auto commands = mynumber::make_admin_commands(at.profile);
  const auto terminal = mynumber::make_terminal_key(ca().terminal_key());
  ASSERT_TRUE(commands->authenticate(at.wire, at.state, *terminal));
  const auto answer = mynumber::sign(at.wire, at.state, at.profile, CertificateName::authentication,
                                     Slot::active, base::sha256(text("challenge")));
  EXPECT_TRUE(answer) << base::describe(answer.error());
}

}  // namespace
}  // namespace madoguchi::simulated_card
