// Whose plugins are let in: CMS signatures (RFC 5652) over manifests, against the administrator's vendor
// certificates.
#pragma once

#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace madoguchi::extension {

class Trust {
 public:
  // Certificates in PEM, one or more a file: a vendor's own, or a CA that the vendor's was issued by. A fault
  // names the file.
  static base::Result<Trust> load(const std::vector<std::filesystem::path>& files);

  // The subject of the signer if `signature` (CMS SignedData in DER, detached) is over exactly these bytes
  // and by somebody trusted, whose certificate is for signing code, names that vendor and was valid when the
  // signature was made. Today's date is not looked at: a certificate that ends must not close a counter
  // overnight; whose trust has ended is taken off the list.
  [[nodiscard]] base::Result<std::string> verify(base::ByteView content, base::ByteView signature,
                                                 const std::string& vendor) const;

  Trust();
  Trust(Trust&&) noexcept;
  Trust& operator=(Trust&&) noexcept;
  ~Trust();

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

// Everything but whether the signer is trusted.
base::Result<std::string> verify_without_trust(base::ByteView content, base::ByteView signature,
                                               const std::string& vendor);
// Why a vendor of that name could not sign with this certificate at that time; empty if it could.
std::string certificate_objection(X509* certificate, const std::string& vendor, const ASN1_TIME* at);

}  // namespace madoguchi::extension
