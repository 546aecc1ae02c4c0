// What is seen on the card and heard from the authority, as the happenings that it means for a saga.
#pragma once

#include <limits>
#include <vector>

#include "authority/ocsp.hpp"
#include "renewal/saga.hpp"

namespace madoguchi::renewal {

// What the card shows before a step on it: the certificate in use, and the public key of the slot that the
// step is about.
struct Sight {
  base::Bytes certificate_in_use;  // empty: none that can be read
  std::optional<base::Bytes> key;  // nullopt: the slot holds none

  bool operator==(const Sight&) const = default;
};
// The slot whose key has to be seen before the step; nullopt where the step itself tells, or harms nothing.
std::optional<Slot> looks_at(const Saga& saga, const Step& step);
// Is the card still as this saga left it? The case may have slept for weeks while another counter renewed the
// same card: then a key found there is not this case's, and exchanging the slots would bring the revoked pair
// back.
bool still_ours(const Saga& saga, const Sight& card);

// The event of a card that was worked on outside this case. Where another certificate came to it, the case
// ends here; else the card still waits for this case's, which begins anew with another key. Nothing but two
// sights that are the same may say so: one answer that was spoilt on its way looks like it.
Event key_lost(const Saga& saga, const Sight& card);

// Does a card with a single slot work without this case? Its certificate is the slot's key's, and that key is
// the old one or another counter's. A certificate that was altered on its way is not taken for another's.
bool works_without(const Saga& saga, const Sight& card);

// What ReadKey's slot says about an interrupted or not yet begun generation, or an interrupted activation;
// and of a case that had come to its end by key_lost(), whether it goes on after all.
Event judge_key(const Saga& saga, const Sight& card);
// What the card says when the saga's key has not signed. `proven`: the key that is seen there has. It may be
// this case's, misread when it was made, or another counter's that waits for its certificate: nothing tells
// them apart, so that it is given up. nullopt: nothing is known but a signature that was not right.
std::optional<Event> judge_signer(const Saga& saga, const Sight& card, bool proven);
// What the file in the slot says about a write that was reported done; nullopt: it holds the certificate,
// whose key is to prove itself.
std::optional<Event> judge_written(const Saga& saga, const std::optional<base::Bytes>& read_back);

// What a refusal of the enrolment leaves to be done.
Remedy remedy_of(const Saga& saga, const authority::Rejected& rejected);

// What the authority's word about the new certificate means after an unclear confirmation.
Event judge_standing(authority::Standing standing);
// There was none; `why` goes into the log.
Event status_unanswered(const base::Fault& why);

// What a new certificate is measured by, beside the saga itself.
struct Measure {
  base::Instant now;
  // The certificates of those who may have issued it, DER. Empty: whoever has the old certificate's issuer's
  // name, as far as the authority's own signature over the message is believed.
  std::vector<base::Bytes> issuers{};
  std::size_t card_holds = std::numeric_limits<std::size_t>::max();  // bytes in the card's file
};
// How far the authority's clock may be from the counter's.
constexpr std::chrono::minutes clock_skew{5};
// authority.clock where an authority's clock that shows `theirs` at `ours` is further away than that:
// every certificate that it issues might look as not begun, and cost a key. details.seconds: how far the
// counter's clock is ahead; negative: behind.
base::Result<void> check_clock(base::Instant ours, base::Instant theirs);
// What begins within this time is no reason to give a certificate back: authority.clock, and the same
// certificate will do once it has begun or the clock has been set.
constexpr std::chrono::hours begins_soon{1};
// Does the issued certificate belong to this saga, and can it be used? A fault names what differs. A last day
// before the preview is no reason to refuse (the authority's date is the binding one) and shows in the case
// instead; one after it would outlive what the law allows: the card, or the other certificate
// (公的個人認証法施行規則 art. 13, 49).
base::Result<mynumber::Certificate> check_issued(const Saga& saga, base::ByteView der, const Measure& by);

}  // namespace madoguchi::renewal
