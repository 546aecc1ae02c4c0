// The counter's key where a provider of OpenSSL's has it: here in PEM files, which OpenSSL's own provider
// opens by the same way as another opens an HSM. A TPM is in tests/e2e/test_ra_key_in_tpm.py.
#include "cmp/ra_key.hpp"

#include <gmock/gmock.h>
#include <openssl/pem.h>

#include <fstream>

#include "../temporary_folder.hpp"
#include "journey.hpp"

namespace madoguchi::authority::test {
namespace {

using testing::HasSubstr;

class KeyInStore : public testing::Test {
 protected:
  static base::Bytes locked(EVP_PKEY& key, std::string_view pin) {
    const Owned<BIO, BIO_free_all> memory(BIO_new(BIO_s_mem()));
    const auto* bytes = reinterpret_cast<const unsigned char*>(pin.data());
    EXPECT_EQ(PEM_write_bio_PrivateKey(memory.get(), &key, EVP_aes_128_cbc(), bytes,
                                       static_cast<int>(pin.size()), nullptr, nullptr),
              1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, data + size};
  }
  KeyStore store_with(const base::Bytes& bytes) {
    const auto file = folder_.path() / "key.pem";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return {.uri = "file:" + file.string(),
            .providers = {"default"},
            .modules = {},
            .openssl_conf = {},
            .pin = {}};
  }
  static KeyStore with_pin(KeyStore store, std::string_view pin) {
    store.pin = std::make_shared<base::Secret>(pin);
    return store;
  }
  static CmpSettings settings_with(KeyStore store) {
    auto settings = settings_for(BodyType::cr);
    settings.ra_key.clear();
    settings.ra_key_store = std::move(store);
    return settings;
  }
  // "trouble pointer" of the fault, which is kept.
  std::string complaint(KeyStore store) {
    const auto made = make_cmp_authority(settings_with(std::move(store)));
    if (made) return "none";
    fault_ = made.error();
    const auto trouble = detail(fault_, "trouble");
    EXPECT_THAT(key_troubles(), testing::Contains(trouble));
    return trouble + " " + detail(fault_, "pointer");
  }

  tests::TemporaryFolder folder_;
  base::Fault fault_;
};

TEST_F(KeyInStore, SignsForTheCounter) {
  Journey journey;
  journey.port =
      make_cmp_authority(settings_with(with_pin(store_with(locked(*pki().counter.key, "70-key")), "70-key")))
          .value();
  Responder responder;
  journey.exchange(responder);
  EXPECT_TRUE(is<Issued>(journey.next()));
  journey.exchange(responder, Verdict::accepted);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
}

TEST_F(KeyInStore, NeedsNoPinWhereNoneIsAskedFor) {
  EXPECT_EQ(complaint(store_with(key_pem(*pki().counter.key))), "none");
  EXPECT_EQ(complaint(with_pin(store_with(key_pem(*pki().counter.key)), "unasked")), "none");
}

TEST_F(KeyInStore, ItsPinIsNamedWhenItIsWrongOrThereIsNone) {
  const auto store = store_with(locked(*pki().counter.key, "70-key"));
  EXPECT_EQ(complaint(store), "pin_missing /ra_key_store/pin");
  EXPECT_EQ(fault_.code, base::Code::invalid_params);
  EXPECT_EQ(complaint(with_pin(store, "71-key")), "pin_refused /ra_key_store/pin");
  EXPECT_EQ(fault_.code, base::Code::forbidden);
  EXPECT_THAT(base::describe(fault_), testing::Not(HasSubstr("71-key")));
  EXPECT_EQ(complaint(with_pin(store, std::string(base::Secret::capacity + 1, '7'))),
            "pin_missing /ra_key_store/pin");
}

TEST_F(KeyInStore, TheOneKeyOfTheCertificateIsWanted) {
  EXPECT_EQ(complaint(store_with(key_pem(*pki().server.key))), "foreign /ra_key_store/uri");
  EXPECT_EQ(complaint(store_with(certificate_pem(*pki().counter.certificate))), "no_key /ra_key_store/uri");
  auto both = key_pem(*pki().counter.key);
  const auto other = key_pem(*pki().server.key);
  both.insert(both.end(), other.begin(), other.end());
  EXPECT_EQ(complaint(store_with(both)), "several /ra_key_store/uri");
  EXPECT_THAT(fault_.inner, HasSubstr("2 private keys"));
}

TEST_F(KeyInStore, WhatCannotBeOpenedIsNamed) {
  auto store = store_with(key_pem(*pki().counter.key));
  const auto good = store;
  store.uri = "pkcs11:token=ra;object=ra";
  EXPECT_EQ(complaint(store), "unopened /ra_key_store/uri");
  EXPECT_THAT(fault_.inner, HasSubstr("pkcs11"));
  store = good;
  store.providers = {"no-such-hsm"};
  EXPECT_EQ(complaint(store), "no_provider /ra_key_store/providers");
  EXPECT_THAT(fault_.inner, HasSubstr("no-such-hsm"));
  store = good;
  store.providers = {"legacy"};
  EXPECT_EQ(complaint(store), "none");
  store.modules = folder_.path();
  EXPECT_EQ(complaint(store), "no_provider /ra_key_store/providers");
  store = good;
  store.openssl_conf = folder_.path() / "openssl.cnf";
  EXPECT_EQ(complaint(store), "no_conf /ra_key_store/openssl_conf");
}

TEST_F(KeyInStore, ItsProvidersParametersAreThoseOfTheFile) {
  const auto kept = store_with(key_pem(*pki().counter.key));
  auto store = kept;
  store.providers = {"hsm"};
  store.openssl_conf = folder_.path() / "openssl.cnf";
  // Only the file says which module that is.
  std::ofstream(store.openssl_conf) << "openssl_conf = init\n[init]\nproviders = all\n[all]\nhsm = one\n"
                                       "[one]\nmodule = legacy.so\nactivate = 1\n";
  EXPECT_EQ(complaint(store), "none");
  store.openssl_conf.clear();
  EXPECT_EQ(complaint(store), "no_provider /ra_key_store/providers");
}

TEST_F(KeyInStore, ItsProvidersAreNobodyElses) {
  auto store = store_with(key_pem(*pki().counter.key));
  store.providers = {"legacy"};
  const auto kept = RaKey::from_store(store);
  ASSERT_TRUE(kept);
  const Owned<EVP_MD, EVP_MD_free> old_digest(EVP_MD_fetch(nullptr, "MD4", nullptr));
  EXPECT_EQ(old_digest, nullptr);
}

}  // namespace
}  // namespace madoguchi::authority::test
