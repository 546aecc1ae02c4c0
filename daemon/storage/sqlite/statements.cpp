#include "sqlite/statements.hpp"

#include <array>

namespace madoguchi::storage {
namespace {

// A list's optional conditions are NULL when not wanted: one prepared statement serves every query.
#define MADOGUCHI_CASE_COLUMNS                                                          \
  "id, revision, state, unseal_if_any('cases.card', id, card), opened_at, updated_at, " \
  "unseal('cases.body', id, body)"
#define MADOGUCHI_STATE_COLUMNS                                                                      \
  "plugin, case_id, revision, unseal_if_any('plugin_states.body', case_id || '/' || plugin, body), " \
  "unseal_if_any('plugin_states.owed', case_id || '/' || plugin, owed)"
#define MADOGUCHI_RESEALED_STATE                                                                   \
  "body = iif(is_old(body), reseal('plugin_states.body', case_id || '/' || plugin, body), body), " \
  "owed = iif(is_old(owed), reseal('plugin_states.owed', case_id || '/' || plugin, owed), owed)"
// What another key than the one in use has sealed: its second to ninth byte are that key's id.
#define MADOGUCHI_OLD_VALUES                                     \
  "SELECT card AS value FROM cases WHERE is_old(card) "          \
  "UNION ALL SELECT body FROM cases WHERE is_old(body) "         \
  "UNION ALL SELECT body FROM journal WHERE is_old(body) "       \
  "UNION ALL SELECT body FROM case_parts WHERE is_old(body) "    \
  "UNION ALL SELECT body FROM plugin_states WHERE is_old(body) " \
  "UNION ALL SELECT owed FROM plugin_states WHERE is_old(owed) " \
  "UNION ALL SELECT data FROM events WHERE is_old(data)"
constexpr std::array<std::string_view, sql_count> texts{
    "INSERT INTO cases (id, revision, state, card, card_key, opened_at, updated_at, body) "
    "VALUES (?1, ?2, ?3, seal_if_any('cases.card', ?1, ?4), pseudonym(?4), ?5, ?6, seal('cases.body', ?1, "
    "?7)) "
    "ON CONFLICT (id) DO NOTHING",
    "UPDATE cases SET revision = revision + 1, updated_at = ?1, body = seal('cases.body', ?3, ?2) "
    "WHERE id = ?3 AND revision = ?4 AND state = ?5 AND card_key = pseudonym(?6)",
    "UPDATE cases SET revision = revision + 1, state = ?1, card = seal_if_any('cases.card', ?5, ?2), "
    "card_key = pseudonym(?2), updated_at = ?3, body = seal('cases.body', ?5, ?4) "
    "WHERE id = ?5 AND revision = ?6",
    "SELECT revision FROM cases WHERE id = ?",
    "SELECT " MADOGUCHI_CASE_COLUMNS " FROM cases WHERE id = ?",
    "SELECT name, unseal('case_parts.body', case_id || '/' || name, body) FROM case_parts WHERE case_id = ? "
    "ORDER BY name",
    "INSERT INTO case_parts (case_id, name, body) "
    "VALUES (?1, ?2, seal('case_parts.body', ?1 || '/' || ?2, ?3)) "
    "ON CONFLICT (case_id, name) DO UPDATE SET body = excluded.body",
    "DELETE FROM case_parts WHERE case_id = ? AND name = ?",
    "SELECT coalesce(max(seq), 0) FROM journal WHERE case_id = ?",
    "INSERT INTO journal (case_id, seq, at, kind, body) "
    "VALUES (?1, ?2, ?3, ?4, seal('journal.body', ?1 || '/' || ?2, ?5))",
    "SELECT seq, at, kind, unseal('journal.body', case_id || '/' || seq, body) FROM journal "
    "WHERE case_id = ? ORDER BY seq",
    "SELECT coalesce(max(seq), 0) FROM events",
    "INSERT INTO events (seq, at, topic, type, case_id, reader, data) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, seal('events.data', ?1, ?7))",
    "SELECT seq, at, topic, type, case_id, reader, coalesce(unseal('events.data', seq, data), '{}') FROM "
    "events "
    "WHERE seq > ?1 AND (?2 IS NULL OR topic IN (SELECT value FROM json_each(?2))) ORDER BY seq LIMIT ?3",
    "SELECT " MADOGUCHI_CASE_COLUMNS
    " FROM cases WHERE (opened_at, id) < (?1, ?2) "
    "AND (?3 IS NULL OR state IN (SELECT value FROM json_each(?3))) "
    "ORDER BY opened_at DESC, id DESC LIMIT ?4",
    "SELECT " MADOGUCHI_CASE_COLUMNS
    " FROM cases WHERE (opened_at, id) < (?1, ?2) "
    "AND (?3 IS NULL OR state IN (SELECT value FROM json_each(?3))) "
    "AND card_key = pseudonym(?5) AND card_key <> x'' ORDER BY opened_at DESC, id DESC LIMIT ?4",
    "UPDATE probe SET count = count + 1",
    "INSERT INTO plugin_states (case_id, plugin, revision, body, owed) "
    "VALUES (?1, ?2, 1, seal_if_any('plugin_states.body', ?1 || '/' || ?2, ?3), "
    "seal_if_any('plugin_states.owed', ?1 || '/' || ?2, ?4)) ON CONFLICT (case_id, plugin) DO NOTHING",
    "UPDATE plugin_states SET revision = revision + 1, "
    "body = seal_if_any('plugin_states.body', ?3 || '/' || ?4, ?1), "
    "owed = seal_if_any('plugin_states.owed', ?3 || '/' || ?4, ?2) "
    "WHERE case_id = ?3 AND plugin = ?4 AND revision = ?5",
    "SELECT " MADOGUCHI_STATE_COLUMNS " FROM plugin_states WHERE case_id = ? ORDER BY plugin",
    "SELECT DISTINCT case_id FROM plugin_states WHERE owed <> x'' ORDER BY case_id",
    "SELECT " MADOGUCHI_STATE_COLUMNS
    " FROM plugin_states "
    "WHERE plugin = ? AND case_id > ? AND case_id <> '' AND body <> x'' ORDER BY case_id",
    "INSERT INTO audit (seq, case_id, line) VALUES (?, ?, ?)",
    "SELECT seq, case_id, line FROM audit WHERE seq <= ? ORDER BY seq DESC",
    "SELECT seq, case_id, line FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
    "SELECT seq, case_id, line FROM audit WHERE seq > ? AND case_id = ? AND case_id <> '' "
    "ORDER BY seq LIMIT ?",
    "SELECT count(*), min(seq) FROM audit WHERE seq <= ?",
    count_unaccounted_cases,
    "DELETE FROM audit WHERE seq <= ?",
    "SELECT line FROM audit_marks WHERE name = ?",
    "INSERT INTO audit_marks (name, seq, line) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, line = excluded.line",
    "SELECT id, state, lower(hex(substr(card_key, 1, 6))), opened_at, updated_at, "
    "(SELECT group_concat(name, char(10)) FROM case_parts WHERE case_id = id), "
    "(SELECT count(*) FROM journal WHERE case_id = id), "
    "(SELECT group_concat(plugin, char(10)) FROM plugin_states WHERE case_id = id AND (body <> x'' OR owed "
    "<> x'')) "
    "FROM cases WHERE id > ?1 AND (?2 = '' OR id = ?2) AND (?3 = '' OR card_key = pseudonym(?3)) "
    "ORDER BY id LIMIT ?4",
    "SELECT id, id = sealing_key() FROM sealing_keys ORDER BY id",
    "INSERT INTO leaving SELECT id FROM cases WHERE state IN (SELECT value FROM json_each(?1)) "
    "AND opened_at < ?2 AND updated_at < ?2 ORDER BY opened_at LIMIT ?3",
    "SELECT case_id FROM leaving ORDER BY case_id",
    "DELETE FROM journal WHERE case_id IN (SELECT case_id FROM leaving)",
    "DELETE FROM case_parts WHERE case_id IN (SELECT case_id FROM leaving)",
    "DELETE FROM plugin_states WHERE case_id IN (SELECT case_id FROM leaving)",
    "UPDATE events SET case_id = '', data = seal('events.data', seq, '{}') "
    "WHERE case_id <> '' AND case_id IN (SELECT case_id FROM leaving)",
    "DELETE FROM cases WHERE id IN (SELECT case_id FROM leaving)",
    "DELETE FROM leaving",
    "INSERT INTO resealing SELECT id FROM cases WHERE id > ? ORDER BY id LIMIT ?",
    "SELECT case_id FROM resealing ORDER BY case_id",
    "UPDATE cases SET card = iif(is_old(card), reseal('cases.card', id, card), card), "
    "body = iif(is_old(body), reseal('cases.body', id, body), body) "
    "WHERE id IN (SELECT case_id FROM resealing) AND (is_old(card) OR is_old(body))",
    "UPDATE journal SET body = reseal('journal.body', case_id || '/' || seq, body) "
    "WHERE case_id IN (SELECT case_id FROM resealing) AND is_old(body)",
    "UPDATE case_parts SET body = reseal('case_parts.body', case_id || '/' || name, body) "
    "WHERE case_id IN (SELECT case_id FROM resealing) AND is_old(body)",
    "UPDATE plugin_states SET " MADOGUCHI_RESEALED_STATE
    " WHERE case_id IN (SELECT case_id FROM resealing) AND (is_old(body) OR is_old(owed))",
    "DELETE FROM resealing",
    "UPDATE events SET data = reseal('events.data', seq, data) WHERE seq > ? AND seq <= ? AND is_old(data)",
    "UPDATE plugin_states SET " MADOGUCHI_RESEALED_STATE " WHERE is_old(body) OR is_old(owed)",
    "UPDATE secrets SET value = sealed_lookup() WHERE name = 'lookup'",
    "SELECT count(*) FROM (" MADOGUCHI_OLD_VALUES ")",
    "DELETE FROM sealing_keys WHERE id <> sealing_key() "
    "AND id NOT IN (SELECT lower(hex(substr(value, 2, 8))) FROM (" MADOGUCHI_OLD_VALUES "))",
    "SELECT " MADOGUCHI_CASE_COLUMNS " FROM cases ORDER BY id",
};
#undef MADOGUCHI_OLD_VALUES
#undef MADOGUCHI_RESEALED_STATE
#undef MADOGUCHI_STATE_COLUMNS
#undef MADOGUCHI_CASE_COLUMNS

}  // namespace

std::span<const std::string_view, sql_count> statement_texts() {
  return texts;
}

std::span<const SealedColumn> sealed_columns() {
  static constexpr std::array<SealedColumn, 7> columns{
      {{"cases.card", "SELECT count(*) FROM cases WHERE unseal_if_any('cases.card', id, card) IS NULL"},
       {"cases.body", "SELECT count(*) FROM cases WHERE unseal('cases.body', id, body) IS NULL"},
       {"case_parts.body",
        "SELECT count(*) FROM case_parts WHERE unseal('case_parts.body', case_id || '/' || name, body) IS "
        "NULL"},
       {"journal.body",
        "SELECT count(*) FROM journal WHERE unseal('journal.body', case_id || '/' || seq, body) IS NULL"},
       {"plugin_states.body",
        "SELECT count(*) FROM plugin_states "
        "WHERE unseal_if_any('plugin_states.body', case_id || '/' || plugin, body) IS NULL"},
       {"plugin_states.owed",
        "SELECT count(*) FROM plugin_states "
        "WHERE unseal_if_any('plugin_states.owed', case_id || '/' || plugin, owed) IS NULL"},
       {"events.data", "SELECT count(*) FROM events WHERE unseal('events.data', seq, data) IS NULL"}}};
  return columns;
}

}  // namespace madoguchi::storage
