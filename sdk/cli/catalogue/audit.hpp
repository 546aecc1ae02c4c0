// The audit log.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array audit{
  Entry{"help.audit", "the audit log: export it, check that nothing was changed", "監査記録の書き出しと検査"},
  Entry{"help.audit.export", "the log as JSON Lines, with a signed checkpoint at the end", "監査記録をJSON Lines形式で書き出す(末尾に署名付きの確認点)"},
  Entry{"help.audit.since", "only entries behind this number: the last one that was exported", "この番号より後の記録だけ(前回書き出した最後の番号)"},
  Entry{"help.audit.output", "the file to write; continued behind its last entry if it is there; standard output without", "書き込み先のファイル。既にあれば続きから追加する(指定がなければ標準出力)"},
  Entry{"help.audit.verify", "go through the daemon's log or, with FILE, through an export, without a daemon", "デーモンの監査記録、またはFILEに書き出したものを検査する(FILEの検査にデーモンは不要)"},
  Entry{"help.audit.file", "an export", "書き出したファイル"},
  Entry{"help.audit.key", "the daemon's public key (PEM); again for each earlier key", "デーモンの公開鍵(PEM)。以前の鍵があればそれも指定"},
  Entry{"help.audit.public_key", "the daemon's public key, to be kept where the exports are", "デーモンの公開鍵を表示する(書き出し先とともに保管)"},
  Entry{"audit.exported", "{0} entries exported, up to number {1}.", "記録{0}件を書き出しました(番号{1}まで)。"},
  Entry{"audit.whole", "{0} entries, numbers {1} to {2}: nothing was changed, left out, moved or cut off.", "記録{0}件(番号{1}から{2}): 書き換え、欠落、順序の入れ替え、切り取りはありません。"},
  Entry{"audit.begins_later", "The entries before number {0} are not in this file.", "番号{0}より前の記録は、このファイルにありません。"},
  Entry{"audit.not_whole", "{0} entries, numbers {1} to {2}: {3} places are not as they were written.", "記録{0}件(番号{1}から{2}): 書かれたときと異なる箇所が{3}あります。"},
  Entry{"audit.problem", "number {0}: {1}", "番号{0}: {1}"},
  Entry{"audit.problems", "numbers {0} to {1}: {2}", "番号{0}から{1}: {2}"},
  Entry{"audit.no_entries", "There is no entry in it: it says only that the log ended with number {0}.", "記録は1件もありません。監査記録が番号{0}で終わっていたことだけを示しています。"},
  Entry{"audit.not_written", "The export could not be written: {0}", "書き出せませんでした: {0}"},
  Entry{"audit.not_read", "The file could not be read: {0}", "ファイルを読み込めませんでした: {0}"},
  Entry{"audit.ends_before", "The daemon's log ends before number {0}, which was exported already: an older copy of its store may have been put in place. Nothing was written.", "デーモンの監査記録は、書き出し済みの番号{0}より前で終わっています。古い控えに置き換えられたおそれがあります。書き込みませんでした。"},
  Entry{"audit.not_an_export", "The last line of {0} is not of an export; nothing was written to it.", "{0}の最後の行が監査記録ではないため、書き込みませんでした。"},
  Entry{"audit.needs_key", "An export is checked with the daemon's public key: --key FILE", "書き出したファイルの検査には、デーモンの公開鍵が必要です: --key FILE"},
  Entry{"audit.flaw.altered", "the entry is not what was written", "記録の内容が書き換えられています"},
  Entry{"audit.flaw.missing", "from here on entries are gone", "ここからの記録がなくなっています"},
  Entry{"audit.flaw.displaced", "it does not follow on the entry before it", "直前の記録とつながっていません"},
  Entry{"audit.flaw.forged", "a signature is not valid", "署名が正しくありません"},
  Entry{"audit.flaw.another_key", "it is signed with a key that was not named", "指定されていない鍵で署名されています"},
  Entry{"audit.flaw.truncated", "from here on the log is cut off", "ここから後の記録が切り取られています"},
  Entry{"audit.flaw.unaccounted", "up to here there are cases whose opening is not entered", "ここまでに、受付の開始が記録されていない受付があります"},
  Entry{"audit.flaw.unproven", "no signature vouches for these entries; whoever had the store's file may have written them", "この範囲の記録を保証する署名がありません。保存先のファイルを扱える者が書いたおそれがあります"},
  Entry{"audit.flaw.pruned", "deleted by retention before they were exported, as a signed statement says; entries taken out of this file would look the same", "署名付きの記載によれば、書き出す前に保存期間を過ぎて削除されました。このファイルから抜き取られた場合も同じように見えます"},
  Entry{"audit.flaw.unreadable", "from here on entries cannot be read from the disk", "ここからの記録をディスクから読み取れません"},
  Entry{"audit.flaw.unsealed", "from here on no signature covers the entries", "ここから後の記録には署名がありません"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
