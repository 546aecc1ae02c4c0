// Between rows and records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite/connection.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::storage {

// Milliseconds since 1970.
std::int64_t number(base::Instant instant);
base::Instant instant(std::int64_t milliseconds);

// When an audit entry was made, from its line; 0 where that cannot be read.
std::int64_t time_of_entry(std::string_view line);

// The current row of the statements that load cases, journals, events and plugins' states.
CaseRecord read_case(const Query& row);
JournalRecord read_journal(const Query& row);
EventRecord read_event(const Query& row);
PluginState read_plugin_state(const Query& row);

// For json_each(): a list of any length as one parameter. Empty for an empty list, which means "any".
std::string json_list(const std::vector<std::string>& texts);
void bind_list(Query& query, const std::string& list);

}  // namespace madoguchi::storage
