// PINs: asking for them and what became of them.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array pins{
  Entry{"pin.name.authentication", "the authentication certificate", "利用者証明用電子証明書"},
  Entry{"pin.name.signature", "the signature certificate", "署名用電子証明書"},
  Entry{"pin.name.resident_register", "the resident register", "住民基本台帳用"},
  Entry{"pin.outcome.unverified", "not checked", "未照合"},
  Entry{"pin.outcome.matched", "right", "一致"},
  Entry{"pin.outcome.mismatched", "wrong", "不一致"},
  Entry{"pin.outcome.locked", "locked", "ロック中"},
  Entry{"pin.outcome.forgotten", "forgotten", "忘れた"},
  Entry{"pin.outcome.reset", "set anew", "再設定済み"},
  Entry{"pin.tries", "PIN for {0}: {1}", "{0}の暗証番号: {1}"},
  Entry{"pin.prompt", "Enter the PIN for {0} (not shown; Enter alone stops): ", "{0}の暗証番号を入力してください(表示されません。Enterのみで中止): "},
  Entry{"pin.prompt_or_forgotten", "Enter the PIN for {0} (not shown; ? if it is forgotten; Enter alone stops): ", "{0}の暗証番号を入力してください(表示されません。忘れた場合は「?」、Enterのみで中止): "},
  Entry{"pin.if_forgotten", "If the PIN is forgotten: madoguchi cases resume {0} --forgotten {1}", "暗証番号を忘れた場合: madoguchi cases resume {0} --forgotten {1}"},
  Entry{"pins.all_set", "The PINs are set anew.", "暗証番号の再設定が終わりました。"},
  Entry{"pins.none_to_set", "No PIN was set anew, and the case stays open. Say which is forgotten: madoguchi cases resume {0} --forgotten signature|authentication|resident_register / nothing to be done: madoguchi cases cancel {0} --reason REASON", "再設定した暗証番号はなく、受付は終わっていません。忘れた暗証番号を指定する場合: madoguchi cases resume {0} --forgotten signature|authentication|resident_register / 手続きが不要な場合: madoguchi cases cancel {0} --reason 理由"},
  Entry{"pin.pad", "The PIN for {0} is entered at the card reader's keypad. Enter when the person there is ready (q stops): ", "{0}の暗証番号は、カードリーダーのテンキーで入力していただきます。用意ができたらEnterを押してください(中止はq): "},
  Entry{"pin.pad_or_forgotten", "The PIN for {0} is entered at the card reader's keypad. Enter when the person there is ready (? if it is forgotten; q stops): ", "{0}の暗証番号は、カードリーダーのテンキーで入力していただきます。用意ができたらEnterを押してください(忘れた場合は「?」、中止はq): "},
  Entry{"pin.pad_waits", "Now enter the PIN for {0} at the card reader's keypad and confirm it there.", "カードリーダーのテンキーで、{0}の暗証番号を入力し、確定キーを押してください。"},
  Entry{"pin.use_pad", "Nothing was sent to the card. Add --pin-pad: the PINs of digits are then entered at the card reader's keypad, and --pin-stdin gives the signature certificate's only. Without either option the command asks at the terminal.", "カードには送っていません。--pin-pad を付けると、数字の暗証番号はカードリーダーのテンキーで入力できます(--pin-stdin で渡すのは署名用電子証明書の暗証番号だけになります)。どちらも付けなければ、端末で案内します。"},
  Entry{"pin.not_on_card", "This card has no PIN for {0} that could be entered.", "このカードには、入力できる{0}の暗証番号がありません。"},
  Entry{"pin.matched", "PIN for {0}: right", "{0}の暗証番号: 一致しました"},
  Entry{"pin.last_try_question", "Only one try is left for {0}: if it is wrong, the PIN is locked. Is the holder sure? Type yes to go on: ", "{0}の暗証番号は残り1回です。間違えるとロックされます。本人に確認しましたか。続けるには「はい」またはyesと入力: "},
  Entry{"pin.last_try_declined", "Stopped before the last try; nothing was sent to the card.", "最後の1回を使わずに中止しました。カードには送っていません。"},
  Entry{"pin.last_try_unaccepted", "Only one try is left for {0}; nothing was sent to the card. With the holder's consent: --accept-last-try", "{0}の暗証番号は残り1回です。カードには送っていません。本人の同意があれば --accept-last-try を付けてください。"},
  Entry{"pin.is_locked", "The PIN for {0} is locked; it has to be initialised at the counter.", "{0}の暗証番号はロックされています。窓口での初期化が必要です。"},
  Entry{"pin.stopped", "Stopped at the PIN; nothing was sent to the card.", "暗証番号の入力を中止しました。カードには送っていません。"},
  Entry{"pin.no_terminal", "There is no terminal to ask for the PIN; scripts give it with --pin-stdin.", "暗証番号を入力する端末がありません。スクリプトからは --pin-stdin で渡してください。"},
  Entry{"pin.not_given", "The PIN `{0}` is needed and was not given on standard input; nothing was sent to the card.", "暗証番号「{0}」が必要ですが、標準入力にありませんでした。カードには送っていません。"},
  Entry{"pin.forgotten_again", "The card forgot its PINs several times; take it off, look at reader and card, and go on.", "カードの照合状態が繰り返し失われました。カードとリーダーを確認してから続けてください。"},
  Entry{"pin.reset", "The PIN for {0} is set anew.", "{0}の暗証番号を再設定します。"},
  Entry{"pin.reset_begun", "The PIN for {0} was locked after the issuing began. With the holder's identity established it is set anew here, so that the case can go on.", "{0}の暗証番号は、発行を始めた後にロックされました。本人確認のうえ、ここで再設定して手続きを続けます。"},
  Entry{"pin.new_prompt", "Enter the new PIN for {0} (not shown; Enter alone stops): ", "{0}の新しい暗証番号を入力してください(表示されません。Enterのみで中止): "},
  Entry{"pin.new_again", "Enter the new PIN for {0} again: ", "{0}の新しい暗証番号をもう一度入力してください: "},
  Entry{"pin.new_differ", "The two entries differ; nothing was sent to the card.", "2回の入力が一致しません。カードには送っていません。"},
  Entry{"pin.was_reset", "PIN for {0}: set anew", "{0}の暗証番号: 再設定しました"},
  Entry{"pins.bad_line", "Line {0} of standard input is not NAME=VALUE with a known NAME (authentication, signature, resident_register, new.NAME), or repeats one.", "標準入力の{0}行目が 名前=値 の形ではないか、名前が正しくないか、重複しています(authentication, signature, resident_register, new.名前)。"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
