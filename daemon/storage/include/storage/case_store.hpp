// The store's port: cases, their journals and the events told about them, in one durable transaction.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/entry.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace madoguchi::storage {

struct CaseRecord {
  std::string id{};
  std::int64_t revision =
      0;                // of the stored row; commit() wants the one that was read and stores it plus one
  std::string state{};  // the contract's words, e.g. "open"
  std::string card{};   // identity of the card; empty while none is known
  base::Instant opened_at{};
  base::Instant updated_at{};
  std::string body{};  // JSON; the store does not look inside
  // What is large and seldom changes, by a name of its own. Of these, commit() writes what differs from what
  // is stored and removes what is not named any more, so that a small step stays small.
  std::map<std::string, std::string> parts{};
};

// One line of a case's history. Never changed, never deleted.
struct JournalRecord {
  std::int64_t seq = 0;  // within the case, from 1; given by the store
  base::Instant at{};
  std::string kind{};  // stable and dotted, e.g. "key.intent"
  std::string body{};  // JSON
};

struct EventRecord {
  std::int64_t seq = 0;  // over all topics, from 1, without gaps in order of commit; given by the store
  base::Instant at{};
  std::string topic{};
  std::string type{};
  std::string case_id{};  // empty when about no case
  std::string reader{};   // empty when about no reader
  std::string data{};     // JSON object
};

// What a plugin keeps about a case or, without one, of its own. Nobody else's: its name is part of the key.
struct PluginState {
  std::string plugin{};
  std::string case_id{};      // empty: its own
  std::int64_t revision = 0;  // as a case's
  std::string body{};         // JSON, empty while it keeps nothing; the store does not look inside
  std::string owed{};         // JSON list of the events that it has still to be told of; empty: none
};

// All or nothing. A case with revision 0 is new (conflict if the id exists); otherwise conflict when the
// stored revision is another (details.revision has it) or there is no such case; so with a plugin's state. A
// case keeps the opened_at it began with.
struct Change {
  std::optional<CaseRecord> record{};
  std::vector<JournalRecord> journal{};  // of record's case
  std::vector<EventRecord> events{};
  std::vector<PluginState> plugin_states{};
  std::vector<audit::Entry> audit{};  // in order; they become lines of the audit log
};

// What the store numbered.
struct Committed {
  std::int64_t revision = 0;  // the case's new revision; 0 without a case
  std::vector<std::int64_t> event_seqs{};
};

struct ListQuery {
  std::vector<std::string> states{};  // empty: all
  std::string card{};                 // empty: any
  std::string cursor{};               // Page::next of the page before; empty: from the newest
  int limit = 50;                     // 1..500
};
struct Page {
  std::vector<CaseRecord> records{};  // newest first by opened_at, then by id, descending too
  std::string next{};                 // empty: that was the last page
};

class CaseStore {
 public:
  virtual ~CaseStore() = default;
  // Returns after the change is on stable storage. storage.full and storage.unavailable leave nothing behind,
  // and the same change may be tried again.
  virtual base::Result<Committed> commit(const Change& change) = 0;
  virtual base::Result<CaseRecord> load(const std::string& id) = 0;  // not_found
  // invalid_params (details.pointer "/cursor") for a cursor that is not ours.
  virtual base::Result<Page> list(const ListQuery& query) = 0;
  virtual base::Result<std::vector<JournalRecord>> journal(const std::string& case_id) = 0;
  // Of every plugin, by name: about that case, or their own when it is empty.
  virtual base::Result<std::vector<PluginState>> plugin_states(const std::string& case_id) = 0;
  // What one plugin keeps about cases, by their ids: those behind `after` (empty: from the first), at most
  // `limit`. Cases about which it keeps nothing are passed over.
  virtual base::Result<std::vector<PluginState>> states_of(const std::string& plugin,
                                                           const std::string& after, int limit) = 0;
  // The cases of which some plugin has still to be told something, by id.
  virtual base::Result<std::vector<std::string>> owed_cases() = 0;
  // In order, those with seq > since and one of the topics (empty: all); at most `limit`.
  virtual base::Result<std::vector<EventRecord>> events(std::int64_t since,
                                                        const std::vector<std::string>& topics,
                                                        int limit) = 0;
  virtual base::Result<std::int64_t> last_event() = 0;
  // Can it be written to now?
  virtual base::Result<void> health() = 0;
};

}  // namespace madoguchi::storage
