#include "sqlite/audit_table.hpp"

#include <algorithm>
#include <limits>

#include "audit/statement.hpp"
#include "sqlite/rows.hpp"

namespace madoguchi::storage {
namespace {

// Of entries that are gone through in one go, so that nothing waits for long; and how many of these a start
// waits for.
constexpr int piece = 1000;
constexpr int pieces_at_once = 20;
AuditRow row_of(const Query& row) {
  return {row.integer(0), row.text(1), row.text(2)};
}

}  // namespace

std::optional<audit::Place> believed_place(std::string_view head) {
  auto read = audit::read_statement(head);
  if (!read || read->purpose != audit::Purpose::head || read->place.seq > most_believed) return std::nullopt;
  return std::move(read->place);
}

base::Result<void> AuditTable::load() {
  const auto text = mark(audit::Purpose::head);
  if (!text) return text.error();
  if (auto place = believed_place(*text)) {
    head_ = std::move(*place);
    return {};
  }
  auto last = last_line();
  if (!last) return last.error();
  head_ = std::move(*last);
  return {};
}

// Rows that somebody has put behind it are passed over, whatever their numbers.
base::Result<audit::Place> AuditTable::last_line() {
  auto rows = query(list_audit_back);
  rows.bind(most_believed);
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return audit::Place();
    auto read = audit::read_line(rows.view(2));
    if (read && read->after.seq == rows.integer(0)) return std::move(read->after);
  }
}

// A row that somebody has put where the next entry goes is in nobody's way, and stays to be found.
base::Result<audit::Place> AuditTable::free_place(audit::Place place) {
  constexpr std::int64_t no_limit = -1;
  auto rows = query(list_audit);
  rows.bind(place.seq).bind(no_limit);
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row || rows.integer(0) != place.seq + 1) return place;
    ++place.seq;
  }
}

void AuditTable::seal_with(std::shared_ptr<const audit::SigningKey> key, std::string counter) {
  key_ = std::move(key);
  counter_ = std::move(counter);
}

base::Result<AuditRow> AuditTable::last_row(std::int64_t to) {
  auto last = query(list_audit_back);
  last.bind(to);
  const auto row = last.step();
  if (!row) return row.error();
  return *row ? row_of(last) : AuditRow{};
}

base::Result<std::string> AuditTable::mark(audit::Purpose purpose) {
  auto found = query(load_audit_mark);
  found.bind(audit::name(purpose));
  const auto row = found.step();
  if (!row) return row.error();
  return *row ? found.text(0) : std::string();
}

base::Result<void> AuditTable::set_mark(audit::Purpose purpose, const audit::Place& place, base::Instant at) {
  const auto line = key_ ? audit::signed_statement(purpose, place, at, *key_)
                         : audit::unsigned_statement(purpose, place, at);
  auto write = query(write_audit_mark);
  write.bind(audit::name(purpose)).bind(place.seq).bind(line);
  return write.run();
}

// Whoever could write one that is believed would say of any entries that they have had their time. Of a store
// that nobody has sealed no statement is signed.
base::Result<std::optional<audit::Place>> AuditTable::begin() {
  const auto text = mark(audit::Purpose::base);
  if (!text) return text.error();
  if (text->empty()) return std::optional(audit::Place());
  auto read = audit::read_statement(*text);
  if (!read || read->purpose != audit::Purpose::base) return std::optional<audit::Place>();
  const bool sealed = key_ || !keys_.empty();
  const bool signed_by_own = key_ && audit::signed_by(*read, key_->public_key());
  if (sealed && !signed_by_own && !audit::signed_by_any(*read, keys_)) return std::optional<audit::Place>();
  return std::optional(std::move(read->place));
}

base::Result<std::int64_t> AuditTable::before_first() {
  const auto begun = begin();
  if (!begun) return begun.error();
  return *begun ? (*begun)->seq : 0;
}

std::vector<audit::Entry> AuditTable::found_entries(base::Instant at) const {
  std::vector<audit::Entry> entries;
  for (const auto& problem : found_) {
    audit::Entry entry(at, audit::Kind::audit, "audit.damaged");
    entry.put(audit::Field::reason, audit::name(problem.flaw)).put(audit::Field::through, problem.seq);
    if (problem == before_begin_) entry.put(audit::Field::count, rows_before_);
    if (audit::read_statement(head_found_)) entry.put(audit::Field::head, head_found_);
    entries.push_back(std::move(entry));
  }
  return entries;
}

// What was found stands before all else: no head is signed over it that does not cover the finding as well.
base::Result<void> AuditTable::append(const std::vector<audit::Entry>& entries) {
  audit::Chain chain(head_);
  auto all = found_entries(entries.front().at());
  all.insert(all.end(), entries.begin(), entries.end());
  for (auto& entry : all) {
    entry.put(audit::Field::counter, counter_);
    auto place = free_place(chain.head());
    if (!place) return place.error();
    chain = audit::Chain(std::move(*place));
    const auto row = chain.append(entry);
    auto insert = query(insert_audit);
    insert.bind(row.seq).bind(entry.get(audit::Field::visit)).bind(row.text);
    if (auto done = insert.run(); !done) return done;
  }
  next_ = chain.head();
  return set_mark(audit::Purpose::head, next_, entries.back().at());
}

base::Result<std::vector<audit::Problem>> AuditTable::check_end(const std::vector<audit::PublicKey>& keys) {
  keys_ = keys;
  const auto begun = before_first();
  if (!begun) return begun.error();
  const auto head = mark(audit::Purpose::head);
  if (!head) return head.error();
  const auto told = audit::read_statement(*head);
  if (told && told->purpose == audit::Purpose::head && audit::signed_by_any(*told, keys)) head_ = told->place;
  // Judged by where the chain goes on: what stands far behind that stays there, and would be the end for
  // good.
  const auto end = free_place(head_);
  if (!end) return end.error();
  const auto last = last_row(end->seq);
  if (!last) return last.error();
  const auto beyond = beyond_end(end->seq);
  if (!beyond) return beyond.error();
  audit::Verifier verifier(keys, audit::Earlier::is_passed_over);
  if (last->seq > *begun) {
    verifier.entry(last->line, last->seq, last->case_id);
  } else {
    verifier.begin_store({});
  }
  verifier.end_store(*head);
  const auto cases = unaccounted_cases();
  if (cases) verifier.without_entries(*cases);
  found_ = verifier.problems();
  head_found_ = *head;
  look_back_ = LookBack(keys, *begun, head_.seq);
  for (int pieces = 0; pieces < pieces_at_once && !look_back_.done(); ++pieces) look_at_piece();
  auto problems = found_;
  look_before_begin(*begun);
  for (const auto& stray : {before_begin_, *beyond}) {
    if (!stray) continue;
    problems.push_back(*stray);
    if (!is_entered(*stray, *begun)) found_.push_back(*stray);
  }
  if (!cases) problems.push_back({audit::Flaw::unreadable, 0, 0});
  if (!look_back_.done()) return problems;
  const auto earlier = look_back_.found();
  problems.insert(problems.end(), earlier.begin(), earlier.end());
  return problems;
}

// Rows that do not go on from the end of the chain, from the first of them to the last.
base::Result<std::optional<audit::Problem>> AuditTable::beyond_end(std::int64_t end) {
  const auto first = entries(end, {}, 1);
  if (!first) return first.error();
  if (first->empty()) return std::optional<audit::Problem>();
  const auto last = last_row(std::numeric_limits<std::int64_t>::max());
  if (!last) return last.error();
  const auto seq = first->front().seq;
  return std::optional(audit::Problem{audit::Flaw::altered, seq, last->seq > seq ? last->seq : 0});
}

// Rows with numbers that no entry has, or none that is left.
void AuditTable::look_before_begin(std::int64_t begun) {
  before_begin_.reset();
  auto rows = query(count_audit_to);
  rows.bind(begun);
  const auto row = rows.step();
  // A page that is lost is found by the look back.
  if (!row || !*row || rows.integer(0) == 0) return;
  rows_before_ = rows.integer(0);
  before_begin_ = {audit::Flaw::altered, rows.integer(1), 0};
}

// By a start of late: no start looks at more of a long log.
bool AuditTable::is_entered(const audit::Problem& problem, std::int64_t begun) {
  auto rows = query(list_audit_back);
  rows.bind(head_.seq);
  // An entry names no number below zero: how many rows there are tells that one has been added.
  const auto seq = problem.seq < 0 ? std::string() : std::to_string(problem.seq);
  const auto count = problem == before_begin_ ? std::to_string(rows_before_) : std::string();
  for (int seen = 0; seen < piece * pieces_at_once; ++seen) {
    const auto row = rows.step();
    if (!row || !*row || rows.integer(0) <= begun) return false;
    const auto read = finding_in(rows.view(2));
    if (!read || read->after.seq != rows.integer(0)) continue;
    const auto& entry = read->line.entry;
    if (entry.get(audit::Field::reason) == audit::name(problem.flaw) &&
        entry.get(audit::Field::through) == seq && entry.get(audit::Field::count) == count)
      return true;
  }
  return false;
}

LookedBack AuditTable::look_back() {
  if (look_back_.done()) return {};
  look_at_piece();
  if (!look_back_.done()) return {.done = false};
  return {.done = true, .found = look_back_.found()};
}

void AuditTable::look_at_piece() {
  auto rows = query(list_audit);
  rows.bind(look_back_.since()).bind(std::int64_t{piece});
  for (int seen = 0; seen < piece; ++seen) {
    const auto row = rows.step();
    if (!row) return look_back_.not_read();
    if (!*row) return look_back_.end();
    look_back_.row(rows.integer(0), rows.view(2));
  }
}

// Entries leave in their order, so that those of a case which was opened since the first that is left are
// there.
base::Result<std::int64_t> AuditTable::unaccounted_cases() {
  const auto begun = before_first();
  if (!begun) return begun.error();
  const auto first = entries(*begun, {}, 1);
  if (!first) return first.error();
  auto count = query(count_unaccounted);
  count.bind(first->empty() ? std::int64_t{0} : time_of_entry(first->front().line)).bind(*begun);
  const auto row = count.step();
  if (!row) return row.error();
  return *row ? count.integer(0) : 0;
}

base::Result<std::vector<AuditRow>> AuditTable::entries(std::int64_t since, const std::string& case_id,
                                                        int limit) {
  // Whoever asks for what no entry can be wants all that lies there.
  if (since >= 0) {
    const auto begun = before_first();
    if (!begun) return begun.error();
    since = std::max(since, *begun);
  }
  auto rows = query(case_id.empty() ? list_audit : list_audit_of_case);
  rows.bind(since);
  if (!case_id.empty()) rows.bind(case_id);
  rows.bind(std::int64_t{limit});
  std::vector<AuditRow> found;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return found;
    found.push_back(row_of(rows));
  }
}

base::Result<AuditMarks> AuditTable::marks() {
  auto head = mark(audit::Purpose::head);
  if (!head) return head.error();
  auto base = mark(audit::Purpose::base);
  if (!base) return base.error();
  return AuditMarks{std::move(*head), std::move(*base)};
}

}  // namespace madoguchi::storage
