#include "methods.hpp"

#include <algorithm>

#include "asked.hpp"
#include "inquiry.hpp"
#include "lists.hpp"
#include "waits.hpp"

namespace proxy_two_visit {

namespace {

json::string told(Date date) {
  return json::string(format_date(date));
}

class Answering {
 public:
  Answering(const Rules& rules, const Call& call, json::object state)
      : rules_(rules),
        call_(call),
        about_(*call.visit),
        today_(parse_date(std::string_view(call.at).substr(0, 10)).value()),
        state_(std::move(state)),
        inquiry_(from_state(state_)) {}

  Step step() {
    if (call_.method == "status") return unchanged();
    if (!inquiry_) throw Refusal{"この受付は照会の対象ではありません", "This case has no inquiry"};
    if (inquiry_->phase == Phase::second_visit)
      throw Refusal{"2回目の来庁を受け付けています。照会は終わっています",
                    "The second visit has been received; the inquiry is over"};
    if (call_.method == "letter") return letter();
    if (call_.method == "mailed") return mailed();
    return call_.method == "returned" ? returned() : lapsed();
  }

 private:
  [[nodiscard]] bool flag(std::string_view key) const {
    const auto* value = call_.params.if_contains(key);
    return value != nullptr && value->as_bool();
  }

  [[nodiscard]] std::optional<Date> day(std::string_view key) const {
    const auto* value = call_.params.if_contains(key);
    if (value == nullptr) return std::nullopt;
    const auto date = parse_date(value->as_string());
    if (!date) throw Refusal{"日付が正しくありません", "Not a date"};
    return date;
  }

  // Of what was done: not in the future.
  [[nodiscard]] Date done_on() const {
    const auto on = day("on").value_or(today_);
    if (on > today_) throw Refusal{"将来の日付は記録できません", "A day in the future cannot be recorded"};
    return on;
  }

  [[nodiscard]] json::object shown() const {
    if (!inquiry_) return {{"case", about_.id}, {"phase", "none"}};
    auto all = to_client(*inquiry_, about_.id, today_);
    if (const auto* letter = inquiry_->last_letter()) {
      all["form"] = json::object{{"type", rules_.form.document()},
                                 {"source", "city"},
                                 {"issued_on", told(letter->issued_on)},
                                 {"expires_on", told(letter->return_by)}};
    }
    return all;
  }

  Step unchanged() {
    auto reply = shown();
    return Step(std::move(state_)).reply(std::move(reply));
  }

  // A form without a last day that the holder can read would be refused at the second visit.
  // `told_apart`: it bears other days than one that was posted and asked otherwise, where the city's rules
  // have the term: a day less, so that nobody takes one's form for the other's.
  [[nodiscard]] Letter issued(Date on, bool told_apart) {
    expect_received_by(on);
    const auto term = rules_.form.term_from(on);
    const auto given = day("return_by");
    if (!term && !given)
      throw Refusal{"回答書の有効期限が市の設定にありません。期限の日(return_by)を指定してください",
                    "The city's rules have no term for its form: give its last day (return_by)"};
    const auto last = term ? *term : *given;
    if (last <= on)
      throw Refusal{"回答期限は発行日より後の日にしてください",
                    "The last day has to be after the day of issue"};
    const auto visit = visit_of(about_);
    // A posted letter stands as it is whatever the facts come to say; one that is made now asks about those.
    if (visit.purpose != Purpose::expiry_check) {
      inquiry_->purpose = purpose_names.at(static_cast<std::size_t>(visit.purpose));
      inquiry_->certificates = asked_certificates(visit);
      inquiry_->pin_resets = asked_resets(rules_, visit);
      inquiry_->known_since.clear();
    }
    const auto made = [&](Date until) {
      return Letter{on,
                    until,
                    inquiry_->purpose,
                    mandate(inquiry_->certificates, visit, until),
                    asked_pins(visit),
                    inquiry_->pin_resets};
    };
    auto letter = made(last);
    while (told_apart && term && inquiry_->bears_anothers_days(letter)) {
      const auto until = add_days(letter.return_by, -1);
      if (until <= on) break;
      letter = made(until);
    }
    if (term && given && *given != letter.return_by) refuse_term(letter.return_by, *term);
    if (told_apart && !term && inquiry_->bears_anothers_days(letter))
      throw Refusal{
          "同じ日付で内容の異なる照会書を郵送しています。区別できるよう、別の期限の日を指定してください",
          "Another letter with these days was posted and asked otherwise: give another last day, so that "
          "they are told apart"};
    return letter;
  }

  [[noreturn]] static void refuse_term(Date borne, Date term) {
    if (borne == term)
      throw Refusal{"回答期限は市の設定により" + date_in_japanese(term) + "です",
                    "By the city's rules the form's last day is " + date_in_english(term)};
    throw Refusal{
        "同じ日付の別の照会書を郵送しているため、区別できるよう、回答期限は" + date_in_japanese(borne) +
            "になります",
        "Another letter with these days was posted; to be told apart from it this one's last day is " +
            date_in_english(borne)};
  }

  // The holder cannot have been asked before somebody applied for them: such a letter would bear the days of
  // an earlier one, and might have ended before it was posted.
  void expect_received_by(Date on) const {
    const auto begun = inquiry_->begun_on;
    if (on >= begun) return;
    throw Refusal{
        "申請を受け付けた日(" + date_in_japanese(begun) + ")より前の日付は記録できません",
        "A day before the application that it is about was received (" + date_in_english(begun) + ")"};
  }

  void expect_same_term() const {
    const auto given = day("return_by");
    if (given && *given != inquiry_->letter->return_by)
      throw Refusal{"照会書の期限は" + date_in_japanese(inquiry_->letter->return_by) + "です",
                    "The letter's last day is " + date_in_english(inquiry_->letter->return_by)};
  }

  void expect_in_term(Date on) const {
    const auto last = inquiry_->letter->return_by;
    if (on <= last) return;
    throw Refusal{
        "照会書の期限(" + date_in_japanese(last) + ")が過ぎています。新しい照会書を作成してください",
        "The letter's last day (" + date_in_english(last) + ") has passed: make another one (`anew`)"};
  }

  [[nodiscard]] json::object event() const {
    json::object data{{"phase", json::string(name(inquiry_->phase))}, {"round", inquiry_->round}};
    if (inquiry_->letter) data["return_by"] = told(inquiry_->letter->return_by);
    return data;
  }

  // With the words of what the case waits for from now on.
  Step changed() {
    auto reply = shown();
    const auto waits = waits_for(*inquiry_);
    return Step(to_state(*inquiry_)).reply(std::move(reply)).hold(waits.ja, waits.en);
  }

  [[nodiscard]] json::object printed() const {
    json::object letter{{"kind", "inquiry"},
                        {"case", about_.id},
                        {"applied_on", told(inquiry_->first_visit_on)},
                        {"issued_on", told(inquiry_->letter->issued_on)},
                        {"return_by", told(inquiry_->letter->return_by)},
                        {"contact", json::object()},
                        {"certificates", inquiry_->letter->certificates}};
    if (const auto& pins = inquiry_->letter->pins) letter["pins"] = *pins;
    if (const auto& resets = inquiry_->letter->pin_resets; !resets.empty()) letter["pin_resets"] = resets;
    json::object office{{"name", inquiry_->office}};
    for (const auto& known : rules_.city.office_details) {
      if (known.id != inquiry_->office) continue;
      office["name"] = known.name.ja;
      letter["contact"] = known.contact;
    }
    letter["office"] = std::move(office);
    if (!rules_.city.name.ja.empty()) letter["city"] = json::object{{"name", rules_.city.name.ja}};
    return letter;
  }

  Step letter() {
    auto& inquiry = *inquiry_;
    const bool anew = flag("anew");
    const bool reprint = inquiry.letter && !anew;
    if (reprint) {
      if (inquiry.phase == Phase::returned)
        throw Refusal{"回答書はすでに届いています", "The answer is already here"};
      expect_same_term();
      expect_in_term(today_);
    } else {
      inquiry.letter = issued(today_, true);
      inquiry.phase = Phase::to_mail;
      if (inquiry.mailed() != nullptr) ++inquiry.round;
      inquiry.returned_on.reset();
      inquiry.lapsed_on.reset();
    }
    const auto term = inquiry.letter->return_by;
    const std::string ja = reprint ? "照会書兼回答書を再び作成しました" : "照会書兼回答書を作成しました";
    const std::string en = reprint ? "The inquiry letter was made again" : "The inquiry letter was made";
    json::object reply{{"letter", printed()},
                       {"reprint", reprint},
                       {"round", inquiry.round},
                       {"purpose", inquiry.purpose},
                       {"reasons", json::array(inquiry.reasons.begin(), inquiry.reasons.end())}};
    auto kept = to_state(inquiry);
    // Until it is posted a slip can still be put right.
    if (const auto* last = state_.if_contains(round_before); last != nullptr && inquiry.mailed() == nullptr)
      kept[round_before] = *last;
    const auto waits = waits_for(inquiry);
    return Step(std::move(kept))
        .reply(std::move(reply))
        .hold(waits.ja, waits.en)
        .note(ja + "(期限:" + date_in_japanese(term) + ")", en + " (last day: " + date_in_english(term) + ")")
        .tell("cases", "letter_made", event());
  }

  Step mailed() {
    auto& inquiry = *inquiry_;
    const bool again = flag("again") && inquiry.phase == Phase::mailed;
    refuse_to_mail(again);
    const auto on = done_on();
    if (!inquiry.letter) inquiry.letter = issued(on, false);
    expect_same_term();
    if (on < inquiry.letter->issued_on)
      throw Refusal{"照会書の作成日より前の日付は記録できません", "A day before the letter was made"};
    if (again && on < inquiry.mailings.back().on)
      throw Refusal{"前回郵送した日より前の日付は記録できません", "A day before it was posted first"};
    expect_in_term(on);
    inquiry.mail(on);
    auto step = changed();
    if (again)
      step.note("照会書兼回答書を再び郵送しました(" + date_in_japanese(on) + ")",
                "The inquiry was posted again on " + date_in_english(on));
    if (!again && inquiry.bears_anothers_days(*inquiry.letter)) {
      const auto said = not_told_apart();
      step.note(said.ja, said.en);
    }
    return step.tell("cases", "mailed", event());
  }

  void refuse_to_mail(bool again) const {
    switch (inquiry_->phase) {
      case Phase::to_mail:
        return;
      case Phase::mailed:
        if (again) return;
        throw Refusal{"照会書は" + date_in_japanese(inquiry_->mailings.back().on) +
                          "に郵送済みです。もう一度郵送した場合は again を指定してください",
                      "It was posted on " + date_in_english(inquiry_->mailings.back().on) +
                          "; say so (`again`) if it was posted once more"};
      case Phase::returned:
        throw Refusal{"回答書はすでに届いています", "The answer is already here"};
      case Phase::lapsed:
      case Phase::second_visit:
        break;
    }
    throw Refusal{"照会書の期限が過ぎています。新しい照会書を作成してください",
                  "The letter's term has passed: make another one (`anew`)"};
  }

  Step returned() {
    auto& inquiry = *inquiry_;
    if (inquiry.phase == Phase::returned)
      throw Refusal{"回答書は" + date_in_japanese(*inquiry.returned_on) + "に届いています",
                    "The answer came on " + date_in_english(*inquiry.returned_on)};
    if (inquiry.phase == Phase::to_mail)
      throw Refusal{"郵送の記録がありません。先に郵送した日を記録してください",
                    "No posting was recorded: record first when it was posted (`mailed`)"};
    const auto on = done_on();
    if (on < inquiry.mailings.back().on)
      throw Refusal{"郵送した日より前の日付は記録できません", "A day before it was posted"};
    expect_in_term(on);
    inquiry.phase = Phase::returned;
    inquiry.returned_on = on;
    inquiry.lapsed_on.reset();
    return changed().tell("cases", "returned", event());
  }

  Step lapsed() {
    auto& inquiry = *inquiry_;
    if (inquiry.phase == Phase::lapsed) return unchanged();
    if (!inquiry.out())
      throw Refusal{"まだ郵送していません。申請を取り下げる場合は受付を取り消してください",
                    "It has not been posted; an application that is withdrawn is a case to cancel"};
    const auto term = inquiry.letter->return_by;
    if (today_ <= term)
      throw Refusal{"期限(" + date_in_japanese(term) + ")はまだ過ぎていません",
                    "Its term (" + date_in_english(term) + ") has not passed yet"};
    inquiry.phase = Phase::lapsed;
    inquiry.lapsed_on = today_;
    return changed().tell("cases", "lapsed", event());
  }

  const Rules& rules_;
  const Call& call_;
  const Case& about_;
  Date today_;
  json::object state_;
  std::optional<Inquiry> inquiry_;
};

}  // namespace

Step answer(const Rules& rules, const Call& call, json::object state) {
  if (is_list(call.method)) {
    const auto today = parse_date(std::string_view(call.at).substr(0, 10)).value();
    return Step(std::move(state)).reply(list(call, today, rules.city));
  }
  if (!call.visit) throw BadRequest("about no case: " + call.method);
  return Answering(rules, call, std::move(state)).step();
}

}  // namespace proxy_two_visit
