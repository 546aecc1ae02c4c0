// How the oldest entries leave the audit log. What leaves is signed for, so that each must stand in its own
// place and follow on the one before it: a line that is due, put in place of another, would otherwise have
// all before it signed away. One that was rewritten in its place, and what follows on it, goes by what it
// says; the entry behind it then follows on no other, which is told for good.
#include "base/calendar.hpp"
#include "sqlite/audit_table.hpp"

namespace madoguchi::storage {
namespace {

// Of entries that are looked at in one go, so that nothing waits for long.
constexpr std::int64_t most_looked_at = 20'000;

// This program is younger: what is dated earlier was made while the clock had lost its time.
constexpr base::Date earliest{std::chrono::year(2026), std::chrono::month(1), std::chrono::day(1)};

bool is_too_early(base::Instant at) {
  return at < base::start_of_day_in_japan(earliest);
}

// Nobody minds an entry that stays for some weeks longer than it had to: a clock that was set back by less is
// nothing to tell.
constexpr std::chrono::days told_since{31};

// When the line says that it was made; without reading the rest of it, which takes long.
std::optional<base::Instant> told_time(std::string_view line) {
  constexpr std::string_view key = R"("at":")";
  const auto begin = line.find(key);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto text = line.substr(begin + key.size());
  return base::parse_time(text.substr(0, text.find('"')));
}

std::string entry_named(std::int64_t seq) {
  return "entry " + std::to_string(seq);
}

}  // namespace

// An entry that is dated after today or before this program was made by a clock that was ahead or had lost
// its time, or it is today's clock that is behind. Nobody knows when it was made, and it goes with the next
// one that is old, of a time that can be; not before its case, whose opening it may be.
base::Result<AuditTable::Leaving> AuditTable::leaving(base::Instant before, base::Instant now, int most) {
  const auto begun = begin();
  if (!begun) return begun.error();
  Leaving leaving;
  leaving.for_those_before = before;
  if (!*begun) {
    leaving.stays =
        "the base, which says where the log begins, is not signed with a key that is known: it stays";
    return leaving;
  }
  auto walked = **begun;
  leaving.since = walked.seq;
  audit::Place to;
  std::int64_t count = 0;
  auto rows = query(list_audit);
  rows.bind(walked.seq).bind(most_looked_at);
  while (leaving.count < most) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row && walked.seq - (*begun)->seq == most_looked_at)
      leaving.stays = "entries " + std::to_string((*begun)->seq + 1) + " to " + std::to_string(walked.seq) +
                      " are dated after today or before 2026, and no more are looked at: they stay";
    // The last one stays.
    if (!*row || rows.integer(0) >= head_.seq) break;
    const auto seq = rows.integer(0);
    leaving.since = seq;
    auto read = audit::read_line(rows.view(2));
    const bool as_written =
        read && read->after.seq == seq && read->line.entry.get(audit::Field::visit) == rows.view(1);
    if (!as_written || read->line.before != walked) {
      leaving.stays = entry_named(seq) +
                      (as_written ? " does not follow on what was before it" : " cannot be read") +
                      ": it stays";
      break;
    }
    const auto at = read->line.entry.at();
    const bool undated = at > now || is_too_early(at);
    if (!undated && at >= before) {
      leaving.stays = entry_named(seq) + " is dated " + base::format_date(base::date_in_japan(at)) +
                      ": it stays until then is long enough ago";
      leaving.for_those_before = std::min(before, at - told_since);
      break;
    }
    if (undated && is_kept(rows.text(1))) {
      leaving.stays = entry_named(seq) + (at > now ? " is dated after today" : " is dated before 2026") +
                      " and of the case " + rows.text(1) + ", which is kept: it stays until the case goes";
      break;
    }
    walked = std::move(read->after);
    if (count < most) {
      to = walked;
      ++count;
    }
    if (undated) continue;
    leaving.to = to;
    leaving.count = count;
  }
  return leaving;
}

base::Result<bool> AuditTable::waits_behind(std::int64_t seq, base::Instant before) {
  auto rows = query(list_audit);
  rows.bind(seq).bind(most_looked_at);
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row || rows.integer(0) >= head_.seq) return false;
    const auto at = told_time(rows.view(2));
    if (at && *at < before && !is_too_early(*at)) return true;
  }
}

bool AuditTable::is_kept(const std::string& case_id) {
  if (case_id.empty()) return false;
  auto found = query(revision_of_case);
  found.bind(case_id);
  const auto row = found.step();
  return !row || *row;
}

base::Result<std::int64_t> AuditTable::prune(base::Instant before, base::Instant now, int most) {
  const auto found = leaving(before, now, most);
  if (!found) return found.error();
  const auto& [base, count, stays, since, for_those_before] = *found;
  if (count == 0) {
    if (stays.empty()) return count;
    const auto waits = waits_behind(since, for_those_before);
    if (!waits) return waits.error();
    if (!*waits) return count;
    return base::make_fault(base::Code::internal, stays + ", and all behind it");
  }
  if (auto done = set_mark(audit::Purpose::base, base, now); !done) return done.error();
  auto remove = query(remove_audit);
  remove.bind(base.seq);
  if (auto done = remove.run(); !done) return done.error();
  audit::Entry entry(now, audit::Kind::audit, "audit.pruned");
  entry.put(audit::Field::through, base.seq).put(audit::Field::count, count);
  if (auto done = append({entry}); !done) return done.error();
  return count;
}

}  // namespace madoguchi::storage
