// Readers, cards and their certificates.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array cards{
  Entry{"reader.none", "No card reader is connected.", "カードリーダーが接続されていません。"},
  Entry{"reader.none_here", "No card reader is connected; check its cable. If it is connected: madoguchi doctor", "カードリーダーが接続されていません。ケーブルを確かめてください。接続されている場合は原因を調べます: madoguchi doctor"},
  Entry{"reader.no_card", "There is no card on any reader; place the card and try again.", "カードが置かれたリーダーがありません。カードを置いてやり直してください。"},
  Entry{"reader.held_by", "It is on the case {0}; go on with that one: madoguchi cases resume {0} / or give it up: madoguchi cases cancel {0} --reason REASON", "受付{0}で使用中です。続きから再開: madoguchi cases resume {0} / 取りやめる場合: madoguchi cases cancel {0} --reason 理由"},
  Entry{"reader.no_card_proxy", "If the proxy has come without the holder's card, the application can be received all the same: --no-card", "代理人が本人のカードを持たずに来庁した場合も、申請の受付はできます: --no-card"},
  Entry{"reader.all_busy", "The card is held by a case that is at work; look: madoguchi cases list --state open,ready,issuing,attention", "カードは受付で使用中です。確認: madoguchi cases list --state open,ready,issuing,attention"},
  Entry{"reader.card_mute", "The card does not answer; take it off and place it again.", "カードが応答しません。カードを置き直してください。"},
  Entry{"reader.several", "Several readers have a card; name one: --reader READER, or madoguchi card READER.", "カードのあるリーダーが複数あります。--reader リーダー名 で指定してください(madoguchi card の場合は、madoguchi card リーダー名)。"},
  Entry{"reader.choice", "  {0}: {1}", "  {0}: {1}"},
  Entry{"reader.which", "Which reader? Number: ", "どのリーダーを使いますか。番号: "},
  Entry{"reader.line", "{0}: {1}", "{0}: {1}"},
  Entry{"reader.line.card", "{0}: {1} ({2})", "{0}: {1} ({2})"},
  Entry{"reader.state.empty", "no card", "カードなし"},
  Entry{"reader.state.present", "card present", "カードあり"},
  Entry{"reader.state.busy", "at work on a case", "受付で使用中"},
  Entry{"reader.state.mute", "the card does not answer", "カードが応答しません"},
  Entry{"card.kind.my_number_card", "My Number Card", "マイナンバーカード"},
  Entry{"card.kind.juki_card", "Basic Resident Register Card", "住民基本台帳カード"},
  Entry{"card.kind.phone", "smartphone", "スマートフォン"},
  Entry{"card.kind.unknown", "kind not known yet", "種類は未確認"},
  Entry{"card.kind.other", "another card", "その他のカード"},
  Entry{"card.reader", "Reader: {0}", "リーダー: {0}"},
  Entry{"card.identity", "Card: {0}, number {1}", "カード: {0}、番号 {1}"},
  Entry{"card.until", "Card valid until {0}", "カードの有効期限: {0}"},
  Entry{"card.certificate.absent", "{0}: none", "{0}: なし"},
  Entry{"card.certificate.unreadable", "{0}: present; its dates are known once its PIN has been entered (--with-pin)", "{0}: あり(有効期限は暗証番号の照合後に分かります。--with-pinで表示)"},
  Entry{"card.signature_unreadable", "The PIN was right, but the signature certificate cannot be read.", "暗証番号は一致しましたが、署名用電子証明書を読み取れません。"},
  Entry{"card.certificate.dates", "{0}: until {1} (issued {2}, serial {3}, {4} bits)", "{0}: 有効期限 {1}(発行 {2}、シリアル番号 {3}、{4}ビット)"},
  Entry{"card.status", "  {0}", "  {0}"},
  Entry{"card.status_of", "{0}: {1}", "{0}: {1}"},
  Entry{"card.status_as_of", "{0} ({1}, as of {2})", "{0}({1}、{2}時点)"},
  Entry{"status.source.ocsp", "asked of the authority", "認証局への照会"},
  Entry{"status.source.crl", "by its list of revoked certificates", "失効リスト"},
  Entry{"card.no_pin", "PIN for {0}: none, since the card has no such certificate", "{0}の暗証番号: ありません(このカードに{0}は入っていません)"},
  Entry{"card.tries", "PIN for {0}: {1}", "{0}の暗証番号: {1}"},
  Entry{"tries.left", "{0} tries left", "残り{0}回"},
  Entry{"tries.last", "the last try", "残り1回"},
  Entry{"tries.locked", "locked", "ロック中"},
  Entry{"certificate.name.authentication", "authentication certificate", "利用者証明用電子証明書"},
  Entry{"certificate.name.signature", "signature certificate", "署名用電子証明書"},
  Entry{"certificate.none", "none", "なし"},
  Entry{"certificate.unread", "not read", "読み取っていません"},
  Entry{"certificate.done_unread", "{0}: {1} -> done (the new one was not read here)", "{0}: {1} → 手続き済み(新しい証明書はここでは読み取っていません)"},
  Entry{"certificate.not_yet", "{0}: {1} -> not issued yet", "{0}: {1} → 未発行"},
  Entry{"certificate.renewed", "{0}: {1} -> {2} (serial {3})", "{0}: {1} → {2}(シリアル番号 {3})"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
