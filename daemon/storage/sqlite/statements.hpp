// Every SQL text that runs after the store was opened; each is prepared once.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace madoguchi::storage {

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
  last_audit,
  list_audit,
  list_audit_of_case,
  remove_audit,
  load_audit_mark,
  write_audit_mark,
  sql_count
};

// Indexed by Sql.
std::span<const std::string_view, sql_count> statement_texts();

}  // namespace madoguchi::storage
