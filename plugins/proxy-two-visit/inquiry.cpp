#include "inquiry.hpp"

#include <algorithm>
#include <stdexcept>

#include "waits.hpp"

namespace proxy_two_visit {
namespace {

using madoguchi::plugin::add_days;
using madoguchi::plugin::format_date;
using madoguchi::plugin::parse_date;

constexpr std::size_t most_mailings = 8;

json::string told(Date date) {
  return json::string(format_date(date));
}

json::array told(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

Date date_in(const json::object& object, std::string_view key) {
  const auto date = parse_date(object.at(key).as_string());
  if (!date) throw std::runtime_error("a state with a date that is none");
  return *date;
}

std::optional<Date> if_date_in(const json::object& object, std::string_view key) {
  return object.contains(key) ? std::optional(date_in(object, key)) : std::nullopt;
}

std::vector<std::string> texts_in(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  for (const auto& text : object.at(key).as_array()) texts.emplace_back(text.as_string());
  return texts;
}

Phase phase_in(const json::object& object) {
  const auto& word = object.at("phase").as_string();
  const auto found = std::find(phase_names.begin(), phase_names.end(), std::string_view(word));
  if (found == phase_names.end()) throw std::runtime_error("a state with a phase that is none");
  return static_cast<Phase>(found - phase_names.begin());
}

json::object told(const Letter& letter) {
  return {{"issued_on", told(letter.issued_on)}, {"return_by", told(letter.return_by)}};
}

json::object kept(const Letter& letter) {
  auto object = told(letter);
  object["purpose"] = letter.purpose;
  object["certificates"] = letter.certificates;
  if (letter.pins) object["pins"] = *letter.pins;
  if (!letter.pin_resets.empty()) object["pin_resets"] = letter.pin_resets;
  return object;
}

json::array array_in(const json::object& object, std::string_view key) {
  const auto* array = object.if_contains(key);
  return array != nullptr ? array->as_array() : json::array();
}

// One that was kept before these were asked what the case did.
Letter letter_in(const json::object& object, const Inquiry& inquiry) {
  const auto* purpose = object.if_contains("purpose");
  const auto* certificates = object.if_contains("certificates");
  const auto* pins = object.if_contains("pins");
  return {date_in(object, "issued_on"),
          date_in(object, "return_by"),
          purpose != nullptr ? std::string(purpose->as_string()) : inquiry.purpose,
          certificates != nullptr ? certificates->as_array() : inquiry.certificates,
          pins != nullptr ? std::optional(pins->as_array()) : std::nullopt,
          array_in(object, "pin_resets")};
}

// What both the state and the clients' form have.
json::object common(const Inquiry& inquiry) {
  json::object all{{"phase", json::string(name(inquiry.phase))},
                   {"round", inquiry.round},
                   {"office", inquiry.office},
                   {"purpose", inquiry.purpose},
                   {"first_visit_on", told(inquiry.first_visit_on)},
                   {"reasons", told(inquiry.reasons)},
                   {"certificates", inquiry.certificates},
                   {"pins", told(inquiry.pins)}};
  if (!inquiry.pin_resets.empty()) all["pin_resets"] = inquiry.pin_resets;
  if (inquiry.likely_days) all["likely_days"] = *inquiry.likely_days;
  if (inquiry.letter) all["letter"] = told(*inquiry.letter);
  const auto date = [&](std::string_view key, const std::optional<Date>& day) {
    if (day) all[key] = told(*day);
  };
  date("returned_on", inquiry.returned_on);
  date("lapsed_on", inquiry.lapsed_on);
  date("second_visit_on", inquiry.second_visit_on);
  return all;
}

// From the day of posting once it is known; until then from the visit, or from the letter that replaces one
// posted since.
Date likely_from(const Inquiry& inquiry) {
  if (const auto* mailed = inquiry.mailed()) return mailed->on;
  const bool replaced =
      inquiry.letter &&
      std::any_of(inquiry.mailings.begin(), inquiry.mailings.end(), [&](const Mailing& mailing) {
        return mailing.round < inquiry.round && mailing.on >= inquiry.begun_on;
      });
  return replaced ? inquiry.letter->issued_on : inquiry.begun_on;
}

int days_between(Date from, Date to) {
  return static_cast<int>((std::chrono::sys_days(to) - std::chrono::sys_days(from)).count());
}

}  // namespace

bool Letter::may_bear(const madoguchi::plugin::Document& form) const {
  return (!form.issued_on || *form.issued_on == issued_on) &&
         (!form.expires_on || *form.expires_on == return_by);
}

bool Inquiry::has_reason(std::string_view reason) const {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

const Mailing* Inquiry::mailed() const {
  return mailings.empty() || mailings.back().round != round ? nullptr : &mailings.back();
}

const Letter* Inquiry::last_letter() const {
  if (letter) return &*letter;
  return mailings.empty() ? nullptr : &mailings.back().letter;
}

std::vector<Letter> Inquiry::letters_of(const std::vector<madoguchi::plugin::Document>& forms) const {
  std::vector<Letter> letters;
  const auto* last = last_letter();
  if (last == nullptr) return letters;
  letters.push_back(*last);
  for (const auto& mailing : mailings) {
    const auto& one = mailing.letter;
    const bool either = std::any_of(forms.begin(), forms.end(), [&](const auto& form) {
      return last->may_bear(form) && one.may_bear(form);
    });
    if (either && one != *last) letters.push_back(one);
  }
  return letters;
}

bool Inquiry::posted(const Letter& which) const {
  return std::any_of(mailings.begin(), mailings.end(),
                     [&](const Mailing& mailing) { return mailing.letter == which; });
}

bool Inquiry::bears_anothers_days(const Letter& which) const {
  return std::any_of(mailings.begin(), mailings.end(), [&](const Mailing& mailing) {
    const auto& other = mailing.letter;
    return other != which && other.issued_on == which.issued_on && other.return_by == which.return_by;
  });
}

bool Inquiry::posting_recorded() const {
  return !mailings.empty() && (!letter || mailed() != nullptr);
}

void Inquiry::mail(Date on) {
  mailings.push_back({on, letter.value(), round});
  if (mailings.size() > most_mailings) mailings.erase(mailings.begin());
  phase = Phase::mailed;
}

json::object to_state(const Inquiry& inquiry) {
  auto state = common(inquiry);
  state["begun_on"] = told(inquiry.begun_on);
  state["shown"] = inquiry.shown;
  if (inquiry.letter) state["letter"] = kept(*inquiry.letter);
  json::array mailings;
  for (const auto& mailing : inquiry.mailings) {
    auto one = kept(mailing.letter);
    one["on"] = told(mailing.on);
    one["round"] = mailing.round;
    mailings.push_back(std::move(one));
  }
  state["mailings"] = std::move(mailings);
  if (!inquiry.known_since.empty()) state[known_since] = inquiry.known_since;
  if (inquiry.opened) keep(*inquiry.opened, state);
  return state;
}

std::optional<Inquiry> from_state(const json::object& state) {
  if (!state.contains("phase")) return std::nullopt;
  Inquiry inquiry;
  inquiry.phase = phase_in(state);
  inquiry.round = static_cast<int>(state.at("round").as_int64());
  inquiry.office = state.at("office").as_string();
  inquiry.purpose = state.at("purpose").as_string();
  inquiry.first_visit_on = date_in(state, "first_visit_on");
  inquiry.begun_on = date_in(state, "begun_on");
  inquiry.reasons = texts_in(state, "reasons");
  inquiry.certificates = state.at("certificates").as_array();
  inquiry.pins = texts_in(state, "pins");
  inquiry.pin_resets = array_in(state, "pin_resets");
  inquiry.known_since = array_in(state, known_since);
  if (const auto* days = state.if_contains("likely_days"))
    inquiry.likely_days = static_cast<int>(days->as_int64());
  inquiry.shown = state.at("shown").as_array();
  if (const auto* letter = state.if_contains("letter"))
    inquiry.letter = letter_in(letter->as_object(), inquiry);
  for (const auto& item : state.at("mailings").as_array()) {
    const auto& one = item.as_object();
    inquiry.mailings.push_back(
        {date_in(one, "on"), letter_in(one, inquiry), static_cast<int>(one.at("round").as_int64())});
  }
  inquiry.returned_on = if_date_in(state, "returned_on");
  inquiry.lapsed_on = if_date_in(state, "lapsed_on");
  inquiry.second_visit_on = if_date_in(state, "second_visit_on");
  inquiry.opened = opened_in(state);
  return inquiry;
}

json::object to_client(const Inquiry& inquiry, std::string_view case_id, Date today) {
  auto all = common(inquiry);
  all["case"] = json::string(case_id);
  if (inquiry.likely_days) all["likely_on"] = told(add_days(likely_from(inquiry), *inquiry.likely_days));
  if (const auto* mailed = inquiry.mailed()) all["mailed_on"] = told(mailed->on);
  if (inquiry.out() && inquiry.letter) {
    const auto left = days_between(today, inquiry.letter->return_by);
    all["overdue"] = left < 0;
    if (left >= 0) all["days_left"] = left;
    if (inquiry.bears_anothers_days(*inquiry.letter)) {
      const auto said = not_told_apart();
      all["not_told_apart"] = json::object{{"ja", said.ja}, {"en", said.en}};
    }
  }
  return all;
}

}  // namespace proxy_two_visit
