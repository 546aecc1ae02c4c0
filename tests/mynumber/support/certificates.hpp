// Keys and certificates made on the spot, in the form of JPKI's.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace madoguchi::mynumber::testing {

struct CertificateForm {
  std::string common_name = "997794E9AGCIEG13221003A";
  std::string locality{};  // none when empty
  std::string serial = "0a1b2c";
  std::string not_before = "20251026150000Z";  // 27 October 2025, 0:00 in Japan
  std::string not_after = "20300217145959Z";   // 17 February 2030, 23:59:59 in Japan
  std::size_t padding = 0;                     // bytes of a comment extension, to reach a length
};

// Self-signed by one RSA-2048 key, the same for the whole run.
base::Bytes make_certificate(const CertificateForm& form = {});
// That key's public half, and its signature over a digest.
base::Bytes test_public_key();
base::Bytes test_signature(const base::Sha256& digest);
// The modulus of a SubjectPublicKeyInfo.
base::Bytes modulus_of(base::ByteView spki);

}  // namespace madoguchi::mynumber::testing
