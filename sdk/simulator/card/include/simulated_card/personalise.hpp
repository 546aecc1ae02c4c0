// From a citizen, keys and certificates to a card.
#pragma once

#include "simulated_card/citizen.hpp"
#include "simulated_card/image.hpp"

namespace madoguchi::simulated_card {

// spare: a second place for each key and certificate, exchanged with the first by one command.
enum class Layout : std::uint8_t { spare, single };
std::string_view name(Layout layout);

struct CertifiedKey {
  base::Bytes private_key;  // PKCS#8; empty: none
  base::Bytes certificate;  // DER
};

struct Personalisation {
  Citizen citizen;
  Layout layout = Layout::spare;
  CertifiedKey signature;
  CertifiedKey authentication;
  base::Bytes signature_issuer;  // DER
  base::Bytes authentication_issuer;
  base::Bytes terminal_key;
  base::Bytes internal_key;  // PKCS#8; the common application's, that proves the card
};

CardImage personalise(const Personalisation& order);

}  // namespace madoguchi::simulated_card
