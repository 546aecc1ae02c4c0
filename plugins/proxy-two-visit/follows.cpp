#include "follows.hpp"

namespace proxy_two_visit {
namespace {

Param said(const std::string& ja, const std::string& en) {
  return {"follows", nullptr, ja, en};
}

Param at_the_first(bool received, const std::string& ja, const std::string& en) {
  if (received)
    return said("本日は申請のみ受け付けます。後日、本人あてに照会書兼回答書を郵送しますので、" + ja +
                    "を持って、もう一度お越しください。",
                "only an application is received today. A form will be posted to the holder; come again with "
                "it, " +
                    en + ".");
  return said(
      "2回の来庁が必要です。申請はまだ受け付けていません。必要な書類がそろい、受付できる日時に申請していただ"
      "く"
      "と、本人あてに照会書兼回答書を郵送します。",
      "it takes two visits. The application is not received yet: with all that it takes, at a time of "
      "reception, it can be, and a form is then posted to the holder.");
}

Param at_the_second(bool received, bool form_shown, const std::string& ja, const std::string& en) {
  if (!form_shown)
    return said("本日は手続きできません。市から本人あてに郵送する照会書兼回答書(" + ja +
                    ")を持って、期限までにもう一度お越しください。",
                "nothing can be done today. Come again by its last day with the form that the city posts to "
                "the holder, " +
                    en + ".");
  if (received)
    return said("本日は手続きできません。後日、本人あてに新しい照会書兼回答書を郵送しますので、" + ja +
                    "を持って、もう一度お越しください。",
                "nothing can be done today. A new form will be posted to the holder; come again with it, " +
                    en + ".");
  return said(
      "新しい照会書兼回答書が必要です。必要な書類がそろい、受付できる日時にお越しいただくと、本人あてに郵送し"
      "ま"
      "す。",
      "a new form is needed. With all that it takes, at a time of reception, it is posted to the holder.");
}

}  // namespace

bool is_received(const Visit& visit) {
  return !visit.turned_away && !visit.needs_representative;
}

Param follows(const Visit& visit, bool form_shown, const FormRule& rule) {
  const std::string ja = rule.sealed() ? "本人が記入・封入したもの" : "本人が記入したもの";
  const std::string en = rule.sealed() ? "filled in and sealed by the holder" : "filled in by the holder";
  return visit.number == 1 ? at_the_first(is_received(visit), ja, en)
                           : at_the_second(is_received(visit), form_shown, ja, en);
}

}  // namespace proxy_two_visit
