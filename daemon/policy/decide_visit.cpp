// Rules about what is brought and entered: PINs, identity, the notice; and the fee.
#include <algorithm>

#include "deciding.hpp"
#include "policy/expiry.hpp"

namespace madoguchi::policy {

// Which PINs are asked for. Selecting the resident register's application drops the rights of the JPKI
// application, so its PIN comes first.
void Deciding::ask_pins() {
  // What there is to do is decided once it has opened its certificate.
  if (pin_tells(Certificate::signature)) decision_.pins_required.push_back(Pin::signature);
  if (!anything_to_do() || facts_.card.face_authentication) return;
  decision_.pins_required.push_back(Pin::resident_register);
  for (const auto c : both_certificates) {
    if (decision_.certificate(c).action != Action::none) decision_.pins_required.push_back(pin_of(c));
  }
}

// A visit for a reset is about PINs without there being anything to issue.
std::vector<Pin> Deciding::judged_pins() const {
  if (facts_.purpose != Purpose::pin_reset || facts_.card.face_authentication) return decision_.pins_required;
  std::vector<Pin> judged{Pin::resident_register};
  for (const auto c : both_certificates) {
    // Without a certificate there is nothing that its PIN would open.
    if (facts_.wanted.has(c) && facts_.certificate(c).state != CertificateState::absent)
      judged.push_back(pin_of(c));
  }
  return judged;
}

bool Deciding::identity_asked() const {
  switch (policy_.documents.holder_identity_when) {
    case IdentityWhen::never:
      return false;
    case IdentityWhen::always:
      return true;
    case IdentityWhen::new_issuance:
      return issuing() || !decision_.pin_resets.empty();
    case IdentityWhen::pin_forgotten:
      break;
  }
  return !decision_.pin_resets.empty();
}

std::vector<Pin> Deciding::pins_in(std::initializer_list<PinState> states) const {
  auto pins = judged_pins();
  std::erase_if(pins, [&](Pin pin) {
    return std::find(states.begin(), states.end(), facts_.pins.of(pin)) == states.end();
  });
  return pins;
}

// The last day is looked up with the PIN of the certificate that it is asked of: nothing is initialised for
// that, but whoever does not know the PIN cannot be told.
std::vector<Pin> Deciding::lost_for_expiry() const {
  std::vector<Pin> lost;
  if (facts_.card.face_authentication) return lost;
  for (const auto c : both_certificates) {
    const auto state = facts_.pins.of(pin_of(c));
    if (facts_.wanted.has(c) && (state == PinState::forgotten || state == PinState::locked))
      lost.push_back(pin_of(c));
  }
  return lost;
}

void Deciding::expiry_check_pins() {
  if (facts_.purpose != Purpose::expiry_check || not_told()) return;
  const auto lost = lost_for_expiry();
  if (!lost.empty()) say("expiry_check.pin_needed", "expiry_check", {param("pins", lost)});
}

// Whoever is sent away without the answer is told where else it stands. No day of the notice's: it would give
// the last day away.
bool Deciding::expiry_elsewhere() {
  if (facts_.purpose != Purpose::expiry_check) return false;
  if (!not_told() && facts_.card.presented && lost_for_expiry().empty()) return false;
  say("expiry_check.other_ways", "notice",
      {other_ways(facts_.card.face_authentication), months_before(policy_.notice)});
  return true;
}

// The contract stops no such visit, but whoever sees that it can be done today wants to know that nothing
// will be: it is about PINs alone.
void Deciding::nothing_to_reset() {
  if (facts_.purpose != Purpose::pin_reset) return;
  if (facts_.card.face_authentication) {
    say("pin.nothing_to_reset", "pins", {not_reset(Unset::no_pins, {})});
    return;
  }
  std::vector<Pin> unwanted;
  std::vector<Pin> absent;
  bool never_issued = false;
  for (const auto c : both_certificates) {
    const auto told = facts_.pins.of(pin_of(c));
    if (told != PinState::forgotten && told != PinState::locked) continue;
    if (facts_.certificate(c).state == CertificateState::absent) {
      // A child's card has this PIN locked from the beginning: not named by anybody, as long as another one
      // is.
      if (barred(c)) {
        never_issued = true;
        continue;
      }
      absent.push_back(pin_of(c));
    } else if (!facts_.wanted.has(c)) {
      unwanted.push_back(pin_of(c));
    }
  }
  if (!absent.empty())
    say("pin.nothing_to_reset", "pins", {not_reset(Unset::absent, absent), param("pins", absent)});
  if (!unwanted.empty())
    say("pin.nothing_to_reset", "pins", {not_reset(Unset::not_wanted, unwanted), param("pins", unwanted)});
  // One that does not match is told otherwise, and one that matches has been set, or needs nothing.
  const bool named =
      !absent.empty() || !unwanted.empty() ||
      !pins_in({PinState::forgotten, PinState::locked, PinState::mismatched, PinState::matched}).empty();
  if (!named)
    say("pin.nothing_to_reset", "pins", {not_reset(never_issued ? Unset::never_issued : Unset::untold, {})});
}

// Nobody but the holder, or whoever acts in their place by law, may have a PIN initialised on the spot.
void Deciding::pins() {
  ask_pins();
  nothing_to_reset();
  if (acting_ == Role::proxy) return;
  expiry_check_pins();
  decision_.pin_resets = pins_in({PinState::forgotten, PinState::locked});
  const auto mismatched = pins_in({PinState::mismatched});
  if (!decision_.pin_resets.empty()) {
    say("pin.reset_required", "pins", {param("pins", decision_.pin_resets)});
  }
  if (!mismatched.empty()) {
    say("pin.retry_possible", "pins.warn_at_tries_left",
        {param("pins", mismatched), param("warn_at", std::int64_t{policy_.pins.warn_at_tries_left})});
  }
}

// How many different accepted documents there are of that person.
int Deciding::brought(const std::vector<AcceptedDocument>& accepted, Person of) const {
  const auto counts = [&](const AcceptedDocument& a) {
    if (passed(a.until)) return false;
    return std::any_of(facts_.documents.begin(), facts_.documents.end(), [&](const Document& document) {
      // When the holder comes, holder and visitor are the same person.
      const bool theirs = facts_.visitor.role == Role::holder || document.of == of;
      return document.type == a.type && document.original && theirs && !passed(document.expires_on);
    });
  };
  return static_cast<int>(std::count_if(accepted.begin(), accepted.end(), counts));
}

bool Deciding::visitor_identified() const {
  const auto& rules = policy_.documents;
  if (brought(rules.photo_identity, Person::visitor) > 0) return true;
  return rules.instead_of_photo > 0 && brought(rules.identity, Person::visitor) >= rules.instead_of_photo;
}

bool Deciding::holder_identified() const {
  const auto& rules = policy_.documents;
  if (brought(rules.identity, Person::holder) >= rules.holder_identity_count) return true;
  if (!rules.holder_photo_suffices) return false;
  // The card that the visit is about identifies nobody a second time.
  auto photo = rules.photo_identity;
  std::erase_if(photo, [](const AcceptedDocument& a) { return a.type == "my_number_card"; });
  return brought(photo, Person::holder) > 0;
}

void Deciding::identity() {
  auto& missing = decision_.missing;
  const auto& rules = policy_.documents;
  if (!facts_.card.presented) missing.emplace_back("my_number_card");
  if (facts_.visitor.role == Role::holder) {
    if (identity_asked() && !holder_identified()) missing.emplace_back("identity_document");
    also_brought_by_holder();
    return;
  }
  // Nobody shows anything over the telephone; it is asked for at the counter. And who is not told the last
  // day whatever they show need not show anything.
  if (only_applying() || not_told()) return;
  if (!visitor_identified()) missing.emplace_back("photo_identity_document");
  const int asked = acting_ == Role::proxy ? rules.holder_identity_with_proxy : 0;
  if (brought(rules.identity, Person::holder) < asked) missing.emplace_back("identity_document");
}

void Deciding::also_brought_by_holder() {
  if (facts_.purpose != Purpose::renewal) return;
  for (const auto& type : policy_.documents.holder_also_brings) {
    const bool there = std::any_of(facts_.documents.begin(), facts_.documents.end(),
                                   [&](const Document& d) { return d.type == type; });
    if (!there) decision_.missing.push_back(type);
  }
}

// The last day that the notice is sent for, each certificate having its own: of what is renewed at this visit
// the first, else of what has ended, for which it was due too, else of what is not due yet.
std::optional<base::Date> Deciding::noticed_end() const {
  std::array<std::optional<base::Date>, 3> ends;
  for (const auto c : both_certificates) {
    const auto& taken = as_taken(c);
    if (!facts_.wanted.has(c) || taken.state != CertificateState::valid) continue;
    const bool due = decision_.certificate(c).action == Action::renew;
    auto& end = ends[due ? 0 : in_force(taken) ? 2 : 1];
    if (!end || *taken.expires_on < *end) end = taken.expires_on;
  }
  const auto first = std::find_if(ends.begin(), ends.end(), [](const auto& end) { return end.has_value(); });
  return first == ends.end() ? std::nullopt : *first;
}

void Deciding::notice() {
  if (expiry_elsewhere()) return;
  const bool there = std::any_of(facts_.documents.begin(), facts_.documents.end(),
                                 [](const Document& d) { return d.type == "expiry_notice"; });
  const auto end = noticed_end();
  if (facts_.purpose == Purpose::pin_reset || there || !end) return;
  const auto last = base::add_months_clamped(*end, -policy_.notice.to_months_before);
  say("notice.expected", "notice.from_months_before",
      {param("from", base::add_months_clamped(*end, -policy_.notice.from_months_before)), param("to", last),
       posted(last < day_)});
}

Text expiry_elsewhere(const Policy& policy, bool face_authentication) {
  return make_finding(policy, "expiry_check.other_ways", "notice",
                      {other_ways(face_authentication), months_before(policy.notice)})
      .message;
}

// One procedure, one fee: the highest of what is done.
void Deciding::fee() {
  for (const auto c : both_certificates) {
    const auto action = decision_.certificate(c).action;
    if (action == Action::renew) decision_.fee_yen = std::max(decision_.fee_yen, policy_.fees.renewal_yen);
    if (action == Action::issue_new)
      decision_.fee_yen = std::max(decision_.fee_yen, policy_.fees.new_issuance_yen);
  }
}

}  // namespace madoguchi::policy
