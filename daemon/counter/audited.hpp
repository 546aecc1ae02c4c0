// What of all that is recorded goes into the audit log, and as what: one table, from the journal's word to
// the log's kind, so that nobody who records has to think of it.
#pragma once

#include <string_view>
#include <vector>

#include "audit/entry.hpp"
#include "renewal/case.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::counter {

// Of the journal of a case that is recorded now, by `visit.by`. What the table does not know is an entry too:
// better one too many than an act that nobody finds.
std::vector<audit::Entry> audited(const std::vector<storage::JournalRecord>& journal,
                                  const renewal::Case& visit);
// Of events about no case: PINs that were sent, methods of plugins.
std::vector<audit::Entry> audited(const std::vector<storage::EventRecord>& events, const base::Actor& by);

// Has somebody decided whether this word goes into the log?
bool listed(std::string_view record);

}  // namespace madoguchi::counter
