// Parameters of findings, as programs read them and as people do.
#include <algorithm>
#include <array>

#include "catalogue.hpp"
#include "policy/day_text.hpp"
#include "policy/hours.hpp"

namespace madoguchi::policy {
namespace {

namespace json = boost::json;

Text label(Certificate certificate) {
  if (certificate == Certificate::signature) return {"署名用電子証明書", "signature certificate"};
  return {"利用者証明用電子証明書", "user authentication certificate"};
}

Text label(Pin pin) {
  switch (pin) {
    case Pin::signature:
      return {"署名用電子証明書の暗証番号", "PIN of the signature certificate"};
    case Pin::authentication:
      return {"利用者証明用電子証明書の暗証番号", "PIN of the user authentication certificate"};
    case Pin::resident_register:
      break;
  }
  return {"住民基本台帳用の暗証番号", "PIN of the resident register"};
}

Text label(Channel channel) {
  switch (channel) {
    case Channel::counter:
      break;
    case Channel::online:
      return {"スマートフォンやパソコン", "by smartphone or computer"};
    case Channel::phone:
      return {"電話", "by telephone"};
    case Channel::mail:
      return {"郵送", "by post"};
  }
  return {"窓口", "at a counter"};
}

Text label(Service service) {
  switch (service) {
    case Service::holder:
      break;
    case Service::proxy:
      return {"代理人による手続き", "visits by a proxy"};
    case Service::legal_representative:
      return {"法定代理人による手続き", "visits by a legal representative"};
    case Service::renewal:
      return {"電子証明書の更新", "renewal of certificates"};
    case Service::new_issuance:
      return {"電子証明書の新規発行", "new issuance of certificates"};
    case Service::pin_reset:
      return {"暗証番号の初期化", "resetting PINs"};
    case Service::expiry_check:
      return {"有効期限の確認", "looking up the last day"};
  }
  return {"本人による手続き", "visits by the holder"};
}

Text label(ReservationNeed need) {
  switch (need) {
    case ReservationNeed::optional:
      break;
    case ReservationNeed::priority:
      return {"優先", "reserved visits come first"};
    case ReservationNeed::required:
      return {"必須", "required"};
  }
  return {"任意", "optional"};
}

constexpr std::array<std::string_view, 7> weekdays_ja{"日", "月", "火", "水", "木", "金", "土"};
constexpr std::array<std::string_view, 7> weekdays_en{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};

// With the weekday, which people plan by.
Text with_weekday(base::Date date) {
  const auto plain = param({}, date).shown;
  const auto weekday = weekday_of(date);
  return {plain.ja + "(" + std::string(weekdays_ja.at(weekday)) + ")",
          std::string(weekdays_en.at(weekday)) + " " + plain.en};
}

std::pair<base::Date, std::string> japan_time(base::Instant at) {
  const auto day = base::date_in_japan(at);
  const auto minute = std::chrono::floor<std::chrono::minutes>(at - base::start_of_day_in_japan(day)).count();
  return {day, minute_text(static_cast<int>(minute))};
}

void append(Param& list, std::string_view word, const Text& shown) {
  list.value.get_array().emplace_back(json::string_view(word));
  list.shown.ja.append(list.shown.ja.empty() ? "" : "、").append(shown.ja);
  list.shown.en.append(list.shown.en.empty() ? "" : ", ").append(shown.en);
}

template <class Word>
Param list_param(std::string_view name, const std::vector<Word>& words) {
  Param result{name, json::array{}, {}};
  for (const auto word : words) append(result, to_text(word), label(word));
  return result;
}

// "火・水・木曜日15:00-17:00", "Tuesday, Wednesday, Thursday 15:00-17:00".
Text shown_time(const CrowdingRule& time) {
  Text shown;
  if (time.when) {
    const auto& [from, to] = *time.when;
    const auto ja = [](std::chrono::month_day d) {
      return std::to_string(unsigned{d.month()}) + "月" + std::to_string(unsigned{d.day()}) + "日";
    };
    const auto en = [](std::chrono::month_day d) {
      return std::to_string(unsigned{d.day()}) + "/" + std::to_string(unsigned{d.month()});
    };
    shown = {ja(from) + "から" + ja(to) + "までの", "from " + en(from) + " to " + en(to) + " (day/month) "};
  }
  if (time.days != every_weekday) {
    Text days;
    for (unsigned day = 0; day < weekdays_ja.size(); ++day) {
      if (!has(time.days, day)) continue;
      days.ja.append(days.ja.empty() ? "" : "・").append(weekdays_ja.at(day));
      days.en.append(days.en.empty() ? "" : ", ").append(weekdays_en.at(day));
    }
    shown.ja += days.ja + "曜日";
    shown.en += days.en;
  }
  if (time.hours) {
    shown.ja += to_text(*time.hours);
    shown.en.append(shown.en.empty() || shown.en.ends_with(' ') ? "" : " ").append(to_text(*time.hours));
  }
  return shown;
}

}  // namespace

Param param(std::string_view name, base::Date date) {
  return {name, json::string(base::format_date(date)), day_text(date)};
}

Param param(std::string_view name, std::int64_t number) {
  return {name, number, {std::to_string(number), std::to_string(number)}};
}

Param param(std::string_view name, Certificate certificate) {
  return {name, json::string_view(to_text(certificate)), label(certificate)};
}

Param param(std::string_view name, Channel channel) {
  return {name, json::string_view(to_text(channel)), label(channel)};
}

Param param(std::string_view name, const std::vector<Pin>& pins) {
  return list_param(name, pins);
}

Param param(std::string_view name, const std::vector<std::string>& documents, const DocumentRules& rules) {
  Param result{name, json::array{}, {}};
  for (const auto& document : documents) append(result, document, rules.name(document));
  return result;
}

Param param(std::string_view name, Service service) {
  return {name, json::string_view(to_text(service)), label(service)};
}

Param param(std::string_view name, ReservationNeed need) {
  return {name, json::string_view(to_text(need)), label(need)};
}

Param param(std::string_view name, const std::string& id, const Text& shown) {
  return {name, json::string_view(id), shown};
}

Param clock(std::string_view name, int minute) {
  const auto text = minute_text(minute);
  return {name, json::string(text), {text, text}};
}

Param first_counter_day(const std::optional<base::Date>& day) {
  if (!day) return {"first_counter_day", nullptr, {}};
  const auto shown = with_weekday(*day);
  return {"first_counter_day",
          json::string(base::format_date(*day)),
          {"この窓口が最初に開くのは" + shown.ja + "です。", "; this counter is first open on " + shown.en}};
}

Param next_opening(const std::optional<base::Instant>& at) {
  if (!at)
    return {"next_opening",
            nullptr,
            {"今後1年は開く予定がないため、他の窓口を案内してください。",
             " and does not open within a year; guide the visitor to another office"}};
  const auto [day, minute] = japan_time(*at);
  const auto shown = with_weekday(day);
  return {"next_opening",
          json::string(base::format_time(*at)),
          {"次の受付は" + shown.ja + minute + "からです。それ以降にお越しください。",
           "; come back on " + shown.en + " from " + minute}};
}

Param no_next_opening() {
  return {"next_opening", nullptr, {}};
}

Param no_what_next() {
  return {"what_next", nullptr, {}};
}

Text until(int minute) {
  const auto text = minute_text(minute);
  return {"(" + text + "まで)", " (until " + text + ")"};
}

Text from_when(base::Instant opening) {
  const auto [day, minute] = japan_time(opening);
  const auto shown = with_weekday(day);
  return {"(" + shown.ja + minute + "から)", " (from " + shown.en + " " + minute + ")"};
}

Param what_next(Enforcement enforcement, const std::optional<base::Instant>& next) {
  if (enforcement == Enforcement::refuse) return {"what_next", nullptr, next_opening(next).shown};
  return {
      "what_next", nullptr, {"理由を記録すれば受け付けられます。", "; go on only with a reason on record"}};
}

Param elsewhere(const Text& offices) {
  if (offices.en.empty()) return {"elsewhere", nullptr, {}};
  return {"elsewhere",
          json::string(offices.en),
          {"ご利用いただける窓口: " + offices.ja + "。", "; go to: " + offices.en}};
}

Param offered_at(const Text& offices) {
  if (!offices.en.empty()) return elsewhere(offices);
  return {
      "elsewhere",
      nullptr,
      {"取り扱う窓口を自治体の担当課にお問い合わせください。", "; ask the municipality where it is done"}};
}

Param months_before(const NoticeRule& notice) {
  const auto first = std::to_string(notice.from_months_before);
  const auto last = std::to_string(notice.to_months_before);
  const json::object value{{"from", notice.from_months_before}, {"to", notice.to_months_before}};
  if (first == last) return {"months", value, {first, first}};
  return {"months", value, {last + "~" + first, last + " to " + first}};
}

Param posted(bool by_now) {
  if (by_now) return {"posted", true, {"郵送されているはずです", "should have been posted"}};
  return {"posted", false, {"郵送されます", "is posted"}};
}

Param instead(const std::vector<Channel>& channels) {
  return list_param("channels", channels);
}

Param limit(const std::optional<int>& visits) {
  if (!visits) return {"limit", nullptr, {}};
  const auto number = std::to_string(*visits);
  return {"limit", *visits, {"1日" + number + "件までのため、", " (at most " + number + " visits a day)"}};
}

Param bookable_from(const std::optional<base::Date>& day) {
  if (!day) return {"first_bookable", nullptr, {}};
  const auto shown = with_weekday(*day);
  return {"first_bookable",
          json::string(base::format_date(*day)),
          {"今から予約できる最初の日は" + shown.ja + "です。",
           " The first day that can still be booked is " + shown.en + "."}};
}

Param quiet_times(const std::vector<CrowdingRule>& times) {
  Text list;
  for (const auto& time : times) {
    const auto one = shown_time(time);
    list.ja.append(list.ja.empty() ? "" : "、").append(one.ja);
    list.en.append(list.en.empty() ? "" : ", ").append(one.en);
  }
  if (list.ja.empty()) return {"quiet", nullptr, {}};
  return {"quiet",
          json::string(list.en),
          {"比較的空いているのは" + list.ja + "です。", " It is usually quieter: " + list.en + "."}};
}

Text DocumentRules::name(const std::string& type) const {
  static const std::map<std::string_view, Text> everywhere{
      {"expiry_notice", {"有効期限通知書", "the expiry notice"}},
      {"reply_form", {"照会書兼回答書", "the reply form"}},
      {"my_number_card", {"本人のマイナンバーカード", "the holder's My Number Card"}},
      {"drivers_licence", {"運転免許証", "the driver's licence"}},
      {"passport", {"パスポート", "the passport"}},
      {"residence_card", {"在留カード", "the residence card"}},
      {"disability_handbook", {"障害者手帳", "the disability handbook"}},
      {"health_insurance_card", {"健康保険証", "the health insurance card"}},
      {"eligibility_certificate", {"資格確認書", "the eligibility certificate of the health insurance"}},
      {"company_badge", {"社員証", "the company badge"}},
      {"identity_document", {"本人確認書類", "an identity document besides the card"}},
      {"photo_identity_document",
       {"官公署発行の顔写真付き本人確認書類(来庁する方のもの)",
        "an official photo identity document of the visitor"}},
      {"family_register", {"戸籍謄本", "the family register (koseki)"}},
      {"guardianship_registration", {"登記事項証明書", "the certificate of the guardianship registration"}}};
  if (const auto own = own_names.find(type); own != own_names.end()) return own->second;
  const auto known = everywhere.find(type);
  return known == everywhere.end() ? Text{type, type} : known->second;
}

}  // namespace madoguchi::policy
