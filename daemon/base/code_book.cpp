#include "base/code_book.hpp"

#include <algorithm>
#include <array>

namespace madoguchi::base {
namespace {

// clang-format off
constexpr std::array book{
  CodeEntry{Code::parse_error, -32700, "parse_error", Retry::never,
    "The message is not valid JSON.", "メッセージが正しいJSONではありません。"},
  CodeEntry{Code::invalid_request, -32600, "invalid_request", Retry::never,
    "The message is not a JSON-RPC 2.0 request.", "メッセージがJSON-RPC 2.0の要求ではありません。"},
  CodeEntry{Code::method_not_found, -32601, "method_not_found", Retry::never,
    "There is no such method; rpc.discover lists them.", "その名前の機能はありません。rpc.discoverで一覧を確認できます。"},
  CodeEntry{Code::invalid_params, -32602, "invalid_params", Retry::never,
    "A parameter is missing or not as it should be; the details name the place.", "パラメーターが不足しているか正しくありません。場所は詳細をご覧ください。"},
  CodeEntry{Code::internal, -32603, "internal", Retry::never,
    "Something went wrong inside; give the incident id to the administrator.", "内部で問題が起きました。インシデント番号を管理者に伝えてください。"},
  CodeEntry{Code::not_found, -32001, "not_found", Retry::never,
    "There is nothing under that name or number.", "指定されたものが見つかりません。"},
  CodeEntry{Code::conflict, -32002, "conflict", Retry::never,
    "The case is not in a state that allows this step; read it again.", "現在の受付の状態ではこの操作はできません。受付内容を読み直してください。"},
  CodeEntry{Code::forbidden, -32003, "forbidden", Retry::never,
    "This user may not do that.", "この利用者にはその操作の権限がありません。"},
  CodeEntry{Code::reader_busy, -32004, "reader.busy", Retry::now,
    "The card reader is working on another case; wait until it is done.", "カードリーダーは別の受付で使用中です。終わるまでお待ちください。"},
  CodeEntry{Code::reader_gone, -32004, "reader.gone", Retry::after_action,
    "The card reader is not connected or does not answer; check its cable.", "カードリーダーが接続されていないか応答しません。接続を確認してください。"},
  CodeEntry{Code::reader_service_down, -32004, "reader.service_down", Retry::now,
    "The card reader service (pcscd) is not running; it is being tried again.", "カードリーダーのサービス(pcscd)が動いていません。再接続を試みています。"},
  CodeEntry{Code::card_absent, -32005, "card.absent", Retry::after_action,
    "There is no card on the reader; place the card.", "カードがありません。カードをリーダーに置いてください。"},
  CodeEntry{Code::card_removed, -32005, "card.removed", Retry::after_action,
    "The card was taken away; put the same card back and go on.", "カードが外されました。同じカードを戻して続けてください。"},
  CodeEntry{Code::card_mute, -32005, "card.mute", Retry::after_action,
    "The card does not answer; take it off, wipe the chip and place it again.", "カードが応答しません。一度外し、ICチップを拭いて置き直してください。"},
  CodeEntry{Code::card_unknown, -32005, "card.unknown", Retry::after_action,
    "This is not a My Number Card that can be worked with.", "取り扱えるマイナンバーカードではありません。"},
  CodeEntry{Code::card_different, -32005, "card.different", Retry::after_action,
    "This is not the card of this case; place the card that the case began with.", "この受付のカードではありません。受付時のカードを置いてください。"},
  CodeEntry{Code::card_refused, -32005, "card.refused", Retry::never,
    "The card refused a step; the case says what is certain and what to look at.", "カードが処理を受け付けませんでした。確定していることと確認事項は受付内容をご覧ください。"},
  CodeEntry{Code::pin_required, -32006, "pin.required", Retry::after_action,
    "The PIN has to be entered (again): the card has forgotten it.", "暗証番号の入力が(もう一度)必要です。カードの照合状態が失われました。"},
  CodeEntry{Code::pin_wrong, -32006, "pin.wrong", Retry::after_action,
    "The PIN was wrong; look at how many tries are left before going on.", "暗証番号が違います。残り回数を確かめてから入力してください。"},
  CodeEntry{Code::pin_locked, -32006, "pin.locked", Retry::never,
    "The PIN is locked; it has to be initialised at the counter.", "暗証番号がロックされています。窓口での初期化(再設定)が必要です。"},
  CodeEntry{Code::pin_malformed, -32006, "pin.malformed", Retry::after_action,
    "The PIN does not have the right form; it was not sent to the card and no try was used.", "暗証番号の形式が正しくありません。カードには送っておらず、回数は減っていません。"},
  CodeEntry{Code::pin_last_try, -32006, "pin.last_try", Retry::after_action,
    "Only one try is left; ask the holder whether they are sure. Nothing was sent to the card.", "残り1回です。間違いないか本人に確認してください。カードには送っていません。"},
  CodeEntry{Code::pin_tries_changed, -32006, "pin.tries_changed", Retry::after_action,
    "The tries left are not as expected; nothing was sent to the card. Look at the card again.", "残り回数が想定と異なります。カードには送っていません。カードを確認し直してください。"},
  CodeEntry{Code::pin_timeout, -32006, "pin.timeout", Retry::after_action,
    "The PIN was not entered at the card reader's keypad in time; nothing was sent to the card and no try was used. Begin again.", "カードリーダーのテンキーでの入力が時間内に終わりませんでした。カードには送っておらず、回数は減っていません。もう一度始めてください。"},
  CodeEntry{Code::pin_cancelled, -32006, "pin.cancelled", Retry::after_action,
    "The entry was cancelled at the card reader's keypad; nothing was sent to the card and no try was used. Ask the holder whether to begin again.", "カードリーダーのテンキーで入力が取り消されました。カードには送っておらず、回数は減っていません。入力し直すかを本人に確認してください。"},
  CodeEntry{Code::policy_blocked, -32007, "policy.blocked", Retry::never,
    "The rules do not allow this today; the decision says why and what to bring.", "規則により本日は手続きできません。理由と必要なものは判定をご覧ください。"},
  CodeEntry{Code::policy_invalid, -32007, "policy.invalid", Retry::never,
    "The policy file is not valid; the one in force stays.", "ポリシーファイルが正しくありません。現在のポリシーを使い続けます。"},
  CodeEntry{Code::policy_not_in_force, -32007, "policy.not_in_force", Retry::never,
    "No version of the policy is in force on that day; tell the administrator.", "その日に有効なポリシーがありません。管理者に連絡してください。"},
  CodeEntry{Code::authority_unreachable, -32008, "authority.unreachable", Retry::now,
    "The certification authority does not answer; the case is kept, try again.", "認証局が応答しません。受付は保存されています。もう一度お試しください。"},
  CodeEntry{Code::authority_rejected, -32008, "authority.rejected", Retry::never,
    "The certification authority refused the request.", "認証局が申請を受け付けませんでした。"},
  CodeEntry{Code::authority_mismatch, -32008, "authority.mismatch", Retry::never,
    "What the certification authority has issued does not fit this card or what was decided; the case says what to look at.", "認証局が発行した内容が、このカードまたは受付で決めた内容と一致しません。確認事項は受付内容をご覧ください。"},
  CodeEntry{Code::authority_waiting, -32008, "authority.waiting", Retry::now,
    "The certification authority is still working on the request; the case is kept, try again.", "認証局が処理中です。受付は保存されています。しばらくしてからお試しください。"},
  CodeEntry{Code::authority_clock, -32008, "authority.clock", Retry::after_action,
    "This computer's clock and the certification authority's differ too much (the details say by how many seconds); the case is kept. Tell the administrator to set the clock.", "この端末と認証局の時計が大きくずれているため（ずれの秒数は詳細にあります）、手続きを進められません。受付は保存されています。時計を合わせるよう管理者に連絡してください。"},
  CodeEntry{Code::plugin_failed, -32009, "plugin.failed", Retry::now,
    "One of the city's additional rules could not be asked, so nothing was done; try again, and if it stays so tell the administrator the plugin's name in the details.", "自治体の追加ルールを確認できなかったため、何も行っていません。もう一度お試しください。続く場合は、詳細にあるプラグイン名を管理者にお伝えください。"},
  CodeEntry{Code::plugin_timeout, -32009, "plugin.timeout", Retry::now,
    "One of the city's additional rules took too long, so nothing was done; try again, and if it stays so tell the administrator the plugin's name in the details.", "自治体の追加ルールの確認に時間がかかりすぎたため、何も行っていません。もう一度お試しください。続く場合は、詳細にあるプラグイン名を管理者にお伝えください。"},
  CodeEntry{Code::overloaded, -32010, "overloaded", Retry::now,
    "Too much is going on at once; try again in a moment.", "処理が混み合っています。少し待ってからお試しください。"},
  CodeEntry{Code::shutting_down, -32010, "shutting_down", Retry::now,
    "The service is being stopped; try again when it runs again.", "サービスを停止しています。再開後にもう一度お試しください。"},
  CodeEntry{Code::storage_full, -32010, "storage.full", Retry::after_action,
    "The disk is full; nothing was lost. Tell the administrator.", "ディスクに空きがありません。失われたものはありません。管理者に連絡してください。"},
  CodeEntry{Code::storage_unavailable, -32010, "storage.unavailable", Retry::now,
    "The case store cannot be used; tell the administrator.", "受付の保存先が使えません。管理者に連絡してください。"},
};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < book.size(); ++i) {
    if (static_cast<std::size_t>(book[i].code) != i) return false;
  }
  return true;
}
static_assert(in_order(), "entry() finds a code by its position");
static_assert(static_cast<std::size_t>(Code::storage_unavailable) + 1 == book.size());

}  // namespace

const CodeEntry& entry(Code code) {
  return book.at(static_cast<std::size_t>(code));
}

std::span<const CodeEntry> code_book() {
  return book;
}

std::optional<Code> code_of(std::string_view reason) {
  const auto found =
      std::find_if(book.begin(), book.end(), [&](const CodeEntry& e) { return e.reason == reason; });
  if (found == book.end()) return std::nullopt;
  return found->code;
}

}  // namespace madoguchi::base
