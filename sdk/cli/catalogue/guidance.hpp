// What visitors are told before they go: what to bring, when and where, and from when it works.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array guidance{
  Entry{"guide.title", "-- For the visitor --", "―― 来庁された方へのご案内 ――"},
  Entry{"guide.bring", "To bring the next time:", "次にお越しの際にお持ちいただくもの:"},
  Entry{"guide.item", "  - {0}", "  ・{0}"},
  Entry{"guide.other_procedure", "Another procedure comes first; ask at the office below what it takes.", "先に別の手続きが必要です。必要なものは下記の窓口へお問い合わせください。"},
  Entry{"guide.card_lost", "If the card is lost, it has to be reported and issued anew first.", "カードを紛失された場合は、先に紛失の届出とカードの再交付の手続きが必要です。"},
  Entry{"guide.waiver", "The family register may not be needed: a parent of the same household, or a registered domicile in this city. The clerk knows.", "戸籍謄本は、同じ世帯の親である場合や、本籍がこの市区町村にある場合などは不要なことがあります。窓口でお尋ねください。"},
  Entry{"guide.opens_on", "Received from {0} on.", "受付は{0}からです。"},
  Entry{"guide.last_day.signature", "The signature certificate ends on {0}. The procedure can be done after that day too, but until it is completed the services that use it (e-Tax and others) do not work.", "署名用電子証明書の有効期限は{0}です。過ぎた後も手続きはできますが、完了するまでe-Taxなど、署名用電子証明書を使うサービスは利用できません。"},
  Entry{"guide.last_day.authentication", "The authentication certificate ends on {0}. The procedure can be done after that day too, but until it is completed the services that use it (convenience stores, Mynaportal and others) do not work.", "利用者証明用電子証明書の有効期限は{0}です。過ぎた後も手続きはできますが、完了するまでコンビニ交付やマイナポータルなど、利用者証明用電子証明書を使うサービスは利用できません。"},
  Entry{"guide.last_day", "The certificates end on {0}. The procedure can be done after that day too, but until it is completed the services that use them (convenience stores, e-Tax and others) do not work.", "電子証明書の有効期限は{0}です。過ぎた後も手続きはできますが、完了するまでコンビニ交付やe-Taxなど、電子証明書を使うサービスは利用できません。"},
  Entry{"guide.where", "Where: {0}", "窓口: {0}"},
  Entry{"guide.where.open", "Where: {0} (today until {1})", "窓口: {0}(本日の受付は{1}まで)"},
  Entry{"guide.where.closed", "Where: {0} (next open {1})", "窓口: {0}(次の受付は{1}から)"},
  Entry{"guide.phone", "Questions: telephone {0}", "お問い合わせ: 電話 {0}"},
  Entry{"office.line", "{0}: {1}", "{0}: {1}"},
  Entry{"office.title", "{0} ({1})", "{0}({1})"},
  Entry{"office.open", "  open; received until {0}", "  受付中です(受付は{0}まで)"},
  Entry{"office.too_late", "  open, but the last reception has passed", "  開庁していますが、受付は終了しています"},
  Entry{"office.too_late_until", "  open, but the last reception has passed; next received from {0}", "  開庁していますが、本日の受付は終了しています。次の受付は{0}からです"},
  Entry{"office.closed", "  closed", "  受付時間外です"},
  Entry{"office.closed_until", "  closed; next open {0}", "  受付時間外です。次の受付は{0}からです"},
  Entry{"office.hours", "  hours that day: {0}", "  この日の受付時間: {0}"},
  Entry{"office.no_hours", "  no reception that day", "  この日は受付を行っていません"},
  Entry{"office.queue", "  on the public display: {0}", "  待ち状況の表示名: {0}"},
  Entry{"office.which", "There is no such office; they are listed by: madoguchi offices", "その窓口はありません。窓口の一覧: madoguchi offices"},
  Entry{"office.note", "  {0}", "  {0}"},
  Entry{"office.phone", "  telephone {0}", "  電話 {0}"},
  Entry{"office.fax", "  fax {0}", "  ファクス {0}"},
  Entry{"guide.receipt", "The copy of the certificates to hand over: madoguchi cases receipt {0} --output FILE", "お渡しする「電子証明書の写し」の作成: madoguchi cases receipt {0} --output ファイル"},
  Entry{"guide.incident", "The slip for the person in charge: madoguchi cases receipt {0} --incident --output FILE", "確認票の作成: madoguchi cases receipt {0} --incident --output ファイル"},
  Entry{"guide.rest", "The certificate that is done can be used. The rest can be done on another day.", "手続きが済んだ電子証明書は使えます。残りの電子証明書は、後日でも手続きできます。"},

  Entry{"guide.not_today", "If it is not done today:", "本日お受けしない場合は、次のとおりご案内ください。"},
  Entry{"guide.another_day", "If it cannot go on today, it can on another day.", "本日続けられない場合は、後日、続きから手続きできます。"},

  Entry{"bring.card", "your My Number Card", "マイナンバーカード"},
  Entry{"bring.card_of_holder", "the holder's My Number Card", "本人(更新する方)のマイナンバーカード"},
  Entry{"bring.identity", "an identity document other than the card (driving licence, passport, eligibility certificate or the like)", "本人確認書類(運転免許証、パスポート、資格確認書など。マイナンバーカード以外のもの)"},
  Entry{"bring.identity_if_forgotten", "if you have forgotten a PIN: an identity document other than the card (driving licence, passport, eligibility certificate or the like)", "暗証番号を忘れた場合は、本人確認書類(運転免許証、パスポート、資格確認書など。マイナンバーカード以外のもの)"},
  Entry{"bring.photo_identity", "an official identity document with photo of whoever comes (My Number Card, driving licence, passport or the like)", "来庁する方ご自身の顔写真付きの本人確認書類(マイナンバーカード、運転免許証、パスポートなど、官公署が発行したもの)"},
  Entry{"bring.form", "the reply form, filled in by the holder and sealed in its envelope (it comes with the notice of expiry; without it only an application is received, and a form is posted to the holder)", "「照会書兼回答書」(本人が暗証番号などを記入し、封筒に入れて封をしたもの。有効期限通知書に同封されています。お持ちでない場合は申請のみお受けし、本人あてに郵送します)"},
  Entry{"bring.form.posted", "the reply form that the city posted, filled in by the holder and sealed in its envelope", "市から郵送した「照会書兼回答書」(本人が記入し、封筒に入れて封をしたもの)"},
  Entry{"bring.form.only", "the reply form, filled in by the holder and sealed in its envelope (the form comes with the notice of expiry; who has none left asks at the office), unless the holder comes in person", "「照会書兼回答書」(本人が暗証番号などを記入し、封筒に入れて封をしたもの。用紙は有効期限通知書に同封されています。お手元に用紙がない場合は、窓口へお問い合わせください。本人が来庁される場合は不要です)"},
  Entry{"bring.family_register", "the family register that shows who represents the holder", "戸籍謄本(法定代理人であることが確認できるもの)"},
  Entry{"bring.guardianship_registration", "the certificate of registered guardianship, the original", "登記事項証明書(成年後見人であることが確認できる原本)"},
  Entry{"bring.issued_within", ", issued within {0} months", "、発行後{0}か月以内のもの"},
  Entry{"bring.pins", "the PINs: {0}", "暗証番号: {0}"},
  Entry{"bring.all_pins", "the PINs that were set when the card was handed over", "カードの交付時に設定した暗証番号"},
  Entry{"bring.new_pins", "new PINs, thought of beforehand: {0}", "新しく設定する暗証番号(考えておいてください): {0}"},
  Entry{"bring.pin.signature", "signature certificate (6 to 16 letters and digits)", "署名用電子証明書(英数字6〜16文字)"},
  Entry{"bring.pin.authentication", "authentication certificate (4 digits)", "利用者証明用電子証明書(数字4桁)"},
  Entry{"bring.pin.resident_register", "resident register (4 digits)", "住民基本台帳用(数字4桁)"},
  Entry{"bring.notice", "the notice of expiry, if you have it", "有効期限通知書(お忘れでも手続きできます)"},

  Entry{"expiry.other_ways", "The last day can also be found:", "有効期限は、次の方法でも確認できます:"},
  Entry{"expiry.on_card", "  - on the front of the card, below the card's own last day, if it was written there", "  ・マイナンバーカードの表面(カードの有効期限の下に記入されている場合)"},
  Entry{"expiry.copy", "  - on the copy of the certificates that was handed over at issue", "  ・電子証明書の発行時にお渡しした「電子証明書の写し」"},
  Entry{"expiry.jpki", "  - with the JPKI client software on a computer or smartphone (from the JPKI portal site)", "  ・パソコンやスマートフォンの「JPKI利用者クライアントソフト」(公的個人認証サービスポータルサイトからダウンロード)"},
  Entry{"expiry.other_pin", "The authentication certificate's last day can be told with its own PIN (4 digits).", "利用者証明用電子証明書の暗証番号(数字4桁)で、その有効期限をお伝えできます。"},
  Entry{"expiry.needs_its_pin", "The {0}'s last day is told with its own PIN only.", "{0}の有効期限は、その暗証番号を照合した場合だけお伝えできます。"},
  Entry{"expiry.forgotten", "A forgotten or locked PIN can be set anew by the holder with an identity document: madoguchi renew --pins-only --forgotten {0}", "暗証番号を忘れた場合やロックされた場合は、本人が本人確認書類をお持ちになれば再設定できます: madoguchi renew --pins-only --forgotten {0}"},
  Entry{"expiry.again", "No day was told. Once that is put right, begin again: madoguchi expiry", "有効期限はお伝えしていません。カードやリーダーを確かめてから、もう一度始めてください: madoguchi expiry"},
  Entry{"expiry.no_certificate", "The card holds no certificate, so there is no last day. Where one is wanted, have it issued at the official terminal (where this counter hands cards over to it: madoguchi renew).", "カードに電子証明書が入っていないため、有効期限はありません。ご希望の場合は、統合端末での新規発行をご案内ください(カードを統合端末に引き継いで発行する窓口の場合: madoguchi renew)。"},
  Entry{"expiry.opens_on", "Renewal is received from {0} on.", "更新の受付は{0}からです。"},
  Entry{"expiry.due_anew", "{0}: it can no longer be renewed, but a new one can be issued now.", "{0}: 更新はできませんが、本日から新規発行の手続きができます。"},
  Entry{"expiry.due", "{0}: can be renewed now.", "{0}: 本日から手続きできます。"},

  Entry{"works.title", "When the services work (a guide):", "各種サービスが利用できるようになる時期(目安):"},
  Entry{"works.line", "  {0}: {1}", "  {0}: {1}"},
  Entry{"works.at_once", "at once", "すぐに利用できます"},
  Entry{"works.from", "from about {0}", "{0}ごろから"},
  Entry{"works.from_day", "from {0}", "{0}から"},
  Entry{"works.by_or_at_once", "by the end of {0}; at once if you apply for it from {1} on", "{0}中({1}以降に申し込む場合は、すぐに利用できます)"},
  Entry{"works.by", "by the end of {0}", "{0}中"},
  Entry{"works.unknown", "no information", "情報はありません"},
  Entry{"works.caveat", "  {0}", "  {0}"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
