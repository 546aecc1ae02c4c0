// What the clerk is asked, and what is missing where nobody can be asked.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array questions{
  Entry{"ask.form_source", "The holder's reply form: 1 came with the notice, 2 was posted by the city, Enter alone: none. Number: ", "照会書兼回答書: 1 通知書に同封のもの、2 市が郵送したもの、持参なしはEnterのみ。番号: "},
  Entry{"ask.sealed", "Is the reply form in an envelope that the holder sealed, unopened? Type yes or no: ", "照会書兼回答書は、本人が封をした封筒に入っていますか(開封していないもの)。「はい」か「いいえ」(yes/no)で入力: "},
  Entry{"missing.form_source", "Which reply form has the proxy brought today? --form-source notice, city or none", "代理人が本日お持ちの照会書兼回答書を指定してください: --form-source notice(通知書に同封のもの)、city(市が郵送したもの)、none(持参なし)"},
  Entry{"ask.who_has_come", "Who has come today? 1 the holder, 2 a proxy, 3 a legal representative, Enter alone: the same person as before ({0}). Number: ", "本日来庁された方は、1 本人、2 代理人、3 法定代理人、前回と同じ方({0})ならEnterのみ。番号: "},
  Entry{"visitor.role.holder", "the holder", "本人"},
  Entry{"visitor.role.proxy", "the proxy", "代理人"},
  Entry{"visitor.role.legal_representative", "the legal representative", "法定代理人"},
  Entry{"missing.sealed", "Is the reply form sealed by the holder? --sealed or --unsealed", "照会書兼回答書の封の有無を指定してください: --sealed(封あり)または --unsealed(封なし)"},
  Entry{"ask.holder_name", "The holder's name, as on the letter: ", "本人の氏名(照会書の宛名): "},
  Entry{"ask.holder_postal_code", "The holder's postal code (123-4567): ", "本人の郵便番号(例 320-0026): "},
  Entry{"ask.holder_address", "The holder's address: ", "本人の住所: "},
  Entry{"missing.holder", "Who the letter goes to is needed: --holder with {0} in it", "照会書の宛先が必要です: --holder に {0} を指定してください"},
  Entry{"holder.no_file", "The file {0} of --holder cannot be read.", "--holder のファイル {0} を読めません。"},
  Entry{"holder.not_an_object", "--holder is not a JSON object", "--holder がJSONオブジェクトではありません"},
  Entry{"ask.birth_date", "The holder's date of birth (YYYY-MM-DD): ", "本人の生年月日(YYYY-MM-DD): "},
  Entry{"ask.office", "Office (its id in the policy): ", "窓口(ポリシーの窓口ID): "},
  Entry{"ask.office_number", "Which office? Number: ", "どの窓口ですか。番号: "},
  Entry{"ask.relationship", "The representative is: 1 a parent, 2 a guardian, Enter alone: somebody else. Number: ", "法定代理人は、1 父母、2 後見人、それ以外はEnterのみ。番号: "},
  Entry{"ask.same_household", "Do representative and holder live in one household? Type yes, otherwise Enter: ", "法定代理人と本人は同じ世帯ですか。「はい」(yes)か、違う場合はEnterのみ: "},
  Entry{"ask.domicile_in_city", "Is the holder's registered domicile (honseki) in this city? Type yes, otherwise Enter: ", "本人の本籍はこの市区町村ですか。「はい」(yes)か、違う場合はEnterのみ: "},
  Entry{"ask.adult_ward", "Is the holder an adult ward? Type yes, otherwise Enter: ", "本人は成年被後見人ですか。「はい」(yes)か、違う場合はEnterのみ: "},
  Entry{"ask.no_card", "There is no card on any reader. Has the proxy come without the holder's card? The application can be received without it. Type yes, otherwise Enter: ", "カードが置かれたリーダーがありません。代理人が本人のカードを持たずに来庁しましたか(申請の受付だけなら、カードがなくてもできます)。「はい」(yes)か、カードがある場合はEnterのみ: "},
  Entry{"ask.document", "{0}: is one there? {1}, Enter alone: none. Number: ", "{0}はお持ちですか。{1}、ない場合はEnterのみ。番号: "},
  Entry{"ask.document.original", "the original", "原本"},
  Entry{"ask.document.copy", "a copy", "写し"},
  Entry{"ask.document.issued_on", "Its day of issue (YYYY-MM-DD; Enter alone: not known): ", "その書類の発行日(YYYY-MM-DD。不明な場合はEnterのみ): "},
  Entry{"ask.card_until", "Last day of the card, as printed on it (YYYY-MM-DD): ", "カードの有効期限(券面の記載、YYYY-MM-DD): "},
  Entry{"ask.override_reason", "To go on is for you to decide. The reason, for the record (Enter alone stops): ", "続けるかどうかは職員の判断です。続ける理由(記録に残ります。Enterのみで中止): "},
  Entry{"ask.no_such_date", "That is no date in the form YYYY-MM-DD.", "日付が正しくありません。YYYY-MM-DDの形で入力してください。"},
  Entry{"ask.no_such_office", "There is no such office. There are: {0}", "その窓口はありません。次のいずれかです: {0}"},
  Entry{"ask.card_is_silent", "The card does not tell its last day.", "カードから有効期限を読み取れません。"},
  Entry{"missing.birth_date", "The holder's date of birth is needed: --birth-date YYYY-MM-DD", "本人の生年月日が必要です: --birth-date YYYY-MM-DD"},
  Entry{"missing.office", "The office is needed: --office, or MADOGUCHI_OFFICE in the environment", "窓口の指定が必要です: --office または環境変数 MADOGUCHI_OFFICE"},
  Entry{"missing.which_office", "Which office? madoguchi offices OFFICE --at TIME (madoguchi offices alone lists them)", "窓口IDを指定してください: madoguchi offices 窓口ID --at 日時(madoguchi offices だけで一覧を表示します)"},
  Entry{"missing.override_reason", "To go on all the same: --override-reason REASON", "職員の判断で続ける場合は、理由を指定してください: --override-reason 理由"},
  Entry{"fact.wrong", "This was told wrongly: {0}", "次の内容が正しくありません: {0}"},
  Entry{"fact.wrong_choice", "This was told wrongly: {0}. There are: {1}", "次の内容が正しくありません: {0}。指定できるのは次のとおりです: {1}"},
  Entry{"fact.office", "the office", "窓口"},
  Entry{"fact.office_from", "The office is named with --office; without it counts MADOGUCHI_OFFICE in the environment (with cases resume: only on another day, or at a second visit).", "窓口は --office で指定します。指定がなければ環境変数 MADOGUCHI_OFFICE の窓口になります(cases resume では、別の日または2回目の来庁の場合のみ)。"},
  Entry{"fact.holder.birth_date", "the holder's date of birth (YYYY-MM-DD, not after the visit)", "本人の生年月日(YYYY-MM-DD。来庁日より後の日付は指定できません)"},
  Entry{"fact.card.expires_on", "the card's last day (YYYY-MM-DD)", "カードの有効期限(YYYY-MM-DD)"},
  Entry{"fact.documents.type", "a document's type", "書類の種類"},
  Entry{"fact.documents.issued_on", "a document's day of issue (YYYY-MM-DD)", "書類の発行日(YYYY-MM-DD)"},
  Entry{"fact.documents.expires_on", "a document's last day (YYYY-MM-DD)", "書類の期限(YYYY-MM-DD)"},
  Entry{"facts.no_file", "The file {0} of --facts cannot be read.", "--facts のファイル {0} を読めません。"},
  Entry{"facts.not_an_object", "--facts is not a JSON object", "--facts がJSONオブジェクトではありません"},
  Entry{"call.not_an_object", "The parameters are not one JSON object.", "パラメーターが1つのJSONオブジェクトではありません。"},
  Entry{"call.pin_in_arguments", "{0} takes a PIN, and arguments can be read by others on this machine: give `-` and the parameters on standard input.", "{0}は暗証番号を含みます。引数は他の利用者から見えるため、「-」を指定して標準入力で渡してください。"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
