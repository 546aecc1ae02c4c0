// The My Number Card's applications as steps over APDUs. No step keeps anything but what is in CardState, and
// none repeats a command that could cost a PIN try.
#pragma once

#include <bitset>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "mynumber/certificate.hpp"
#include "mynumber/profile.hpp"
#include "smartcard/channel.hpp"

namespace madoguchi::mynumber {

enum class Application : std::uint8_t { none, jpki, resident_register, common };
std::string_view name(Application application);

class TerminalKey;  // mynumber/admin.hpp

// What the host must remember about a card's session, because the card cannot be asked (C9): which
// application is current and which PINs were accepted. Lives exactly as long as the PC/SC handle. Selecting
// another application drops the rights gained in the one before.
struct CardState {
  Application current = Application::none;
  std::bitset<3> verified;  // by PinName
  bool terminal_authenticated = false;
  // Given by AdminCommandSet::authenticate(), so that the rights lost by selecting another application can be
  // had again. Not owned; lives longer than the session.
  const TerminalKey* terminal_key = nullptr;

  [[nodiscard]] bool is_verified(PinName pin) const { return verified.test(static_cast<std::size_t>(pin)); }
};

enum class CardKind : std::uint8_t { my_number_card, juki_card, phone, other };
std::string_view name(CardKind kind);

// How many tries a PIN has left; 0 is locked. Absent: the card has no such PIN (face-authentication card) or
// does not tell.
using Tries = std::map<PinName, int>;

struct Inspection {
  CardKind kind = CardKind::other;
  std::string token_label;
  std::string token_serial;  // from the token information, not proven to be the card's own (card.md 2.1)
  std::string
      card_number;  // the common application's record: 15 digits; the card's identity. Empty if absent.
  std::optional<base::Date> card_expires_on;
  bool signature_present = false;  // EF 0008; where that is absent, whether the file can be selected
  bool authentication_present = false;
  std::optional<Certificate> authentication;  // nullopt when the file is absent, empty or unreadable
  std::optional<Certificate> signature;       // only when its PIN has been verified in this session (C8)
  Tries tries;
  std::vector<Application> applications;  // those that the card has

  // What tells this card from every other: card number, else token serial with the hash of the authentication
  // certificate's subject, which a renewal keeps (the serial alone is not proven to be the card's own). Empty
  // when it has neither: such a card equals no card, not even itself.
  [[nodiscard]] std::string identity() const;
};

// Recognises by AID and token label, never by ATR. card.unknown when there is no JPKI application.
// Any file or other application may be missing or damaged; what it would have told is left out. Visits every
// application, so that all rights of the session are gone afterwards.
base::Result<Inspection> inspect(smartcard::Channel& card, CardState& state, const CardProfile& profile);

// Which certificates the card has: by EF 0008, and where that is absent by whether their files can be
// selected. A PIN whose certificate is absent answers as if it were locked. That one is absent is said after
// two readings; card.mute when they differ.
struct CertificatesPresent {
  bool signature = false;
  bool authentication = false;

  bool operator==(const CertificatesPresent&) const = default;
};
base::Result<CertificatesPresent> certificates_present(smartcard::Channel& card, CardState& state,
                                                       const CardProfile& profile);

// The card's identity only, as inspect() would give it: for the start of a session, to make sure that it is
// the case's card before any PIN is asked. Leaves the JPKI application current, with no rights. card.unknown
// also when nothing tells the card from others.
base::Result<std::string> read_identity(smartcard::Channel& card, CardState& state,
                                        const CardProfile& profile);

// Does the certificate's file, which has lost its head, hold nothing but bytes of these two where they stand
// in them: was `written` being written over `before`? Another card's has a key of its own in there.
base::Result<bool> holds_cut_write(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                                   CertificateName which, base::ByteView before, base::ByteView written);

// The part of such a card's identity that stays when its authentication certificate cannot be read: no proof
// of itself. Empty for a card that has a number and is known by that.
base::Result<std::string> read_identity_without_certificate(smartcard::Channel& card, CardState& state);

// Reads a certificate cut at its DER length, in 1 + ceil(length / 256) APDUs once the application is current.
// pin.required when the file needs its PIN; not_found when the file is absent, empty (all FF), truncated, or
// holds something other than a certificate: said after two readings, since one answer that was spoilt on its
// way looks the same. card.mute when they differ.
base::Result<Certificate> read_certificate(smartcard::Channel& card, CardState& state,
                                           const CardProfile& profile, CertificateName which);
// card.mute, of what a card has shown differently when it was read again: nothing follows from it.
base::Fault read_unlike(std::string_view what);

// Tries left by an empty VERIFY, which costs nothing. 0 when locked (63C0, 6983, 6984). not_found: no such
// PIN.
base::Result<int> tries_left(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                             PinName pin);

// Checks the form before anything is sent (C3) and folds the signature password to upper case, as every
// client does.
base::Result<base::Secret> well_formed(const CardProfile& profile, PinName pin, const base::Secret& value);

struct VerifyGuards {
  std::optional<int> expected_tries_left;
  bool accept_last_try = false;
};
// Reads the tries and then verifies, one command each, in that order (C1). Nothing is sent on: wrong form
// (pin.malformed), a count other than expected (pin.tries_changed, details.tries_left), a last try without
// consent (pin.last_try), no tries (pin.locked, whatever was expected). A wrong PIN gives pin.wrong with
// details.tries_left, or pin.locked when that was the last one. A transport's fault is passed on: whether the
// card has counted is unknown then. On success returns the tries that the PIN has again. Every fault has
// details.pin, except the transport's and card.refused.
base::Result<int> verify_pin(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                             PinName pin, const base::Secret& value, const VerifyGuards& guards);

// Whether it can be entered at a reader's keys, which are digits.
bool fits_pad(const CardProfile& profile, PinName pin);

// The same with a PIN that is entered at the reader itself (smartcard/pin_pad.hpp), within `longest`.
// Besides: pin.timeout, pin.cancelled and pin.malformed when none was, and conflict where the reader has no
// pad or the PIN does not fit one; nothing was sent then, and a right that the PIN had given before stays.
base::Result<int> verify_pin_on_pad(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                                    PinName pin, const VerifyGuards& guards, std::chrono::seconds longest);

// Sets a new value for a PIN that is verified in this session (24 01 for JPKI; 80 32 for the resident
// register). The resident register's PIN is in two applications and both are changed; since the right in one
// is lost on entering the other, it needs `current`, the value in force, and gives pin.required without.
// details.application then says where a fault happened: in `common` nothing has been changed unless the fault
// is the transport's, in `resident_register` the common application has the new value already.
base::Result<void> change_pin(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                              PinName pin, const base::Secret& value,
                              const base::Secret& current = base::Secret());

enum class Slot : std::uint8_t { active, spare };
// PKCS#1 v1.5 signature over a SHA-256 digest by the key in that slot. pin.required when its PIN is not
// verified and the card does not take the terminal's rights instead: face-authentication cards have no PIN.
base::Result<base::Bytes> sign(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                               CertificateName key, Slot slot, const base::Sha256& digest);

}  // namespace madoguchi::mynumber
