#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <algorithm>

#include "cmp/credentials.hpp"
#include "journey.hpp"

namespace madoguchi::authority::test {
namespace {

std::string complaint(CmpSettings settings) {
  const auto made = make_cmp_authority(std::move(settings));
  if (made) return "none";
  EXPECT_EQ(made.error().code, base::Code::invalid_params);
  return detail(made.error(), "pointer");
}

base::Bytes text(std::string_view characters) {
  return {characters.begin(), characters.end()};
}

TEST(Settings, TheComplaintNamesTheSetting) {
  auto settings = settings_for(BodyType::cr);
  EXPECT_EQ(complaint(settings), "none");
  settings.ra_certificate = text("no certificate");
  EXPECT_EQ(complaint(settings), "/ra_certificate");

  settings = settings_for(BodyType::cr);
  settings.ra_key = text("no key");
  EXPECT_EQ(complaint(settings), "/ra_key");
  settings.ra_key = key_pem(*pki().server.key);
  EXPECT_EQ(complaint(settings), "/ra_key");

  settings = settings_for(BodyType::cr);
  settings.trusted.clear();
  EXPECT_EQ(complaint(settings), "/trusted");
  settings.trusted = certificate_pem(*pki().root.certificate);
  settings.trusted.resize(settings.trusted.size() / 2);
  EXPECT_EQ(complaint(settings), "/trusted");

  settings = settings_for(BodyType::cr);
  settings.expected_sender = "CN=cmp-server";
  EXPECT_EQ(complaint(settings), "/expected_sender");
  settings.expected_sender = "/CN=cmp-server/colour=blue";
  EXPECT_EQ(complaint(settings), "/expected_sender");
  for (const auto* empty : {"/CN=", "/C=JP/CN=  ", "/C=JP//CN=cmp-server", "/C=JP/CN=cmp-server/"}) {
    settings.expected_sender = empty;
    EXPECT_EQ(complaint(settings), "/expected_sender") << empty;
  }
  settings.expected_sender.clear();
  settings.recipient = "/CN";
  EXPECT_EQ(complaint(settings), "/recipient");
}

TEST(Settings, AKeyWithAPasswordIsRefusedWithoutAsking) {
  const Owned<BIO, BIO_free_all> memory(BIO_new(BIO_s_mem()));
  const unsigned char password[] = "secret";
  ASSERT_EQ(PEM_write_bio_PrivateKey(memory.get(), pki().counter.key.get(), EVP_aes_128_cbc(), password, 6,
                                     nullptr, nullptr),
            1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  auto settings = settings_for(BodyType::cr);
  settings.ra_key.assign(data, data + size);
  EXPECT_EQ(complaint(settings), "/ra_key");
}

TEST(Settings, TheKeyIsWipedWhateverComesOfIt) {
  auto good = settings_for(BodyType::cr);
  auto bad = good;
  bad.ra_certificate.clear();
  EXPECT_TRUE(Credentials::parse(good));
  EXPECT_FALSE(Credentials::parse(bad));
  for (const auto& key : {good.ra_key, bad.ra_key}) {
    EXPECT_FALSE(key.empty());
    EXPECT_TRUE(std::ranges::all_of(key, [](std::uint8_t byte) { return byte == 0; }));
  }
}

TEST(Settings, DerAndPemDoAndTheExpectedSenderMayBeLeftOut) {
  auto settings = settings_for(BodyType::cr);
  settings.ra_certificate = der_of(*pki().counter.certificate);
  settings.trusted = der_of(*pki().root.certificate);
  settings.expected_sender.clear();
  Journey journey;
  journey.port = make_cmp_authority(std::move(settings)).value();
  Responder responder;
  journey.exchange(responder);
  EXPECT_TRUE(is<Issued>(journey.next()));
}

TEST(Settings, TheSignerItselfMayBeTrusted) {
  auto settings = settings_for(BodyType::cr);
  settings.trusted = certificate_pem(*pki().server.certificate);
  Journey journey;
  journey.port = make_cmp_authority(std::move(settings)).value();
  Responder responder;
  journey.exchange(responder);
  EXPECT_TRUE(is<Issued>(journey.next()));
}

TEST(Settings, TheTransactionIdHas16Bytes) {
  Journey journey;
  journey.conversation.transaction_id.pop_back();
  const auto step = journey.next();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::internal);
}

}  // namespace
}  // namespace madoguchi::authority::test
