// A certificate as a card's file holds it.
#include "mynumber/certificate.hpp"

#include "target.hpp"

using namespace madoguchi;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView der(data, size);
  const auto certificate = mynumber::parse_certificate(der);
  if (!certificate) {
    fuzz::claim(certificate.error().code == base::Code::card_unknown,
                "what is no certificate is card.unknown");
    return 0;
  }
  fuzz::claim(std::ranges::equal(certificate->der, der), "all of it was the certificate");
  fuzz::claim(!certificate->serial.empty() && certificate->last_day.ok() && certificate->issued_on.ok(),
              "a certificate has a number and days");
  fuzz::claim(certificate->key_bits >= 0, "a key has a size");
  mynumber::issued_by(der, {certificate->der});
  mynumber::verifies(certificate->spki, base::Sha256{}, der);
  return 0;
}
