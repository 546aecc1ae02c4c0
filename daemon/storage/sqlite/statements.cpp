#include "sqlite/statements.hpp"

#include <array>

namespace madoguchi::storage {
namespace {

// A list's optional conditions are NULL when not wanted: one prepared statement serves every query.
#define MADOGUCHI_CASE_COLUMNS "id, revision, state, card, opened_at, updated_at, body"
constexpr std::array<std::string_view, sql_count> texts{
    "INSERT INTO cases (" MADOGUCHI_CASE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    "UPDATE cases SET revision = revision + 1, updated_at = ?, body = ? "
    "WHERE id = ? AND revision = ? AND state = ? AND card = ?",
    "UPDATE cases SET revision = revision + 1, state = ?, card = ?, updated_at = ?, body = ? "
    "WHERE id = ? AND revision = ?",
    "SELECT revision FROM cases WHERE id = ?",
    "SELECT " MADOGUCHI_CASE_COLUMNS " FROM cases WHERE id = ?",
    "SELECT name, body FROM case_parts WHERE case_id = ? ORDER BY name",
    "INSERT INTO case_parts (case_id, name, body) VALUES (?, ?, ?) "
    "ON CONFLICT (case_id, name) DO UPDATE SET body = excluded.body",
    "DELETE FROM case_parts WHERE case_id = ? AND name = ?",
    "SELECT coalesce(max(seq), 0) FROM journal WHERE case_id = ?",
    "INSERT INTO journal (case_id, seq, at, kind, body) VALUES (?, ?, ?, ?, ?)",
    "SELECT seq, at, kind, body FROM journal WHERE case_id = ? ORDER BY seq",
    "SELECT coalesce(max(seq), 0) FROM events",
    "INSERT INTO events (seq, at, topic, type, case_id, reader, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "SELECT seq, at, topic, type, case_id, reader, data FROM events WHERE seq > ?1 "
    "AND (?2 IS NULL OR topic IN (SELECT value FROM json_each(?2))) ORDER BY seq LIMIT ?3",
    "SELECT " MADOGUCHI_CASE_COLUMNS
    " FROM cases WHERE (opened_at, id) < (?1, ?2) "
    "AND (?3 IS NULL OR state IN (SELECT value FROM json_each(?3))) "
    "ORDER BY opened_at DESC, id DESC LIMIT ?4",
    "SELECT " MADOGUCHI_CASE_COLUMNS
    " FROM cases WHERE (opened_at, id) < (?1, ?2) "
    "AND (?3 IS NULL OR state IN (SELECT value FROM json_each(?3))) AND card = ?5 AND card <> '' "
    "ORDER BY opened_at DESC, id DESC LIMIT ?4",
    "UPDATE probe SET count = count + 1",
    "INSERT INTO plugin_states (case_id, plugin, revision, body, owed) VALUES (?, ?, 1, ?, ?) "
    "ON CONFLICT (case_id, plugin) DO NOTHING",
    "UPDATE plugin_states SET revision = revision + 1, body = ?, owed = ? "
    "WHERE case_id = ? AND plugin = ? AND revision = ?",
    "SELECT plugin, case_id, revision, body, owed FROM plugin_states WHERE case_id = ? ORDER BY plugin",
    "SELECT DISTINCT case_id FROM plugin_states WHERE owed <> '' ORDER BY case_id",
    "SELECT plugin, case_id, revision, body, owed FROM plugin_states "
    "WHERE plugin = ? AND case_id > ? AND case_id <> '' AND body <> '' ORDER BY case_id LIMIT ?",
    "INSERT INTO audit (seq, case_id, line) VALUES (?, ?, ?)",
    "SELECT seq, case_id, line FROM audit ORDER BY seq DESC LIMIT 1",
    "SELECT seq, case_id, line FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
    "SELECT seq, case_id, line FROM audit WHERE seq > ? AND case_id = ? AND case_id <> '' "
    "ORDER BY seq LIMIT ?",
    "DELETE FROM audit WHERE seq <= ?",
    "SELECT line FROM audit_marks WHERE name = ?",
    "INSERT INTO audit_marks (name, seq, line) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, line = excluded.line",
};
#undef MADOGUCHI_CASE_COLUMNS

}  // namespace

std::span<const std::string_view, sql_count> statement_texts() {
  return texts;
}

}  // namespace madoguchi::storage
