// The official terminal: handing the card over, what came of the PINs there, and what the card proves
// afterwards.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array at_terminal{
  Entry{"terminal.ask_outcome", "PIN for {0} at the official terminal: 1 right, 2 wrong, 3 locked, 4 forgotten, 5 initialised and set anew, Enter alone stops. Never the PIN itself. Number: ", "統合端末での{0}の暗証番号の結果: 1 一致、2 不一致、3 ロック、4 本人が忘れた、5 初期化して再設定、Enterのみで中止(暗証番号そのものは入力しないでください)。番号: "},
  Entry{"terminal.no_such_outcome", "That is none of the numbers 1 to 5; nothing was recorded.", "1から5の番号ではありません。記録していません。"},
  Entry{"terminal.recorded", "PIN for {0}: recorded as {1}", "{0}の暗証番号: {1}と記録しました"},
  Entry{"terminal.stopped", "Stopped; nothing more was recorded.", "中止しました。これ以上は記録していません。"},
  Entry{"terminal.handing_over", "The card is handed over to the official terminal.", "カードを統合端末に引き継ぎます。"},
  Entry{"terminal.looking", "The card is read to see what was done.", "カードを読み取り、手続きの結果を確かめます。"},
  Entry{"terminal.step", "{0}. {1}", "{0}. {1}"},
  Entry{"terminal.finding", "- {0}", "・{0}"},
  Entry{"terminal.proved", "{0}: the card has proved the new one.", "{0}: 新しい証明書をカードで確かめました。"},
  Entry{"terminal.ask_back", "When the card is back on this reader, press Enter (p and Enter: a PIN has come out otherwise there, q and Enter: stop here): ", "カードをこのカードリーダーに戻したら、Enterを押してください(統合端末での暗証番号の結果が記録と違う場合: pとEnter、中止: qとEnter): "},
  Entry{"terminal.ask_which", "Which PIN: {0}, Enter alone: none. Number: ", "どの暗証番号ですか: {0}、Enterのみで戻る。番号: "},
  Entry{"terminal.ask_other_outcome", "PIN for {0} at the official terminal: 1 right, 2 wrong, 3 locked, 4 forgotten, 5 initialised and set anew, Enter alone: as recorded. Never the PIN itself. Number: ", "統合端末での{0}の暗証番号の結果: 1 一致、2 不一致、3 ロック、4 本人が忘れた、5 初期化して再設定、Enterのみで記録のまま(暗証番号そのものは入力しないでください)。番号: "},
  Entry{"terminal.ask_set_anew", "Was the PIN for {0} initialised and set anew at the official terminal? (yes: y and Enter, not yet: Enter alone): ", "統合端末で{0}の暗証番号を初期化し、再設定しましたか(済んだ場合: yとEnter、まだの場合: Enterのみ): "},
  Entry{"terminal.pins.read", "Have the official terminal read the card.", "カードを統合端末で読み取らせてください。"},
  Entry{"terminal.pins.set", "Initialise the PIN for {0} at the official terminal; whoever is at the counter sets a new one there.", "統合端末で{0}の暗証番号を初期化し、来庁された方に新しい暗証番号を設定していただいてください。"},
  Entry{"terminal.pins.set_by_staff", "Initialise the PIN for {0} at the official terminal, and set the new one there that the holder wrote on the reply form.", "統合端末で{0}の暗証番号を初期化し、回答書に書かれた新しい暗証番号を職員が設定してください。"},
  Entry{"terminal.pins.look", "Make sure on the official terminal's screen that it has ended well.", "統合端末の画面で、正常に終わったことを確かめてください。"},
  Entry{"terminal.tell_set_anew", "Once that has been done there: madoguchi cases resume {0} --set-anew {1}", "統合端末での再設定が済んだら: madoguchi cases resume {0} --set-anew {1}"},
  Entry{"terminal.ask_bring_back", "Put the card back on this reader and press Enter: it is read, and the case decided anew (q and Enter: later): ", "カードをこのカードリーダーに戻し、Enterを押してください。カードを読み取り、判定し直します(あとにする場合: qとEnter): "},
  Entry{"terminal.ask_pad", "To look at it, the PIN for {0} is entered at the card reader's keypad. Enter when the person there is ready (s: without it): ", "確かめるには、カードリーダーのテンキーで{0}の暗証番号を入力していただきます。用意ができたらEnterを押してください(省略はs): "},
  Entry{"terminal.ask_pin", "To look at it, enter the PIN for {0} (not shown; Enter alone: without it): ", "確かめるには、{0}の暗証番号を入力してください(表示されません。Enterのみで省略): "},
  Entry{"terminal.ask_accept", "To accept it as it is, type the reason, for the record (Enter alone stops): ", "このまま承認する場合は、その理由を入力してください(記録に残ります。Enterのみで中止): "},
};
// clang-format on

}  // namespace madoguchi::cli::texts
