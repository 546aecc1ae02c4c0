#include "renewal/attention.hpp"

#include <algorithm>

#include "renewal/terminal.hpp"

namespace madoguchi::renewal {
namespace {

using base::Code;

struct Look {
  std::string_view ja;
  std::string_view en;
};

// Whole sentences, so that they can be read and searched for.
// clang-format off
constexpr Look card_first{
    "カードの鍵と証明書を「カードの確認」で確かめてください。"
    "同じカードで「発行」をもう一度行うと続きから再開します。",
    "Inspect the card's key and certificate first. "
    "Issuing again with the same card goes on from here."};

// Until the new pair is in use, a card with a single slot has none that works.
constexpr Look key_gone{
    "このカードは古い鍵を失っており、発行が終わるまでこの証明書を使えません。"
    "カードをお預かりするか、改めてお越しいただくようご案内のうえ、同じカードで「発行」をもう一度行ってください。"
    "紛失や破損でカードを使えない場合は、「カードが使えない」としてこの受付を取り消し、カードの再交付をご案内ください。",
    "The card has lost its old key and has no working certificate of this kind until the issuing is done. "
    "Keep the card or ask its holder to come again, and issue again with the same card. "
    "If the card is lost or broken, cancel this case as one whose card is gone, and have the card replaced."};

// Interrupted while it was made, and not looked at since.
constexpr Look key_perhaps_gone{
    "新しい鍵の作成が途中で中断したため、カードに古い鍵が残っているかどうか、まだ確認できていません。"
    "発行が終わるまで、この証明書は使えないことがあるとお伝えください。"
    "カードをお預かりするか、改めてお越しいただくようご案内のうえ、同じカードで「発行」をもう一度行うと、カードを確かめて続きから再開します。"
    "紛失や破損でカードを使えない場合は、「カードが使えない」としてこの受付を取り消し、カードの再交付をご案内ください。",
    "The making of the new key was interrupted, and whether the card still has its old key has not been seen yet. "
    "Tell its holder that this certificate may not work until the issuing is done. "
    "Keep the card or ask its holder to come again; issuing again with the same card looks at it and goes on from here. "
    "If the card is lost or broken, cancel this case as one whose card is gone, and have the card replaced."};

// Before a key of this case's own is known, and with no single slot's old key at stake, nothing is lost by it.
constexpr Look renewed_elsewhere_before{
    "このカードの証明書は、この受付のあとでほかの受付や端末で更新されています。"
    "この受付ではカードを変更しません。"
    "「カードの確認」で新しい証明書を確かめ、この受付を取り消してください。"
    "古い証明書が表示される場合は、受付をした当日に限り、「発行」をもう一度行うとカードを確かめ直して再開します。"
    "翌日以降は、取り消してから受け付け直してください。",
    "The card's certificate was renewed elsewhere after this case was opened; this case changes nothing on it. "
    "Inspect the card's certificates, and cancel this case; if they are the old ones after all, issuing again on the day of the reception looks once more and goes on. "
    "On a later day, open another case then."};
constexpr Look renewed_elsewhere{
    "カードの鍵または証明書が、この受付で扱っていたものと異なります。"
    "ほかの受付や端末で更新された可能性があります。"
    "「カードの確認」で証明書を確かめ、この受付を取り消してください。"
    "ほかで更新されていない場合は、受付をした当日に限り、「発行」をもう一度行うとカードを確かめ直して再開します。"
    "翌日以降は、取り消してから受け付け直してください。",
    "The card holds another key or certificate than this case left there: it was renewed elsewhere meanwhile. "
    "Inspect the card's certificates, and cancel this case; if it was not renewed after all, issuing again on the day of the reception looks once more and goes on. "
    "On a later day, open another case then."};
constexpr Look renewed_elsewhere_with_single{
    "カードの鍵または証明書が、この受付で扱っていたものと異なります。"
    "ほかの受付や端末で更新された可能性があります。"
    "「カードの確認」で証明書を確かめ、カードをカードリーダーに置いたまま、この受付を取り消してください。"
    "カードに使える鍵と証明書がないときは取り消せません。その場合は「発行」をもう一度行うと、カードを確かめ直して再開します。",
    "The card holds another key or certificate than this case left there: it was renewed elsewhere meanwhile. "
    "Inspect the card's certificates, and cancel this case with the card on its reader. "
    "Where the card has no pair that works it cannot be cancelled; issuing again then looks once more and goes on."};

constexpr Look ask_with_spare{
    "認証局がこの申請をすでに受け付けている可能性があります。"
    "認証局に確認してください。"
    "古い証明書はそのまま使えます。"
    "確認のあと、この受付を取り消して受け付け直してください。",
    "The authority may know this request already: ask it. "
    "The old certificate works as before. "
    "Cancel this case then, and open another."};
constexpr Look ask_with_single{
    "認証局がこの申請をすでに受け付けている可能性があります。"
    "認証局に確認してください。"
    "カードの古い鍵は失われているため、確認のあと「発行」をもう一度行うと、新しい鍵を作り直して申請します。",
    "The authority may know this request already: ask it. "
    "The card has lost its old key, so issuing again then makes another key and applies with that."};

constexpr Look issue_anew{
    "認証局によると、古い証明書はすでに失効しています。"
    "更新ではなく新規発行になります。"
    "失効の理由を確かめ、この受付を取り消してから、証明書の状態を「失効」として受け付け直してください。",
    "The authority has the old certificate as revoked, so that this is a new issuance and no renewal. "
    "Find out why, cancel this case, and open another with the certificate's state given as revoked."};

constexpr Look write_again_with_spare{
    "証明書を書き込みましたが、カードから正しく読み出せません。"
    "古い証明書はそのまま使えます。"
    "カードの汚れと置き方を確かめ、「発行」をもう一度行うと書き込みからやり直します。"
    "直らない場合はこの受付を取り消し、カードの再交付をご案内ください。",
    "The certificate was written but does not read back. "
    "The old one works as before. "
    "Check that the card is clean and lies well; issuing again writes once more. "
    "If that does not help, cancel this case and have the card replaced."};
constexpr Look write_again_with_single{
    "証明書を書き込みましたが、カードから正しく読み出せません。"
    "このカードには今、使える証明書がありません。"
    "カードの汚れと置き方を確かめ、「発行」をもう一度行うと書き込みからやり直します。"
    "直らない場合は別の読み取り機で試し、それでも直らなければ「カードが使えない」としてこの受付を取り消し、カードの再交付をご案内ください。",
    "The certificate was written but does not read back; the card has no working certificate of this kind now. "
    "Check that the card is clean and lies well; issuing again writes once more. "
    "Try another reader then; if that does not help either, cancel this case as one whose card is gone, and have the card replaced."};

constexpr Look given_back_for_another_key{
    "認証局が返した証明書の内容が申請と一致しません。"
    "カードには書き込んでいません。"
    "認証局に確認してください。"
    "「発行」をもう一度行うと新しい鍵を作り直して申請します。",
    "The authority's certificate is not what was applied for. "
    "Nothing was written. "
    "Ask the authority; issuing again makes another key and applies with that."};
constexpr Look given_back_for_the_same_key{
    "認証局が返した証明書がこのカードの鍵と一致しません。"
    "カードには書き込んでいません。"
    "認証局に確認してください。"
    "「発行」をもう一度行うと同じ鍵で申請します。",
    "The authority's certificate is not for this card's key. "
    "Nothing was written. "
    "Ask the authority; issuing again applies with the same key."};

constexpr Look too_large_with_spare{
    "認証局が返した証明書が大きすぎて、カードに入りません。"
    "カードには書き込んでいません。"
    "古い証明書はそのまま使えます。"
    "認証局側で直るまでは、「発行」をもう一度行っても同じ結果になります。"
    "認証局に確認し、直るまで待てない場合はこの受付を取り消してください。",
    "The authority's certificate is too large for the card. "
    "Nothing was written. "
    "The old certificate works as before. "
    "Until this is mended at the authority, issuing again comes to the same end. "
    "Ask the authority; if that takes too long, cancel this case."};
constexpr Look too_large_with_single{
    "認証局が返した証明書が大きすぎて、カードに入りません。"
    "カードには書き込んでいません。"
    "カードの古い鍵は失われているため、発行が終わるまでこの証明書を使えません。"
    "認証局側で直るまでは、「発行」をもう一度行っても同じ結果になります。"
    "認証局に確認し、直ってから「発行」をもう一度行うと、新しい鍵を作り直して申請します。",
    "The authority's certificate is too large for the card. "
    "Nothing was written. "
    "The card has lost its old key and has no working certificate of this kind until the issuing is done. "
    "Until this is mended at the authority, issuing again comes to the same end. "
    "Ask the authority; once it is mended, issuing again makes another key and applies with that."};

// No other certificate came to the card.
constexpr Look key_replaced_with_spare{
    "カードの新しい鍵が、この受付で作成したものと異なります。"
    "古い証明書はそのまま使えます。"
    "「発行」をもう一度行うと、新しい鍵を作り直して申請します。",
    "The card's new key is another than this case has made. "
    "The old certificate works as before. "
    "Issuing again makes another key and applies with that."};
constexpr Look key_replaced_with_single{
    "カードの鍵が、この受付で作成したものと異なります。"
    "カードの古い鍵は失われているため、発行が終わるまでこの証明書を使えません。"
    "「発行」をもう一度行うと、新しい鍵を作り直して申請します。",
    "The card's key is another than this case has made. "
    "The card has lost its old key and has no working certificate of this kind until the issuing is done. "
    "Issuing again makes another key and applies with that."};

constexpr Look refused_for_this_key{
    "認証局がこの鍵への証明書の発行を受け付けません。"
    "認証局の回答の理由を確かめてください。"
    "「発行」をもう一度行うと新しい鍵を作り直して申請します。",
    "The authority does not certify this key. "
    "Look at its reason; issuing again makes another key and applies with that."};
constexpr Look refused{
    "認証局の回答の理由を確かめてください。"
    "新しい鍵はカードに残っており、「発行」をもう一度行うと同じ鍵で申請します。",
    "Look at the authority's reason. "
    "The new key is on the card; issuing again applies with the same key."};

constexpr Look no_signature_certificate{
    "カードに署名用電子証明書が入っていないため、記載事項を引き継げず、ここでは発行できません。"
    "カードのこの証明書には手を加えていません。"
    "統合端末での新規発行をご案内ください。"
    "この受付は取り消してください。",
    "The card holds no signature certificate to take the holder's details over from, so none can be issued here; nothing was changed for it. "
    "Have it issued at the integrated terminal, and cancel this case."};
constexpr Look no_authentication_certificate{
    "カードに利用者証明用電子証明書が入っていないため、記載事項を引き継げず、ここでは発行できません。"
    "カードのこの証明書には手を加えていません。"
    "統合端末での新規発行をご案内ください。"
    "この受付は取り消してください。",
    "The card holds no user authentication certificate to take the holder's details over from, so none can be issued here; nothing was changed for it. "
    "Have it issued at the integrated terminal, and cancel this case."};

constexpr Look revoked_there{
    "新しい証明書はカードに書き込みましたが、認証局で失効しているため使えません。"
    "理由と、古い証明書の扱いを認証局に確認してください。"
    "もう一方の証明書の手続きが残っている場合は先に済ませてください。"
    "この受付を取り消してから、証明書の状態を「失効」として受け付け直してください。",
    "The new certificate is on the card, but the authority has it as revoked: it cannot be used. "
    "Ask the authority why, and what is to become of the old one. "
    "Finish the other certificate first where it is under way; then cancel this case, and open another with the certificate's state given as revoked."};
// clang-format on

Look look_at_failed(const Saga& saga) {
  const auto& failure = *saga.failure;
  const bool spare = saga.slot == Slot::spare;
  const bool another_key = failure.remedy == Remedy::another_key;
  switch (failure.remedy) {
    case Remedy::renewed_elsewhere:
      // Also where no key of the case's own is known: the making of one may have been interrupted.
      if (old_key_at_stake(saga)) return renewed_elsewhere_with_single;
      return saga.key.empty() ? renewed_elsewhere_before : renewed_elsewhere;
    case Remedy::ask:
      return spare ? ask_with_spare : ask_with_single;
    case Remedy::issue_anew:
      return issue_anew;
    case Remedy::write_again:
      return spare ? write_again_with_spare : write_again_with_single;
    case Remedy::another_size:
      return spare ? too_large_with_spare : too_large_with_single;
    case Remedy::no_subject:
      return saga.certificate == CertificateName::signature ? no_signature_certificate
                                                            : no_authentication_certificate;
    case Remedy::revoked_there:
      return revoked_there;
    case Remedy::card_gone:  // a case that was given up ends by itself: nobody is asked to look at it
    case Remedy::given_up:
    case Remedy::same_key:
    case Remedy::another_key:
      break;
  }
  if (failure.code == Code::authority_mismatch)
    return another_key ? given_back_for_another_key : given_back_for_the_same_key;
  if (another_key && failure.code == Code::card_refused)
    return spare ? key_replaced_with_spare : key_replaced_with_single;
  return another_key ? refused_for_this_key : refused;
}

// The new pair is not in use yet, and what a single slot held when the case began is gone, or may be: a key
// has been made there, or one was made before and given up.
std::optional<Look> without_any_key(const Saga& saga) {
  if (saga.slot != Slot::active || (saga.phase >= Phase::in_use && saga.phase != Phase::refusing))
    return std::nullopt;
  if (saga.failure && saga.failure->remedy == Remedy::renewed_elsewhere) return std::nullopt;
  if (!saga.key.empty() || !nothing_lost(saga)) return key_gone;
  return saga.phase == Phase::key_unknown ? std::optional(key_perhaps_gone) : std::nullopt;
}

}  // namespace

std::optional<Attention> attention_after(const std::vector<Saga>& sagas,
                                         const std::optional<base::Fault>& fault) {
  const auto said = [](Code code, const Look& look) {
    return Attention{code, std::string(look.ja), std::string(look.en)};
  };
  if (const auto words = differing(sagas)) return Attention{Code::authority_mismatch, words->ja, words->en};
  const auto failed = [&](bool begun) {
    return std::find_if(sagas.begin(), sagas.end(), [&](const Saga& s) {
      return s.phase == Phase::failed && s.failure && (s.failure->remedy != Remedy::no_subject) == begun;
    });
  };
  // What can still be done comes before what cannot.
  const auto first = failed(true) != sagas.end() ? failed(true) : failed(false);
  if (first != sagas.end()) return said(first->failure->code, look_at_failed(*first));
  if (!fault) return std::nullopt;
  for (const auto& saga : sagas) {
    if (const auto look = without_any_key(saga)) return said(fault->code, *look);
  }
  if (fault->code == Code::card_refused) return said(fault->code, card_first);
  return std::nullopt;
}

}  // namespace madoguchi::renewal
