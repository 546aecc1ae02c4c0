// For whoever looks after a counter's installation.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array care{
  Entry{"help.doctor", "find out what is wrong here, and what to do; works when the service does not", "どこに問題があるかと、その直し方を調べる(サービスが止まっていても使えます)"},
  Entry{"help.care.config", "the service's configuration", "サービスの設定ファイル"},
  Entry{"help.store", "the case store: check it, copy it, put a copy back", "受付の保存先の検査、控えの作成、控えからの復元"},
  Entry{"help.store.check", "go through every page, case and audit entry; the service may run", "すべてのページ・受付・監査記録を検査する(サービスの稼働中も可)"},
  Entry{"help.store.backup", "make a copy, while the service works", "サービスの稼働中に控えを作る"},
  Entry{"help.store.restore", "put a copy in the store's place; the service must not run", "控えから戻す(サービスを止めてから)"},
  Entry{"help.store.path", "this store instead of the configuration's", "設定の代わりに使う保存先"},
  Entry{"help.store.copy", "the copy to make; must not exist", "作る控えのファイル(既にあるファイルは不可)"},
  Entry{"help.store.from", "a copy that `store backup` made", "store backup で作った控え"},
  Entry{"help.store.key", "a file with the key that the copy is sealed with, where the service gets it as a credential", "控えを暗号化した鍵のファイル(鍵を資格情報で渡しているとき)"},
  Entry{"help.bundle", "collect what a vendor's support needs, without anything personal", "開発元への問い合わせに必要な情報を、個人情報を除いてまとめる"},
  Entry{"help.bundle.log", "log lines from this file; else from the journal", "ログをこのファイルから取る(既定: journalctl)"},
  Entry{"help.bundle.yes", "write it without asking", "確認せずに書き込む"},
  Entry{"help.messages", "what a message's id means, and what to do", "メッセージIDの意味と対処を表示"},
  Entry{"help.messages.id", "an id, as the log, the doctor or system.health names it", "ログ・doctor・system.healthに出るID"},
  Entry{"messages.unknown", "There is no message {0}; `madoguchi messages` lists them.", "メッセージ{0}はありません。madoguchi messages で一覧を表示します。"},
  Entry{"doctor.state.ok", "[ ok ]", "[正常]"},
  Entry{"doctor.state.attention", "[note]", "[注意]"},
  Entry{"doctor.state.wrong", "[FAIL]", "[異常]"},
  Entry{"doctor.do", "       -> {0}", "       → {0}"},
  Entry{"doctor.summary", "{0} wrong, {1} to be looked after, {2} well.", "異常{0}件、注意{1}件、正常{2}件"},
  Entry{"store.backed_up_sealed", "It is sealed with key {0} and does not hold it: keep that key as well, in another place.", "控えは鍵{0}で暗号化されていて、鍵は入っていません。鍵も、控えとは別の場所に保管してください。"},
  Entry{"store.not_sealed", "It is from before the store was sealed: whoever has it can read it. Destroy it when it is not needed.", "暗号化する前の保存先の控えで、手に入れた人はだれでも読めます。不要になったら廃棄してください。"},
  Entry{"store.other_key", "Nothing was restored: the copy is sealed with a key that is not here: {0}. Bring it back beside the store, name it in the configuration, or give its file with --key.", "復元しませんでした。控えを暗号化した鍵がありません: {0}。鍵を保存先のそばに戻すか、設定に加えるか、--keyで指定してください。"},
  Entry{"store.needs_key", "It needs key {0}; without it the service does not start.", "鍵{0}が必要です。鍵がなければサービスは起動しません。"},
  Entry{"store.backed_up", "A copy of {0} cases and {1} audit entries was made: {2}", "受付{0}件、監査記録{1}件の控えを作りました: {2}"},
  Entry{"store.restored", "The store was restored, with {0} cases and {1} audit entries. Start the service; it goes on with what was begun.", "受付{0}件、監査記録{1}件を控えから戻しました。サービスを起動すると、途中の受付を続けられます。"},
  Entry{"store.backed_up_flawed", "The audit log in the copy is not whole, as that of the store is not (number {0}: {1}). All else is in the copy. `madoguchi audit verify` says more.", "控えの監査記録は、保存先と同じく完全ではありません(番号{0}: {1})。ほかはすべて控えに入っています。詳しくは madoguchi audit verify で確かめてください。"},
  Entry{"store.restored_flawed", "The audit log that was put back is not whole (number {0}: {1}), and the service goes on saying so. If it was whole when the copy was made, the copy was changed since: tell the security officer.", "戻した監査記録は完全ではありません(番号{0}: {1})。サービスは今後もこれを知らせます。控えを作ったときに完全だったのなら、控えが書き換えられています。セキュリティ担当者に連絡してください。"},
  Entry{"store.kept", "What stood there before was kept: {0}", "それまでの保存先は残してあります: {0}"},
  Entry{"store.in_use", "The service runs; stop it first (systemctl stop madoguchid): {0}", "サービスが動いています。先に止めてください(systemctl stop madoguchid): {0}"},
  Entry{"store.not_backed_up", "No copy was made: {0}", "控えを作れませんでした: {0}"},
  Entry{"store.not_restored", "Nothing was restored, and the store is as it was: {0}", "復元しませんでした。保存先は元のままです: {0}"},
  Entry{"store.no_config", "The configuration cannot be read: {0}", "設定ファイルを読めません: {0}"},
  Entry{"bundle.contains", "The bundle will contain:", "次の内容をまとめます:"},
  Entry{"bundle.member", "  {0} ({1} bytes): {2}", "  {0}({1}バイト): {2}"},
  Entry{"bundle.nothing_personal", "Names, PINs, numbers of documents and of certificates, cases and visitors' data are not in it.", "氏名、暗証番号、書類や証明書の番号、受付の内容など、来庁者の情報は含みません。"},
  Entry{"bundle.ask", "Write it to {0}? [y/N] ", "{0} に書き込みますか? [y/N] "},
  Entry{"bundle.not_asked", "Nothing was written; --yes writes it.", "書き込んでいません。書き込むには --yes を付けてください。"},
  Entry{"bundle.written", "Written: {0}", "書き込みました: {0}"},
  Entry{"bundle.not_written", "The bundle could not be written: {0}", "書き込めませんでした: {0}"},
  Entry{"bundle.what.versions", "versions of the programs and of the system", "プログラムとシステムのバージョン"},
  Entry{"bundle.what.configuration", "the configuration, without users, keys' places and addresses' secrets", "設定ファイル(利用者名、鍵の場所などは除く)"},
  Entry{"bundle.what.doctor", "what the doctor found", "doctorの結果"},
  Entry{"bundle.what.health", "what the service says of itself", "サービスの状態"},
  Entry{"bundle.what.plugins", "the plugins with their versions", "プラグインとそのバージョン"},
  Entry{"bundle.what.store", "how much is in the store", "保存先の件数と大きさ"},
  Entry{"bundle.what.log", "the last warnings and errors: their ids, times and plain numbers", "最近の警告とエラー(ID、時刻、件数など)"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
