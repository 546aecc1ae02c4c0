#include "catalogue.hpp"

#include "policy/hours.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace madoguchi::policy {
namespace {

namespace json = boost::json;

// clang-format off
constexpr std::array rows{
  CodeRow{"channel.counter_only", Severity::block,
    "この手続きは{channel}では受け付けていません。マイナンバーカードをお持ちのうえ窓口へお越しください。",
    "This cannot be done {channel}; come to the counter with the My Number Card."},
  CodeRow{"residence.not_registered_here", Severity::block,
    "この市区町村に住民登録がありません。住民登録のある市区町村の窓口で手続きしてください。",
    "The holder is not in this municipality's resident register; go to the counter of the municipality where they are registered."},
  CodeRow{"window.too_early", Severity::block,
    "更新の受付は{opens_on}からです。{opens_on}以降に窓口へお越しください。{first_counter_day}",
    "Renewal is received from {opens_on}; come back on or after {opens_on}{first_counter_day}."},
  CodeRow{"office.closed", Severity::block,
    "{office}はただいま受付時間外です。{next_opening}{elsewhere}",
    "{office} is closed now{next_opening}{elsewhere}."},
  CodeRow{"office.after_last_reception", Severity::override_,
    "{office}の本日の受付は{last_reception}までで、{closes}に終了します。{what_next}{elsewhere}",
    "{office} receives until {last_reception} and closes at {closes}{what_next}{elsewhere}."},
  CodeRow{"office.service_not_offered", Severity::block,
    "{office}では{service}を取り扱っていません。{elsewhere}",
    "{office} does not do this: {service}{elsewhere}."},
  CodeRow{"reservation.expected", Severity::advise,
    "予約({need})をご確認ください。{how}",
    "Look for a reservation ({need}). {how}"},
  CodeRow{"crowding.expected", Severity::advise,
    "この時期・時間帯は窓口が大変混み合います。待ち人数をご確認のうえ、時間に余裕をもって手続きするようお伝えください。",
    "The counter is very busy at this time; tell the visitor to look at the waiting numbers and to allow time."},
  CodeRow{"certificate.expired", Severity::info,
    "{certificate}の有効期限({expires_on})が過ぎています。手続きが完了するまで、電子証明書を使うサービスは利用できないことをお伝えください。",
    "The {certificate} ended on {expires_on}; tell the visitor that services using it are unavailable until the procedure is completed."},
  CodeRow{"certificate.unknown", Severity::info,
    "{certificate}の状態がまだ分かりません。カードを読み取り(署名用は暗証番号の照合後)、判定し直してください。",
    "The state of the {certificate} is not known yet; decide again once the card has been read (the signature certificate: with its PIN)."},
  CodeRow{"certificate.state_needed", Severity::require,
    "電子証明書の状態が分からないため、行う手続きを決められません。カードを読み取ってから、もう一度判定してください。",
    "What there is to do cannot be told before the state of the certificates is known; read the card, then decide again."},
  CodeRow{"certificate.not_issued", Severity::block,
    "{holders}署名用電子証明書を発行していません。利用者証明用電子証明書の手続きをご希望かお尋ねください。",
    "No signature certificate is issued {holders}; ask whether the user authentication certificate is wanted instead."},
  CodeRow{"calendar.holidays_unknown", Severity::advise,
    "{day}が祝日かどうかは登録されていません(登録は{known})。開庁日を確かめてから案内してください。",
    "Whether {day} is a national holiday is not known here (known: {known}); make sure that the office is open before telling the visitor."},
  CodeRow{"expiry_check.holder_only", Severity::block,
    "有効期限の確認は、本人がカードを持参し暗証番号を入力する場合に限ります。本人が窓口へお越しください。",
    "Only the holder can have the last day looked up, with the card and its PIN; the holder has to come to the counter."},
  CodeRow{"card.renewal_required", Severity::redirect,
    "マイナンバーカードの有効期限は{card_expires_on}です。{reason}先にマイナンバーカードの更新を案内してください。",
    "The card's own last day is {card_expires_on}{reason}; guide the visitor to the renewal of the card first."},
  CodeRow{"documents.missing", Severity::require,
    "次のものが不足しています: {documents}。お持ちのうえ、もう一度お越しください。",
    "Still missing: {documents}. Come again and bring all of it."},
  CodeRow{"pin.reset_required", Severity::info,
    "{pins}の初期化(再設定)を行ってから手続きを続けます。新しい暗証番号を考えておくようお伝えください。",
    "Initialise first, then go on: {pins}. Ask for the new PIN to be thought of now."},
  CodeRow{"pin.retry_possible", Severity::advise,
    "{pins}が一致しませんでした。残り回数を確認し、残り{warn_at}回のときは間違いないか確かめてから再入力してください。",
    "Did not match: {pins}. Look at the tries left, and with {warn_at} left ask whether they are sure before trying again."},
  CodeRow{"notice.expected", Severity::info,
    "有効期限通知書は{from}から{to}ごろに国から郵送されます。お持ちでなくても手続きできます。",
    "The expiry notice is posted by the state between about {from} and {to}; go on without it."},
};
// clang-format on

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

Text label(const std::string& document) {
  if (document == "my_number_card") return {"本人のマイナンバーカード", "the holder's My Number Card"};
  if (document == "identity_document") return {"本人確認書類", "an identity document besides the card"};
  if (document == "photo_identity_document") {
    return {"官公署発行の顔写真付き本人確認書類(来庁する方のもの)",
            "an official photo identity document of the visitor"};
  }
  if (document == "family_register") return {"戸籍謄本", "the family register (koseki)"};
  if (document == "guardianship_registration") {
    return {"登記事項証明書", "the certificate of the guardianship registration"};
  }
  return {document, document};
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
      return {"予約優先", "reserved visits come first"};
    case ReservationNeed::required:
      return {"予約必須", "required"};
  }
  return {"任意", "optional"};
}

// With the weekday, which people plan by.
Text with_weekday(base::Date date) {
  static constexpr std::array<std::string_view, 7> ja{"日", "月", "火", "水", "木", "金", "土"};
  static constexpr std::array<std::string_view, 7> en{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
  const auto plain = param({}, date).shown;
  const auto weekday = weekday_of(date);
  return {plain.ja + "(" + std::string(ja.at(weekday)) + ")", std::string(en.at(weekday)) + " " + plain.en};
}

template <class Items>
Param list_param(std::string_view name, const Items& items) {
  Param result{name, json::array{}, {}};
  for (const auto& item : items) {
    if constexpr (std::is_same_v<typename Items::value_type, std::string>) {
      result.value.get_array().emplace_back(item);
    } else {
      result.value.get_array().emplace_back(json::string_view(to_text(item)));
    }
    const auto text = label(item);
    result.shown.ja.append(result.shown.ja.empty() ? "" : "、").append(text.ja);
    result.shown.en.append(result.shown.en.empty() ? "" : ", ").append(text.en);
  }
  return result;
}

std::string fill(std::string_view text, std::initializer_list<Param> params, std::string Text::*language) {
  std::string filled;
  while (true) {
    const auto open = text.find('{');
    filled.append(text.substr(0, open));
    if (open == std::string_view::npos) return filled;
    const auto close = text.find('}', open);
    const auto name = text.substr(open + 1, close - open - 1);
    const auto found =
        std::find_if(params.begin(), params.end(), [&](const Param& p) { return p.name == name; });
    if (found == params.end())
      throw std::logic_error("no parameter {" + std::string(name) + "} in a finding");
    filled.append(found->shown.*language);
    text.remove_prefix(close + 1);
  }
}

}  // namespace

std::span<const CodeRow> catalogue() {
  return rows;
}

Param param(std::string_view name, base::Date date) {
  static constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  const auto year = std::to_string(static_cast<int>(date.year()));
  const auto month = static_cast<unsigned>(date.month());
  const auto day = std::to_string(static_cast<unsigned>(date.day()));
  return {name,
          json::string(base::format_date(date)),
          {year + "年" + std::to_string(month) + "月" + day + "日",
           day + " " + months.at(month - 1) + " " + year}};
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

Param param(std::string_view name, const std::vector<std::string>& documents) {
  return list_param(name, documents);
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
  const auto day = base::date_in_japan(*at);
  const auto shown = with_weekday(day);
  const auto minute =
      std::chrono::floor<std::chrono::minutes>(*at - base::start_of_day_in_japan(day)).count();
  const auto text = minute_text(static_cast<int>(minute));
  return {"next_opening",
          json::string(base::format_time(*at)),
          {"次の受付は" + shown.ja + text + "からです。それ以降にお越しください。",
           "; come back on " + shown.en + " from " + text}};
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

Param why_card_first(bool ended) {
  if (ended) {
    return {"reason",
            "card_ended",
            {"期限が過ぎているため、このカードでは手続きできません。",
             ", which has passed, so nothing can be done on this card"}};
  }
  return {"reason",
          "ends_with_card",
          {"電子証明書の期限もカードと同じため、更新しても延びません。",
           ", and the certificate ends with it, so a new one would not last longer"}};
}

Param not_issued_to(bool face_authentication) {
  if (face_authentication) {
    return {"holders",
            "face_authentication",
            {"顔認証マイナンバーカードには、", "on a card for face authentication"}};
  }
  return {"holders",
          "without_capacity",
          {"規定の年齢に満たない方・成年被後見人の方には、",
           "to a holder below the age of capacity or to an adult ward"}};
}

Param known_holidays(const std::optional<base::Date>& from, const std::optional<base::Date>& to) {
  Text shown;
  if (from) {
    const auto day = param({}, *from).shown;
    shown = {day.ja + "から", "from " + day.en};
  }
  if (to) {
    const auto day = param({}, *to).shown;
    shown.ja += day.ja + "まで";
    shown.en += (shown.en.empty() ? "to " : " to ") + day.en;
  }
  return {"known", nullptr, shown};
}

std::vector<std::string_view> core_codes() {
  std::vector<std::string_view> codes;
  for (const auto& row : rows) codes.push_back(row.code);
  return codes;
}

std::vector<std::string> text_parameters(std::string_view code) {
  std::vector<std::string> names;
  for (const auto& row : rows) {
    if (row.code != code) continue;
    for (auto text = row.en; text.find('{') != std::string_view::npos;) {
      const auto open = text.find('{');
      const auto close = text.find('}', open);
      std::string name(text.substr(open + 1, close - open - 1));
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
      text.remove_prefix(close + 1);
    }
  }
  return names;
}

Finding make_finding(const Policy& policy, std::string_view code, std::string_view key,
                     std::initializer_list<Param> params) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const CodeRow& r) { return r.code == code; });
  if (row == rows.end()) throw std::logic_error("a finding with a code that is not in the catalogue");
  Finding finding;
  finding.code = row->code;
  finding.severity = row->severity;
  finding.rule = {std::string(key), policy.origin(key)};
  for (const auto& p : params) {
    if (!p.value.is_null()) finding.params[p.name] = p.value;
  }
  const auto own = policy.texts.find(code);
  const bool default_text = own == policy.texts.end();
  finding.message = {fill(default_text ? row->ja : std::string_view(own->second.ja), params, &Text::ja),
                     fill(default_text ? row->en : std::string_view(own->second.en), params, &Text::en)};
  return finding;
}

}  // namespace madoguchi::policy
