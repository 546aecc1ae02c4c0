#include "views.hpp"

#include <algorithm>

namespace queue_board {
namespace {

// After so long without a call or a ticket nobody keeps the line of an office up to date that has closed, or
// whose hours are not known.
constexpr std::chrono::hours fresh{2};

json::object both(const Words& words) {
  return {{"ja", words.ja}, {"en", words.en}};
}

json::object guess(const Line& line, std::size_t ahead, const Pace& pace, Moment now) {
  const auto made = estimate(line, ahead, pace, now);
  return {{"minutes", made.minutes}, {"from", made.from}, {"estimate", true}};
}

json::object counts(const Counts& counts) {
  return {
      {"taken", counts.taken}, {"served", counts.served}, {"no_show", counts.no_show}, {"left", counts.left}};
}

// By when a case with this ticket is received: never still to come, which the daemon would refuse.
Moment received(const Ticket& ticket, Moment now) {
  return ticket.opening && *ticket.opening <= now ? *ticket.opening : ticket.taken;
}

// While an office is open, two quiet hours are an empty hall.
bool is_live(const Hall& office, const Line* line, const Reception* reception, Moment now) {
  if (!office.feeds || line == nullptr || line->feed != Feed::live) return false;
  if (reception == nullptr) return now - line->touched <= fresh;
  if (reception->open) return true;
  return now - std::max(line->touched, last_closing(*reception, now).value_or(line->touched)) <= fresh;
}

}  // namespace

void tell_reception(const Reception& reception, Moment now, json::object& into) {
  json::object told{{"open", reception.open},
                    {"in_time", reception.in_time},
                    {"today", json::array(reception.today.begin(), reception.today.end())}};
  if (!reception.last_reception.empty()) told["last_reception"] = reception.last_reception;
  if (!reception.next_opening.empty()) told["next_opening"] = reception.next_opening;
  into["reception"] = std::move(told);
  if (!reception.in_time) into["notice"] = both(closed_notice(reception, now));
}

json::object status(const Hall& office, const Line* line, const Reception* reception, Moment now) {
  json::object all{{"office", office.id}, {"name", both(office.name)}};
  if (!office.label.ja.empty()) all["label"] = both(office.label);
  if (reception != nullptr) tell_reception(*reception, now, all);
  all["live"] = is_live(office, line, reception, now);
  if (!all.at("live").as_bool()) {
    if (!all.contains("notice"))
      all["notice"] = both({"現在の待ち状況の情報はありません", "No live information"});
    return all;
  }
  json::array called;
  for (const Ticket& ticket : line->called)
    called.push_back(json::object{
        {"ticket", ticket.number}, {"window", ticket.window}, {"called_at", format_moment(*ticket.called)}});
  json::array absent;
  for (const Ticket& ticket : line->absent) absent.emplace_back(ticket.number);
  json::object by_procedure;
  for (const auto& procedure : office.procedures) by_procedure[procedure.id] = 0;
  for (const Ticket& ticket : line->waiting) {
    auto& waiting = by_procedure[ticket.procedure];
    waiting = waiting.is_int64() ? waiting.get_int64() + 1 : 1;
  }
  all["waiting"] = line->waiting.size();
  all["waiting_by_procedure"] = std::move(by_procedure);
  all["called"] = std::move(called);
  all["absent"] = std::move(absent);
  // Nobody can join the line any more.
  if (reception == nullptr || reception->in_time)
    all["wait"] = guess(*line, ahead_of(*line, nullptr), office.pace, now);
  return all;
}

json::object ticket(const Hall& office, const Line& line, const Found& found, Moment now) {
  json::object all{{"office", office.id},
                   {"ticket", found.ticket->number},
                   {"procedure", found.ticket->procedure},
                   {"state", found.place},
                   {"taken_at", format_moment(received(*found.ticket, now))}};
  if (found.ticket->called) {
    all["called_at"] = format_moment(*found.ticket->called);
    all["window"] = found.ticket->window;
  } else {
    const auto ahead = ahead_of(line, found.ticket);
    all["ahead"] = ahead;
    all["wait"] = guess(line, ahead, office.pace, now);
  }
  return all;
}

json::array waits(const Line& line) {
  json::array list;
  for (const auto& [slot, known] : line.waits) {
    list.push_back(json::object{{"weekday", slot[0] - '0'},
                                {"from", slot.substr(2) + ":00"},
                                {"people", known.people},
                                {"minutes", known.minutes / known.people}});
  }
  return list;
}

json::object report(const Hall& office, const Line& line) {
  auto today = counts(line.counts);
  today["day"] = madoguchi::plugin::format_date(line.day);
  today["waiting"] = line.waiting.size();
  today["called"] = line.called.size();
  today["absent"] = line.absent.size();
  json::array days;
  for (const Day& day : line.days) {
    auto one = counts(day.counts);
    one["day"] = madoguchi::plugin::format_date(day.day);
    days.push_back(std::move(one));
  }
  return {{"office", office.id}, {"today", std::move(today)}, {"days", std::move(days)}};
}

}  // namespace queue_board
