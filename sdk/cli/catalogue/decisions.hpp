// What the rules have decided.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array decisions{
  Entry{"decision.outcome", "Decision: {0}", "判定: {0}"},
  Entry{"outcome.complete_today", "can be done today", "本日手続きできます"},
  Entry{"outcome.two_visits", "an application today, the rest at a second visit", "本日は申請の受付まで(2回の来庁が必要)"},
  Entry{"outcome.another_visit", "not today; the proxy has to come once more", "本日は手続きできません(もう一度来庁が必要)"},
  Entry{"outcome.not_today", "not today", "本日は手続きできません"},
  Entry{"outcome.other_procedure", "another procedure comes first", "先に別の手続きが必要です"},
  Entry{"decision.certificate", "  {0}: {1}", "  {0}: {1}"},
  Entry{"decision.certificate.until", "  {0}: {1}, new until {2}", "  {0}: {1}、新しい有効期限 {2}"},
  Entry{"action.renew", "renewal", "更新"},
  Entry{"action.issue_new", "new issuance", "新規発行"},
  Entry{"action.done", "done", "手続き済み"},
  Entry{"action.none", "nothing to do", "手続きなし"},
  Entry{"action.reset_pin", "PIN reset", "暗証番号の初期化"},
  Entry{"action.undecided", "renewal or new issuance", "更新又は新規発行"},
  Entry{"decision.missing", "Still to be brought: {0}", "必要なもの: {0}"},
  Entry{"document.my_number_card", "My Number Card", "マイナンバーカード"},
  Entry{"document.identity_document", "identity document", "本人確認書類"},
  Entry{"document.photo_identity_document", "identity document with photo", "顔写真付きの本人確認書類"},
  Entry{"document.family_register", "family register", "戸籍謄本"},
  Entry{"document.guardianship_registration", "certificate of registered guardianship", "登記事項証明書"},
  Entry{"document.type.my_number_card", "their own My Number Card", "来庁する方のマイナンバーカード"},
  Entry{"document.type.drivers_licence", "driving licence", "運転免許証"},
  Entry{"document.type.passport", "passport", "パスポート"},
  Entry{"document.type.residence_card", "residence card", "在留カード"},
  Entry{"document.type.disability_handbook", "disability handbook", "障害者手帳"},
  Entry{"document.type.eligibility_certificate", "eligibility certificate of the health insurance", "資格確認書"},
  Entry{"decision.pin_resets", "PINs to be set anew today: {0}", "本日初期化する暗証番号: {0}"},
  Entry{"decision.opens_on", "Receivable from {0}", "受付開始日: {0}"},
  Entry{"decision.next_opening", "Next received at {0}", "次の受付: {0}"},
  Entry{"decision.fee", "Fee: {0} yen", "手数料: {0}円"},
  Entry{"decision.finding", "  [{0}] {1}", "  [{0}] {1}"},
  Entry{"severity.block", "not possible", "不可"},
  Entry{"severity.redirect", "other procedure", "別手続"},
  Entry{"severity.require", "required", "必要"},
  Entry{"severity.second_visit", "second visit", "再来庁"},
  Entry{"severity.override", "at the clerk's discretion", "要判断"},
  Entry{"severity.advise", "advice", "案内"},
  Entry{"severity.info", "note", "参考"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
