#include "renewal/words.hpp"

#include <algorithm>
#include <array>

#include "mynumber/titles.hpp"

namespace madoguchi::renewal {
namespace {

struct Row {
  std::string_view record;
  Words words;
};

// clang-format off
constexpr std::array rows{
  Row{"case.opened",            {"受付を開始しました", "The case was opened"}},
  Row{"case.updated",           {"受付内容を変更しました", "The case's facts were changed"}},
  Row{"case.policy_changed",    {"その日のポリシーで判定し直しました", "Decided anew by the policy of the day"}},
  Row{"case.cancelled",         {"受付を取り消しました", "The case was cancelled"}},
  Row{"case.given_up",          {"受付を取り消します。認証局への連絡が済むと取り消されます", "The case is given up; it is cancelled once the authority has been told"}},
  Row{"case.completed",         {"すべての手続きが完了しました", "Everything is done"}},
  Row{"case.stopped",           {"処理が途中で止まりました。続きから再開できます", "The work stopped; it can go on from where it is"}},
  Row{"issue.begun",            {"発行を開始しました", "Issuing began"}},
  Row{"pin.intent",             {"暗証番号の照合を行います", "A PIN is about to be checked"}},
  Row{"pin.matched",            {"暗証番号が一致しました", "The PIN was right"}},
  Row{"pin.mismatched",         {"暗証番号が一致しませんでした", "The PIN was wrong"}},
  Row{"pin.locked",             {"暗証番号がロックされました", "The PIN is locked"}},
  Row{"pin.unclear",            {"照合の結果が分かりません。残り回数をカードで確認してください", "The check's outcome is unknown; look at the tries left"}},
  Row{"pin.not_sent",           {"暗証番号はカードに送っていません。残り回数は変わりません", "The PIN was not sent to the card; no try was used"}},
  Row{"pin.reset_intent",       {"暗証番号を初期化します", "A PIN is about to be initialised"}},
  Row{"pin.reset",              {"暗証番号を再設定しました", "A new PIN was set"}},
  Row{"pin.reset_failed",       {"暗証番号の初期化ができませんでした", "The PIN could not be initialised"}},
  Row{"pin.reset_unclear",      {"暗証番号の初期化の結果が分かりません。カードを置き直して、もう一度初期化してください", "It is unknown whether the new PIN was set; put the card back and initialise the PIN again"}},
  Row{"pin.recorded",           {"統合端末での暗証番号の照合結果を記録しました", "What came of the PIN at the official terminal was recorded"}},
  Row{"terminal.handed_over",   {"統合端末に引き継ぎました", "Handed over to the official terminal"}},
  Row{"terminal.unfinished",    {"カードを確かめました。統合端末での手続きはまだ確認できていません", "The card was looked at; what is to be done at the official terminal is not proved yet"}},
  Row{"terminal.withdrawn",     {"カードは引き継ぐ前のままでした。統合端末への引き継ぎを取りやめ、改めて判定します", "The card was as it had been handed over: the hand-over is withdrawn, to be decided anew"}},
  Row{"terminal.differs",       {"カードの内容が、受付で決めた内容と異なります", "The card holds something else than was decided"}},
  Row{"terminal.proved",        {"新しい証明書をカードで確かめました", "The card has proved the new certificate"}},
  Row{"terminal.accepted",      {"確かめられなかった点または異なる点を、職員が理由を付けて承認しました", "A clerk has accepted, with a reason, what could not be proved or differs"}},
  Row{"card.renewed_elsewhere", {"カードの証明書が、受付のあとでほかの受付や端末で更新されています", "The card's certificate was renewed elsewhere after the case was opened"}},
  Row{"authority.answered",     {"認証局が応答することを確認しました", "The authority is there"}},
  Row{"key.intent",             {"カードで新しい鍵を作ります", "The card is about to make a new key"}},
  Row{"key.made",               {"カードで新しい鍵を作りました", "The card made a new key"}},
  Row{"key.unknown",            {"鍵の作成中に中断しました。カードを確認します", "Interrupted while making the key; the card is looked at"}},
  Row{"key.found",              {"新しい鍵はできていました", "The new key had been made"}},
  Row{"key.lost",               {"カードの鍵または証明書が、この受付のものと異なります。書き込みません", "The card holds another key or certificate than this case's; nothing more is written"}},
  Row{"card.gone",              {"カードが使えないため、新しい証明書は使いません。認証局へ通知します", "The card is gone; the new certificate is not used, and the authority is told"}},
  Row{"key.restarted",          {"新しい鍵を作り直して申請します", "Beginning again with another key"}},
  Row{"key.put_off",            {"新しい鍵はまだ作っていません。日が変わったため、本日の判定を確かめてから作ります", "No key was made yet; on another day, what is decided then is made sure of first"}},
  Row{"request.signed",         {"申請にカードで署名しました", "The card signed the request"}},
  Row{"request.sending",        {"認証局へ送信します", "The request is sent to the authority"}},
  Row{"request.answered",       {"認証局から回答がありました", "The authority answered"}},
  Row{"request.rejected",       {"認証局が申請を受け付けませんでした", "The authority refused the request"}},
  Row{"request.restarted",      {"同じ鍵でもう一度申請します", "Applying again with the same key"}},
  Row{"certificate.intent",     {"新しい証明書を受け取りました。カードに書き込みます", "The new certificate arrived; it is written to the card"}},
  Row{"certificate.refused",    {"認証局の証明書はこのカードに使えません。書き込みません", "The authority's certificate cannot be used on this card; it is not written"}},
  Row{"certificate.written",    {"証明書をカードに書き込みました", "The certificate was written to the card"}},
  Row{"certificate.torn",       {"書き込みが途中で切れていました。もう一度書き込みます", "The write was cut short; it is written again"}},
  Row{"certificate.unwritten",  {"証明書をカードに正しく書き込めませんでした", "The card did not keep the certificate"}},
  Row{"certificate.restarted",  {"証明書をもう一度カードに書き込みます", "The certificate is written to the card once more"}},
  Row{"certificate.withdrawn",  {"受付を取り消すため、新しい証明書は使いません。認証局へ通知します", "The case is cancelled; the new certificate is not used, and the authority is told"}},
  Row{"certificate.proved",     {"新しい鍵と証明書を確認しました", "The new key answered under the new certificate"}},
  Row{"activation.intent",      {"新しい鍵と証明書を確認しました。切り替えます", "The new key answered under the new certificate; switching to it"}},
  Row{"activation.done",        {"新しい鍵と証明書に切り替えました", "The card now uses the new key and certificate"}},
  Row{"activation.unknown",     {"切り替え中に中断しました。カードを確認します", "Interrupted while switching; the card is looked at"}},
  Row{"confirmation.sending",   {"認証局へ完了を通知します", "The authority is told that it worked"}},
  Row{"confirmation.answered",  {"認証局から回答がありました", "The authority answered"}},
  Row{"confirmation.done",      {"認証局が完了を確認しました", "The authority confirmed"}},
  Row{"confirmation.unclear",   {"認証局の確認が取れていません。認証局への照会が必要です", "The authority's confirmation is unclear; the back office has to ask it"}},
  Row{"status.good",            {"新しい証明書が有効であることを認証局に確認しました", "The authority has the new certificate as good"}},
  Row{"status.revoked",         {"新しい証明書は認証局で失効しています", "The authority has the new certificate as revoked"}},
  Row{"status.unknown",         {"新しい証明書の状態は不明との回答が認証局からありました", "The authority does not know the new certificate's status"}},
  Row{"status.unanswered",      {"新しい証明書の状態を認証局に確認できませんでした。カードへの書き込みは済んでいます", "The authority could not be asked for the new certificate's status; the card itself is done"}},
  Row{"revocation.needless",    {"古い証明書は有効期間が終わっています", "The old certificate has ended by itself"}},
  Row{"revocation.sending",     {"古い証明書の失効を申請します", "The old certificate's revocation is requested"}},
  Row{"revocation.answered",    {"認証局から回答がありました", "The authority answered"}},
  Row{"revocation.done",        {"古い証明書を失効しました", "The old certificate was revoked"}},
  Row{"revocation.withheld",    {"新しい証明書の確認が取れないため、古い証明書は失効させていません。認証局への照会が必要です", "The new certificate is not confirmed, so the old one was not revoked; the authority has to be asked"}},
  Row{"revocation.unclear",     {"古い証明書の失効が確認できません。後で照会が必要です", "The old certificate's revocation is unclear; the back office has to ask"}},
  Row{"refusal.sending",        {"証明書を使わないことを認証局へ通知します", "The authority is told that its certificate is not used"}},
  Row{"refusal.answered",       {"認証局から回答がありました", "The authority answered"}},
  Row{"refusal.done",           {"その証明書は使わないことになりました", "That certificate will not be used"}},
  Row{"refusal.unclear",        {"使わない証明書が認証局で失効したか確認できません。認証局への照会が必要です", "Whether the authority has dropped the certificate that is not used is unclear; the back office has to ask it"}},
  Row{"case.redecided",         {"暗証番号の照合の結果により、判定が変わりました", "The check of a PIN has changed the decision"}},
  Row{"plugin.called",          {"追加機能で受付を処理しました", "A plugin's method was called"}},
  Row{"plugin.note",            {"お知らせ", "Note"}},
  Row{"plugin.held",            {"受付を保留にしました", "The case waits"}},
  Row{"plugin.let_go",          {"受付の保留を解除しました", "The case may go on"}},
  Row{"plugin.gone",            {"保留していた追加機能が取り外されたため、受付の保留を解除しました", "The plugin that held the case back was removed, so nothing holds it back any more"}},
  Row{"plugin.held_too_late",   {"追加機能が保留を求めましたが、すでに発行を始めています", "A plugin wanted to hold the case back, but issuing has begun"}},
  Row{"plugin.owed",            {"追加機能が応答しないため、後でもう一度知らせます", "A plugin did not answer; it is told again later"}},
  Row{"plugin.caught_up",       {"応答がなかった追加機能に知らせました", "A plugin that had not answered was told"}},
  Row{"message.set_aside",      {"認証局からの回答が正しくないため、使わずに記録しました", "The authority's answer was not valid; it is kept as evidence and not used"}},
};
// clang-format on

}  // namespace

std::optional<Words> words_for(std::string_view record) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.record == record; });
  if (found == rows.end()) return std::nullopt;
  return found->words;
}

Words title(CertificateName certificate) {
  const auto [ja, en] = mynumber::title(certificate);
  return {ja, en};
}

Words title(mynumber::PinName pin) {
  const auto [ja, en] = mynumber::title(pin);
  return {ja, en};
}

Progress progress(Phase phase) {
  constexpr int steps = 8;
  switch (phase) {
    case Phase::planned:
    case Phase::key_intended:
    case Phase::key_unknown:
      return {0, steps};
    case Phase::handed_over:
    case Phase::key_made:
      return {1, steps};
    case Phase::request_signed:
      return {2, steps};
    case Phase::enrolling:
    case Phase::refusing:
    case Phase::failed:
      return {3, steps};
    case Phase::write_intended:
      return {4, steps};
    case Phase::written:
      return {5, steps};
    case Phase::activation_intended:
    case Phase::activation_unknown:
    case Phase::in_use:
    case Phase::confirming:
      return {6, steps};
    case Phase::confirmed:
    case Phase::revoking:
      return {7, steps};
    case Phase::done:
      return {steps, steps};
  }
  return {0, steps};
}

}  // namespace madoguchi::renewal
