#include "kept.hpp"

namespace queue_board {
namespace {

namespace json = madoguchi::plugin::json;

std::int64_t seconds(Moment moment) {
  return moment.time_since_epoch().count();
}
Moment moment(const json::value& value) {
  return Moment(std::chrono::seconds(value.as_int64()));
}
int whole(const json::value& value) {
  return static_cast<int>(value.as_int64());
}
Date date(const json::value& value) {
  const auto read = madoguchi::plugin::parse_date(std::string_view(value.as_string()));
  if (!read) throw madoguchi::plugin::BadRequest("a day that is none");
  return *read;
}

json::array to_json(const std::vector<Ticket>& tickets) {
  json::array list;
  for (const Ticket& ticket : tickets) {
    json::object one{{"n", ticket.number}, {"p", ticket.procedure}, {"t", seconds(ticket.taken)}};
    if (ticket.opening) one["o"] = seconds(*ticket.opening);
    if (ticket.priority) one["f"] = true;
    if (ticket.ahead != 0) one["a"] = ticket.ahead;
    if (ticket.called) one["c"] = seconds(*ticket.called);
    if (!ticket.window.empty()) one["w"] = ticket.window;
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<Ticket> tickets(const json::value& value) {
  std::vector<Ticket> list;
  for (const auto& item : value.as_array()) {
    const auto& one = item.as_object();
    Ticket ticket;
    ticket.number = one.at("n").as_string();
    ticket.procedure = one.at("p").as_string();
    ticket.taken = moment(one.at("t"));
    if (const auto* opening = one.if_contains("o")) ticket.opening = moment(*opening);
    ticket.priority = one.contains("f");
    if (const auto* ahead = one.if_contains("a")) ticket.ahead = whole(*ahead);
    if (const auto* called = one.if_contains("c")) ticket.called = moment(*called);
    if (const auto* window = one.if_contains("w")) ticket.window = window->as_string();
    list.push_back(std::move(ticket));
  }
  return list;
}

json::array to_json(const Counts& counts) {
  return {counts.taken, counts.served, counts.no_show, counts.left};
}
Counts counts(const json::value& value) {
  const auto& list = value.as_array();
  return {whole(list.at(0)), whole(list.at(1)), whole(list.at(2)), whole(list.at(3))};
}

json::object to_json(const Line& line) {
  json::object last;
  for (const auto& [letter, number] : line.last) last[letter] = number;
  json::array calls;
  for (const auto call : line.calls) calls.push_back(seconds(call));
  json::array days;
  for (const Day& day : line.days)
    days.push_back(json::array{madoguchi::plugin::format_date(day.day), to_json(day.counts)});
  json::object waits;
  for (const auto& [slot, known] : line.waits)
    waits[slot] = json::array{known.people, known.minutes, known.turns};
  return {{"day", madoguchi::plugin::format_date(line.day)},
          {"feed", static_cast<int>(line.feed)},
          {"touched", seconds(line.touched)},
          {"last", std::move(last)},
          {"waiting", to_json(line.waiting)},
          {"called", to_json(line.called)},
          {"absent", to_json(line.absent)},
          {"counts", to_json(line.counts)},
          {"calls", std::move(calls)},
          {"days", std::move(days)},
          {"waits", std::move(waits)}};
}

Line line(const json::object& kept) {
  Line line;
  line.day = date(kept.at("day"));
  if (const auto* feed = kept.if_contains("feed")) line.feed = static_cast<Feed>(feed->as_int64());
  if (const auto* touched = kept.if_contains("touched")) line.touched = moment(*touched);
  for (const auto& [letter, number] : kept.at("last").as_object())
    line.last[std::string(letter)] = whole(number);
  line.waiting = tickets(kept.at("waiting"));
  line.called = tickets(kept.at("called"));
  line.absent = tickets(kept.at("absent"));
  line.counts = counts(kept.at("counts"));
  for (const auto& call : kept.at("calls").as_array()) line.calls.push_back(moment(call));
  for (const auto& day : kept.at("days").as_array())
    line.days.push_back({date(day.as_array().at(0)), counts(day.as_array().at(1))});
  for (const auto& [slot, known] : kept.at("waits").as_object()) {
    // What an older version kept tells nothing of how long the line was.
    const auto& list = known.as_array();
    if (list.size() == 3) line.waits[std::string(slot)] = {whole(list[0]), whole(list[1]), whole(list[2])};
  }
  return line;
}

}  // namespace

Board read_board(const json::object& kept) {
  Board board;
  const auto* offices = kept.if_contains("offices");
  if (offices == nullptr) return board;
  for (const auto& [office, one] : offices->as_object()) board[std::string(office)] = line(one.as_object());
  return board;
}

json::object write_board(const Board& board) {
  json::object offices;
  for (const auto& [office, line] : board) offices[office] = to_json(line);
  return {{"offices", std::move(offices)}};
}

}  // namespace queue_board
