// Every SQL text that runs after the store was opened; each is prepared once.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace madoguchi::storage {

// The cases that were opened since the moment that is bound first and that no audit entry is about. A row up
// to the number that is bound second, behind which the log begins, is no entry, whoever put it there.
inline constexpr const char* count_unaccounted_cases =
    "SELECT count(*) FROM cases WHERE opened_at >= ?1 AND NOT EXISTS "
    "(SELECT 1 FROM audit WHERE audit.case_id = cases.id AND audit.case_id <> '' AND audit.seq > ?2)";

// Parameters are bound in the order of the text's question marks or numbers.
enum Sql : std::size_t {
  insert_case,
  update_body,  // of a case whose state and card stay
  update_case,
  revision_of_case,
  load_case,
  load_parts,
  write_part,
  remove_part,
  last_journal,
  insert_journal,
  load_journal,
  last_event,
  insert_event,
  load_events,
  list_cases,
  list_cases_of_card,
  count_probe,
  insert_plugin_state,
  update_plugin_state,
  load_plugin_states,
  list_owed_cases,
  list_states_of,
  insert_audit,
  list_audit_back,
  list_audit,
  list_audit_of_case,
  count_audit_to,
  count_unaccounted,
  remove_audit,
  load_audit_mark,
  write_audit_mark,
  list_held,
  list_keys,
  choose_leaving,
  list_leaving,
  remove_journal,
  remove_parts,
  remove_states,
  unname_events,
  remove_cases,
  end_leaving,
  choose_resealing,
  list_resealing,
  reseal_case_rows,
  reseal_journal,
  reseal_parts,
  reseal_states,
  end_resealing,
  reseal_events,
  reseal_other_states,  // the plugins' own, and of whatever is no case
  reseal_lookup,
  count_old,
  retire_keys,
  each_case_by_id,
  sql_count
};

// Indexed by Sql.
std::span<const std::string_view, sql_count> statement_texts();

struct SealedColumn {
  std::string_view name;
  std::string_view count_damaged;
};
// Every one that is sealed.
std::span<const SealedColumn> sealed_columns();

}  // namespace madoguchi::storage
