#include "recognise.hpp"

#include <algorithm>

namespace madoguchi::counter {

using base::Code;
using base::make_fault;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::Saga;
using renewal::Slot;

WhoseCard card_of(const renewal::Case& visit) {
  WhoseCard wanted{visit.card, {}};
  // A spare slot's file is not the one that a card is known by.
  const auto writing = std::find_if(visit.sagas.begin(), visit.sagas.end(), [](const Saga& saga) {
    const bool in_use = saga.phase >= Phase::in_use && saga.phase <= Phase::done;
    return saga.certificate == CertificateName::authentication && saga.slot == Slot::active && !in_use &&
           !saga.new_certificate.empty();
  });
  if (writing == visit.sagas.end()) return wanted;
  const bool unwritten = writing->phase == Phase::failed && writing->failure &&
                         writing->failure->remedy == renewal::Remedy::write_again;
  if (writing->phase == Phase::write_intended || writing->phase == Phase::written || unwritten)
    wanted.key = writing->key;
  wanted.before = writing->old_certificate;
  wanted.written = writing->new_certificate;
  return wanted;
}

base::Result<void> Recognise::operator()(smartcard::Channel& card, mynumber::CardState& state) const {
  if (wanted_.identity.empty()) {
    return make_fault(Code::card_unknown, "the case's card was never read: attach its reader again");
  }
  const auto seen = mynumber::read_identity(card, state, *profile_);
  if (seen && *seen == wanted_.identity) return {};
  const bool may_be_torn = !wanted_.written.empty() && (seen || seen.error().code == Code::card_unknown);
  if (may_be_torn) return half_written(card, state);
  if (!seen) return seen.error();
  return make_fault(Code::card_different, "another card lies on the reader");
}

base::Result<void> Recognise::half_written(smartcard::Channel& card, mynumber::CardState& state) const {
  const auto other = make_fault(Code::card_different, "another card lies on the reader");
  const auto place = mynumber::read_identity_without_certificate(card, state);
  if (!place) return place.error();
  if (place->empty() || !wanted_.identity.starts_with(*place)) return other;
  const auto cut = mynumber::holds_cut_write(card, state, *profile_, CertificateName::authentication,
                                             wanted_.before, wanted_.written);
  if (cut && *cut) return {};
  if (!cut && cut.error().code != Code::not_found) return cut.error();
  // What another write has left there before is of neither.
  if (wanted_.key.empty() || admin_ == nullptr || terminal_ == nullptr) return other;
  if (const auto known = admin_->authenticate(card, state, *terminal_); !known) return known.error();
  const auto key = admin_->read_public_key(card, state, CertificateName::authentication, Slot::active);
  if (!key) return key.error();
  if (!*key || **key != wanted_.key) return other;
  return {};
}

}  // namespace madoguchi::counter
