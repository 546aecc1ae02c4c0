#include "extension/signing.hpp"

#include <openssl/pem.h>

#include "openssl.hpp"

namespace madoguchi::extension {

base::Result<base::Bytes> sign_manifest(base::ByteView manifest, const std::filesystem::path& certificate,
                                        const std::filesystem::path& key) {
  const auto fault = [](const std::string& what) {
    return base::make_fault(base::Code::internal, what + ": " + last_error());
  };
  const Bio certificate_file(BIO_new_file(certificate.c_str(), "r"));
  const Certificate signer(
      certificate_file ? PEM_read_bio_X509(certificate_file.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!signer) return fault(certificate.string());
  const Bio key_file(BIO_new_file(key.c_str(), "r"));
  const Key secret(key_file ? PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!secret) return fault(key.string());
  if (X509_check_private_key(signer.get(), secret.get()) != 1)
    return fault(key.string() + ": not this certificate's key");
  const auto content = over(manifest);
  constexpr unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP;
  const Cms cms(content ? CMS_sign(signer.get(), secret.get(), nullptr, content.get(), flags) : nullptr);
  unsigned char* der = nullptr;
  const int size = cms ? i2d_CMS_ContentInfo(cms.get(), &der) : -1;
  if (size <= 0) return fault("cannot sign");
  base::Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace madoguchi::extension
