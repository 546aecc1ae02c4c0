// What is held about people.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array privacy{
  Entry{"help.privacy", "what is held about people: of whom, until when, sealed with which key", "保有している個人情報の確認(誰のものか、いつまでか、暗号鍵)"},
  Entry{"help.privacy.report", "what is held, case by case, by kind; never what it says", "保有している情報の種類を受付ごとに表示する(内容は表示しない)"},
  Entry{"help.privacy.case", "only this case", "この受付だけ"},
  Entry{"help.privacy.card", "only cases of the card with this identity", "このカードの受付だけ"},
  Entry{"help.privacy.reseal", "seal all anew with the key in use, so that earlier keys are not needed any more", "現在の鍵ですべてを暗号化し直す(以前の鍵は不要になる)"},
  Entry{"privacy.none", "Nothing is held.", "保有している情報はありません。"},
  Entry{"privacy.case", "{0}  {1}  card {2}: {3}", "{0}  {1}  カード{2}: {3}"},
  Entry{"privacy.until", "  leaves on {0} unless it is changed before", "  変更がなければ{0}に削除されます"},
  Entry{"privacy.needed", "  stays until the case has ended: it says what to do with the card", "  受付が終わるまで保存します(カードの取り扱いに必要なため)"},
  Entry{"privacy.plugins", "  kept by: {0}", "  プラグインが保存: {0}"},
  Entry{"privacy.unknown_card", "unknown", "未確認"},
  Entry{"privacy.put_aside", "{0}: the whole former store, put aside at {1} when a backup was restored; what it holds about people is not told case by case", "{0}: 控えを戻したとき({1})に残した、以前の受付の保存先の全体です。中の個人情報は受付ごとには表示しません"},
  Entry{"privacy.put_aside_until", "  removed on {0}", "  {0}に削除されます"},
  Entry{"privacy.put_aside_needed", "  stays until somebody removes it: it holds cases whose issuing has not ended", "  発行の途中の受付が含まれるため、自動では削除されません"},
  Entry{"privacy.sum", "{0} cases. Sealed with key {1}.", "受付{0}件。暗号鍵は{1}です。"},
  Entry{"privacy.former", "Still needed: key {0}, until `madoguchi privacy reseal` has been run.", "鍵{0}もまだ必要です。`madoguchi privacy reseal`を実行すると不要になります。"},
  Entry{"privacy.resealed", "Sealed with key {0}. Keep an earlier key as long as a backup was made under it.", "鍵{0}で暗号化し直しました。以前の鍵は、その鍵の時期に作った控えがある間は保管してください。"},
  Entry{"privacy.not_resealed", "Damaged values could not be sealed anew and still need key {0}; see `madoguchi store check`.", "壊れていて暗号化し直せなかった記録があり、鍵{0}がまだ必要です。`madoguchi store check`で確かめてください。"},
  Entry{"privacy.kind.case", "the case", "受付の記録"},
  Entry{"privacy.kind.facts", "facts", "確認した事項"},
  Entry{"privacy.kind.decision", "decision", "判定"},
  Entry{"privacy.kind.certificates", "certificates", "電子証明書"},
  Entry{"privacy.kind.messages", "messages of the authority", "認証局との電文"},
  Entry{"privacy.kind.journal", "journal", "処理の経過"},
  Entry{"privacy.kind.plugins", "what plugins keep", "プラグインの記録"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
