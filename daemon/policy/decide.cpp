// The rules, one function each, over a decision in the making.
#include <algorithm>
#include <array>

#include "catalogue.hpp"
#include "conclude.hpp"
#include "policy/decision.hpp"

namespace madoguchi::policy {
namespace {

constexpr std::array both{Certificate::authentication, Certificate::signature};

class Deciding {
 public:
  Deciding(const Policy& policy, const Facts& facts, const Schedule& changes)
      : policy_(policy),
        facts_(facts),
        changes_(changes),
        day_(base::date_in_japan(facts.at)),
        acting_(acting_role()) {}

  Decision run() {
    decision_.policy = {policy_.municipality.id, policy_.version, policy_.digest};
    channel();
    residence();
    expiry_check();
    certificate_states();
    actions();
    window();
    previews();
    card();
    pins();
    identity();
    notice();
    fee();
    conclude(policy_, decision_);
    return std::move(decision_);
  }

 private:
  [[nodiscard]] bool lacks_capacity() const {
    return facts_.holder.adult_ward || base::age_on(facts_.holder.birth_date, day_) < policy_.age_of_capacity;
  }

  // A "legal representative" of somebody who needs none is a proxy like any other.
  [[nodiscard]] Role acting_role() const {
    if (facts_.visitor.role != Role::legal_representative) return facts_.visitor.role;
    return lacks_capacity() ? Role::legal_representative : Role::proxy;
  }

  [[nodiscard]] bool passed(const std::optional<base::Date>& last_day) const {
    return last_day && *last_day < day_;
  }

  [[nodiscard]] bool in_force(const CertificateFacts& c) const {
    return c.state == CertificateState::valid && !passed(c.expires_on);
  }

  // The signature certificate cannot be read before its PIN is given: until then it is taken to be as the
  // authentication certificate is.
  [[nodiscard]] const CertificateFacts& as_taken(Certificate c) const {
    const auto& told = facts_.certificate(c);
    return told.state == CertificateState::unknown ? facts_.authentication : told;
  }

  // Nothing new is made for those who may not hold it; one that they hold already may be renewed.
  [[nodiscard]] bool barred(Certificate c) const {
    return c == Certificate::signature && !in_force(facts_.signature) &&
           (lacks_capacity() || facts_.card.face_authentication);
  }

  [[nodiscard]] base::Date opens_on(const CertificateFacts& c) const {
    return window_opens_on(policy_.window, *c.expires_on);
  }

  void say(std::string_view code, std::string_view key, std::initializer_list<Param> params = {}) {
    decision_.findings.push_back(make_finding(policy_, code, key, params));
  }

  void channel() {
    const auto& accepted = policy_.channels;
    if (std::find(accepted.begin(), accepted.end(), facts_.channel) != accepted.end()) return;
    say("channel.counter_only", "channels", {param("channel", facts_.channel)});
  }

  // The keys are made on the equipment of the municipality of registration (公的個人認証法 art. 3, 22).
  void residence() {
    if (policy_.residence_required && !facts_.holder.resident) {
      say("residence.not_registered_here", "residence.required");
    }
  }

  void expiry_check() {
    if (facts_.purpose != Purpose::expiry_check || !policy_.expiry_check_holder_only) return;
    if (facts_.visitor.role != Role::holder) say("expiry_check.holder_only", "expiry_check.holder_only");
  }

  void certificate_states() {
    for (const auto c : both) {
      const auto& told = facts_.certificate(c);
      if (!facts_.wanted.has(c)) continue;
      if (told.state == CertificateState::unknown) {
        say("certificate.unknown", "validity", {param("certificate", c)});
      } else if (told.state == CertificateState::valid && passed(told.expires_on)) {
        say("certificate.expired", "validity",
            {param("certificate", c), param("expires_on", *told.expires_on)});
      }
    }
  }

  [[nodiscard]] Action action(Certificate c) const {
    const auto& taken = as_taken(c);
    if (!facts_.wanted.has(c) || facts_.purpose != Purpose::renewal || barred(c)) return Action::none;
    if (taken.state == CertificateState::unknown) return Action::none;
    if (!in_force(taken)) return Action::issue_new;
    return day_ < opens_on(taken) ? Action::none : Action::renew;
  }

  void actions() {
    for (const auto c : both) decision_.certificate(c).action = action(c);
  }

  [[nodiscard]] bool anything_to_do() const {
    return decision_.signature.action != Action::none || decision_.authentication.action != Action::none;
  }

  void window() {
    if (facts_.purpose != Purpose::renewal || anything_to_do()) return;
    for (const auto c : both) {
      const auto& taken = as_taken(c);
      if (!facts_.wanted.has(c) || barred(c) || !in_force(taken)) continue;
      const auto opens = opens_on(taken);
      if (!decision_.opens_on || opens < *decision_.opens_on) decision_.opens_on = opens;
    }
    if (decision_.opens_on)
      say("window.too_early", "window.months", {param("opens_on", *decision_.opens_on)});
  }

  // The day on which the authentication certificate will end that is on the card after today; nothing when
  // there is none or it is not known.
  [[nodiscard]] std::optional<base::Date> authentication_cap() const {
    if (decision_.authentication.action != Action::none) return decision_.authentication.new_expires_on;
    const auto& existing = facts_.authentication;
    const bool there =
        existing.state == CertificateState::valid || existing.state == CertificateState::unknown;
    return there && !passed(existing.expires_on) ? existing.expires_on : std::nullopt;
  }

  // The authentication certificate comes first, since it caps the other.
  void previews() {
    if (passed(facts_.card.expires_on)) return;
    for (const auto c : both) {
      auto& made = decision_.certificate(c);
      if (made.action == Action::none) continue;
      const auto cap = c == Certificate::signature ? authentication_cap() : std::nullopt;
      made.new_expires_on = certificate_ends_on(policy_.validity, made.action, facts_.holder.birth_date, day_,
                                                facts_.card.expires_on, cap);
    }
  }

  [[nodiscard]] bool ends_with_card(Certificate c) const {
    return decision_.certificate(c).action == Action::renew &&
           *as_taken(c).expires_on >= *facts_.card.expires_on;
  }

  void card() {
    const auto& expires_on = facts_.card.expires_on;
    if (!expires_on) return;
    const bool same_day =
        policy_.validity.card_renewal_when_equal &&
        std::any_of(both.begin(), both.end(), [&](Certificate c) { return ends_with_card(c); });
    if (passed(expires_on) || same_day) {
      say("card.renewal_required", "validity.card_renewal_when_equal",
          {param("card_expires_on", *expires_on)});
    }
  }

  // Which PINs are asked for. Selecting the resident register's application drops the rights of the JPKI
  // application, so its PIN comes first.
  void ask_pins() {
    if (!anything_to_do() || facts_.card.face_authentication) return;
    decision_.pins_required.push_back(Pin::resident_register);
    for (const auto c : both) {
      if (decision_.certificate(c).action != Action::none) decision_.pins_required.push_back(pin_of(c));
    }
  }

  // A visit for a reset is about PINs without there being anything to issue.
  [[nodiscard]] std::vector<Pin> judged_pins() const {
    if (facts_.purpose != Purpose::pin_reset || facts_.card.face_authentication)
      return decision_.pins_required;
    std::vector<Pin> judged{Pin::resident_register};
    for (const auto c : both) {
      if (facts_.wanted.has(c)) judged.push_back(pin_of(c));
    }
    return judged;
  }

  // Nobody but the holder, or whoever acts in their place by law, may have a PIN initialised on the spot.
  void pins() {
    ask_pins();
    if (acting_ == Role::proxy) return;
    std::vector<Pin> mismatched;
    for (const auto pin : judged_pins()) {
      const auto state = facts_.pins.of(pin);
      if (state == PinState::forgotten || state == PinState::locked) decision_.pin_resets.push_back(pin);
      if (state == PinState::mismatched) mismatched.push_back(pin);
    }
    if (!decision_.pin_resets.empty()) {
      say("pin.reset_required", "pins", {param("pins", decision_.pin_resets)});
    }
    if (!mismatched.empty()) {
      say("pin.retry_possible", "pins.warn_at_tries_left",
          {param("pins", mismatched), param("warn_at", std::int64_t{policy_.pins.warn_at_tries_left})});
    }
  }

  [[nodiscard]] bool identity_asked() const {
    const auto when = policy_.documents.holder_identity_when;
    const bool issuing = decision_.signature.action == Action::issue_new ||
                         decision_.authentication.action == Action::issue_new;
    switch (when) {
      case IdentityWhen::never:
        return false;
      case IdentityWhen::always:
        return true;
      case IdentityWhen::new_issuance:
        return issuing || !decision_.pin_resets.empty();
      case IdentityWhen::pin_forgotten:
        break;
    }
    return !decision_.pin_resets.empty();
  }

  [[nodiscard]] bool brought(const std::vector<AcceptedDocument>& accepted, Role role) const {
    return std::any_of(facts_.documents.begin(), facts_.documents.end(), [&](const Document& document) {
      if (!document.original || passed(document.expires_on)) return false;
      if (role != Role::holder && document.of != Person::visitor) return false;
      return std::any_of(accepted.begin(), accepted.end(), [&](const AcceptedDocument& a) {
        return a.type == document.type && !passed(a.until);
      });
    });
  }

  void identity() {
    if (!facts_.card.presented) decision_.missing.emplace_back("my_number_card");
    const auto role = facts_.visitor.role;
    if (role == Role::holder) {
      if (identity_asked() && !brought(policy_.documents.identity, role)) {
        decision_.missing.emplace_back("identity_document");
      }
    } else if (!brought(policy_.documents.photo_identity, role)) {
      decision_.missing.emplace_back("photo_identity_document");
    }
  }

  void notice() {
    const bool there = std::any_of(facts_.documents.begin(), facts_.documents.end(),
                                   [](const Document& d) { return d.type == "expiry_notice"; });
    const auto& told = in_force(facts_.authentication) ? facts_.authentication : facts_.signature;
    if (facts_.purpose != Purpose::renewal || there || told.state != CertificateState::valid) return;
    say("notice.expected", "notice.from_months_before",
        {param("from", base::add_months_clamped(*told.expires_on, -policy_.notice.from_months_before)),
         param("to", base::add_months_clamped(*told.expires_on, -policy_.notice.to_months_before))});
  }

  // One procedure, one fee: the highest of what is done.
  void fee() {
    for (const auto c : both) {
      const auto action = decision_.certificate(c).action;
      if (action == Action::renew) decision_.fee_yen = std::max(decision_.fee_yen, policy_.fees.renewal_yen);
      if (action == Action::issue_new)
        decision_.fee_yen = std::max(decision_.fee_yen, policy_.fees.new_issuance_yen);
    }
  }

  const Policy& policy_;
  const Facts& facts_;
  const Schedule& changes_;
  base::Date day_;
  Role acting_;
  Decision decision_;
};

}  // namespace

Decision decide(const Policy& policy, const Facts& facts, const Schedule& changes) {
  return Deciding(policy, facts, changes).run();
}

}  // namespace madoguchi::policy
