#include "board.hpp"

#include <algorithm>

namespace queue_board {
namespace {

using Tickets = std::vector<Ticket>;

Tickets::iterator by_number(Tickets& tickets, std::string_view number) {
  return std::find_if(tickets.begin(), tickets.end(), [&](const Ticket& t) { return t.number == number; });
}

std::optional<Ticket> taken_out(Tickets& tickets, std::string_view number) {
  const auto found = by_number(tickets, number);
  if (found == tickets.end()) return std::nullopt;
  auto ticket = std::move(*found);
  tickets.erase(found);
  return ticket;
}

// A window serves one person at a time.
void free_window(Line& line, const std::string& window) {
  const auto before = line.called.size();
  std::erase_if(line.called, [&](const Ticket& t) { return t.window == window; });
  line.counts.served += static_cast<int>(before - line.called.size());
}

// What is old counts for half once enough is known, so that a line that has changed shows.
constexpr int enough_people = 200;

void remember_wait(Line& line, const Ticket& ticket, Moment now) {
  auto& waits = line.waits[slot(ticket.taken)];
  if (waits.people >= enough_people) waits = {waits.people / 2, waits.minutes / 2, waits.turns / 2};
  const auto waited = std::chrono::floor<std::chrono::minutes>(now - ticket.taken).count();
  waits.people += 1;
  waits.minutes += static_cast<int>(std::max<std::int64_t>(waited, 0));
  // Who finds a window free takes no turn.
  if (waited > 0) waits.turns += ticket.ahead + 1;
}

Ticket& put_to_window(Line& line, Ticket ticket, const std::string& window, Moment now) {
  ticket.called = now;
  if (!window.empty()) ticket.window = window;
  line.called.push_back(std::move(ticket));
  return line.called.back();
}

}  // namespace

std::string slot(Moment moment) {
  const std::chrono::weekday weekday{std::chrono::sys_days(day_of(moment))};
  const auto hour = std::chrono::floor<std::chrono::hours>(clock_of(moment)).count();
  return std::to_string(weekday.iso_encoding()) + '-' +
         madoguchi::plugin::detail::padded(static_cast<int>(hour), 2);
}

void begin_day(Line& line, Moment now) {
  const auto today = day_of(now);
  if (today == line.day) return;
  const bool put_back = today < line.day;
  if (put_back && std::chrono::sys_days(line.day) - std::chrono::sys_days(today) <= std::chrono::days(1)) {
    line.day = today;
    return;
  }
  if (line.counts.taken > 0) {
    line.counts.no_show += static_cast<int>(line.absent.size());
    line.counts.left += static_cast<int>(line.waiting.size());
    line.counts.served += static_cast<int>(line.called.size());
    line.days.push_back({line.day, line.counts});
    if (line.days.size() > days_kept) line.days.erase(line.days.begin());
  }
  Line fresh;
  fresh.day = today;
  if (put_back) fresh.last = std::move(line.last);
  fresh.days = std::move(line.days);
  fresh.waits = std::move(line.waits);
  line = std::move(fresh);
}

Ticket take(Line& line, const NewTicket& wanted, Moment now) {
  const auto last = line.last.try_emplace(wanted.letter, wanted.first_number - 1).first;
  last->second += 1;
  Ticket ticket;
  ticket.number = wanted.letter + std::to_string(last->second);
  ticket.procedure = wanted.procedure;
  ticket.taken = now;
  ticket.opening = wanted.opening;
  ticket.priority = wanted.priority;
  line.feed = Feed::live;
  line.waiting.push_back(ticket);
  line.waiting.back().ahead = static_cast<int>(ahead_of(line, &line.waiting.back()));
  line.counts.taken += 1;
  return line.waiting.back();
}

std::optional<Ticket> call_next(Line& line, const std::vector<std::string>& procedures,
                                const std::string& window, Moment now) {
  const auto wanted = [&](const Ticket& t) {
    return procedures.empty() ||
           std::find(procedures.begin(), procedures.end(), t.procedure) != procedures.end();
  };
  free_window(line, window);
  auto next = std::find_if(line.waiting.begin(), line.waiting.end(),
                           [&](const Ticket& t) { return t.priority && wanted(t); });
  if (next == line.waiting.end()) next = std::find_if(line.waiting.begin(), line.waiting.end(), wanted);
  if (next == line.waiting.end()) return std::nullopt;
  auto ticket = std::move(*next);
  line.waiting.erase(next);
  remember_wait(line, ticket, now);
  line.calls.push_back(now);
  if (line.calls.size() > calls_kept) line.calls.erase(line.calls.begin());
  return put_to_window(line, std::move(ticket), window, now);
}

std::optional<Ticket> recall(Line& line, std::string_view number, const std::string& window, Moment now) {
  auto ticket = taken_out(line.called, number);
  if (!ticket) ticket = taken_out(line.absent, number);
  if (!ticket) return std::nullopt;
  // Whoever stands at that window now is not this one.
  free_window(line, window.empty() ? ticket->window : window);
  return put_to_window(line, std::move(*ticket), window, now);
}

std::optional<Ticket> no_show(Line& line, std::string_view number) {
  auto ticket = taken_out(line.called, number);
  if (ticket) line.absent.push_back(*ticket);
  return ticket;
}

std::optional<Ticket> serve(Line& line, std::string_view number) {
  auto ticket = taken_out(line.called, number);
  if (ticket) line.counts.served += 1;
  return ticket;
}

std::optional<Ticket> withdraw(Line& line, std::string_view number) {
  for (auto* place : {&line.waiting, &line.called, &line.absent}) {
    if (auto ticket = taken_out(*place, number)) {
      line.counts.left += 1;
      return ticket;
    }
  }
  return std::nullopt;
}

std::size_t ahead_of(const Line& line, const Ticket* ticket) {
  std::size_t ahead = 0;
  bool before = true;  // in the order of taking
  for (const Ticket& other : line.waiting) {
    if (&other == ticket) {
      before = false;
      continue;
    }
    const bool preferred = ticket != nullptr && ticket->priority;
    if (other.priority ? (before || !preferred) : (before && !preferred)) ++ahead;
  }
  return ahead;
}

Found find(const Line& line, std::string_view number) {
  const std::pair<const Tickets*, std::string_view> places[] = {
      {&line.waiting, "waiting"}, {&line.called, "called"}, {&line.absent, "absent"}};
  for (const auto& [tickets, place] : places) {
    for (const Ticket& ticket : *tickets) {
      if (ticket.number == number) return {&ticket, place};
    }
  }
  return {};
}

}  // namespace queue_board
