// What is read of a card before anything is done with it.
#include <algorithm>
#include <string>

#include "base/code_book.hpp"
#include "card_facts.hpp"
#include "elsewhere.hpp"
#include "inside.hpp"
#include "laid_down.hpp"
#include "recognise.hpp"
#include "renewal/words.hpp"

namespace madoguchi::counter {
namespace {

using base::Code;
using base::make_fault;
using mynumber::CardState;
using mynumber::CertificateName;
using smartcard::Channel;
}  // namespace

base::Result<Certificates> read_open_certificates(Channel& card, CardState& state,
                                                  const mynumber::CardProfile& profile) {
  Certificates found;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    if (which == CertificateName::signature && !state.is_verified(mynumber::pin_of(which))) continue;
    auto certificate = mynumber::read_certificate(card, state, profile, which);
    if (certificate) {
      found[which] = std::move(*certificate);
    } else if (certificate.error().code == Code::not_found) {
      found[which] = std::nullopt;
    } else {
      return certificate.error();
    }
  }
  return found;
}

Opened opened_by(mynumber::PinName pin, int tries, Channel& card, CardState& state,
                 const mynumber::CardProfile& profile) {
  Opened opened{tries, std::nullopt};
  if (pin != mynumber::pin_of(CertificateName::signature)) return opened;
  auto read = mynumber::read_certificate(card, state, profile, CertificateName::signature);
  if (read) opened.signature = std::move(*read);
  return opened;
}

Later<mynumber::CardKind> Desk::glance(std::string reader) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  co_return co_await inside_->cards.glance(std::move(reader));
}

std::optional<mynumber::CardKind> Desk::kind_on(const smartcard::ReaderStatus& reader) const {
  return inside_->cards.kind_on(reader);
}

namespace {

// The card's own last day is another than its certificate's.
renewal::Words what_ends_otherwise(const boost::json::array& differs) {
  const auto differing = [&](const char* pointer) {
    return std::any_of(differs.begin(), differs.end(),
                       [&](const auto& each) { return each.at("pointer") == pointer; });
  };
  const bool card = differing("/facts/card/expires_on");
  const bool certificate = differing("/facts/certificates/authentication/expires_on");
  if (!certificate) return {"カード", "The card ends"};
  if (!card) return {"利用者証明用電子証明書", "The user authentication certificate ends"};
  return {"カードと利用者証明用電子証明書", "The card and its user authentication certificate end"};
}

base::Fault not_the_one_told_of(const renewal::Case& visit, boost::json::array differs) {
  const auto what = what_ends_otherwise(differs);
  return make_fault(
      Code::card_different, "not the card that the first visit told of",
      {{"case", visit.id},
       {"differs", std::move(differs)},
       {"call", "cases.update"},
       {"ja",
        std::string(what.ja) +
            "の有効期限が、カードなしの申請のときに伝えられた日付と異なります。本人のカードを置いてください。"
            "伝えられた日付が誤っていた場合は、正しい日付で受付の内容を更新してください。"},
       {"en", std::string(what.en) +
                  " on another day than was told when it was applied for without the card: place the "
                  "holder's card. If that day was told wrongly, update the case with the right one."}});
}

}  // namespace

Later<void> Desk::Inside::look_at_card(renewal::Case& visit, AskStatus ask_status, bool comes_again) {
  if (cards.holds(visit)) co_return co_await look_again(visit, ask_status);
  // What was decided stands; only whether it is the card is asked, and a half-written one does not tell more.
  if (!renewal::undecided(visit)) {
    co_return co_await cards.look<void>(visit.reader, Recognise(parts, card_of(visit)));
  }
  base::Result<mynumber::Inspection> card = co_await cards.inspect(visit.reader);
  if (!card) co_return card.error();
  const auto identity = card->identity();
  // An empty one would be every other card's that is empty too.
  if (identity.empty()) co_return make_fault(Code::card_unknown, "nothing tells this card from others");
  // What the authority said was of the card that lay there then.
  auto seen = seen_on(*card, visit.card == identity ? visit.seen : boost::json::object());
  if (!visit.card.empty() && visit.card != identity) {
    // One that was laid down by mistake is let go as long as nobody has entered a PIN for it.
    const auto now = parts.clock.now();
    if (!laid_down_only(visit, comes_again, now)) co_return another_card(visit, now);
    if (const auto* told = told_without_card(visit.seen)) {
      if (auto differs = told_otherwise(*told, seen); !differs.empty())
        co_return not_the_one_told_of(visit, std::move(differs));
      keep_told_without_card(seen, *told);
    }
    visit.facts.erase("certificates");
    for (const auto& [pin, check] : visit.pins)
      overlay_pin(visit.facts, pin, renewal::PinOutcome::unverified);
    visit.pins.clear();
  } else if (visit.card.empty() && applied_for(visit)) {
    // Without the card at the first visit the holder was told of by what stands on it.
    if (auto differs = told_otherwise(visit.facts, seen); !differs.empty())
      co_return not_the_one_told_of(visit, std::move(differs));
    keep_told_without_card(seen, visit.facts);
  }
  if (visit.card != identity) see_other_card(seen, visit.seen, visit.card, identity);
  const auto others =
      visit.card == identity ? replaced_since(visit.seen, seen) : std::vector<CertificateName>{};
  auto* told = visit.facts.if_contains("certificates");
  // What was told was of the pair that the card had then.
  if (!others.empty() && told != nullptr && told->is_object()) told->get_object().erase("signature");
  visit.card = identity;
  visit.seen = std::move(seen);
  if (ask_status != AskStatus::never && card->authentication) {
    std::map<CertificateName, mynumber::Certificate> read;
    read.emplace(CertificateName::authentication, *card->authentication);
    co_await learn_standing(visit, std::move(read), ask_status);
  }
  co_return base::Result<void>{};
}

Later<void> Desk::Inside::look_again(renewal::Case& visit, AskStatus ask_status) {
  std::map<CertificateName, mynumber::Certificate> read_now;
  {
    base::Result<HeldCards::Use> use = co_await cards.hold(visit);
    if (!use) co_return use.error();
    auto read = [profile = &parts.profile](Channel& card, CardState& state) {
      return read_open_certificates(card, state, *profile);
    };
    base::Result<Certificates> certificates = co_await use->work<Certificates>(std::move(read));
    if (!certificates) co_return certificates.error();
    if (!renewal::undecided(visit)) co_return base::Result<void>{};
    see_there(visit.seen);
    for (const auto& [which, certificate] : *certificates) {
      see(visit.seen, which, certificate);
      if (certificate) read_now.emplace(which, *certificate);
    }
  }
  if (ask_status != AskStatus::never) co_await learn_standing(visit, std::move(read_now), ask_status);
  co_return base::Result<void>{};
}

}  // namespace madoguchi::counter
