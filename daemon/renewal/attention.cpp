#include "renewal/attention.hpp"

#include <algorithm>

namespace madoguchi::renewal {
namespace {

using base::Code;

struct Look {
  std::string_view ja;
  std::string_view en;
};

constexpr Look card_first{
    "カードの鍵と証明書を「カードの確認」で確かめてください。同じカードで「発行」をもう一度行うと続きから再開"
    "し"
    "ます。",
    "Inspect the card's key and certificate first. Issuing again with the same card goes on from here."};

// Until the new pair is in use, a card with a single slot has none that works.
constexpr Look key_gone{
    "このカードは古い鍵を失っており、発行が終わるまでこの証明書を使えません。カードをお預かりするか、改めてお"
    "越しいただくようご案内のうえ、同じカードで「発行」をもう一度行ってください。紛失や破損でカードを使えない"
    "場合は、「カードが使えない」としてこの受付を取り消し、カードの再交付をご案内ください。",
    "The card has lost its old key and has no working certificate of this kind until the issuing is done. "
    "Keep the card or ask its holder to come again, and issue again with the same card. If the card is lost "
    "or broken, cancel this case as one whose card is gone, and have the card replaced."};

Look look_renewed_elsewhere(const Saga& saga) {
  // Before a key of this case's own is known, nothing that it did is lost.
  if (saga.key.empty()) {
    return {
        "このカードの証明書は、この受付のあとでほかの受付や端末で更新されています。この受付ではカードを変更し"
        "ま"
        "せん。「カードの確認」で新しい証明書を確かめ、この受付を取り消してください。",
        "The card's certificate was renewed elsewhere after this case was opened; this case changes nothing "
        "on it. Inspect the card's certificates, and cancel this case."};
  }
  return {
      "カードの鍵または証明書が、この受付で扱っていたものと異なります。ほかの受付や端末で更新された可能性があ"
      "り"
      "ます。「カードの確認」で証明書を確かめ、この受付を取り消してください。",
      "The card holds another key or certificate than this case left there: it was renewed elsewhere "
      "meanwhile. Inspect the card's certificates, and cancel this case."};
}

Look look_ask(const Saga& saga) {
  if (saga.slot == Slot::spare) {
    return {
        "認証局がこの申請をすでに受け付けている可能性があります。認証局に確認してください。古い証明書はそのま"
        "ま"
        "使えます。確認のあと、この受付を取り消して受け付け直してください。",
        "The authority may know this request already: ask it. The old certificate works as before. Cancel "
        "this case then, and open another."};
  }
  return {
      "認証局がこの申請をすでに受け付けている可能性があります。認証局に確認してください。カードの古い鍵は失わ"
      "れ"
      "ているため、確認のあと「発行」をもう一度行うと、新しい鍵を作り直して申請します。",
      "The authority may know this request already: ask it. The card has lost its old key, so issuing again "
      "then makes another key and applies with that."};
}

Look look_issue_anew() {
  return {
      "認証局によると、古い証明書はすでに失効しています。更新ではなく新規発行になります。失効の理由を確かめ、"
      "この受"
      "付を取り消してから、証明書の状態を「失効」として受け付け直してください。",
      "The authority has the old certificate as revoked, so that this is a new issuance and no renewal. Find "
      "out why, cancel this case, and open another with the certificate's state given as revoked."};
}

Look look_write_again(const Saga& saga) {
  if (saga.slot == Slot::spare) {
    return {
        "証明書を書き込みましたが、カードから正しく読み出せません。古い証明書はそのまま使えます。カードの汚れ"
        "と"
        "置き方を確かめ、「発行」をもう一度行うと書き込みからやり直します。直らない場合はこの受付を取り消し、"
        "カー"
        "ドの再交付をご案内ください。",
        "The certificate was written but does not read back. The old one works as before. Check that the "
        "card "
        "is clean and lies well; issuing again writes once more. If that does not help, cancel this case and "
        "have the card replaced."};
  }
  return {
      "証明書を書き込みましたが、カードから正しく読み出せません。このカードには今、使える証明書がありません。"
      "カー"
      "ドの汚れと置き方を確かめ、「発行」をもう一度行うと書き込みからやり直します。直らない場合は別の読み取り"
      "機で"
      "試し、それでも直らなければ「カードが使えない」としてこの受付を取り消し、カードの再交付をご案内ください"
      "。",
      "The certificate was written but does not read back; the card has no working certificate of this kind "
      "now. Check that the card is clean and lies well; issuing again writes once more. Try another reader "
      "then; if that does not help either, cancel this case as one whose card is gone, and have the card "
      "replaced."};
}

Look look_given_back(Remedy remedy) {
  if (remedy == Remedy::another_key) {
    return {
        "認証局が返した証明書の内容が申請と一致しません。カードには書き込んでいません。認証局に確認してくださ"
        "い。"
        "「発行」をもう一度行うと新しい鍵を作り直して申請します。",
        "The authority's certificate is not what was applied for. Nothing was written. Ask the authority; "
        "issuing again makes another key and applies with that."};
  }
  return {
      "認証局が返した証明書がこのカードの鍵と一致しません。カードには書き込んでいません。認証局に確認してくだ"
      "さ"
      "い。「発行」をもう一度行うと同じ鍵で申請します。",
      "The authority's certificate is not for this card's key. Nothing was written. Ask the authority; "
      "issuing again applies with the same key."};
}

Look look_refused(Remedy remedy) {
  if (remedy == Remedy::another_key) {
    return {
        "認証局がこの鍵への証明書の発行を受け付けません。認証局の回答の理由を確かめてください。「発行」をもう"
        "一度"
        "行うと新しい鍵を作り直して申請します。",
        "The authority does not certify this key. Look at its reason; issuing again makes another key and "
        "applies with that."};
  }
  return {
      "認証局の回答の理由を確かめてください。新しい鍵はカードに残っており、「発行」をもう一度行うと同じ鍵で申"
      "請"
      "します。",
      "Look at the authority's reason. The new key is on the card; issuing again applies with the same key."};
}

Look look_no_subject(const Saga& saga) {
  if (saga.certificate == CertificateName::signature) {
    return {
        "カードに署名用電子証明書が入っていないため、記載事項を引き継げず、ここでは発行できません。カードのこ"
        "の証明"
        "書には手を加えていません。統合端末での新規発行をご案内ください。この受付は取り消してください。",
        "The card holds no signature certificate to take the holder's details over from, so none can be "
        "issued "
        "here; nothing was changed for it. Have it issued at the integrated terminal, and cancel this case."};
  }
  return {
      "カードに利用者証明用電子証明書が入っていないため、記載事項を引き継げず、ここでは発行できません。カード"
      "のこの"
      "証明書には手を加えていません。統合端末での新規発行をご案内ください。この受付は取り消してください。",
      "The card holds no user authentication certificate to take the holder's details over from, so none can "
      "be "
      "issued here; nothing was changed for it. Have it issued at the integrated terminal, and cancel this "
      "case."};
}

Look look_revoked_there() {
  return {
      "新しい証明書はカードに書き込みましたが、認証局で失効しているため使えません。"
      "理由と、古い証明書の扱いを認証局に確認してください。"
      "もう一方の証明書の手続きが残っている場合は先に済ませてください。"
      "この受付を取り消してから、証明書の状態を「失効」として受け付け直してください。",
      "The new certificate is on the card, but the authority has it as revoked: it cannot be used. Ask the "
      "authority why, and what is to become of the old one. Finish the other certificate first where it is "
      "under way; then cancel this case, and open another with the certificate's state given as revoked."};
}

Look look_card_gone() {
  return {
      "カードが使えないため、新しい証明書は使わないことを認証局に通知しました。カードの再交付をご案内のうえ、"
      "この受付を取り消してください。",
      "The card is gone, and the authority was told that its new certificate is not used. Have the card "
      "replaced, and cancel this case."};
}

Look look_at_failed(const Saga& saga) {
  const auto& failure = *saga.failure;
  switch (failure.remedy) {
    case Remedy::renewed_elsewhere:
      return look_renewed_elsewhere(saga);
    case Remedy::ask:
      return look_ask(saga);
    case Remedy::issue_anew:
      return look_issue_anew();
    case Remedy::write_again:
      return look_write_again(saga);
    case Remedy::no_subject:
      return look_no_subject(saga);
    case Remedy::revoked_there:
      return look_revoked_there();
    case Remedy::card_gone:
      return look_card_gone();
    case Remedy::same_key:
    case Remedy::another_key:
      break;
  }
  return failure.code == Code::authority_mismatch ? look_given_back(failure.remedy)
                                                  : look_refused(failure.remedy);
}

// The new pair is not in use yet, and what a single slot held when the case began is gone, or may be: a key
// has been made there, or one was made before and given up.
bool without_any_key(const Saga& saga) {
  if (saga.slot != Slot::active || (saga.phase >= Phase::in_use && saga.phase != Phase::refusing))
    return false;
  if (saga.failure && saga.failure->remedy == Remedy::renewed_elsewhere) return false;
  if (!saga.key.empty() || saga.phase == Phase::key_unknown) return true;
  if (saga.key_before.empty()) return false;
  const auto old = mynumber::parse_certificate(saga.old_certificate);
  return old && old->spki != saga.key_before;
}

}  // namespace

std::optional<Attention> attention_after(const std::vector<Saga>& sagas,
                                         const std::optional<base::Fault>& fault) {
  const auto said = [](Code code, const Look& look) {
    return Attention{code, std::string(look.ja), std::string(look.en)};
  };
  const auto failed = [&](bool begun) {
    return std::find_if(sagas.begin(), sagas.end(), [&](const Saga& s) {
      return s.phase == Phase::failed && s.failure && (s.failure->remedy != Remedy::no_subject) == begun;
    });
  };
  // What can still be done comes before what cannot.
  const auto first = failed(true) != sagas.end() ? failed(true) : failed(false);
  if (first != sagas.end()) return said(first->failure->code, look_at_failed(*first));
  if (!fault) return std::nullopt;
  if (std::any_of(sagas.begin(), sagas.end(), without_any_key)) return said(fault->code, key_gone);
  if (fault->code == Code::card_refused) return said(fault->code, card_first);
  return std::nullopt;
}

}  // namespace madoguchi::renewal
