// Events and the waiting line.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array events{
  Entry{"event.line", "{0}  {1}  {2}  {3}  {4}", "{0}  {1}  {2}  {3}  {4}"},
  Entry{"event.reader.added", "reader connected", "リーダー接続"},
  Entry{"event.reader.removed", "reader gone", "リーダー切断"},
  Entry{"event.card.inserted", "card placed", "カード設置"},
  Entry{"event.card.removed", "card taken away", "カード取外し"},
  Entry{"event.service.up", "reader service reached", "リーダーのサービスに接続"},
  Entry{"event.service.down", "reader service lost", "リーダーのサービスが停止"},
  Entry{"event.case.opened", "case opened", "受付開始"},
  Entry{"event.case.updated", "case changed", "受付変更"},
  Entry{"event.case.progress", "progress", "進行"},
  Entry{"event.case.attention", "attention", "要確認"},
  Entry{"event.case.completed", "completed", "完了"},
  Entry{"event.case.cancelled", "cancelled", "取消"},
  Entry{"event.queue-board.taken", "ticket taken", "整理券発行"},
  Entry{"event.queue-board.called", "called", "呼び出し"},
  Entry{"event.queue-board.window_free", "window free", "窓口空き"},
  Entry{"event.queue-board.not_there", "did not come", "呼び出しに応答なし"},
  Entry{"event.queue-board.served", "served", "対応済み"},
  Entry{"event.queue-board.withdrawn", "left", "取りやめ"},
  Entry{"event.queue-board.suspended", "line suspended", "受付番号の休止"},
  Entry{"event.queue-board.resumed", "line resumed", "受付番号の再開"},
  Entry{"event.plugin.called", "plugin used", "追加機能の操作"},
  Entry{"event.ticket", "{0} ({1} waiting)", "整理券 {0}(待ち人数 {1}人)"},
  Entry{"event.waiting", "{0} waiting", "待ち人数 {0}人"},
  Entry{"event.call", "{0}.{1}, {2}", "{0}.{1}、担当 {2}"},
  Entry{"event.resync", "events were left out; read the state anew", "通知が省略されました。状態を読み直してください"},
  Entry{"events.go_on", "Go on where it stopped: madoguchi events --follow --since {0}", "続きから: madoguchi events --follow --since {0}"},
  Entry{"queue.line", "{0}: {1} waiting, now calling {2}, about {3} minutes", "{0}: 待ち人数 {1}人、呼び出し番号 {2}、待ち時間の目安 約{3}分"},
  Entry{"queue.line_closed", "{0}: {1} waiting, now calling {2}. {3}", "{0}: 待ち人数 {1}人、呼び出し番号 {2}。{3}"},
  Entry{"queue.notice", "{0}: {1}", "{0}: {1}"},
  Entry{"queue.no_information", "{0}: no live information", "{0}: 現在の待ち状況の情報はありません"},
  Entry{"queue.no_plugin", "This service keeps no waiting line (plugin queue-board); leave out --ticket.", "このサービスでは整理券を管理していません(プラグインqueue-boardが使われていません)。--ticket を付けずに実行してください。"},
  Entry{"queue.none", "This service keeps no waiting line: the plugin queue-board is not in use.", "このサービスでは窓口の待ち状況を管理していません(プラグインqueue-boardが使われていません)。"},
  Entry{"queue.taken", "Ticket {0}: {1} before it, about {2} minutes", "整理券 {0}: 前に{1}人、待ち時間の目安 約{2}分"},
  Entry{"queue.called", "Now calling {0} to window {1} ({2} waiting)", "呼び出し番号 {0}: 窓口 {1}(待ち人数 {2}人)"},
  Entry{"queue.nobody", "Nobody is waiting.", "お待ちの方はいません。"},
  Entry{"queue.begin", "The case is received by it: madoguchi renew --ticket {0}", "受付の開始(整理券を取った時刻で判断します): madoguchi renew --ticket {0}"},
  Entry{"queue.not_there", "If nobody comes: madoguchi queue no-show {0} / called once more: madoguchi queue recall {0}", "お見えにならない場合: madoguchi queue no-show {0} / もう一度呼び出す場合: madoguchi queue recall {0}"},
  Entry{"queue.not_written", "The page could not be written: {0}", "ページを書き込めませんでした: {0}"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
