#include "sqlite/sqlite_store.hpp"

namespace madoguchi::storage {

void SqliteStore::seal_with(std::shared_ptr<const audit::SigningKey> key, std::string counter) {
  const std::scoped_lock turn(turn_);
  audit_.seal_with(std::move(key), std::move(counter));
}

base::Result<std::vector<audit::Problem>> SqliteStore::check_end(const std::vector<audit::PublicKey>& keys) {
  const std::scoped_lock turn(turn_);
  return audit_.check_end(keys);
}

LookedBack SqliteStore::look_back() {
  const std::scoped_lock turn(turn_);
  return audit_.look_back();
}

base::Result<std::vector<AuditRow>> SqliteStore::audit_entries(std::int64_t since, const std::string& case_id,
                                                               int limit) {
  if (limit < 1) return bad_parameter("/limit", "at least 1");
  const std::scoped_lock turn(turn_);
  return audit_.entries(since, case_id, limit);
}

base::Result<AuditMarks> SqliteStore::audit_marks() {
  const std::scoped_lock turn(turn_);
  return audit_.marks();
}

base::Result<std::int64_t> SqliteStore::unaccounted_cases() {
  const std::scoped_lock turn(turn_);
  return audit_.unaccounted_cases();
}

base::Result<std::int64_t> SqliteStore::prune_audit(base::Instant before, base::Instant now, int most) {
  const std::scoped_lock turn(turn_);
  if (auto placed = check_place(); !placed) return placed.error();
  auto transaction = Transaction::begin(connection_);
  if (!transaction) return transaction.error();
  const auto count = audit_.prune(before, now, most);
  if (!count || *count == 0) return count;
  if (auto done = transaction->commit(); !done) return done.error();
  audit_.committed();
  return count;
}

base::Result<std::vector<Held>> SqliteStore::held(const HeldQuery& wanted) {
  if (wanted.limit < 1 || wanted.limit > longest_page) return bad_parameter("/limit", "1 to 500");
  const std::scoped_lock turn(turn_);
  return holdings_.held(wanted);
}

base::Result<std::int64_t> SqliteStore::let_go(const Outdated& outdated, base::Instant now, int most) {
  const std::scoped_lock turn(turn_);
  if (auto placed = check_place(); !placed) return placed.error();
  auto transaction = Transaction::begin(connection_);
  if (!transaction) return transaction.error();
  const auto gone = holdings_.let_go(outdated, most);
  if (!gone) return gone.error();
  if (gone->empty()) return 0;
  std::vector<audit::Entry> entries;
  for (const auto& id : *gone)
    entries.emplace_back(now, audit::Kind::visit, "case.let_go").put(audit::Field::visit, id);
  if (auto done = audit_.append(entries); !done) return done.error();
  if (auto done = transaction->commit(); !done) return done.error();
  audit_.committed();
  if (auto done = connection_.empty_log(); !done) return done.error();
  return static_cast<std::int64_t>(gone->size());
}

base::Result<Sealing> SqliteStore::sealing() {
  const std::scoped_lock turn(turn_);
  return holdings_.sealing();
}

base::Result<Resealed> SqliteStore::reseal(const Resealed& from, int most) {
  if (most < 1) return bad_parameter("/most", "at least 1");
  const std::scoped_lock turn(turn_);
  if (auto placed = check_place(); !placed) return placed.error();
  auto transaction = Transaction::begin(connection_);
  if (!transaction) return transaction.error();
  const auto to = holdings_.reseal(from, most);
  if (!to) return to;
  if (auto done = transaction->commit(); !done) return done.error();
  if (to->done)
    if (auto done = connection_.empty_log(); !done) return done.error();
  return to;
}

}  // namespace madoguchi::storage
