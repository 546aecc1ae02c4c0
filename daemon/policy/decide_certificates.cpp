// Rules about the certificates and the card: what is to be done with each, and when.
#include <algorithm>

#include "deciding.hpp"
#include "policy/hours.hpp"

namespace madoguchi::policy {

bool Deciding::in_force(const CertificateFacts& c) const {
  return c.state == CertificateState::valid && !passed(c.expires_on);
}

// The signature certificate cannot be read before its PIN is given: until then it is taken to be as the
// authentication certificate is.
const CertificateFacts& Deciding::as_taken(Certificate c) const {
  const auto& told = facts_.certificate(c);
  if (told.state != CertificateState::unknown || pin_tells(c)) return told;
  return facts_.authentication;
}

// Where the authentication certificate is neither asked for nor due, as after it alone was renewed, it says
// nothing of the other: then only its PIN tells.
bool Deciding::pin_tells(Certificate c) const {
  const auto& other = facts_.authentication;
  return c == Certificate::signature && facts_.signature.state == CertificateState::unknown &&
         facts_.purpose == Purpose::renewal && facts_.wanted.signature && !facts_.wanted.authentication &&
         !facts_.card.face_authentication && !lacks_capacity() && in_force(other) && day_ < opens_on(other);
}

// Nothing new is made for those who may not hold it; one that they hold already may be renewed.
bool Deciding::barred(Certificate c) const {
  return c == Certificate::signature && !in_force(facts_.signature) &&
         (lacks_capacity() || facts_.card.face_authentication);
}

base::Date Deciding::opens_on(const CertificateFacts& c) const {
  return window_opens_on(policy_.window, *c.expires_on);
}

Action Deciding::action(Certificate c) const {
  const auto& taken = as_taken(c);
  if (!facts_.wanted.has(c) || facts_.purpose != Purpose::renewal || barred(c)) return Action::none;
  if (taken.state == CertificateState::unknown) return Action::none;
  if (!in_force(taken)) return Action::issue_new;
  return day_ < opens_on(taken) ? Action::none : Action::renew;
}

bool Deciding::does(Action action) const {
  return decision_.signature.action == action || decision_.authentication.action == action;
}

bool Deciding::anything_to_do() const {
  return does(Action::renew) || issuing();
}

bool Deciding::issuing() const {
  return does(Action::issue_new);
}

// The day on which the authentication certificate will end that is on the card after today; nothing when
// there is none or it is not known.
std::optional<base::Date> Deciding::authentication_cap() const {
  if (decision_.authentication.action != Action::none) return decision_.authentication.new_expires_on;
  const auto& existing = facts_.authentication;
  const bool there = existing.state == CertificateState::valid || existing.state == CertificateState::unknown;
  return there && !passed(existing.expires_on) ? existing.expires_on : std::nullopt;
}

bool Deciding::ends_with_card(Certificate c) const {
  return decision_.certificate(c).action == Action::renew &&
         *as_taken(c).expires_on >= *facts_.card.expires_on;
}

// Only what issues another certificate ends that.
Until Deciding::unavailable_until() const {
  switch (facts_.purpose) {
    case Purpose::renewal:
      break;
    case Purpose::pin_reset:
      return Until::reset_only;
    case Purpose::expiry_check:
      return Until::looked_up;
  }
  return Until::done_today;
}

void Deciding::certificate_states() {
  for (const auto c : both_certificates) {
    if (!facts_.wanted.has(c)) continue;
    const bool unknown = facts_.certificate(c).state == CertificateState::unknown;
    if (unknown) say("certificate.unknown", "validity", {param("certificate", c)});
    // Of one that is only taken to be as the authentication certificate is, that one's end is told, once.
    if (unknown && facts_.wanted.authentication) continue;
    const auto& taken = as_taken(c);
    // Of one that was read only. A renewal issues another, and says so by its action.
    if (facts_.certificate(c).state == CertificateState::revoked && facts_.purpose == Purpose::pin_reset)
      say("certificate.revoked", "validity", {param("certificate", c)});
    if (taken.state != CertificateState::valid || !passed(taken.expires_on)) continue;
    say("certificate.expired", "validity",
        {param("certificate", unknown ? Certificate::authentication : c),
         param("expires_on", *taken.expires_on), until_then(unavailable_until())});
  }
}

void Deciding::actions() {
  for (const auto c : both_certificates) decision_.certificate(c).action = action(c);
}

void Deciding::window() {
  if (facts_.purpose != Purpose::renewal || anything_to_do()) return;
  for (const auto c : both_certificates) {
    const auto& taken = as_taken(c);
    if (!facts_.wanted.has(c) || barred(c) || !in_force(taken)) continue;
    const auto opens = opens_on(taken);
    if (!decision_.opens_on || opens < *decision_.opens_on) decision_.opens_on = opens;
  }
  if (!decision_.opens_on) return;
  say("window.too_early", "window.months",
      {param("opens_on", *decision_.opens_on), first_counter_day(counter_day())});
  // Only a guess holds until then: its holder may be told the way to know.
  const bool guessed = facts_.wanted.signature && !barred(Certificate::signature) &&
                       facts_.signature.state == CertificateState::unknown;
  if (guessed) say("certificate.state_needed", "window", {unread(Unread::taken_as_other)});
}

// The first day from then on at this counter; nothing rather than a false day where the holidays, or what
// plugins open and close (told for this year and the next), are not known.
std::optional<base::Date> Deciding::counter_day() const {
  if (office_ == nullptr || !offers_all(*office_)) return std::nullopt;
  const auto found = first_open_day(policy_, changes_, *office_, *decision_.opens_on, outlook_);
  const bool known = found && rules_on(*found).calendar.knows(*found) &&
                     found->year() <= day_.year() + std::chrono::years(1);
  return known ? found : std::nullopt;
}

// The contract stops no visit in which nothing would be done, but whoever sees it completed wants to know
// why.
void Deciding::nothing_to_do() {
  const bool elsewhere_said = decision_.opens_on || passed(facts_.card.expires_on) || !facts_.card.presented;
  const bool wanted = facts_.wanted.signature || facts_.wanted.authentication;
  if (facts_.purpose != Purpose::renewal || !wanted || anything_to_do() || elsewhere_said) return;
  const bool untold = std::any_of(both_certificates.begin(), both_certificates.end(), [&](Certificate c) {
    return facts_.wanted.has(c) && !barred(c) && as_taken(c).state == CertificateState::unknown;
  });
  if (untold) {
    const bool alone = pin_tells(Certificate::signature);
    say("certificate.state_needed", "window", {unread(alone ? Unread::signature : Unread::card)});
  } else {
    say("certificate.not_issued", "age_of_capacity", {not_issued_to(facts_.card.face_authentication)});
  }
}

// The authentication certificate comes first, since it caps the other.
void Deciding::previews() {
  if (passed(facts_.card.expires_on)) return;
  for (const auto c : both_certificates) {
    auto& made = decision_.certificate(c);
    if (made.action == Action::none) continue;
    const auto cap = c == Certificate::signature ? authentication_cap() : std::nullopt;
    made.new_expires_on = certificate_ends_on(policy_.validity, made.action, facts_.holder.birth_date, day_,
                                              facts_.card.expires_on, cap);
  }
}

// Whether the signature certificate would last longer if the authentication certificate, which caps it, were
// renewed with it.
bool Deciding::held_back() const {
  const auto& made = decision_.signature.new_expires_on;
  const auto& cap = facts_.authentication;
  if (!made || facts_.wanted.authentication || !in_force(cap) || day_ < opens_on(cap)) return false;
  return *made == *cap.expires_on && (!facts_.card.expires_on || *made < *facts_.card.expires_on);
}

void Deciding::cap() {
  if (!held_back()) return;
  say("certificate.capped", "validity", {param("expires_on", *decision_.signature.new_expires_on)});
}

void Deciding::card() {
  const auto& expires_on = facts_.card.expires_on;
  if (!expires_on) return;
  const bool ended = passed(expires_on);
  const bool same_day = policy_.validity.card_renewal_when_equal &&
                        std::any_of(both_certificates.begin(), both_certificates.end(),
                                    [&](Certificate c) { return ends_with_card(c); });
  if (ended || same_day) {
    say("card.renewal_required", "validity.card_renewal_when_equal",
        {param("card_expires_on", *expires_on), why_card_first(ended)});
  }
}

}  // namespace madoguchi::policy
