// What the plugin may say of a visit.
#pragma once

#include <array>
#include <madoguchi/answer.hpp>

namespace proxy_two_visit {

using madoguchi::plugin::Code;
using madoguchi::plugin::Severity;

// What follows is the same for several of them, but not at every visit: see follows.hpp.
inline constexpr std::array codes{
    Code{"proxy.reply_form_missing", Severity::second_visit,
         "本人が記入した照会書兼回答書がないため、{follows}",
         "Without the reply form filled in by the holder {follows}"},
    Code{"proxy.reply_form_expired", Severity::second_visit,
         "照会書兼回答書の有効期限が過ぎている(または確認できない)ため、{follows}",
         "The reply form has ended, or its last day is not known, so {follows}"},
    Code{"proxy.reply_form_not_sealed", Severity::second_visit,
         "照会書兼回答書が封入封かんされていないため、{follows}",
         "The reply form is not in an envelope sealed by the holder, so {follows}"},
    Code{"proxy.pin_mismatch", Severity::second_visit,
         "{pins}が照合できません。代理人の場合は本日初期化できないため、{follows}",
         "Could not be verified: {pins}. For a proxy it cannot be initialised today, so {follows}"},
    Code{
        "proxy.pin_reset_answered", Severity::require,
        "{pins}の初期化は本人に照会済みで、封筒には新しい暗証番号が記入されています。いまの暗証番号としては照"
        "合せず、受付に「忘れた」(ロックされているときは「ロック」)と記録してから、初期化してください。",
        "The holder was asked about initialising this, and the envelope has the new one: {pins}. Do not "
        "verify it. Tell that it is forgotten (or locked), then initialise it."},
    Code{"proxy.pin_reset_needs_inquiry", Severity::second_visit,
         "代理人による暗証番号の初期化には、本人への文書照会が必要なため、{follows}",
         "Before a proxy can have a PIN initialised the holder is asked by post, so {follows}"},
    Code{"proxy.pin_reset_by_holder", Severity::block,
         "暗証番号の初期化は本人の来庁が必要です。ご本人がマイナンバーカードと本人確認書類を持ってお越しく"
         "ださい。",
         "To have a PIN initialised the holder comes in person, with the My Number Card and "
         "identification."},
    Code{
        "proxy.inquiry_not_needed", Severity::info,
        "カードの電子証明書がほかの受付や端末で更新されたため、照会は不要になりました。この受付は取り消してく"
        "ださい。",
        "The card was renewed elsewhere, so the inquiry is not needed any more: cancel this case."},
    Code{"proxy.inquiry_days", Severity::info, "{visit}の来庁までの目安:{days}",
         "Until the {visit} visit: {days}"},
    Code{"proxy.inquiry_term", Severity::info,
         "照会書兼回答書の有効期限(発行から{term}日)が、次の来庁の目安({days}日)"
         "より先に来ます。届きましたら"
         "早めに記入し、書面にある期限までにお越しください。",
         "The form is valid for {term} days from its issue, which is less than the {days} days that are "
         "usual "
         "until the next visit. Fill it in as soon as it comes, and come by the day printed on it."},
    Code{"proxy.certificate_ends_first", Severity::info,
         "電子証明書の有効期限({ends_on})が、次の来庁の目安({likely_on}ごろ)より先に来ます。有効期限を過ぎ"
         "ると、手続きが完了するまでコンビニ交付やe-"
         "Taxなど電子証明書を使うサービスは利用できず、手続きは更新ではなく新規発行になります。有効期限までに"
         "本人が来庁される場合は、更新できます。",
         "A certificate ends on {ends_on}, before the next visit is likely (about {likely_on}). After that "
         "day the services that use it stop until the procedure is completed, which is then a new issuance "
         "and no renewal. It can be renewed if the holder comes in person by that day."},
};

}  // namespace proxy_two_visit
