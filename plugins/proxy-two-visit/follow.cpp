#include "follow.hpp"

#include <algorithm>

#include "asked.hpp"
#include "barred.hpp"
#include "coverage.hpp"
#include "findings.hpp"
#include "granted.hpp"
#include "opened.hpp"
#include "prospect.hpp"
#include "standing.hpp"
#include "waits.hpp"

namespace proxy_two_visit {
namespace {

// Of what is kept: the words that the case was held with last in place of those of waiting.
constexpr std::string_view said_of_a_bar = "barred";

class Following {
 public:
  Following(const Rules& rules, const Case& about, json::object state)
      : rules_(rules),
        about_(about),
        visit_(visit_of(about)),
        reasons_(reasons_in(about.decision)),
        outcome_(about.decision.at("outcome").as_string()),
        state_(std::move(state)),
        inquiry_(from_state(state_)) {}

  Step step(bool updated) {
    take_back_from_the_holder();
    put_back_the_round();
    if (inquiry_ && inquiry_->phase != Phase::second_visit && renewed_elsewhere(about_.decision))
      return served_elsewhere();
    if (outcome_ == "two_visits" && !reasons_.empty()) return due(updated);
    // Not received today for another reason, e.g. outside the hours or nobody is there: nothing follows from
    // that but what the date alone says.
    if (outcome_ != "complete_today" || !reasons_.empty() || (!inquiry_ && !rests_on_an_answer()))
      return updated && has_lapsed() ? lapse() : still_waits();
    // Who has not been asked has not answered, whatever form is shown.
    return inquiry_ ? answered(updated) : first_visit(reset_needs_inquiry);
  }

 private:
  // Who acts for the holder by law answers in their place; a representative of somebody who needs none does
  // not.
  [[nodiscard]] bool by_proxy() const { return visit_.acting_as == Role::proxy; }

  // A PIN is to be initialised because the holder has answered that they want it: the rules take the form
  // that is told for that, and only the case's own record knows what was asked.
  [[nodiscard]] bool rests_on_an_answer() const {
    return rules_.pin_reset_needs_inquiry && visit_.purpose == Purpose::pin_reset && by_proxy() &&
           visit_.number == 2 && !rules_.form.answers(visit_).empty();
  }

  Step served_elsewhere() {
    return Step({{not_needed, true}})
        .let_go(
            "カードの電子証明書がほかの受付や端末で更新されたため、照会は不要になりました。この受付は取り消し"
            "てください",
            "The card was renewed elsewhere, so the inquiry is not needed any more: cancel this case")
        .tell("cases", "not_needed", told());
  }

  Step as_it_was() {
    if (holder_came_on_ && !put_back_) return goes_on();
    if (!put_back_) return Step(std::move(state_));
    if (inquiry_->phase == Phase::second_visit)
      return Step(std::move(state_))
          .let_go("受付の訂正により、新しい照会書兼回答書は郵送しません。2回目の来庁として手続きできます",
                  "Put right: no other form is posted, and the second visit goes on")
          .tell("cases", "goes_on", told());
    const auto waits = waits_for(*inquiry_);
    return Step(std::move(state_))
        .hold("受付の訂正により、新しい照会書兼回答書は郵送しません。" + waits.ja,
              "Put right: no other form is posted. " + waits.en)
        .tell("cases", "goes_on", told());
  }

  // Whoever is sent elsewhere is not asked beside it to come again with the form.
  Step still_waits() {
    if (holder_came_on_ || put_back_ || !inquiry_ || !inquiry_->out()) return as_it_was();
    const auto why = barred(*inquiry_, about_.decision);
    const json::value said(why ? why->ja : "");
    const auto* before = state_.if_contains(said_of_a_bar);
    if (before == nullptr ? !why : *before == said) return as_it_was();
    state_.erase(said_of_a_bar);
    if (why) state_[said_of_a_bar] = said;
    const auto words = why.value_or(waits_for(*inquiry_));
    return Step(std::move(state_)).hold(words.ja, words.en);
  }

  // What is done today by the holder's answer, and was not asked. A form that the holder has filled in of
  // their own accord, or none where none is asked for, is no answer to a letter.
  [[nodiscard]] Unasked unasked(const Inquiry& inquiry) const {
    const auto* last = inquiry.last_letter();
    if (last == nullptr || !by_proxy() || rules_.form.answers(visit_).empty()) return {};
    if (visit_.purpose != Purpose::pin_reset) {
      // After PINs that did not match the notice's envelope is open; asked about a reset, it is all there is.
      const bool own = rules_.form.of_notice(visit_) &&
                       (last->purpose == for_a_reset || !inquiry.has_reason(pin_mismatch));
      if (own || !rules_.form.required() || rules_.form.waived(visit_)) return {};
    }
    return not_asked(inquiry, rules_.form.answers(visit_), visit_,
                     about_.decision.at("pin_resets").as_array());
  }

  // What came back was told wrongly and is put right on the same day, before another letter was posted: it is
  // as good as it was.
  void put_back_the_round() {
    const auto* kept = state_.if_contains(round_before);
    if (kept == nullptr || !reasons_.empty() || !inquiry_ || inquiry_->phase != Phase::to_mail ||
        inquiry_->mailed() != nullptr || parse_date(kept->at("on").as_string()) != visit_.day ||
        rules_.form.answers(visit_).empty())
      return;
    auto last = from_state(kept->at("state").as_object());
    const bool good = last && (last->out() || last->phase == Phase::second_visit);
    if (!good || unasked(*last).any()) return;
    inquiry_ = std::move(last);
    state_ = to_state(*inquiry_);
    put_back_ = true;
  }

  // The state of a round that has just begun, with what it was before.
  [[nodiscard]] json::object begun(json::object last) const {
    auto state = to_state(*inquiry_);
    last.erase(round_before);
    last.erase(before_holder);
    state[round_before] =
        json::object{{"on", json::string(format_date(visit_.day))}, {"state", std::move(last)}};
    return state;
  }

  void give_reason(std::string_view reason) {
    if (!reason.empty() && !inquiry_->has_reason(reason)) inquiry_->reasons.emplace_back(reason);
  }

  void take_facts(bool anew) {
    auto& inquiry = *inquiry_;
    if (anew) inquiry.reasons.clear();
    for (const auto& reason : reasons_) give_reason(reason);
    inquiry.certificates = asked_certificates(visit_);
    inquiry.pins = unmatched_pins(about_.decision);
    inquiry.pin_resets = asked_resets(rules_, visit_);
    // One that is not posted yet asks the wrong question now.
    if (inquiry.letter && !asks_the_same(rules_, *inquiry.letter, visit_)) inquiry.letter.reset();
    inquiry.purpose = about_.facts.at("purpose").as_string();
    inquiry.shown = rules_.form.shown(about_.facts);
  }

  [[nodiscard]] json::object told() const {
    json::object data{{"phase", json::string(name(inquiry_->phase))},
                      {"round", inquiry_->round},
                      {"first_visit_on", json::string(format_date(inquiry_->first_visit_on))}};
    json::array reasons(inquiry_->reasons.begin(), inquiry_->reasons.end());
    data["reasons"] = std::move(reasons);
    if (inquiry_->likely_days) data["likely_days"] = *inquiry_->likely_days;
    return data;
  }

  void begin_round() {
    inquiry_->phase = Phase::to_mail;
    inquiry_->begun_on = visit_.day;
    inquiry_->likely_days = rules_.likely_days;
    inquiry_->letter.reset();
    inquiry_->returned_on.reset();
    inquiry_->lapsed_on.reset();
    inquiry_->second_visit_on.reset();
    take_facts(true);
  }

  Step first_visit(std::string_view reason = {}) {
    inquiry_.emplace();
    inquiry_->opened = opened_in(state_);
    inquiry_->office = visit_.office;
    inquiry_->first_visit_on = visit_.day;
    begin_round();
    give_reason(reason);
    return Step(to_state(*inquiry_))
        .hold("1回目の来庁:申請を受け付けました。本人あてに照会書兼回答書を郵送します。" +
                  rules_.until_ja("2回目"),
              "The first visit: the application is received, and the inquiry will be posted to the holder." +
                  rules_.until_en("second"))
        .tell("cases", "first_visit", told());
  }

  Step again(std::string_view why_ja, std::string_view why_en, std::string_view reason = {}) {
    auto last = to_state(*inquiry_);
    ++inquiry_->round;
    begin_round();
    give_reason(reason);
    return Step(begun(std::move(last)))
        .hold(std::string(why_ja) + "本人あてに照会書兼回答書を改めて郵送します。" +
                  rules_.until_ja("次", visit_.day),
              std::string(why_en) + "The inquiry will be posted to the holder once more." +
                  rules_.until_en("next", visit_.day))
        .tell("cases", "inquiry_again", told());
  }

  [[nodiscard]] bool among_reasons(std::string_view reason) const {
    return std::find(reasons_.begin(), reasons_.end(), reason) != reasons_.end();
  }

  // Taken for the holder's own visit, or come after one that did not complete it.
  void take_back_from_the_holder() {
    auto kept = before_the_holder(visit_, state_);
    if (!kept) return;
    holder_came_on_ = kept->on;
    inquiry_ = std::move(kept->inquiry);
    state_ = std::move(kept->state);
  }

  Step goes_on() {
    if (inquiry_->phase == Phase::to_mail) {
      take_facts(false);
    } else if (is_asked_otherwise()) {
      return ask_about_the_reset();
    }
    const bool put_right = holder_came_on_ == visit_.day;
    std::string ja = put_right ? "代理人の受付に戻したため、これまでの照会を続けます。"
                               : "本人の来庁では手続きが完了していないため、これまでの照会を続けます。";
    std::string en = put_right
                         ? "Received for a proxy again: the inquiry goes on as it was. "
                         : "The holder's own visit did not complete it: the inquiry goes on as it was. ";
    if (inquiry_->last_letter() != nullptr) {
      const auto waits = waits_for(*inquiry_);
      ja += waits.ja;
      en += waits.en;
    }
    return Step(to_state(*inquiry_)).hold(ja, en).tell("cases", "goes_on", told());
  }

  // With what is asked for no more, where the holder has come, or who acts in their place.
  [[nodiscard]] json::object ended(json::object state) const {
    if (!by_proxy())
      state[before_holder] = json::object{{"on", json::string(format_date(visit_.day))}, {"state", state_}};
    return state;
  }

  Step due(bool updated) {
    const bool mismatch = among_reasons(pin_mismatch);
    if (!inquiry_) return first_visit();
    const bool another =
        inquiry_->phase != Phase::to_mail && attempted(rules_.form, visit_, *inquiry_, mismatch);
    if (holder_came_on_ && !another) return updated && has_lapsed() ? lapse() : goes_on();
    if (inquiry_->phase == Phase::to_mail) {
      if (const auto unposted = Standing::of_unposted(*inquiry_, rules_.form.answers(visit_), visit_.day))
        return does_not_count(*unposted);
      take_facts(false);
      return Step(to_state(*inquiry_));
    }
    if (is_asked_otherwise()) return ask_about_the_reset();
    if (inquiry_->phase == Phase::second_visit || another) {
      const auto why = why_again(visit_.number == 1 && mismatch);
      return again(why.ja, why.en);
    }
    return updated && has_lapsed() ? lapse() : still_waits();
  }

  [[nodiscard]] bool is_asked_otherwise() const {
    return asked_otherwise(visit_, *inquiry_) && among_reasons(reset_needs_inquiry);
  }

  Step ask_about_the_reset() {
    return ask_anew("これまでの照会書は暗証番号の初期化についてのものではありません。",
                    "The inquiry so far did not ask about initialising a PIN. ", reset_needs_inquiry);
  }

  // An answer to one question is none to another. What it is good for can be done with it.
  Step ask_about(const Unasked& more) { return ask_anew(more.said_ja(), more.said_en(), asked_about_less); }

  Step ask_anew(const std::string& ja, const std::string& en, std::string_view reason) {
    if (inquiry_->phase != Phase::to_mail) return again(ja, en, reason);
    take_facts(false);
    give_reason(reason);
    return Step(to_state(*inquiry_))
        .hold(ja + "新しい照会書兼回答書をお待ちください", en + "A new one has to be waited for");
  }

  [[nodiscard]] bool has_lapsed() const {
    return inquiry_ && inquiry_->out() && inquiry_->letter->return_by < visit_.day;
  }

  Step lapse() {
    inquiry_->phase = Phase::lapsed;
    inquiry_->lapsed_on = visit_.day;
    const auto waits = waits_for(*inquiry_);
    return Step(to_state(*inquiry_)).hold(waits.ja, waits.en).tell("cases", "lapsed", told());
  }

  Step answered(bool updated) {
    const bool to_a_reset = rests_on_an_answer();
    const auto more = unasked(*inquiry_);
    if (inquiry_->phase == Phase::second_visit && !to_a_reset)
      return more.any() ? ask_about(more) : as_it_was();
    const auto forms = rules_.form.answers(visit_);
    const bool by_form = !forms.empty();
    if (by_proxy() && by_form) {
      const auto standing = Standing::best(*inquiry_, forms, visit_.day, to_a_reset);
      if (standing.kind != Standing::Kind::counts) return does_not_count(standing);
      if (more.any()) return ask_about(more);
    }
    if (inquiry_->phase == Phase::second_visit)
      return as_it_was().let_go("回答書を確認しました", "The holder's answer is there");
    const bool posted = inquiry_->mailed() != nullptr;
    const bool corrected = !posted && visit_.day == inquiry_->begun_on;
    // After PINs that did not match the same envelope will not do on another day: it was opened.
    const bool fresh = by_form && rules_.form.shown(about_.facts) != inquiry_->shown;
    const bool enough = !by_proxy() || rules_.form.waived(visit_) || corrected || fresh ||
                        !inquiry_->has_reason(pin_mismatch);
    if (enough) return posted || inquiry_->round > 1 || (by_form && !corrected) ? second_visit() : needless();
    if (!updated) return as_it_was();
    return Step(std::move(state_))
        .hold("暗証番号の照合ができなかったため、本人が改めて記入した照会書兼回答書が必要です",
              "The PINs could not be matched, so a form that the holder has filled in anew is needed");
  }

  Step does_not_count(const Standing& standing) {
    switch (standing.kind) {
      case Standing::Kind::superseded:
        return Step(std::move(state_))
            .hold("以前の照会書(期限:" + date_in_japanese(standing.letter.return_by) +
                      ")の回答書です。その後に作成した照会書の回答書をお待ちください",
                  "This is the form of an earlier letter (last day: " +
                      date_in_english(standing.letter.return_by) +
                      "); that of the one made since has to be waited for");
      case Standing::Kind::unrecorded:
        return Step(std::move(state_))
            .hold(
                "この回答書の照会書を郵送した記録がありません。先に郵送した日を記録してから、もう一度受け付け"
                "てください",
                "No posting of this form's letter was recorded: record it first (`mailed`), then receive the "
                "form again");
      case Standing::Kind::asked_otherwise:
        return ask_about_the_reset();
      case Standing::Kind::ended:
      case Standing::Kind::counts:
        break;
    }
    return out_of_term(standing.letter.return_by);
  }

  Step out_of_term(Date term) {
    const auto ja = "郵送した照会書兼回答書の期限(" + date_in_japanese(term) + ")が過ぎています。";
    const auto en = "The term of the form that was posted (" + date_in_english(term) + ") has passed. ";
    if (inquiry_->phase != Phase::to_mail) return again(ja, en, letter_lapsed);
    return Step(std::move(state_))
        .hold(ja + "新しい照会書兼回答書をお待ちください", en + "A new one has to be waited for");
  }

  Step second_visit() {
    inquiry_->phase = Phase::second_visit;
    inquiry_->second_visit_on = visit_.day;
    const auto words = came_again(*inquiry_, by_proxy());
    return Step(ended(to_state(*inquiry_))).let_go(words.ja, words.en).tell("cases", "second_visit", told());
  }

  Step needless() {
    const auto data = told();
    return Step(ended({}))
        .let_go("照会書兼回答書の郵送は不要になりました", "The inquiry no longer has to be posted")
        .tell("cases", "not_needed", data);
  }

  const Rules& rules_;
  const Case& about_;
  Visit visit_;
  std::vector<std::string> reasons_;
  std::string outcome_;
  json::object state_;
  std::optional<Inquiry> inquiry_;
  bool put_back_ = false;
  std::optional<Date> holder_came_on_;  // the day that the holder was there, or told to be
};

}  // namespace

Step follow(const Rules& rules, const Case& about, const Event& event, json::object state) {
  // Nothing is kept about a case that has ended: lists are of those that are open.
  if (event.type == "case.completed") return Step({});
  if (event.type == "case.cancelled") {
    if (!from_state(state)) return Step({});
    return Step({})
        .note("照会を取りやめました", "The inquiry is given up")
        .tell("cases", "withdrawn", {{"phase", state.at("phase")}, {"round", state.at("round")}});
  }
  remember_known(about, event, state);
  // Facts that come once issuing has begun change no decision.
  if (about.state != "open" && about.state != "waiting" && about.state != "ready")
    return watch(rules, about, event, std::move(state));
  const bool updated = event.type == "case.updated";
  if (!updated && event.type != "case.opened" && event.type != "case.redecided")
    return Step(std::move(state));
  return Following(rules, about, std::move(state)).step(updated);
}

}  // namespace proxy_two_visit
