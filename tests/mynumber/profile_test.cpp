#include "mynumber/profile.hpp"

#include <gtest/gtest.h>

namespace madoguchi::mynumber {
namespace {

TEST(Profile, NamesGoBothWays) {
  for (const auto certificate : {CertificateName::signature, CertificateName::authentication}) {
    EXPECT_EQ(certificate_named(name(certificate)), certificate);
  }
  for (const auto pin : {PinName::signature, PinName::authentication, PinName::resident_register}) {
    EXPECT_EQ(pin_named(name(pin)), pin);
  }
  EXPECT_EQ(name(PinName::resident_register), "resident_register");
  EXPECT_FALSE(certificate_named("Signature"));
  EXPECT_FALSE(pin_named(""));
}

TEST(Profile, IsFoundByName) {
  EXPECT_EQ(profile_named("genuine"), &genuine());
  EXPECT_EQ(profile_named("simulated-spare"), &simulated_spare());
  EXPECT_EQ(profile_named("simulated-single"), &simulated_single());
  EXPECT_EQ(profile_named("simulated"), nullptr);
}

TEST(Profile, OnlySimulatedCardsHaveAdministrativeCommands) {
  EXPECT_EQ(genuine().admin, AdminSet::none);
  EXPECT_FALSE(genuine().spare_slot);
  EXPECT_EQ(simulated_single().admin, AdminSet::iso7816);
  EXPECT_FALSE(simulated_single().spare_slot);
  EXPECT_FALSE(simulated_single().signature.spare_key);
  EXPECT_TRUE(simulated_spare().spare_slot);
  EXPECT_EQ(simulated_spare().signature.spare_key, 0x0015);
  EXPECT_EQ(simulated_spare().signature.spare_certificate, 0x0003);
  EXPECT_EQ(simulated_spare().authentication.spare_key, 0x0014);
  EXPECT_EQ(simulated_spare().authentication.spare_certificate, 0x000C);
}

TEST(Profile, SignatureCertificateNeedsItsPin) {
  EXPECT_FALSE(genuine().signature.readable_without_pin);
  EXPECT_TRUE(genuine().authentication.readable_without_pin);
  EXPECT_EQ(genuine().rules(PinName::signature).max_tries, 5);
  EXPECT_EQ(genuine().rules(PinName::authentication).max_tries, 3);
  EXPECT_EQ(genuine().rules(PinName::resident_register).max_length, 4);
}

}  // namespace
}  // namespace madoguchi::mynumber
