// Cases, their sheets and the progress of the issuing.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array cases{
  Entry{"state.open", "open", "受付中"},
  Entry{"state.waiting", "waiting for the second visit", "2回目の来庁待ち"},
  Entry{"state.ready", "ready to issue", "発行できます"},
  Entry{"state.issuing", "issuing", "発行中"},
  Entry{"state.attention", "needs attention", "要確認"},
  Entry{"state.partly_completed", "partly completed", "一部完了"},
  Entry{"state.completed", "completed", "完了"},
  Entry{"state.cancelled", "cancelled", "取消"},
  Entry{"cases.none", "There are no such cases.", "該当する受付はありません。"},
  Entry{"cases.more", "More: madoguchi cases list --cursor {0}", "続き: madoguchi cases list --cursor {0}"},
  Entry{"case.line", "{0}  {1}  {2}  {3}  {4}", "{0}  {1}  {2}  {3}  {4}"},
  Entry{"case.unreadable", "(its record cannot be read; tell the administrator)", "(記録を読み取れません。管理者に連絡してください)"},
  Entry{"case.title", "Case {0}: {1}", "受付 {0}: {1}"},
  Entry{"case.times", "Opened {0}, last changed {1}, by {2}", "開始 {0}、最終更新 {1}、担当 {2}"},
  Entry{"case.card", "Card number: {0}", "カードの番号: {0}"},
  Entry{"case.pin", "PIN for {0}: {1}", "{0}の暗証番号: {1}"},
  Entry{"case.opened", "Opened the case {0}", "受付 {0} を開始しました"},
  Entry{"case.ended", "Case {0}: {1}", "受付 {0}: {1}"},
  Entry{"case.held", "Waits: {0}", "待っていること: {0}"},
  Entry{"case.attention", "Attention: {0} [{1}]", "要確認: {0} [{1}]"},
  Entry{"case.look_at", "Look first: {0}", "まず確認すること: {0}"},
  Entry{"receipt.made", "Ready to print: {0}", "印刷できます: {0}"},
  Entry{"receipt.no_program", "The sheet cannot be made: {0} ({1})", "帳票を作成できません: {0} ({1})"},
  Entry{"receipt.failed", "The sheet could not be made; what is wrong stands above.", "帳票を作成できませんでした。上のメッセージをご確認ください。"},
  Entry{"timeline.line", "{0}  {1}", "{0}  {1}"},
  Entry{"issue.begins", "Issuing. Leave the card on the reader.", "発行します。カードをリーダーに置いたままにしてください。"},
  Entry{"progress", "[{0}/{1}] {2}: {3}", "[{0}/{1}] {2}: {3}"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
