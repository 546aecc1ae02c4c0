#include "catalogue.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace madoguchi::policy {
namespace {

// clang-format off
constexpr std::array rows{
  CodeRow{"channel.counter_only", Severity::block,
    "この手続きは{channel}では受け付けていません。マイナンバーカードをお持ちのうえ窓口へお越しください。",
    "This cannot be done {channel}; come to the counter with the My Number Card."},
  CodeRow{"channel.application_only", Severity::second_visit,
    "{channel}では申請のみ受け付けます。後日、本人あてに照会書兼回答書を郵送しますので、本人が記入したものを持って窓口へお越しください。",
    "Only an application is received {channel}. A form will be posted to the holder; come to the counter with it, filled in by the holder."},
  CodeRow{"channel.new_issuance", Severity::block,
    "電子証明書の新規発行は{channel}では受け付けていません。{channels}で手続きしてください。",
    "A new issuance cannot be done {channel}; it is done {channels}."},
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
    "予約({need})をご確認ください。{how}{first_bookable}",
    "Look for a reservation ({need}). {how}{first_bookable}"},
  CodeRow{"reception.limited", Severity::advise,
    "{office}では{limit}本日の受付を早めに締め切ることがあります。まだ受付できるか確かめてから案内してください。",
    "{office} may stop receiving early today{limit}; make sure that there is a place left before sending the visitor on."},
  CodeRow{"crowding.expected", Severity::advise,
    "この時期・時間帯は窓口が大変混み合います。待ち人数をご確認のうえ、時間に余裕をもって手続きするようお伝えください。{quiet}",
    "The counter is very busy at this time; tell the visitor to look at the waiting numbers and to allow time.{quiet}"},
  CodeRow{"certificate.expired", Severity::info,
    "{certificate}の有効期限({expires_on})が過ぎています。{until}",
    "The {certificate} ended on {expires_on}; tell the visitor that services using it are unavailable {until}."},
  CodeRow{"certificate.revoked", Severity::info,
    "{certificate}は失効しています。暗証番号を初期化しても使えるようにはなりません。使うには新規発行の手続きが必要です。",
    "The {certificate} is revoked: initialising its PIN does not bring it back. To use it, a new one has to be issued."},
  CodeRow{"certificate.unknown", Severity::info,
    "{certificate}の状態がまだ分かりません。カードを読み取り(署名用は暗証番号の照合後)、判定し直してください。",
    "The state of the {certificate} is not known yet; decide again once the card has been read (the signature certificate: with its PIN)."},
  CodeRow{"certificate.capped", Severity::advise,
    "署名用電子証明書だけを手続きすると、新しい有効期限は利用者証明用電子証明書と同じ{expires_on}になります。利用者証明用電子証明書も一緒に更新するかお尋ねください。",
    "Made alone, the new signature certificate would end with the user authentication certificate, on {expires_on}; ask whether that one is to be renewed too."},
  CodeRow{"certificate.state_needed", Severity::advise,
    "{unread}、もう一度判定してください。",
    "{unread}, then decide again."},
  CodeRow{"certificate.not_issued", Severity::advise,
    "{holders}署名用電子証明書を発行していません。利用者証明用電子証明書の手続きをご希望かお尋ねください。",
    "No signature certificate is issued {holders}; ask whether the user authentication certificate is wanted instead."},
  CodeRow{"calendar.holidays_unknown", Severity::advise,
    "{day}が祝日かどうかは登録されていません(登録は{known})。開庁日を確かめてから案内してください。",
    "Whether {day} is a national holiday is not known here (known: {known}); make sure that the office is open before telling the visitor."},
  CodeRow{"expiry_check.holder_only", Severity::block,
    "有効期限の確認は、本人がカードを持参し暗証番号を入力する場合に限ります。本人が窓口へお越しください。",
    "Only the holder can have the last day looked up, with the card and its PIN; the holder has to come to the counter."},
  CodeRow{"expiry_check.pin_needed", Severity::advise,
    "有効期限の確認には{pins}の入力が必要です。先に暗証番号の初期化(再設定)を案内してください。",
    "The last day is looked up with a PIN that is not known or locked ({pins}); offer to have it initialised first."},
  CodeRow{"expiry_check.other_ways", Severity::advise,
    "電子証明書の有効期限は、マイナンバーカードの表面(カードの有効期限の下)に記入されています。空白の場合は、{ways}でも確認できます。有効期限通知書は、有効期限のおおよそ{months}か月前に国から郵送されます。",
    "The certificates' last day is written on the front of the card, below the card's own; where it is blank, it can also be seen {ways}. The expiry notice is posted by the state about {months} months before it."},
  CodeRow{"card.renewal_required", Severity::redirect,
    "マイナンバーカードの有効期限は{card_expires_on}です。{reason}先にマイナンバーカードの更新を案内してください。",
    "The card's own last day is {card_expires_on}{reason}; guide the visitor to the renewal of the card first."},
  CodeRow{"documents.missing", Severity::require,
    "次のものが不足しています: {documents}。お持ちのうえ、もう一度お越しください。",
    "Still missing: {documents}. Come again and bring all of it."},
  CodeRow{"pin.reset_required", Severity::info,
    "{pins}の初期化(再設定)を行ってから手続きを続けます。新しい暗証番号を考えておくようお伝えください。",
    "Initialise first, then go on: {pins}. Ask for the new PIN to be thought of now."},
  CodeRow{"pin.nothing_to_reset", Severity::advise,
    "{why}",
    "{why}"},
  CodeRow{"pin.retry_possible", Severity::advise,
    "{pins}が一致しませんでした。残り回数を確認し、残り{warn_at}回のときは間違いないか確かめてから再入力してください。",
    "Did not match: {pins}. Look at the tries left, and with {warn_at} left ask whether they are sure before trying again."},
  CodeRow{"notice.expected", Severity::info,
    "有効期限通知書は{from}から{to}ごろに国から{posted}。お持ちでなくても手続きできます。",
    "The expiry notice {posted} by the state between about {from} and {to}; go on without it."},
};
// clang-format on

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

std::vector<std::string_view> core_codes() {
  std::vector<std::string_view> codes;
  codes.reserve(std::size(rows));
  for (const auto& row : rows) codes.push_back(row.code);
  return codes;
}

std::vector<std::string> text_parameters(std::string_view code) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const CodeRow& r) { return r.code == code; });
  return row == rows.end() ? std::vector<std::string>() : parameters_in(row->en);
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
