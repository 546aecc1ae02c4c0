// Which file a slot's key or certificate is in; not_found for the spare slot of a card that has none.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "mynumber/card.hpp"

namespace madoguchi::mynumber {

inline base::Result<std::uint16_t> slot_file(std::uint16_t active, const std::optional<std::uint16_t>& spare,
                                             Slot slot) {
  if (slot == Slot::active) return active;
  if (spare) return *spare;
  return base::make_fault(base::Code::not_found, "this card profile has no spare slot");
}

inline base::Result<std::uint16_t> key_file(const CardProfile& profile, CertificateName which, Slot slot) {
  return slot_file(profile.files(which).key, profile.files(which).spare_key, slot);
}

inline base::Result<std::uint16_t> certificate_file(const CardProfile& profile, CertificateName which,
                                                    Slot slot) {
  return slot_file(profile.files(which).certificate, profile.files(which).spare_certificate, slot);
}

}  // namespace madoguchi::mynumber
