#include "renewal/judgement.hpp"

namespace madoguchi::renewal {
namespace {

using base::Code;
using base::make_fault;

// A certificate that comes back torn this often has a card that cannot hold it.
constexpr int max_torn_writes = 3;

base::Fault differs(std::string_view what, std::string inner) {
  return make_fault(Code::authority_mismatch, std::move(inner), {{"differs", what}});
}

base::Fault clocks_differ(base::Instant::duration counter_ahead, std::string inner) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(counter_ahead);
  return make_fault(Code::authority_clock, std::move(inner), {{"seconds", seconds.count()}});
}

// The new certificate stands where the old one stood: what relies on it by issuer and usage goes on doing so.
base::Result<void> follows(const mynumber::Certificate& fresh, base::ByteView old_der, bool same_issuer) {
  const auto old = mynumber::parse_certificate(old_der);
  if (!old) return {};
  if (old->serial == fresh.serial && old->issuer_der == fresh.issuer_der) {
    return differs("serial", "the old serial again");
  }
  if (same_issuer && old->issuer_der != fresh.issuer_der) return differs("issuer", "of another issuer");
  if (old->key_usage != fresh.key_usage || old->extended_key_usage != fresh.extended_key_usage) {
    return differs("usage", "for another usage than the old certificate");
  }
  return {};
}

base::Result<void> check_dates(const mynumber::Certificate& fresh, const Saga& saga, base::Instant now) {
  if (fresh.not_after <= fresh.not_before) return differs("validity", "ends before it begins");
  if (fresh.not_after <= now) return differs("validity", "has ended already");
  if (fresh.not_before > now + begins_soon) return differs("validity", "has not begun");
  if (fresh.last_day > saga.preview) return differs("validity", "ends after the day that the rules allow");
  // Last: what will never do is not waited for.
  if (fresh.not_before > now + clock_skew) return clocks_differ(now - fresh.not_before, "has not begun");
  return {};
}

// In use is another certificate than the one that this case found there, or has itself written, or torn.
bool holds_anothers(const Saga& saga, const Sight& card) {
  if (card.certificate_in_use == saga.old_certificate) return false;
  if (saga.slot == Slot::spare || saga.new_certificate.empty()) return true;
  return !card.certificate_in_use.empty() && card.certificate_in_use != saga.new_certificate;
}

}  // namespace

base::Result<void> check_clock(base::Instant ours, base::Instant theirs) {
  const auto ahead = ours - theirs;
  if (ahead <= clock_skew && ahead >= -clock_skew) return {};
  return clocks_differ(ahead, "the authority's clock shows " + base::format_time(theirs));
}

std::optional<Slot> looks_at(const Saga& saga, const Step& step) {
  if (const auto* read = std::get_if<ReadKey>(&step)) return read->slot;
  const bool harms = std::holds_alternative<GenerateKey>(step) ||
                     std::holds_alternative<WriteCertificate>(step) || std::holds_alternative<Activate>(step);
  return harms ? std::optional(saga.slot) : std::nullopt;
}

bool still_ours(const Saga& saga, const Sight& card) {
  if (!saga.key.empty() && card.key != saga.key) return false;
  // A write into the active slot replaces the certificate there, so that from then on only the key can tell.
  const bool writing = saga.phase == Phase::write_intended || saga.phase == Phase::written;
  if (saga.slot == Slot::active && writing) return true;
  return !holds_anothers(saga, card);
}

Event key_lost(const Saga& saga, const Sight& card) {
  Failure elsewhere{Code::conflict, "the card was renewed outside this case", Remedy::renewed_elsewhere};
  Failure only_key{Code::card_refused, "the slot holds another key than this case made", Remedy::another_key};
  const bool ended = saga.key.empty() || holds_anothers(saga, card);
  return {Happening::key_lost, {}, {}, ended ? std::move(elsewhere) : std::move(only_key)};
}

bool works_without(const Saga& saga, const Sight& card) {
  const auto in_use = mynumber::parse_certificate(card.certificate_in_use);
  if (!in_use || card.key != in_use->spki) return false;
  const auto given_back = mynumber::parse_certificate(saga.new_certificate);
  return card.key != saga.key && !(given_back && given_back->spki == in_use->spki);
}

Event judge_key(const Saga& saga, const Sight& card) {
  if (saga.phase == Phase::failed) {
    if (holds_anothers(saga, card)) return key_lost(saga, card);
    return {Happening::restarted_anew, {}, {}, {}};
  }
  if (saga.phase == Phase::activation_unknown) {
    const bool exchanged = card.key == saga.key && card.certificate_in_use == saga.new_certificate;
    if (exchanged) return {Happening::activated, {}, {}, {}};
    if (card.certificate_in_use == saga.old_certificate) return {Happening::not_activated, {}, {}, {}};
    return key_lost(saga, card);
  }
  if (!still_ours(saga, card)) return key_lost(saga, card);
  auto key = card.key.value_or(base::Bytes{});
  // What was read before may have been misread; the old certificate's key is never the new one.
  const auto old = mynumber::parse_certificate(saga.old_certificate);
  const bool before = key == saga.key_before || (old && old->spki == key);
  const bool made = saga.phase == Phase::key_unknown && card.key.has_value() && !before;
  return {made ? Happening::key_seen_new : Happening::key_seen_unchanged, std::move(key), {}, {}};
}

std::optional<Event> judge_signer(const Saga& saga, const Sight& card, bool proven) {
  if (card.key == saga.key) return std::nullopt;
  if (holds_anothers(saga, card)) return key_lost(saga, card);
  if (card.key && !proven) return std::nullopt;
  return key_lost(saga, card);
}

std::optional<Event> judge_written(const Saga& saga, const std::optional<base::Bytes>& read_back) {
  if (read_back == saga.new_certificate) return std::nullopt;
  if (saga.torn_writes + 1 < max_torn_writes) return Event{Happening::write_torn, {}, {}, {}};
  Failure failure{Code::card_refused, "what was written reads back differently", Remedy::write_again};
  return Event{Happening::write_given_up, {}, {}, std::move(failure)};
}

Remedy remedy_of(const Saga& saga, const authority::Rejected& rejected) {
  if (rejected.revoked) {
    // A new issuance names no old certificate, so that it can only be the key that the authority has revoked.
    return saga.action == Action::issue_new ? Remedy::another_key : Remedy::issue_anew;
  }
  return rejected.reconcile ? Remedy::ask : Remedy::same_key;
}

Event judge_standing(authority::Standing standing) {
  switch (standing) {
    case authority::Standing::good:
      return {Happening::status_good, {}, {}, {}};
    case authority::Standing::revoked:
      return {Happening::status_revoked,
              {},
              {},
              Failure{Code::authority_rejected, "the new certificate is revoked", Remedy::revoked_there}};
    case authority::Standing::unknown:
      break;
  }
  return {Happening::status_unknown, {}, {}, {}};
}

Event status_unanswered(const base::Fault& why) {
  // An answer that is not believed is none: nothing is wrong with the card.
  Failure failure{Code::authority_unreachable, "certificate status: " + why.inner, Remedy::ask};
  return {Happening::status_unanswered, {}, {}, std::move(failure)};
}

base::Result<mynumber::Certificate> check_issued(const Saga& saga, base::ByteView der, const Measure& by) {
  auto parsed = mynumber::parse_certificate(der);
  if (!parsed) return make_fault(Code::authority_mismatch, "not a certificate: " + parsed.error().inner);
  if (parsed->spki != saga.key) return differs("key", "issued for another key");
  if (parsed->subject_der != saga.subject_der) return differs("subject", "issued for another subject");
  // Found out while writing, it would be a certificate that can be neither put on the card nor given back.
  if (der.size() > by.card_holds) {
    return differs("size", std::to_string(der.size()) + " bytes, more than the card's file holds");
  }
  if (!saga.old_certificate.empty()) {
    if (const auto fits = follows(*parsed, saga.old_certificate, by.issuers.empty()); !fits)
      return fits.error();
  }
  if (!by.issuers.empty() && !mynumber::issued_by(der, by.issuers)) {
    return differs("issuer", "not signed by an issuer that is configured");
  }
  if (const auto usable = check_dates(*parsed, saga, by.now); !usable) return usable.error();
  return std::move(*parsed);
}

}  // namespace madoguchi::renewal
