#include "follows.hpp"

namespace proxy_two_visit {
namespace {

namespace json = madoguchi::plugin::json;

Param said(const std::string& ja, const std::string& en) {
  return {"follows", nullptr, ja, en};
}

// Of a case that has begun the rest takes what one visit does.
Param of_the_rest(const FormRule& rule) {
  const json::string word("no_application");
  if (!rule.required())
    return {"follows", word, "残りの手続きは本日はできません。代理人が続けるには、正しい暗証番号が必要です。",
            "what is left cannot be done today. For a proxy to go on it takes the right PINs."};
  if (rule.sealed())
    return {
        "follows", word,
        "残りの手続きは本日はできません。代理人が続けるには、本人が正しい暗証番号を記入し、封入封かんした、有"
        "効期限内の照会書兼回答書が必要です。",
        "what is left cannot be done today. For a proxy to go on it takes a reply form in date that the "
        "holder has filled in with the right PINs and sealed."};
  return {
      "follows", word,
      "残りの手続きは本日はできません。代理人が続けるには、本人が正しい暗証番号を記入した、有効期限内の照会書"
      "兼回答書が必要です。",
      "what is left cannot be done today. For a proxy to go on it takes a reply form in date that the "
      "holder has filled in with the right PINs."};
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

// The application is received, and its letter is still to be posted.
Param of_a_later_day(const std::string& ja, const std::string& en) {
  return said(
      "本日は手続きできません。申請は受付済みで、本人あてに照会書兼回答書を郵送します。届きましたら、" + ja +
          "を持って、もう一度お越しください。",
      "nothing can be done today. The application is received, and a form will be posted to the holder; "
      "come again with it, " +
          en + ".");
}

// Of one that waits: no other letter is posted.
Param as_it_waits(const Inquiry& inquiry, const std::string& ja, const std::string& en) {
  const auto term = inquiry.last_letter()->return_by;
  const auto until_ja = date_in_japanese(term);
  const auto until_en = date_in_english(term);
  if (inquiry.phase == Phase::lapsed)
    return said("本日は手続きできません。郵送した照会書兼回答書の期限(" + until_ja +
                    ")が過ぎているため、新しい照会書兼回答書が必要です。",
                "nothing can be done today. The term of the form that was posted (" + until_en +
                    ") has passed: a new one is needed.");
  if (inquiry.phase == Phase::returned)
    return said("このままでは手続きできません。本人の回答書は届いており(" +
                    date_in_japanese(*inquiry.returned_on) + ")、市で保管しています(期限:" + until_ja +
                    ")。2回目の来庁として、その回答書で受け付けます。",
                "nothing can be done as it stands. The holder's answer came on " +
                    date_in_english(*inquiry.returned_on) + " and is kept here (last day: " + until_en +
                    "): the visit is received as the second one, with that form.");
  const auto on = inquiry.mailings.back().on;
  return said("本日は手続きできません。照会書兼回答書は本人あてに郵送済みです(" + date_in_japanese(on) +
                  "、期限:" + until_ja + ")。" + ja + "を持って、期限までにもう一度お越しください。",
              "nothing can be done today. The form was posted to the holder on " + date_in_english(on) +
                  " (last day: " + until_en + "): come again by then with it, " + en + ".");
}

}  // namespace

bool is_received(const Visit& visit) {
  return !visit.turned_away && !visit.needs_representative && visit.application;
}

Param follows(const Visit& visit, bool form_shown, const Prospect& prospect, const FormRule& rule) {
  if (!visit.application) return of_the_rest(rule);
  const std::string ja = rule.sealed() ? "本人が記入・封入したもの" : "本人が記入したもの";
  const std::string en = rule.sealed() ? "filled in and sealed by the holder" : "filled in by the holder";
  const auto& inquiry = prospect.inquiry;
  const bool received = is_received(visit);
  if (prospect.waits()) return as_it_waits(*inquiry, ja, en);
  if (visit.number != 1 || (inquiry && inquiry->phase != Phase::to_mail))
    return at_the_second(received, form_shown || prospect.failed, ja, en);
  const bool applies = !inquiry || (received && inquiry->begun_on == visit.day);
  return applies ? at_the_first(received, ja, en) : of_a_later_day(ja, en);
}

}  // namespace proxy_two_visit
