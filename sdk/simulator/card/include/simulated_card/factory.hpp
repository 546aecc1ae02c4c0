// Makes a whole card: a citizen, real keys, certificates by the development CA, entered in its register.
#pragma once

#include "simulated_card/keys.hpp"
#include "simulated_card/personalise.hpp"
#include "simulated_issuer/ca_folder.hpp"

namespace madoguchi::simulated_card {

// The card's certificates as it holds them, in plain words.
struct CertificateSummary {
  std::string serial;   // hexadecimal, lower case
  std::string subject;  // RFC 2253
  base::Date issued_on;
  base::Date expires_on;
};
// Reads the certificate at the beginning of a file; nullopt when there is none, or a torn one.
std::optional<CertificateSummary> summarise(base::ByteView file);

struct MadeCard {
  Citizen citizen;
  CardImage image;
};

// Faults of the CA's folder and register; invalid_params as make_citizen().
base::Result<MadeCard> make_card(const simulated_issuer::CaFolder& folder, const Order& order, Layout layout,
                                 const KeySource& keys = generate_rsa_2048);

}  // namespace madoguchi::simulated_card
