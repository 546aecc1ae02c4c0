// What a test can see of its world: on the card, and in the CA's register.
#include <gtest/gtest.h>

#include <algorithm>

#include "simulated_issuer/register.hpp"
#include "taken.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using mynumber::CertificateName;
using mynumber::PinName;
using simulated_issuer::CaFolder;

simulated_issuer::Kind kind_of(CertificateName which) {
  return which == CertificateName::signature ? simulated_issuer::Kind::signature
                                             : simulated_issuer::Kind::authentication;
}

}  // namespace

int World::pins_sent() const {
  int sent = 0;
  for (std::size_t i = 0; i < card->executed.size(); ++i) {
    if (card->executed[i].ins == instruction::verify && card->with_data[i]) ++sent;
  }
  return sent;
}

int World::tries_left(PinName pin) const {
  const auto& image = card->card.image();
  namespace layout = simulated_card::layout;
  switch (pin) {
    case PinName::signature:
      return image.find(layout::jpki)->pins.at(layout::signature_pin).tries;
    case PinName::authentication:
      return image.find(layout::jpki)->pins.at(layout::authentication_pin).tries;
    case PinName::resident_register:
      return image.find(layout::resident_register)->pins.at(layout::resident_pin).tries;
  }
  return -1;
}

std::vector<simulated_issuer::Entry> World::issued(CertificateName which) const {
  const auto entries = taken(simulated_issuer::Register::open(taken(CaFolder::load(folder.path() / "ca"))));
  std::vector<simulated_issuer::Entry> of_kind;
  for (auto& entry : taken(entries.all())) {
    if (entry.kind == kind_of(which) && !entry.registration.predecessor.empty())
      of_kind.push_back(std::move(entry));
  }
  return of_kind;
}

base::Bytes World::on_card(CertificateName which) const {
  const auto& files = card->card.image().find(simulated_card::layout::jpki)->files;
  const auto id = which == CertificateName::signature ? simulated_card::layout::signature_certificate
                                                      : simulated_card::layout::authentication_certificate;
  const auto& content = files.at(id).content;
  const std::size_t size = std::size_t{4} + content.at(2) * std::size_t{256} + content.at(3);
  return {content.begin(), content.begin() + static_cast<std::ptrdiff_t>(std::min(size, content.size()))};
}

void World::expect_renewed(const renewal::Case& visit, std::size_t refused) const {
  EXPECT_EQ(visit.state, renewal::State::completed);
  EXPECT_EQ(visit.sagas.size(), options.wanted.size());
  const auto register_of_ca =
      taken(simulated_issuer::Register::open(taken(CaFolder::load(folder.path() / "ca"))));
  std::size_t extra = 0;
  for (const auto& saga : visit.sagas) {
    SCOPED_TRACE(mynumber::name(saga.certificate));
    EXPECT_EQ(saga.phase, renewal::Phase::done);
    EXPECT_EQ(on_card(saga.certificate), saga.new_certificate);
    const auto entries = issued(saga.certificate);
    std::size_t good = 0;
    for (const auto& entry : entries) {
      if (entry.revocation) {
        ++extra;
        continue;
      }
      ++good;
      EXPECT_EQ(entry.certificate, saga.new_certificate);
      EXPECT_TRUE(entry.registration.confirmed);
    }
    EXPECT_EQ(good, 1u) << "one serial";
    const auto old = taken(mynumber::parse_certificate(saga.old_certificate));
    const auto entry = taken(register_of_ca.find(old.serial));
    ASSERT_TRUE(entry);
    EXPECT_TRUE(entry->revocation) << "the old one is revoked";
  }
  EXPECT_EQ(extra, refused);
  EXPECT_EQ(card->count(instruction::generate) > 0, true);
}

}  // namespace madoguchi::counter::test
