// The waiting line of one office on one day: who took a ticket, who was called, and what became of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "moment.hpp"

namespace queue_board {

// Nothing in it says who holds it.
struct Ticket {
  std::string number;  // as printed, e.g. "A101"
  std::string procedure;
  Moment taken{};
  std::optional<Moment> opening{};  // of that day, where it was taken before: nobody is received earlier
  bool priority = false;            // called before those without, e.g. with a reservation
  int ahead = 0;                    // how many were to be called before, when it was taken
  std::optional<Moment> called;
  std::string window;  // where it was called to
};

// What became of a day's tickets. taken = served + no_show + left + those still in the line.
struct Counts {
  int taken = 0;
  int served = 0;
  int no_show = 0;  // called, and nobody came until the end of the day
  int left = 0;     // went without being called, or were still there when the day ended
};

struct Day {
  Date day{};
  Counts counts;
};

// How long people waited who came in one hour of one weekday.
struct Waits {
  int people = 0;
  int minutes = 0;  // of all of them together
  int turns = 0;    // likewise: their own, and those of whoever was ahead of them
};

// Whether anybody keeps a line up to date: only then does its emptiness mean that nobody waits.
enum class Feed : std::uint8_t { none, live, suspended };

struct Line {
  Date day{};
  Feed feed = Feed::none;
  Moment touched{};                 // when anything last happened in it
  std::map<std::string, int> last;  // number given out, by letter
  std::vector<Ticket> waiting;      // in the order of their taking
  std::vector<Ticket> called;
  std::vector<Ticket> absent;  // called, and nobody came so far
  Counts counts;
  std::vector<Moment> calls;           // the latest of today
  std::vector<Day> days;               // the latest that have ended, oldest first
  std::map<std::string, Waits> waits;  // by weekday and hour, see slot()
};

using Board = std::map<std::string, Line, std::less<>>;  // by office

inline constexpr std::size_t days_kept = 14;
inline constexpr std::size_t calls_kept = 12;

// "1-09": Mondays from 9:00 to 10:00.
std::string slot(Moment moment);

// On a later day than the line's the line is empty, nobody has fed it yet, its numbers begin anew, who was
// still waiting went, and who stood at a window was served. A clock that was put back a little gives no
// number twice; one that had jumped ahead for days does not keep the line from beginning anew, after the
// numbers given out.
void begin_day(Line& line, Moment now);

struct NewTicket {
  std::string letter;
  int first_number;
  std::string procedure;
  bool priority;
  std::optional<Moment> opening;
};
Ticket take(Line& line, const NewTicket& wanted, Moment now);

// The first of those with priority, otherwise the first; of the procedures named, or of any when none is.
// Whoever was called to the same window before has been served. Nothing when nobody waits for it.
std::optional<Ticket> call_next(Line& line, const std::vector<std::string>& procedures,
                                const std::string& window, Moment now);
// Once more, also one who did not come before; to another window when one is named.
std::optional<Ticket> recall(Line& line, std::string_view number, const std::string& window, Moment now);
// All of them: nothing when there is no such ticket in that place.
std::optional<Ticket> no_show(Line& line, std::string_view number);
std::optional<Ticket> serve(Line& line, std::string_view number);
std::optional<Ticket> withdraw(Line& line, std::string_view number);  // waiting, called or absent

// How many are called before a waiting ticket; before one that would be taken now when none is named.
std::size_t ahead_of(const Line& line, const Ticket* ticket);

// Where it stands: "waiting", "called" or "absent".
struct Found {
  const Ticket* ticket = nullptr;
  std::string_view place;
};
Found find(const Line& line, std::string_view number);

}  // namespace queue_board
