#include "extension/signing.hpp"

#include <openssl/pem.h>

#include <ctime>

#include "openssl.hpp"
#include "trust.hpp"

namespace madoguchi::extension {

namespace {

base::Fault fault(const std::string& what) {
  return base::make_fault(base::Code::internal, what + ": " + last_error());
}

Certificate read_certificate(const std::filesystem::path& path) {
  const Bio file(BIO_new_file(path.c_str(), "r"));
  return Certificate(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
}

}  // namespace

base::Result<void> may_sign(const std::filesystem::path& certificate, const std::string& vendor) {
  const auto signer = read_certificate(certificate);
  if (!signer) return fault(certificate.string());
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> now(ASN1_TIME_set(nullptr, std::time(nullptr)));
  auto why = now ? certificate_objection(signer.get(), vendor, now.get()) : "no time";
  if (why.empty()) return {};
  return base::make_fault(base::Code::conflict, certificate.string() + ": " + why);
}

base::Result<std::string> signer_of(base::ByteView manifest, base::ByteView signature,
                                    const std::string& vendor) {
  return verify_without_trust(manifest, signature, vendor);
}

base::Result<base::Bytes> sign_manifest(base::ByteView manifest, const std::filesystem::path& certificate,
                                        const std::filesystem::path& key) {
  const auto signer = read_certificate(certificate);
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
