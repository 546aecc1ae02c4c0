#include "sqlite/migrations.hpp"

#include <array>
#include <string>

namespace madoguchi::storage {
namespace {

// Times are milliseconds since 1970 in UTC. The index carries state and card so that a filtered list reads no
// rows but those it returns.
constexpr const char* version_1 = R"sql(
CREATE TABLE cases (
  id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL CHECK (revision > 0),
  state TEXT NOT NULL,
  card TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX cases_by_age ON cases (opened_at, id, state, card);
CREATE INDEX cases_by_card ON cases (card, opened_at, id, state) WHERE card <> '';
CREATE TRIGGER cases_keep_their_place BEFORE UPDATE OF id, opened_at ON cases
  BEGIN SELECT RAISE(ABORT, 'id and opening time of a case never change'); END;

CREATE TABLE journal (
  case_id TEXT NOT NULL REFERENCES cases (id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at INTEGER NOT NULL,
  topic TEXT NOT NULL,
  type TEXT NOT NULL,
  case_id TEXT NOT NULL,
  reader TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT;
INSERT INTO probe VALUES (1, 0);
)sql";

// What plugins keep. Its own of a plugin stands under the empty case.
constexpr const char* version_2 = R"sql(
CREATE TABLE plugin_states (
  case_id TEXT NOT NULL,
  plugin TEXT NOT NULL CHECK (plugin <> ''),
  revision INTEGER NOT NULL CHECK (revision > 0),
  body TEXT NOT NULL,
  owed TEXT NOT NULL,
  PRIMARY KEY (case_id, plugin)
) STRICT, WITHOUT ROWID;
CREATE INDEX plugin_states_owed ON plugin_states (case_id) WHERE owed <> '';
)sql";

// What of a case is large and seldom changes. An older case's body is whole by itself, and has its parts
// taken out when it is next written. Not clustered: such rows would spill over into pages of their own from 1
// KB on.
constexpr const char* version_3 = R"sql(
CREATE TABLE case_parts (
  case_id TEXT NOT NULL REFERENCES cases (id),
  name TEXT NOT NULL CHECK (name <> ''),
  body TEXT NOT NULL,
  PRIMARY KEY (case_id, name)
) STRICT;
)sql";

// Only cases about which a plugin keeps something, so that its lists stay short however many cases have
// ended.
constexpr const char* version_4 = R"sql(
CREATE INDEX plugin_states_of ON plugin_states (plugin, case_id) WHERE case_id <> '' AND body <> '';
)sql";

// The audit log, and the signed statements about where it ends and, once it was pruned, begins. The tables
// themselves refuse what is no commit of the daemon's; who gets around them is found by the chain.
constexpr const char* version_5 = R"sql(
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  case_id TEXT NOT NULL,
  line TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_case ON audit (case_id) WHERE case_id <> '';
CREATE TABLE audit_marks (
  name TEXT NOT NULL PRIMARY KEY CHECK (name IN ('head', 'base')),
  seq INTEGER NOT NULL,
  line TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
  WHEN OLD.seq > coalesce((SELECT seq FROM audit_marks WHERE name = 'base'), 0)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_marks_are_kept BEFORE DELETE ON audit_marks
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql";

// What is held about people is sealed, each value for its column and its row. The tables are made anew and
// the old ones dropped, which overwrites every page of theirs (secure_delete). A case may be let go, and a
// value sealed anew, while the case's id stands in `leaving` or `resealing`: within one transaction, and
// nowhere else.
constexpr const char* version_6 = R"sql(
CREATE TABLE sealing_keys (id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO sealing_keys VALUES (sealing_key());
CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO secrets VALUES ('lookup', sealed_lookup());
CREATE TABLE leaving (case_id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE resealing (case_id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE sealed_cases (
  id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL CHECK (revision > 0),
  state TEXT NOT NULL,
  card BLOB NOT NULL,
  card_key BLOB NOT NULL,
  opened_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
INSERT INTO sealed_cases
  SELECT id, revision, state, seal_if_any('cases.card', id, card), pseudonym(card), opened_at, updated_at,
         seal('cases.body', id, body) FROM cases;
CREATE TABLE sealed_journal (
  case_id TEXT NOT NULL REFERENCES cases (id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO sealed_journal
  SELECT case_id, seq, at, kind, seal('journal.body', case_id || '/' || seq, body) FROM journal;
CREATE TABLE sealed_events (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at INTEGER NOT NULL,
  topic TEXT NOT NULL,
  type TEXT NOT NULL,
  case_id TEXT NOT NULL,
  reader TEXT NOT NULL,
  data BLOB NOT NULL
) STRICT;
INSERT INTO sealed_events
  SELECT seq, at, topic, type, case_id, reader, seal('events.data', seq, data) FROM events;
CREATE TABLE sealed_plugin_states (
  case_id TEXT NOT NULL,
  plugin TEXT NOT NULL CHECK (plugin <> ''),
  revision INTEGER NOT NULL CHECK (revision > 0),
  body BLOB NOT NULL,
  owed BLOB NOT NULL,
  PRIMARY KEY (case_id, plugin)
) STRICT, WITHOUT ROWID;
INSERT INTO sealed_plugin_states
  SELECT case_id, plugin, revision, seal_if_any('plugin_states.body', case_id || '/' || plugin, body),
         seal_if_any('plugin_states.owed', case_id || '/' || plugin, owed) FROM plugin_states;
CREATE TABLE sealed_parts (
  case_id TEXT NOT NULL REFERENCES cases (id),
  name TEXT NOT NULL CHECK (name <> ''),
  body BLOB NOT NULL,
  PRIMARY KEY (case_id, name)
) STRICT;
INSERT INTO sealed_parts
  SELECT case_id, name, seal('case_parts.body', case_id || '/' || name, body) FROM case_parts;

DROP TABLE case_parts;
DROP TABLE plugin_states;
DROP TABLE events;
DROP TABLE journal;
DROP TABLE cases;
ALTER TABLE sealed_cases RENAME TO cases;
ALTER TABLE sealed_journal RENAME TO journal;
ALTER TABLE sealed_events RENAME TO events;
ALTER TABLE sealed_plugin_states RENAME TO plugin_states;
ALTER TABLE sealed_parts RENAME TO case_parts;

CREATE INDEX cases_by_age ON cases (opened_at, id, state);
CREATE INDEX cases_by_card ON cases (card_key, opened_at, id, state) WHERE card_key <> x'';
CREATE TRIGGER cases_keep_their_place BEFORE UPDATE OF id, opened_at ON cases
  BEGIN SELECT RAISE(ABORT, 'id and opening time of a case never change'); END;
CREATE TRIGGER journal_never_changes BEFORE UPDATE OF case_id, seq, at, kind ON journal
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_its_text BEFORE UPDATE OF body ON journal
  WHEN NOT EXISTS (SELECT 1 FROM resealing WHERE case_id = OLD.case_id)
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal
  WHEN NOT EXISTS (SELECT 1 FROM leaving WHERE case_id = OLD.case_id)
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE INDEX plugin_states_owed ON plugin_states (case_id) WHERE owed <> x'';
CREATE INDEX plugin_states_of ON plugin_states (plugin, case_id) WHERE case_id <> '' AND body <> x'';
)sql";

constexpr std::array<const char*, 6> steps_known{version_1, version_2, version_3,
                                                 version_4, version_5, version_6};

base::Fault unavailable(std::string inner) {
  return base::make_fault(base::Code::storage_unavailable, std::move(inner));
}

base::Result<void> migrate_one(Connection& connection, const char* step, std::int64_t version) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction.error();
  if (auto done = connection.execute(step); !done) return done;
  // A step may have rebuilt a table that others refer to.
  const auto broken = connection.integer("SELECT count(*) FROM pragma_foreign_key_check");
  if (!broken) return broken.error();
  if (*broken != 0)
    return unavailable("migration to version " + std::to_string(version) + " breaks references");
  const std::string mark = "PRAGMA user_version = " + std::to_string(version) +
                           "; PRAGMA application_id = " + std::to_string(application_id);
  if (auto marked = connection.execute(mark.c_str()); !marked) return marked;
  return transaction->commit();
}

}  // namespace

std::span<const char* const> migrations() {
  return steps_known;
}

base::Result<void> check_known(Connection& connection, std::int64_t newest) {
  const auto id = connection.integer("PRAGMA application_id");
  if (!id) return id.error();
  const auto version = connection.integer("PRAGMA user_version");
  if (!version) return version.error();
  const auto tables = connection.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  if (*id == 0 && *version == 0 && *tables == 0) return {};
  if (*id != application_id) return unavailable("the file is a database, but not a case store");
  if (*version < 1) return unavailable("the case store's version is missing");
  if (*version > newest) {
    return unavailable("the case store has version " + std::to_string(*version) +
                       ", this program knows up to " + std::to_string(newest) +
                       ": a newer program made it; use that one");
  }
  return {};
}

base::Result<void> migrate(Connection& connection, std::span<const char* const> steps) {
  const auto version = connection.integer("PRAGMA user_version");
  if (!version) return version.error();
  for (auto next = static_cast<std::size_t>(*version); next < steps.size(); ++next) {
    auto done = migrate_one(connection, steps[next], static_cast<std::int64_t>(next + 1));
    if (!done) return done;
  }
  return {};
}

}  // namespace madoguchi::storage
