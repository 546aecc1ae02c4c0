#include "sqlite/holdings_table.hpp"

#include "sqlite/rows.hpp"

namespace madoguchi::storage {
namespace {

// Events are short: so many are as much work as one case.
constexpr std::int64_t events_a_case = 40;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace

base::Result<std::vector<std::string>> HoldingsTable::texts(Sql sql) {
  auto rows = query(sql);
  std::vector<std::string> found;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return found;
    found.push_back(rows.text(0));
  }
}

base::Result<std::vector<Held>> HoldingsTable::held(const HeldQuery& wanted) {
  auto rows = query(list_held);
  rows.bind(wanted.after).bind(wanted.case_id).bind(wanted.card).bind(std::int64_t{wanted.limit});
  std::vector<Held> found;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return found;
    found.push_back({rows.text(0), rows.text(1), rows.text(2), instant(rows.integer(3)),
                     instant(rows.integer(4)), lines_of(rows.view(5)), rows.integer(6),
                     lines_of(rows.view(7))});
  }
}

base::Result<Sealing> HoldingsTable::sealing() {
  auto rows = query(list_keys);
  Sealing found;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return found;
    if (rows.integer(1) != 0) {
      found.key = rows.text(0);
    } else {
      found.former.push_back(rows.text(0));
    }
  }
}

base::Result<std::vector<std::string>> HoldingsTable::let_go(const Outdated& outdated, int most) {
  const auto states = json_list(outdated.states);
  {
    auto choose = query(choose_leaving);
    choose.bind(states).bind(number(outdated.since)).bind(std::int64_t{most});
    if (auto done = choose.run(); !done) return done.error();
  }
  auto ids = texts(list_leaving);
  if (!ids || ids->empty()) return ids;
  for (const auto sql :
       {remove_journal, remove_parts, remove_states, unname_events, remove_cases, end_leaving})
    if (auto done = run(sql); !done) return done.error();
  return ids;
}

base::Result<std::string> HoldingsTable::reseal_cases(const std::string& after, int most) {
  {
    auto choose = query(choose_resealing);
    choose.bind(after).bind(std::int64_t{most});
    if (auto done = choose.run(); !done) return done.error();
  }
  const auto ids = texts(list_resealing);
  if (!ids) return ids.error();
  if (ids->empty()) return std::string();
  for (const auto sql : {reseal_case_rows, reseal_journal, reseal_parts, reseal_states, end_resealing})
    if (auto done = run(sql); !done) return done.error();
  return ids->back();
}

base::Result<std::int64_t> HoldingsTable::finish() {
  for (const auto sql : {reseal_other_states, reseal_lookup, retire_keys})
    if (auto done = run(sql); !done) return done.error();
  auto left = query(count_old);
  if (const auto row = left.step(); !row) return row.error();
  return left.integer(0);
}

base::Result<Resealed> HoldingsTable::reseal(const Resealed& from, int most) {
  auto to = from;
  if (from.event == 0) {
    const auto last = reseal_cases(from.case_id, most);
    if (!last) return last.error();
    if (!last->empty()) {
      to.case_id = *last;
      return to;
    }
  }
  std::int64_t end = 0;
  {
    auto last = query(Sql::last_event);
    if (const auto row = last.step(); !row) return row.error();
    end = last.integer(0);
  }
  to.event = from.event + most * events_a_case;
  auto events = query(reseal_events);
  events.bind(from.event).bind(to.event);
  if (auto done = events.run(); !done) return done.error();
  if (to.event < end) return to;
  const auto left = finish();
  if (!left) return left.error();
  to.damaged = *left;
  to.done = true;
  return to;
}

}  // namespace madoguchi::storage
