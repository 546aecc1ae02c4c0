#include "waits.hpp"

namespace proxy_two_visit {

using madoguchi::plugin::date_in_english;
using madoguchi::plugin::date_in_japanese;

Words waits_for(const Inquiry& inquiry) {
  const auto term = inquiry.last_letter()->return_by;
  const auto ja = date_in_japanese(term);
  const auto en = date_in_english(term);
  switch (inquiry.phase) {
    case Phase::to_mail:
      return {"照会書兼回答書(期限:" + ja + ")を本人あてに郵送します。",
              "The inquiry (last day: " + en + ") will be posted to the holder."};
    case Phase::mailed: {
      const auto on = inquiry.mailings.back().on;
      return {"照会書兼回答書を郵送しました(" + date_in_japanese(on) + "、期限:" + ja +
                  ")。本人が記入したものを持って、期限までにもう一度お越しいただくのをお待ちしています。",
              "The inquiry was posted on " + date_in_english(on) + " (last day: " + en +
                  "): the proxy has to come again by then with the form that the holder has filled in."};
    }
    case Phase::returned:
      return {"回答書が届きました(" + date_in_japanese(*inquiry.returned_on) +
                  ")。市で保管しています。代理人がもう一度お越しになるのをお待ちしています(期限:" + ja +
                  ")。",
              "The answer came on " + date_in_english(*inquiry.returned_on) +
                  " and is kept here: the proxy has to come again by " + en + "."};
    case Phase::lapsed:
    case Phase::second_visit:
      break;
  }
  return {"照会書兼回答書の期限(" + ja + ")が過ぎました。新しい照会書が必要です。",
          "The term of the inquiry (" + en + ") has passed: another letter is needed."};
}

Words not_told_apart() {
  return {
      "同じ日付で内容の異なる照会書を郵送しているため、返ってきた回答書がどの照会書のものか区別できません。ど"
      "の"
      "照会書でも尋ねた内容だけを、本人の回答として扱います。区別が必要なときは、新しい照会書を作成してくださ"
      "い。",
      "Another letter with these days was posted and asked otherwise, so nothing tells whose form comes "
      "back: only what all of them asked about will count. To have it told apart make another one "
      "(`anew`)."};
}

Words why_again(bool told_since) {
  if (told_since)
    return {"照会書の郵送後に、照合できない暗証番号があることが分かりました。",
            "Since the letter was posted a PIN has been found that cannot be verified. "};
  return {"2回目の来庁では手続きを完了できませんでした。", "The second visit could not complete it. "};
}

Words came_again(const Inquiry& inquiry, bool by_proxy) {
  const auto ja = date_in_japanese(inquiry.first_visit_on);
  const auto en = date_in_english(inquiry.first_visit_on);
  if (!by_proxy) {
    return {"代理人ではない方が来庁されたため、照会書の回答を待たずに手続きします(申請:" + ja + ")",
            "Somebody who is no proxy has come, so the holder's answer is not waited for (application: " +
                en + ")"};
  }
  const bool unposted = !inquiry.posting_recorded();
  return {"2回目の来庁を受け付けました(1回目:" + ja + ")" + (unposted ? "。郵送の記録はありません" : ""),
          "The second visit is received (the first was on " + en + ")" +
              (unposted ? "; no posting was recorded" : "")};
}

}  // namespace proxy_two_visit
