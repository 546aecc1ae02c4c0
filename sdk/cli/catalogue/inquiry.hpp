// The inquiry by post, between a proxy's two visits.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array inquiry{
  Entry{"inquiry.no_plugin", "This service keeps no inquiries: the plugin proxy-two-visit is not in use.", "このサービスでは照会を管理していません(プラグインproxy-two-visitが使われていません)。"},
  Entry{"inquiry.no_cases", "There are no such inquiries.", "該当する照会はありません。"},
  Entry{"inquiry.within_days", "--within-days goes with --phase lapsing", "--within-days は --phase lapsing と組み合わせて指定してください。"},
  Entry{"inquiry.line", "{0}  {1}  first visit {2}  {3}  {4}", "{0}  {1}  申請日 {2}  {3}  {4}"},
  Entry{"inquiry.title", "Inquiry of case {0}: {1}", "受付 {0} の照会: {1}"},
  Entry{"inquiry.phase.none", "no inquiry", "照会なし"},
  Entry{"inquiry.phase.to_mail", "the letter is to be posted", "郵送待ち"},
  Entry{"inquiry.phase.mailed", "posted, waiting for the answer", "郵送済み・回答待ち"},
  Entry{"inquiry.phase.returned", "the answer is here, waiting for the second visit", "回答書到着・2回目の来庁待ち"},
  Entry{"inquiry.phase.lapsed", "the last day has passed", "期限切れ"},
  Entry{"inquiry.phase.second_visit", "second visit received", "2回目の来庁を受付済み"},
  Entry{"inquiry.term", "last day {0}", "回答期限 {0}"},
  Entry{"inquiry.term.left", "last day {0} ({1} days left)", "回答期限 {0}(あと{1}日)"},
  Entry{"inquiry.term.today", "last day {0} (today)", "回答期限 {0}(本日まで)"},
  Entry{"inquiry.term.overdue", "last day {0} (it has passed)", "回答期限 {0}(過ぎています)"},
  Entry{"inquiry.term.none", "no letter made yet", "照会書は未作成"},
  Entry{"inquiry.first_visit", "First visit on {0} ({1}): {2}", "1回目の来庁: {0}({1})、手続き: {2}"},
  Entry{"purpose.renewal", "renewal", "電子証明書の更新"},
  Entry{"purpose.expiry_check", "looking up the last day", "有効期限の確認"},
  Entry{"purpose.pin_reset", "setting PINs anew", "暗証番号の初期化"},
  Entry{"inquiry.reasons", "Why the holder is asked: {0}", "照会の理由: {0}"},
  Entry{"inquiry.reason.reply_form_missing", "no reply form", "照会書兼回答書の持参なし"},
  Entry{"inquiry.reason.reply_form_expired", "the reply form has ended", "照会書兼回答書の期限切れ"},
  Entry{"inquiry.reason.reply_form_not_sealed", "the reply form was not sealed", "照会書兼回答書の封がない"},
  Entry{"inquiry.reason.pin_mismatch", "a PIN could not be matched", "暗証番号が照合できない"},
  Entry{"inquiry.reason.pin_reset_needs_inquiry", "a PIN is to be set anew", "暗証番号の初期化"},
  Entry{"inquiry.reason.asked_about_less", "the last letter did not ask about all of it", "前回の照会書で尋ねていない手続き"},
  Entry{"inquiry.reason.letter_lapsed", "the last letter has ended", "前回の照会書の期限切れ"},
  Entry{"inquiry.pins", "PINs that could not be matched: {0}", "照合できなかった暗証番号: {0}"},
  Entry{"inquiry.pin_resets", "PINs that the holder is asked about setting anew: {0}", "初期化について本人に照会する暗証番号: {0}"},
  Entry{"inquiry.letter", "Letter made on {0}, {1} (letter no. {2} of this case)", "照会書: 作成日 {0}、{1}(この受付で{2}通目)"},
  Entry{"inquiry.mailed_on", "Posted on {0}", "郵送日: {0}"},
  Entry{"inquiry.returned_on", "The answer came on {0}", "回答書の到着日: {0}"},
  Entry{"inquiry.second_visit_on", "Second visit on {0}", "2回目の来庁: {0}"},
  Entry{"inquiry.likely_on", "Second visit likely about {0}", "2回目の来庁の目安: {0}ごろ"},
  Entry{"inquiry.early_end", "But the reply form ends earlier: the second visit has to be by {0}.", "ただし、回答書の期限がそれより前です。2回目は{0}までにお越しいただくようご案内ください。"},
  Entry{"inquiry.likely_days", "The second visit is likely about {0}, some {1} days from today.", "2回目の来庁は{0}ごろ(申請からおおむね{1}日後)になる見込みです。"},
  Entry{"inquiry.likely_unknown", "How long that takes is not in this city's settings; ask the section in charge.", "2回目の来庁までの日数は設定に登録がありません。担当課へ確認してください。"},
  Entry{"inquiry.way", "Today the application is received. The city posts a letter with a reply form to the holder, who fills it in and hands it to the proxy for the second visit.", "本日は申請の受付までです。この後、本人あてに照会書兼回答書を郵送します。本人が回答書に記入し、代理人がそれを持って、もう一度お越しいただくことになります。"},
  Entry{"inquiry.way.again", "Nothing can be done today. The city posts another letter with a reply form to the holder, who fills it in and hands it to the proxy for the next visit.", "本日は手続きできません。新しい照会書兼回答書を本人あてに郵送します。本人が回答書に記入し、代理人がそれを持って、もう一度お越しいただくことになります。"},
  Entry{"inquiry.way.posted", "Nothing can be done today: the reply form that was posted on {0} is needed. It is good until {1}; no other is posted.", "本日は手続きできません。{0}に本人あてに郵送した照会書兼回答書が必要です(期限 {1})。新しい照会書は郵送しません。"},
  Entry{"inquiry.way.returned", "The reply form is with the city already (it came on {0}): take it out and tell it as brought. It is good until {1}.", "回答書は{0}に市に届いています(期限 {1})。窓口で回答書を確認し、持参されたものとして入力してください。"},
  Entry{"inquiry.likely_from", "The next visit is likely about {0} (some {1} days).", "次の来庁は{0}ごろになる見込みです(おおむね{1}日)。"},
  Entry{"inquiry.bring", "To bring to the second visit: the holder's My Number Card; the reply form as the holder filled it in and sealed it (unopened); the proxy's identity document with photo; the notice of expiry, if there is one.", "2回目にお持ちいただくもの: 本人のマイナンバーカード、本人が記入して封をした照会書兼回答書(開封していないもの)、代理人の顔写真付きの本人確認書類、有効期限通知書(お忘れでも手続きできます)"},
  Entry{"inquiry.bring.returned", "To bring to the second visit (the reply form is here already): the holder's My Number Card; the proxy's identity document with photo; the notice of expiry, if there is one.", "2回目にお持ちいただくもの(回答書は届いています): 本人のマイナンバーカード、代理人の顔写真付きの本人確認書類、有効期限通知書(お忘れでも手続きできます)"},
  Entry{"inquiry.next.letter", "Next, the letter: madoguchi inquiry letter {0} --output FILE", "次に照会書を作成: madoguchi inquiry letter {0} --output ファイル"},
  Entry{"inquiry.next.mail", "Once it is posted: madoguchi inquiry mailed {0} (--again if that letter was posted before)", "郵送したら: madoguchi inquiry mailed {0} (同じ照会書をもう一度郵送した場合は --again を付ける)"},
  Entry{"inquiry.next.returned", "If the answer comes by itself: madoguchi inquiry returned {0}", "回答書だけが先に届いたら: madoguchi inquiry returned {0}"},
  Entry{"inquiry.next.second_visit", "When the proxy comes again: madoguchi cases resume {0} --second-visit", "代理人が再び来庁したら: madoguchi cases resume {0} --second-visit"},
  Entry{"inquiry.next.overdue", "Record it: madoguchi inquiry lapsed {0} / another letter: madoguchi inquiry letter {0} --anew --output FILE", "期限切れの記録: madoguchi inquiry lapsed {0} / 新しい照会書: madoguchi inquiry letter {0} --anew --output ファイル"},
  Entry{"inquiry.next.lapsed", "Another letter: madoguchi inquiry letter {0} --anew --output FILE / given up: madoguchi cases cancel {0} --reason REASON", "新しい照会書: madoguchi inquiry letter {0} --anew --output ファイル / 申請の取下げ: madoguchi cases cancel {0} --reason 理由"},
  Entry{"inquiry.next.go_on", "Go on: madoguchi cases resume {0}", "続きから再開: madoguchi cases resume {0}"},
  Entry{"inquiry.printed", "The letter is made; the holder's answer is due by {0}.", "照会書を作成しました。回答期限は{0}です。"},
  Entry{"inquiry.reprinted", "The same letter as before; the holder's answer is due by {0}.", "前回と同じ照会書を作成しました。回答期限は{0}です。"},
  Entry{"inquiry.letter_kept", "The letter's dates are recorded. Put right what stands above and repeat the command without --anew: it makes the same letter.", "照会書の日付は記録されています。上のメッセージの原因を直し、--anewを付けずにもう一度実行すると、同じ照会書を作成します。"},
  Entry{"inquiry.none", "The case {0} has no inquiry, so there is no second visit.", "受付{0}には照会がありません。2回目の来庁の手続きではありません。"},
  Entry{"inquiry.not_posted", "No letter was posted for the case {0}. Record that first: madoguchi inquiry mailed {0}", "受付{0}の照会書は郵送の記録がありません。先に記録してください: madoguchi inquiry mailed {0}"},
  Entry{"inquiry.form_used", "Reply form: the one that was posted (made on {0}, last day {1})", "照会書兼回答書: 郵送したもの(作成日 {0}、回答期限 {1})"},
  Entry{"case.second_visit", "It waits for the holder's answer. If the proxy has come again: madoguchi cases resume {0} --second-visit", "本人の回答待ちです。代理人が再び来庁した場合: madoguchi cases resume {0} --second-visit"},
  Entry{"case.in_person", "If the holder has come in person: madoguchi cases resume {0} --in-person", "本人が来庁した場合: madoguchi cases resume {0} --in-person"},
  Entry{"case.retry_pins", "If the PIN was a slip in typing, it can be put right today, before the letter is posted: madoguchi cases resume {0} --retry-pins", "暗証番号の打ち間違いだった場合は、本日中で照会書の郵送前であればやり直せます: madoguchi cases resume {0} --retry-pins"},
  Entry{"case.retry_pins_of_rest", "If the PIN was a slip in typing, it can be put right today: madoguchi cases resume {0} --retry-pins", "暗証番号の打ち間違いだった場合は、本日中であればやり直せます: madoguchi cases resume {0} --retry-pins"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
