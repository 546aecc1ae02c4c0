// The counter's certificate and its key, made for a test.
#pragma once

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>

namespace madoguchi::app {

struct OwnCertificate {
  // From an hour ago, under its own key.
  explicit OwnCertificate(int days = 365) {
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * 86'400L + 60);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
  }
  void write_certificate(const std::filesystem::path& file) const {
    ASSERT_EQ(PEM_write_bio_X509(written(file).get(), certificate.get()), 1);
  }
  void write_key(const std::filesystem::path& file) const {
    ASSERT_EQ(PEM_write_bio_PrivateKey(written(file).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr),
              1);
  }
  void write_key(const std::filesystem::path& file, const std::string& pin) const {
    const auto* bytes = reinterpret_cast<const unsigned char*>(pin.data());
    ASSERT_EQ(PEM_write_bio_PrivateKey(written(file).get(), key.get(), EVP_aes_128_cbc(), bytes,
                                       static_cast<int>(pin.size()), nullptr, nullptr),
              1);
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};

 private:
  static std::unique_ptr<BIO, decltype(&BIO_free)> written(const std::filesystem::path& file) {
    return {BIO_new_file(file.c_str(), "w"), &BIO_free};
  }
};

}  // namespace madoguchi::app
