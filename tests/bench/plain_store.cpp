#include "plain_store.hpp"

#include <stdexcept>

namespace madoguchi::bench {
namespace {

// As the store's own; the rest of its pragmas is for reading.
constexpr const char* as_the_store =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = "
    "ON; "
    "PRAGMA cache_size = -512; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 4194304";

constexpr std::array texts{
    "BEGIN IMMEDIATE",
    "INSERT INTO cases (id, revision, state, card, card_key, opened_at, updated_at, body) "
    "VALUES (?, 1, ?, ?, substr(?3, 1, 16), ?, ?, ?)",
    "UPDATE cases SET revision = revision + 1, updated_at = ?1, body = ?2 "
    "WHERE id = ?3 AND revision = ?4 AND state = ?5",
    "UPDATE cases SET revision = revision + 1, updated_at = ?1, body = ?2, state = ?5, card = card, "
    "card_key = card_key WHERE id = ?3 AND revision = ?4",
    "INSERT INTO case_parts (case_id, name, body) VALUES (?, ?, ?) "
    "ON CONFLICT (case_id, name) DO UPDATE SET body = excluded.body",
    "DELETE FROM case_parts WHERE case_id = ? AND name = ?",
    "INSERT INTO journal (case_id, seq, at, kind, body) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO events (seq, at, topic, type, case_id, reader, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO audit (seq, case_id, line) VALUES (?, ?, ?)",
    "INSERT INTO audit_marks (name, seq, line) VALUES ('head', ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, line = excluded.line",
    "COMMIT"};

void must(sqlite3* database, int result) {
  if (result != SQLITE_OK && result != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database));
}

std::int64_t number(base::Instant at) {
  return at.time_since_epoch().count();
}

}  // namespace

// One run of a statement. What is bound outlives it.
class PlainStore::Row {
 public:
  Row(PlainStore& store, Statement which) : database_(store.database_), statement_(store.prepared_[which]) {}
  Row& text(const std::string& value) {
    must(database_, sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                                      SQLITE_STATIC));
    return *this;
  }
  Row& blob(const std::string& value) {
    must(database_, sqlite3_bind_blob(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                                      SQLITE_STATIC));
    return *this;
  }
  Row& integer(std::int64_t value) {
    must(database_, sqlite3_bind_int64(statement_, ++bound_, value));
    return *this;
  }
  void run() {
    const int result = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    must(database_, result);
  }

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

std::unique_ptr<storage::Store> new_store(const std::filesystem::path& path) {
  std::filesystem::create_directories(path.parent_path());
  storage::Keyring ring;
  ring.keys.push_back(storage::SealingKey::generate());
  auto opened = storage::open_sqlite(path, ring);
  if (!opened) throw std::runtime_error(base::describe(opened.error()));
  (*opened)->seal_with(std::make_shared<const audit::SigningKey>(audit::SigningKey::generate()), "bench");
  return std::move(*opened);
}

PlainStore::PlainStore(const std::filesystem::path& path) {
  {
    const auto made = new_store(path);
    storage::Change change;
    change.audit.emplace_back(base::Instant(), audit::Kind::audit, "audit.begun");
    if (const auto done = made->commit(change); !done) throw std::runtime_error(base::describe(done.error()));
    head_ = made->audit_marks().value().head;
    audited_ = 1;
  }
  must(database_, sqlite3_open(path.c_str(), &database_));
  must(database_, sqlite3_exec(database_, as_the_store, nullptr, nullptr, nullptr));
  for (std::size_t i = 0; i < texts.size(); ++i)
    must(database_,
         sqlite3_prepare_v3(database_, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &prepared_[i], nullptr));
}

PlainStore::~PlainStore() {
  for (auto* statement : prepared_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

// Columns that stay as they are are not set: the store has two statements, too.
void PlainStore::write_case(const storage::CaseRecord& record) {
  if (record.revision == 0) {
    Row row(*this, insert_case);
    row.text(record.id).text(record.state).blob(record.card).integer(number(record.opened_at));
    row.integer(number(record.updated_at)).blob(record.body).run();
    parts_.clear();
    lines_ = 0;
    return;
  }
  for (const auto statement : {update_body, update_case}) {
    Row row(*this, statement);
    row.integer(number(record.updated_at)).blob(record.body).text(record.id).integer(record.revision);
    row.text(record.state).run();
    if (sqlite3_changes(database_) != 0) return;
  }
  throw std::runtime_error("no case to change");
}

void PlainStore::write_parts(const storage::CaseRecord& record) {
  for (const auto& [name, text] : parts_)
    if (record.parts.count(name) == 0) Row(*this, remove_part).text(record.id).text(name).run();
  for (const auto& [name, text] : record.parts) {
    const auto before = parts_.find(name);
    if (before == parts_.end() || before->second != text)
      Row(*this, write_part).text(record.id).text(name).blob(text).run();
  }
  parts_ = record.parts;
}

void PlainStore::commit(const storage::Change& change, const std::vector<std::string>& audit_lines) {
  Row(*this, begin).run();
  write_case(*change.record);
  write_parts(*change.record);
  for (const auto& line : change.journal) {
    Row row(*this, add_line);
    row.text(change.record->id)
        .integer(++lines_)
        .integer(number(line.at))
        .text(line.kind)
        .blob(line.body)
        .run();
  }
  for (const auto& event : change.events) {
    Row row(*this, add_event);
    row.integer(++events_).integer(number(event.at)).text(event.topic).text(event.type).text(event.case_id);
    row.text(event.reader).blob(event.data).run();
  }
  for (const auto& line : audit_lines)
    Row(*this, add_audit).integer(++audited_).text(change.record->id).text(line).run();
  if (!audit_lines.empty()) Row(*this, set_head).integer(audited_).text(head_).run();
  Row(*this, end).run();
}

}  // namespace madoguchi::bench
