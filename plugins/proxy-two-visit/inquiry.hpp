// What is kept about a case while the holder is asked by post: no name, no address, only what was done when.
#pragma once

#include <array>
#include <madoguchi/calendar.hpp>
#include <madoguchi/json.hpp>
#include <madoguchi/visit.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "opened.hpp"

namespace proxy_two_visit {

namespace json = madoguchi::plugin::json;
using madoguchi::plugin::Date;

enum class Phase : std::uint8_t {
  to_mail,       // the letter is to be printed and posted
  mailed,        // it is on its way, or with the holder
  returned,      // the answer is here; the second visit is still to come
  lapsed,        // its term has passed without that
  second_visit,  // the proxy has come again with what was missing
};
inline constexpr std::array<std::string_view, 5> phase_names{"to_mail", "mailed", "returned", "lapsed",
                                                             "second_visit"};
inline std::string_view name(Phase phase) {
  return phase_names[static_cast<std::size_t>(phase)];
}

// As the facts have it.
inline constexpr std::string_view for_a_reset = "pin_reset";

// Of what is kept beside it: the inquiry as it was before what came back made it go round once more, and the
// day of that.
inline constexpr std::string_view round_before = "before_the_round";
// Of an inquiry, as it is kept.
inline constexpr std::string_view known_since = "known_since";

// What stands on a letter, from its first printing on, whatever becomes of the rules and of the case's facts.
struct Letter {
  Date issued_on{};
  Date return_by{};
  std::string purpose;              // what the holder is asked about
  json::array certificates;         // {certificate, action}
  std::optional<json::array> pins;  // that the form asks for; nothing: those of its certificates
  json::array pin_resets{};         // beside a renewal: those of them that are set anew before it

  [[nodiscard]] bool asks_about_resets() const { return purpose == for_a_reset || !pin_resets.empty(); }
  // Whether the form is this letter's by the days that are told of it; one without any may be.
  [[nodiscard]] bool may_bear(const madoguchi::plugin::Document& form) const;
  bool operator==(const Letter&) const = default;
};

struct Mailing {
  Date on{};
  Letter letter;
  int round = 1;
};

struct Inquiry {
  Phase phase = Phase::to_mail;
  int round = 1;  // how many letters the case has needed so far
  std::string office;
  std::string purpose;
  Date first_visit_on{};
  Date begun_on{};  // the visit that this round came of
  std::vector<std::string> reasons;
  json::array certificates;  // {certificate, action}
  std::vector<std::string> pins;
  json::array pin_resets;          // that the holder is asked about beside a renewal
  json::array known_since;         // PINs that were set anew, or have matched, since the last letter was made
  std::optional<int> likely_days;  // as it was told at the visit
  json::array shown;               // the forms that were not good enough
  std::optional<Letter> letter;
  std::vector<Mailing> mailings;  // the last of them all
  std::optional<Date> returned_on;
  std::optional<Date> lapsed_on;
  std::optional<Date> second_visit_on;
  std::optional<Opened> opened;

  [[nodiscard]] bool has_reason(std::string_view reason) const;
  // The last letter of this round that was posted.
  [[nodiscard]] const Mailing* mailed() const;
  // This round's; where none has been made yet, the last that was posted.
  [[nodiscard]] const Letter* last_letter() const;
  // It, and those that were posted whose form may be one of these as well as its own, by the days that are
  // told.
  [[nodiscard]] std::vector<Letter> letters_of(const std::vector<madoguchi::plugin::Document>& forms) const;
  [[nodiscard]] bool posted(const Letter& which) const;
  // One that was posted has the same days and asks otherwise: nothing tells the two forms apart.
  [[nodiscard]] bool bears_anothers_days(const Letter& which) const;
  // The last letter was posted, as far as it was recorded.
  [[nodiscard]] bool posting_recorded() const;
  // A letter is out, and waited for.
  [[nodiscard]] bool out() const { return phase == Phase::mailed || phase == Phase::returned; }
  void mail(Date on);
};

// Nothing for a state without an inquiry. Throws what Boost.JSON throws for one that to_state() did not make.
std::optional<Inquiry> from_state(const json::object& state);
json::object to_state(const Inquiry& inquiry);

// As clients see it: dates as texts, what is not known left out. `today` makes `overdue` and `days_left`.
json::object to_client(const Inquiry& inquiry, std::string_view case_id, Date today);

}  // namespace proxy_two_visit
