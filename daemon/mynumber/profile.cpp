#include "mynumber/profile.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace madoguchi::mynumber {
namespace {

constexpr std::array<std::pair<CertificateName, std::string_view>, 2> certificate_names{{
    {CertificateName::signature, "signature"},
    {CertificateName::authentication, "authentication"},
}};

constexpr std::array<std::pair<PinName, std::string_view>, 3> pin_names{{
    {PinName::signature, "signature"},
    {PinName::authentication, "authentication"},
    {PinName::resident_register, "resident_register"},
}};

template <class Names, class Value>
std::string_view name_in(const Names& names, Value value) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const auto& row) { return row.first == value; });
  return found == names.end() ? std::string_view() : found->second;
}

template <class Value, std::size_t size>
std::optional<Value> value_in(const std::array<std::pair<Value, std::string_view>, size>& names,
                              std::string_view text) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const auto& row) { return row.second == text; });
  if (found == names.end()) return std::nullopt;
  return found->first;
}

constexpr CardProfile todays_card(std::string_view profile_name) {
  CardProfile profile;
  profile.name = profile_name;
  profile.signature.certificate = 0x0001;
  profile.signature.issuer = 0x0002;
  profile.signature.key = 0x001A;
  profile.signature.pin = 0x001B;
  profile.authentication.certificate = 0x000A;
  profile.authentication.issuer = 0x000B;
  profile.authentication.key = 0x0017;
  profile.authentication.pin = 0x0018;
  profile.authentication.readable_without_pin = true;
  profile.signature_pin = {.min_length = 6, .max_length = 16, .digits_only = false, .max_tries = 5};
  return profile;
}

constexpr CardProfile simulated(std::string_view profile_name) {
  CardProfile profile = todays_card(profile_name);
  profile.admin = AdminSet::iso7816;
  return profile;
}

constexpr CardProfile simulated_with_spare(std::string_view profile_name) {
  CardProfile profile = simulated(profile_name);
  profile.spare_slot = true;
  profile.signature.spare_key = 0x0015;
  profile.signature.spare_certificate = 0x0003;
  profile.authentication.spare_key = 0x0014;
  profile.authentication.spare_certificate = 0x000C;
  return profile;
}

constexpr CardProfile genuine_profile = todays_card("genuine");
constexpr CardProfile simulated_spare_profile = simulated_with_spare("simulated-spare");
constexpr CardProfile simulated_single_profile = simulated("simulated-single");

}  // namespace

std::string_view name(CertificateName certificate) {
  return name_in(certificate_names, certificate);
}

std::string_view name(PinName pin) {
  return name_in(pin_names, pin);
}

std::optional<CertificateName> certificate_named(std::string_view text) {
  return value_in(certificate_names, text);
}

std::optional<PinName> pin_named(std::string_view text) {
  return value_in(pin_names, text);
}

const PinRules& CardProfile::rules(PinName p) const {
  switch (p) {
    case PinName::signature:
      return signature_pin;
    case PinName::authentication:
      return authentication_pin;
    case PinName::resident_register:
      break;
  }
  return resident_register_pin;
}

const CardProfile& genuine() {
  return genuine_profile;
}

const CardProfile& simulated_spare() {
  return simulated_spare_profile;
}

const CardProfile& simulated_single() {
  return simulated_single_profile;
}

const CardProfile* profile_named(std::string_view name) {
  for (const CardProfile* profile : {&genuine_profile, &simulated_spare_profile, &simulated_single_profile}) {
    if (profile->name == name) return profile;
  }
  return nullptr;
}

}  // namespace madoguchi::mynumber
