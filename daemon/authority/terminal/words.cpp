#include "authority/terminal.hpp"

#include <array>

#include "mynumber/titles.hpp"

namespace madoguchi::authority::terminal {
namespace {

using mynumber::CertificateName;
using mynumber::PinName;
using Text = mynumber::Title;

// "{0}" the name, "{1}" and "{2}" what was found and expected.
std::string filled(std::string_view text, const std::array<std::string_view, 3>& values) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}') {
      out.append(values.at(static_cast<std::size_t>(text[i + 1] - '0')));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

Words filled(const Text& text, const Text& name, const std::string& found = {},
             const std::string& expected = {}) {
  return {filled(text.ja, {name.ja, found, expected}), filled(text.en, {name.en, found, expected})};
}

// clang-format off
Text text_of(Point point, bool has_pin) {
  switch (point) {
    case Point::unread:
      return has_pin ? Text{"{0}は、暗証番号が照合されていないため読み取っていません。",
                            "The {0} was not read, since its PIN has not been checked here."}
                     : Text{"{0}は、暗証番号のないカードのため、ここでは読み取れません。",
                            "The {0} cannot be read here: the card has no PIN."};
    case Point::unasked:
      return has_pin ? Text{"{0}の新しい鍵が応答するかどうかは、暗証番号が照合されていないため確かめていません。",
                            "Whether the new key of the {0} answers was not tried, since its PIN has not been checked here."}
                     : Text{"{0}の新しい鍵が応答するかどうかは、暗証番号のないカードのため確かめられません。",
                            "Whether the new key of the {0} answers cannot be tried: the card has no PIN."};
    case Point::old_one:
      return {"カードの{0}は、手続き前のもの(シリアル番号 {1})のままです。",
              "The card still holds the {0} from before (serial {1})."};
    case Point::missing:
      return {"カードに{0}が入っていません。", "The card holds no {0} any more."};
    case Point::issued_before:
      return {"{0}の発行日は{1}で、統合端末に引き継いだ{2}より前です。",
              "The {0} was issued on {1}, before the card was handed over on {2}."};
    case Point::not_begun:
      return {"{0}の有効期間が始まっていません(開始 {1})。この時刻を過ぎている場合は、このパソコンの時計が遅れていますので、時計を直してから「発行」をもう一度行ってください。",
              "The {0} has not begun to be valid (it begins at {1}). If it is later than that, this computer's clock is slow: have it set right, and issue again."};
    case Point::ended:
      return {"{0}の有効期間が{1}で終わっています。", "The {0} has ended on {1}."};
    case Point::issuer:
      return {"{0}の発行者が手続き前と異なります(今回 {1}、手続き前 {2})。",
              "The {0} has another issuer than before: {1}; before it was {2}."};
    case Point::key_size:
      return {"{0}の鍵の長さは{1}ビットで、{2}ビットではありません。", "The key of the {0} has {1} bits, not {2}."};
    case Point::usage:
      return {"{0}の鍵の用途が手続き前の証明書と異なります。", "The {0} is for another key usage than the one before."};
    case Point::ends_earlier:
      return {"{0}の有効期限は{1}で、ご案内した{2}より早く終わります。",
              "The {0} ends on {1}, earlier than {2}, which was decided and told."};
    case Point::ends_later:
      return {"{0}の有効期限は{1}で、判定による{2}より後です。",
              "The {0} ends on {1}, later than {2}, which the rules allow."};
    case Point::undecided:
      return {"{0}は受付の対象ではありませんが、統合端末で新しくなっています(有効期限:{1})。",
              "The {0} was not part of the case, but is new since the official terminal (until {1})."};
    case Point::silent:
      return {"カードの鍵が{0}のものとして応答しません。",
              "The key on the card does not answer as that of the {0}."};
  }
  return {};
}
// clang-format on

Words text_for(Verdict verdict, bool taken_as_it_is) {
  switch (verdict) {
    case Verdict::unchanged:
      return {
          "統合端末での手続きを終えてから、カードをこのリーダーに戻して「発行」をもう一度行ってください。",
          "Finish at the official terminal, put the card back on this reader, and issue again."};
    case Verdict::not_looked_at:
      return {
          "暗証番号を照合してから「発行」をもう一度行うと確かめられます。"
          "照合できない場合は、理由を入力してこのまま承認できます。",
          "With its PIN checked, issuing again looks at it. "
          "Where that cannot be done it can be accepted as it is, with a reason."};
    case Verdict::differs:
      return taken_as_it_is
                 ? Words{"統合端末の表示と控えを確かめてください。統合端末でやり直した場合は、「発行」をもう一度"
                         "行うとカードを確かめ直します。このままでよい場合は、理由を入力して承認し、新しい内容を"
                         "本人に伝えてください。",
                         "Compare with what the official terminal shows. If it was done again there, issuing "
                         "again looks anew. If it is right as it is, accept it with a reason, and tell the "
                         "holder what it is now."}
                 : Words{"この証明書は使えません。統合端末で発行をやり直し、「発行」をもう一度行ってください。"
                         "カードの故障の場合は、「カードが使えない」としてこの受付を取り消し、カードの再交付を"
                         "ご案内ください。",
                         "This certificate cannot be used. Have it issued again at the official terminal, and "
                         "issue again here. If the card is broken, cancel this case as one whose card is gone, "
                         "and have the card replaced."};
    case Verdict::proved:
      break;
  }
  return {};
}

Step pin_step(std::string_view step, PinName pin, const Text& text) {
  return {step, filled(text, title(pin)), {}, pin, {}};
}

Step certificate_step(const Order& order) {
  const auto day = base::format_date(order.last_day);
  const Text renew{
      "統合端末で{0}を更新してください。新しい有効期限は{1}の見込みです。違う日付が表示された場合は、"
      "発行せずに受付内容を確かめてください。",
      "Renew the {0} at the official terminal. Its last day is to be {1}: if another one is shown, "
      "do not issue it, and look at the case again."};
  const Text issue{
      "統合端末で{0}を新規発行してください。有効期限は{1}の見込みです。違う日付が表示された場合は、"
      "発行せずに受付内容を確かめてください。",
      "Issue a new {0} at the official terminal. Its last day is to be {1}: if another one is "
      "shown, do not issue it, and look at the case again."};
  return {order.renews ? "renew" : "issue_new",
          filled(order.renews ? renew : issue, title(order.certificate), day),
          order.certificate,
          {},
          order.last_day};
}

Step take_card(bool reader_kept) {
  const Words free{"カードを統合端末で読み取らせてください。このカードリーダーは今、統合端末から使えます。",
                   "Have the official terminal read the card. This card reader is free for it now."};
  const Words kept{
      "統合端末での手続きがまだの場合は、カードをこのカードリーダーからいったん外し、もう一度置いてから、"
      "統合端末で読み取らせてください。",
      "If nothing was done at the official terminal yet: lift the card off this card reader and put it back, "
      "which frees the reader, then have the terminal read it."};
  return {"take_card", reader_kept ? kept : free};
}

}  // namespace

Words words_for(CertificateName certificate, const Finding& finding, bool has_pin) {
  return filled(text_of(finding.point, has_pin), title(certificate), finding.found, finding.expected);
}

Words advice_for(CertificateName, const Proof& proof) {
  return text_for(proof.verdict, acceptable(proof));
}

std::vector<Step> instructions(const Errand& errand) {
  std::vector<Step> steps;
  steps.push_back(take_card(errand.reader_kept));
  for (const auto pin : errand.asked) {
    const Text text{
        "統合端末が求めたら、{0}を本人が入力します(代理人の場合は、回答書の暗証番号を職員が入力します)。",
        "When the official terminal asks for it, the holder enters the {0} (for a proxy the staff does, from "
        "the "
        "reply form)."};
    steps.push_back(pin_step("enter_pin", pin, text));
  }
  for (const auto pin : errand.set_anew) {
    const Text text{
        "統合端末で{0}を初期化し、新しい暗証番号を本人が設定します("
        "代理人の場合は、回答書の暗証番号を職員が設定します)。",
        "Initialise the {0} at the official terminal; the holder sets a new one (for a proxy the staff does, "
        "from "
        "the reply form)."};
    steps.push_back(pin_step("set_pin", pin, text));
  }
  for (const auto& order : errand.orders) steps.push_back(certificate_step(order));
  steps.push_back(
      {"look",
       {"統合端末の画面で、正常に終わったことと新しい有効期限を確かめてください。",
        "Make sure on the official terminal's screen that it has ended well, and of the new dates."}});
  steps.push_back(
      {"bring_back",
       {"カードをこのカードリーダーに戻し、「発行」をもう一度行ってください。カードを読み取り、新しい証明書を"
        "確かめます。",
        "Put the card back on this card reader and issue again: the card is read, and the new "
        "certificates are made sure of."}});
  return steps;
}

}  // namespace madoguchi::authority::terminal
