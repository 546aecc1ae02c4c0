#include "catalogue.hpp"

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
    "更新の受付は{opens_on}からです。{opens_on}以降に窓口へお越しください。",
    "Renewal is received from {opens_on}; come back on or after {opens_on}."},
  CodeRow{"certificate.expired", Severity::info,
    "{certificate}の有効期限({expires_on})が過ぎています。手続きが完了するまで、電子証明書を使うサービスは利用できないことをお伝えください。",
    "The {certificate} ended on {expires_on}; tell the visitor that services using it are unavailable until the procedure is completed."},
  CodeRow{"certificate.unknown", Severity::info,
    "{certificate}の状態がまだ分かりません。カードを読み取り(署名用は暗証番号の照合後)、判定し直してください。",
    "The state of the {certificate} is not known yet; decide again once the card has been read (the signature certificate: with its PIN)."},
  CodeRow{"expiry_check.holder_only", Severity::block,
    "有効期限の確認は、本人がカードを持参し暗証番号を入力する場合に限ります。本人が窓口へお越しください。",
    "Only the holder can have the last day looked up, with the card and its PIN; the holder has to come to the counter."},
  CodeRow{"card.renewal_required", Severity::redirect,
    "カードの有効期限({card_expires_on})のため、電子証明書を更新しても期限は延びません。先にマイナンバーカードの更新を案内してください。",
    "The card itself ends on {card_expires_on}, so a new certificate would not last longer; guide the visitor to the renewal of the card first."},
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

Finding make_finding(const Policy& policy, std::string_view code, std::string_view key,
                     std::initializer_list<Param> params) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const CodeRow& r) { return r.code == code; });
  if (row == rows.end()) throw std::logic_error("a finding with a code that is not in the catalogue");
  Finding finding;
  finding.code = row->code;
  finding.severity = row->severity;
  finding.rule = {std::string(key), policy.origin(key)};
  for (const auto& p : params) finding.params[p.name] = p.value;
  finding.message = {fill(row->ja, params, &Text::ja), fill(row->en, params, &Text::en)};
  return finding;
}

}  // namespace madoguchi::policy
