#include "closing.hpp"

#include <algorithm>
#include <array>

namespace queue_board {
namespace {

using madoguchi::plugin::Words;

struct Weekday {
  std::string_view ja, en;
};
constexpr std::array<Weekday, 7> weekdays{{{"日", "Sunday"},
                                           {"月", "Monday"},
                                           {"火", "Tuesday"},
                                           {"水", "Wednesday"},
                                           {"木", "Thursday"},
                                           {"金", "Friday"},
                                           {"土", "Saturday"}}};

Words opening(Moment next) {
  namespace plugin = madoguchi::plugin;
  const auto day = day_of(next);
  const auto& weekday = weekdays.at(std::chrono::weekday(std::chrono::sys_days(day)).c_encoding());
  const auto clock = plugin::format_clock(clock_of(next));
  return {"次の受付は、" + plugin::date_in_japanese(day) + "(" + std::string(weekday.ja) + ") " + clock +
              "からです。",
          "It opens next on " + std::string(weekday.en) + ", " + plugin::date_in_english(day) + ", at " +
              clock + "."};
}

}  // namespace

std::optional<Moment> last_closing(const Reception& reception, Moment now) {
  std::optional<Moment> last;
  for (const auto& interval : reception.today) {
    const auto to = madoguchi::plugin::parse_clock(interval.substr(interval.find('-') + 1));
    if (!to) throw madoguchi::plugin::BadRequest("hours that are none");
    const Moment end = std::chrono::sys_days(day_of(now)) + *to - japan;
    if (end <= now) last = last ? std::max(*last, end) : end;
  }
  return last;
}

std::optional<Moment> opening_today(const Reception& reception, Moment now) {
  if (reception.in_time || reception.next_opening.empty()) return std::nullopt;
  const auto next = parse_moment(reception.next_opening);
  return day_of(next) == day_of(now) ? std::optional(next) : std::nullopt;
}

Words closed_notice(const Reception& reception, Moment now) {
  if (reception.next_opening.empty()) return {"受付は終了しました。", "Reception is closed."};
  if (const auto today = opening_today(reception, now)) {
    const auto clock = madoguchi::plugin::format_clock(clock_of(*today));
    return {"ただいまは受付時間外です。本日は" + clock + "から受け付けます。",
            "Reception is closed now. It opens at " + clock + " today."};
  }
  const auto words = opening(parse_moment(reception.next_opening));
  // Closed all day: nothing has come to an end.
  if (reception.today.empty())
    return {"本日は受付を行っていません。" + words.ja, "There is no reception today. " + words.en};
  return {"本日の受付は終了しました。" + words.ja, "Reception is closed for today. " + words.en};
}

}  // namespace queue_board
