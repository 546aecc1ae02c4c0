#include <array>
#include <utility>

#include "application.hpp"
#include "files.hpp"
#include "mynumber/glance.hpp"

namespace madoguchi::mynumber {
namespace {

constexpr std::array<std::pair<std::string_view, CardKind>, 4> kinds_by_label{{
    {"JPKIAPICCTOKEN2", CardKind::my_number_card},
    {"JPKIAPICCTOKEN", CardKind::juki_card},
    {"JPKIAPGPSETOKEN", CardKind::phone},
    {"JPKIAPIOSTOKEN", CardKind::phone},
}};

CardKind kind_of(std::string_view label) {
  for (const auto& [known, kind] : kinds_by_label) {
    if (known == label) return kind;
  }
  return CardKind::other;
}

// Where EF 0008 says nothing: a file that can be selected is there.
base::Result<bool> can_select(smartcard::Channel& card, std::uint16_t file) {
  const auto selected = select_file(card, file);
  if (selected) return true;
  if (is_cards_answer(selected.error())) return false;
  return selected.error();
}

base::Result<void> inspect_token(smartcard::Channel& card, Inspection& found) {
  const auto token = if_any(read_token_information(card));
  if (!token) return token.error();
  if (*token) {
    found.token_label = (*token)->label;
    found.token_serial = (*token)->serial;
  }
  found.kind = kind_of(found.token_label);
  return {};
}

base::Result<void> inspect_certificates(smartcard::Channel& card, CardState& state,
                                        const CardProfile& profile, Inspection& found) {
  auto authentication = if_any(read_certificate(card, state, profile, CertificateName::authentication));
  if (!authentication) return authentication.error();
  found.authentication = std::move(*authentication);
  // Without its PIN nothing is sent for this one (C8).
  auto signature = if_any(read_certificate(card, state, profile, CertificateName::signature));
  if (!signature) return signature.error();
  found.signature = std::move(*signature);
  return {};
}

base::Result<void> inspect_tries(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                                 PinName pin, Inspection& found) {
  const auto tries = if_any(tries_left(card, state, profile, pin));
  if (!tries) return tries.error();
  if (*tries) found.tries[pin] = **tries;
  return {};
}

// Selects an application that not every card has; false when it is not there.
base::Result<bool> enter(smartcard::Channel& card, CardState& state, Application application,
                         Inspection& found) {
  const auto selected = select_application(card, state, application);
  if (!selected && !is_cards_answer(selected.error())) return selected.error();
  if (selected) found.applications.push_back(application);
  return selected.has_value();
}

base::Result<void> inspect_jpki(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                                Inspection& found) {
  if (const auto selected = select_application(card, state, Application::jpki); !selected)
    return selected.error();
  found.applications.push_back(Application::jpki);
  if (const auto done = inspect_token(card, found); !done) return done.error();
  const auto present = certificates_present(card, state, profile);
  if (!present) return present.error();
  found.signature_present = present->signature;
  found.authentication_present = present->authentication;
  if (const auto done = inspect_certificates(card, state, profile, found); !done) return done.error();
  for (const PinName pin : {PinName::signature, PinName::authentication}) {
    if (const auto done = inspect_tries(card, state, profile, pin, found); !done) return done.error();
  }
  return {};
}

base::Result<void> inspect_resident_register(smartcard::Channel& card, CardState& state,
                                             const CardProfile& profile, Inspection& found) {
  const auto entered = enter(card, state, Application::resident_register, found);
  if (!entered) return entered.error();
  if (!*entered) return {};
  return inspect_tries(card, state, profile, PinName::resident_register, found);
}

base::Result<void> inspect_common(smartcard::Channel& card, CardState& state, Inspection& found) {
  const auto entered = enter(card, state, Application::common, found);
  if (!entered) return entered.error();
  if (!*entered) return {};
  const auto record = if_any(read_card_record(card));
  if (!record) return record.error();
  if (*record) {
    found.card_number = (*record)->number;
    found.card_expires_on = (*record)->expires_on;
  }
  return {};
}

base::Result<CertificatesPresent> look_for_certificates(smartcard::Channel& card,
                                                        const CardProfile& profile) {
  const auto told = if_any(read_presence(card));
  if (!told) return told.error();
  if (*told) return CertificatesPresent{(*told)->signature, (*told)->authentication};
  const auto signature = can_select(card, profile.signature.certificate);
  if (!signature) return signature.error();
  const auto authentication = can_select(card, profile.authentication.certificate);
  if (!authentication) return authentication.error();
  return CertificatesPresent{*signature, *authentication};
}

// Before the hash in the identity of a card without a number.
std::string before_hash(const Inspection& card) {
  return card.token_serial + ":";
}

}  // namespace

base::Result<CertificatesPresent> certificates_present(smartcard::Channel& card, CardState& state,
                                                       const CardProfile& profile) {
  if (const auto selected = select_application(card, state, Application::jpki); !selected)
    return selected.error();
  auto present = look_for_certificates(card, profile);
  if (!present || (present->signature && present->authentication)) return present;
  // One altered mark looks the same, and the certificate would be left out without a word.
  const auto again = look_for_certificates(card, profile);
  if (!again) return again.error();
  if (*again != *present) return read_unlike("which certificates there are");
  return present;
}

std::string_view name(CardKind kind) {
  switch (kind) {
    case CardKind::my_number_card:
      return "my_number_card";
    case CardKind::juki_card:
      return "juki_card";
    case CardKind::phone:
      return "phone";
    case CardKind::other:
      break;
  }
  return "other";
}

std::string Inspection::identity() const {
  if (!card_number.empty()) return card_number;
  if (!authentication) return {};
  return before_hash(*this) + base::to_hex(base::sha256(authentication->subject_der));
}

base::Result<Inspection> inspect(smartcard::Channel& card, CardState& state, const CardProfile& profile) {
  Inspection found;
  // JPKI first: without it this is no card of ours, and what PINs opened there is closed by leaving it.
  if (const auto done = inspect_jpki(card, state, profile, found); !done) return done.error();
  if (const auto done = inspect_resident_register(card, state, profile, found); !done) return done.error();
  if (const auto done = inspect_common(card, state, found); !done) return done.error();
  return found;
}

base::Result<CardKind> glance(smartcard::Channel& card, CardState& state) {
  const auto selected = select_application(card, state, Application::jpki);
  if (!selected && selected.error().code == base::Code::card_unknown) return CardKind::other;
  if (!selected) return selected.error();
  Inspection found;
  if (const auto done = inspect_token(card, found); !done) return done.error();
  return found.kind;
}

base::Result<std::string> read_identity(smartcard::Channel& card, CardState& state,
                                        const CardProfile& profile) {
  Inspection found;
  if (const auto done = inspect_common(card, state, found); !done) return done.error();
  if (const auto selected = select_application(card, state, Application::jpki); !selected)
    return selected.error();
  if (found.card_number.empty()) {
    if (const auto done = inspect_token(card, found); !done) return done.error();
    auto certificate = if_any(read_certificate(card, state, profile, CertificateName::authentication));
    if (!certificate) return certificate.error();
    found.authentication = std::move(*certificate);
  }
  std::string identity = found.identity();
  // An empty identity would match another card's that is empty too.
  if (identity.empty())
    return base::make_fault(base::Code::card_unknown, "nothing tells this card from others");
  return identity;
}

base::Result<std::string> read_identity_without_certificate(smartcard::Channel& card, CardState& state) {
  Inspection found;
  if (const auto done = inspect_common(card, state, found); !done) return done.error();
  if (const auto selected = select_application(card, state, Application::jpki); !selected)
    return selected.error();
  if (!found.card_number.empty()) return std::string();
  if (const auto done = inspect_token(card, found); !done) return done.error();
  return before_hash(found);
}

}  // namespace madoguchi::mynumber
