#include "renewal/receipt.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/code_book.hpp"
#include "renewal/before.hpp"
#include "renewal/changes.hpp"
#include "renewal/terminal.hpp"
#include "renewal/words.hpp"

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;

json::object both(const Words& words) {
  return {{"ja", words.ja}, {"en", words.en}};
}

json::object head(const Case& visit, std::string_view kind, const Words& title, base::Instant printed_at) {
  json::object sheet{{"kind", kind},
                     {"case", visit.id},
                     {"title", both(title)},
                     {"printed_at", base::format_time(printed_at)},
                     {"staff", visit.staff}};
  if (const auto* office = visit.facts.if_contains("office")) sheet["office"] = *office;
  if (!visit.card.empty()) sheet["card"] = visit.card;
  return sheet;
}

json::object copy_of(const mynumber::Certificate& certificate) {
  return {{"serial", certificate.serial},
          {"issuer", certificate.issuer},
          {"issued_on", base::format_date(certificate.issued_on)},
          {"expires_on", base::format_date(certificate.last_day)}};
}

// What the back office still has to ask the authority.
json::array open_questions(const Saga& saga) {
  json::array questions;
  if (saga.confirmation_unclear) questions.push_back(both(*words_for("confirmation.unclear")));
  if (saga.revocation_unclear) questions.push_back(both(*words_for("revocation.unclear")));
  if (saga.refusal_unclear) questions.push_back(both(*words_for("refusal.unclear")));
  return questions;
}

// Nothing has been done to it: on a card with one slot the old key is gone with the first command.
bool untouched_by(const Saga& saga) {
  return saga.phase == Phase::planned && saga.key_before.empty();
}

base::Result<json::object> line_of(const Case& visit, const Saga& saga, base::Instant printed_at) {
  json::object line{{"certificate", mynumber::name(saga.certificate)},
                    {"title", both(title(saga.certificate))},
                    {"done", saga.phase == Phase::done}};
  // What a clerk has accepted unread is told as that, without dates that nobody has seen.
  if (saga.phase == Phase::done && saga.new_certificate.empty()) {
    line["unread"] = true;
  } else if (saga.phase == Phase::done) {
    const auto fresh = mynumber::parse_certificate(saga.new_certificate);
    if (!fresh) return fresh.error();
    for (auto& [key, value] : copy_of(*fresh)) line[key] = std::move(value);
  }
  // Also of one that is not done: a certificate that was given back may have stayed good.
  auto questions = open_questions(saga);
  if (saga.phase == Phase::done || !questions.empty()) line["open_questions"] = std::move(questions);
  // What the official terminal has put there is not what was decided: whoever looks into it compares with it.
  if (saga.phase == Phase::handed_over && differing({saga}) && !saga.new_certificate.empty()) {
    const auto seen = mynumber::parse_certificate(saga.new_certificate);
    if (!seen) return seen.error();
    line["on_card"] =
        json::object{{"serial", seen->serial}, {"expires_on", base::format_date(seen->last_day)}};
  }
  if (const auto old = certificate_before(visit, saga)) {
    line[saga.phase == Phase::done ? "replaces" : "old"] =
        json::object{{"serial", old->serial}, {"expires_on", base::format_date(old->last_day)}};
    const bool usable = untouched_by(saga) && saga.action == Action::renew && old->whole &&
                        printed_at <= old->whole->not_after;
    if (usable) line["usable_until"] = base::format_date(old->last_day);
  }
  return line;
}

base::Result<json::array> lines_of(const Case& visit, base::Instant printed_at) {
  json::array lines;
  for (const auto& saga : visit.sagas) {
    auto line = line_of(visit, saga, printed_at);
    if (!line) return line.error();
    lines.push_back(std::move(*line));
  }
  return lines;
}

// The certificates that are not done, as they are spoken of.
std::pair<std::string, std::string> rest_of(const Case& visit) {
  std::string ja;
  std::string en;
  for (const auto& saga : visit.sagas) {
    if (saga.phase == Phase::done) continue;
    const auto words = title(saga.certificate);
    ja.append(ja.empty() ? "" : "と").append(words.ja);
    en.append(en.empty() ? "" : " and the ").append(words.en);
  }
  return {std::move(ja), std::move(en)};
}

// Whoever comes in the holder's place shows once more what let them act today: its rest is decided by who
// comes for it, and an envelope opened today does not count on another day.
Words again_in_the_holders_place(const Case& visit) {
  const auto role = visitor_in(visit.facts);
  // clang-format off
  if (comes_as_proxy(visit))
    return {"代理人が来庁される場合は、代理人の顔写真付き本人確認書類や、本人があらためて記入して封をした照会書兼回答書など、代理人に必要なものをすべてお持ちください(本人が来庁されることもできます)。",
            "A proxy brings all that a proxy needs once more, such as their own photo identification and a reply form filled in and sealed anew; the holder may come instead. "};
  if (role == "legal_representative")
    return {"法定代理人が来庁される場合は、法定代理人の顔写真付き本人確認書類や資格を証明する書類など、今回と同じものをもう一度お持ちください。",
            "A legal representative brings the same papers again, such as their photo identification and the proof of the representation. "};
  // clang-format on
  return {};
}

// What the holder does about the rest, and whether it serves until then.
json::object remaining(const Case& visit, const json::array& lines) {
  const auto [ja, en] = rest_of(visit);
  if (visit.given_up || visit.state == State::cancelled) {
    return {
        {"ja", ja + "は今回は発行していません。ご希望の場合は、あらためて窓口で手続きしてください。"},
        {"en", "The " + en + " was not issued this time. If it is wanted, come to the counter for it anew."}};
  }
  const bool usable = std::all_of(lines.begin(), lines.end(), [](const json::value& line) {
    return line.at("done") == true || line.get_object().contains("usable_until");
  });
  std::string told_ja = ja + "の手続きはまだ終わっていません。";
  std::string told_en = "The " + en + " is not done yet. ";
  told_ja += usable ? "手続き前の電子証明書は、有効期限までこれまでどおり使えます。"
                    : "終わるまで、" + ja + "を使うサービスは利用できないことがあります。";
  told_en += usable ? "The one from before serves as it did until its last day. "
                    : "Until it is, services that use it may not work. ";
  // clang-format off
  if (visit.attention) {
    told_ja += "窓口で確認していますので、確認が済みましたら、マイナンバーカードをお持ちのうえ、もう一度お越しください。";
    told_en += "The office is looking into it; come again with the card once that is settled. ";
  } else {
    told_ja += "別の日でも続きから手続きできます。マイナンバーカードをお持ちのうえ、暗証番号をご確認になり、もう一度窓口へお越しください。";
    told_en += "It can be finished on another day: come again with the card and its PINs. ";
  }
  // clang-format on
  const auto papers = again_in_the_holders_place(visit);
  told_ja += papers.ja;
  told_en += papers.en;
  return {{"ja", told_ja + "その際、受付番号をお伝えください。"},
          {"en", told_en + "Tell the counter the case's number."}};
}

// An old certificate may have ended by itself, so that only what the card holds is told of it.
json::object being_cancelled(const Case& visit) {
  const auto [ja, en] = rest_of(visit);
  return {
      {"ja", "この受付を取り消しています。認証局への連絡が済むと自動的に取り消されます。カードの" + ja +
                 "は手続き前のままです。"},
      {"en", "The case is being cancelled, and ends by itself once its authority knows. The card keeps the " +
                 en + " that it had."}};
}

// After its end a certificate is issued anew, which the city calls otherwise than a renewal.
Words completed_title(const Case& visit, bool cut_short) {
  const auto did = [&](Action action) {
    return std::any_of(visit.sagas.begin(), visit.sagas.end(),
                       [&](const Saga& s) { return s.phase == Phase::done && s.action == action; });
  };
  const bool renewed = did(Action::renew);
  const bool issued = did(Action::issue_new);
  if (renewed && issued)
    return {cut_short ? "一部の電子証明書の更新・新規発行が完了しました"
                      : "電子証明書の更新・新規発行が完了しました",
            cut_short ? "Some of the certificates have been renewed or newly issued"
                      : "The certificates have been renewed or newly issued"};
  if (issued)
    return {cut_short ? "一部の電子証明書の新規発行が完了しました" : "電子証明書の新規発行が完了しました",
            cut_short ? "Some of the certificates have been newly issued"
                      : "The certificates have been newly issued"};
  return {cut_short ? "一部の電子証明書の更新が完了しました" : "電子証明書の更新が完了しました",
          cut_short ? "Some of the certificates have been renewed" : "The certificates have been renewed"};
}

}  // namespace

base::Result<json::object> receipt_of(const Case& visit, base::Instant printed_at) {
  // Of a part that is done, also while the rest can yet be finished: its holder goes home with it.
  const bool stopped = visit.state == State::partly_completed || visit.state == State::cancelled;
  const bool in_part = stopped && std::any_of(visit.sagas.begin(), visit.sagas.end(),
                                              [](const Saga& s) { return s.phase == Phase::done; });
  if (visit.state != State::completed && !in_part) {
    return make_fault(Code::conflict, "a receipt before anything is complete",
                      {{"state", name(visit.state)}});
  }
  // A copy of certificates where there are none would be a sheet that says nothing.
  if (visit.sagas.empty()) {
    return make_fault(Code::conflict, "no certificate was issued",
                      {{"state", name(visit.state)},
                       {"cannot", "receipt"},
                       {"ja", "この受付では電子証明書を発行していないため、お渡しする写しはありません。"},
                       {"en", "No certificate was issued in this case, so there is no copy to hand over."}});
  }
  auto lines = lines_of(visit, printed_at);
  if (!lines) return lines.error();
  const auto title = completed_title(visit, in_part);
  auto sheet = head(visit, "completed", title, printed_at);
  if (in_part) sheet["remaining"] = remaining(visit, *lines);
  sheet["certificates"] = std::move(*lines);
  return sheet;
}

base::Result<json::object> incident_slip_of(const Case& visit, base::Instant printed_at) {
  // From the intent on: on a card with one slot the old key is gone with the next command.
  const bool under_way = visit.state != State::cancelled &&
                         std::any_of(visit.sagas.begin(), visit.sagas.end(), [](const Saga& s) {
                           return s.phase != Phase::planned && s.phase != Phase::done;
                         });
  if (!visit.attention && !under_way && !visit.card_gone) {
    return make_fault(Code::conflict, "an incident slip where nothing is the matter",
                      {{"state", name(visit.state)}});
  }
  auto lines = lines_of(visit, printed_at);
  if (!lines) return lines.error();
  auto sheet = head(visit, "incident", {"確認が必要な受付です", "This case needs a person"}, printed_at);
  sheet["certificates"] = std::move(*lines);
  if (visit.attention) {
    const auto& book = base::entry(visit.attention->code);
    sheet["reason"] = json::object{{"code", book.reason}, {"ja", book.ja}, {"en", book.en}};
    sheet["look_at"] = json::object{{"ja", visit.attention->look_ja}, {"en", visit.attention->look_en}};
  } else if (visit.card_gone) {
    sheet["look_at"] = both(
        visit.state == State::cancelled
            ? Words{"カードが使えないため、この受付を取り消しました。カードの再交付をご案内ください。",
                    "The case was cancelled because its card is gone. Have the card replaced."}
            : Words{"カードが使えないため、この受付を取り消しています。認証局への連絡が済むと自動的に取り消さ"
                    "れます。カードの再交付をご案内ください。",
                    "The case is being cancelled because its card is gone, and ends by itself once its "
                    "authority knows. Have the card replaced."});
  } else if (visit.given_up) {
    sheet["look_at"] = being_cancelled(visit);
  } else if (visit.channel == Channel::terminal) {
    sheet["look_at"] = both(
        {"統合端末での手続きの途中です。終わったら、カードをカードリーダーに戻して「発行」をもう一度行うと、"
         "新しい証明書を確かめて完了します。",
         "The work at the official terminal is under way. When it is done, put the card back on the card "
         "reader and issue again: the new certificates are made sure of, and the case completes."});
  } else {
    sheet["look_at"] =
        both({"発行の途中です。同じカードで「発行」をもう一度行うと続きから再開します。",
              "The issuing is under way. Issuing again with the same card goes on from here."});
  }
  return sheet;
}

}  // namespace madoguchi::renewal
