// How a command ends, and what becomes of a case that it leaves behind.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array endings{
  Entry{"error", "error: {0} [{1}]", "エラー: {0} [{1}]"},
  Entry{"error.usage", "error: {0}", "エラー: {0}"},
  Entry{"output.closed", "Nobody reads the output any more, so the command ends here.", "出力先が閉じられたため、ここで終了します。"},
  Entry{"case.kept", "The case {0} is kept; nothing is lost.", "受付{0}は保存されています。失われたものはありません。"},
  Entry{"case.go_on", "Look at it: madoguchi cases show {0} / go on: madoguchi cases resume {0}", "確認: madoguchi cases show {0} / 続きから再開: madoguchi cases resume {0}"},
  Entry{"case.which", "There is no such case; they are listed by: madoguchi cases list", "その受付はありません。受付の一覧: madoguchi cases list"},
  Entry{"case.perhaps_open", "A case may have been opened all the same; look: madoguchi cases list --state open", "受付が開始されていることがあります。確認: madoguchi cases list --state open"},
  Entry{"case.unfinished", "The card has a case {0} that is not finished; go on with that one, or the card may end up with a key and a certificate that do not belong together.", "このカードには途中の受付{0}があります。新しく始めず、続きから再開してください(鍵と証明書が食い違うおそれがあります)。"},
  Entry{"case.damaged", "The card has a case {0} that has not ended, and its record cannot be read: tell the administrator. --beside {0} begins another one; the damaged record is kept.", "このカードには終わっていない受付{0}がありますが、記録を読み取れません。管理者に連絡してください。--beside {0} を付けると新しい受付を開始できます(壊れた記録はそのまま残ります)。"},
  Entry{"case.beside", "Only if it cannot be gone on with: --beside {0} begins another one beside it.", "続きから再開できない場合に限り、--beside {0} を付けて新しい受付を開始できます。"},
  Entry{"case.on_beside", "Only if that one cannot be gone on with: madoguchi cases resume {0} --beside {1} goes on with this one all the same.", "そちらを続きから再開できない場合に限り、madoguchi cases resume {0} --beside {1} でこの受付を進められます。"},
  Entry{"case.bring", "Once that has been seen: madoguchi cases resume {0} {1}", "確認できたら: madoguchi cases resume {0} {1}"},
  Entry{"case.bring_types", "As a document serve: {0}", "書類の種類は次のいずれかを指定してください: {0}"},
  Entry{"case.rest_form", "With the reply form: madoguchi cases resume {0} --form-source notice --sealed", "照会書兼回答書をお持ちになったら: madoguchi cases resume {0} --form-source notice --sealed"},
  Entry{"case.tell_forgotten", "Nothing was tried on the card: go on at once with madoguchi cases resume {0} --second-visit --sealed --forgotten {1} and the same documents; the new PINs of the reply form are set then.", "カードにはまだ何も照合していません。続けて madoguchi cases resume {0} --second-visit --sealed --forgotten {1} を、同じ書類を指定して実行してください。回答書の新しい暗証番号をそこで設定します。"},
  Entry{"case.no_card", "If the card was not brought: madoguchi cases resume {0} --no-card", "カードをお持ちでない場合: madoguchi cases resume {0} --no-card"},
  Entry{"case.settled", "There is nothing to go on with.", "続きから行う手続きはありません。"},
  Entry{"usage.unknown", "Not understood: {0}", "解釈できない指定です: {0}"},
  Entry{"usage.too_much", "There are more words than the command takes.", "余分な引数があります。"},
  Entry{"usage.required", "Missing: {0}", "指定が必要です: {0}"},
  Entry{"usage.no_command", "Which command?", "コマンドを指定してください。"},
  Entry{"usage.document", "A document is TYPE, TYPE@YYYY-MM-DD (its day of issue), with :copy behind if it is not the original.", "書類は「種類」または「種類@発行日(YYYY-MM-DD)」の形で指定してください。原本でない場合は末尾に :copy を付けます。"},
  Entry{"usage.bad_value", "{0}", "値が正しくありません: {0}"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
