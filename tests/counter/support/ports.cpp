#include "ports.hpp"

#include "audit/statement.hpp"

#include <algorithm>

namespace madoguchi::counter::test {

using base::Code;
using base::make_fault;

base::Result<storage::Committed> MemoryStore::commit(const storage::Change& change) {
  const int number = ++commits;
  if (number == refused_at) return make_fault(refusal, "as ordered");
  storage::Committed committed;
  for (const auto& state : change.plugin_states) {
    const auto known = states_.find({state.case_id, state.plugin});
    const std::int64_t stored = known == states_.end() ? 0 : known->second.revision;
    if (stored != state.revision) return make_fault(Code::conflict, "a stale state of a plugin");
  }
  if (change.record) {
    const auto known = cases_.find(change.record->id);
    const std::int64_t stored = known == cases_.end() ? 0 : known->second.revision;
    if (stored != change.record->revision) {
      return make_fault(Code::conflict, "a stale revision", {{"revision", stored}});
    }
    auto& record = cases_[change.record->id] = *change.record;
    committed.revision = record.revision = stored + 1;
    auto& journal = journals_[record.id];
    for (auto entry : change.journal) {
      entry.seq = static_cast<std::int64_t>(journal.size()) + 1;
      journal.push_back(std::move(entry));
    }
  }
  for (auto event : change.events) {
    event.seq = static_cast<std::int64_t>(events_.size()) + 1;
    committed.event_seqs.push_back(event.seq);
    events_.push_back(std::move(event));
  }
  for (auto state : change.plugin_states) {
    ++state.revision;
    auto& kept = states_[{state.case_id, state.plugin}];
    kept = std::move(state);
  }
  for (const auto& entry : change.audit) {
    audit.push_back(entry);
    auto row = chain_.append(entry);
    audit_rows.push_back({row.seq, std::string(entry.get(audit::Field::visit)), std::move(row.text)});
  }
  if (on_commit) on_commit(number);
  return committed;
}

base::Result<std::vector<storage::AuditRow>> MemoryStore::audit_entries(std::int64_t since,
                                                                        const std::string& case_id,
                                                                        int limit) {
  std::vector<storage::AuditRow> rows;
  for (const auto& row : audit_rows) {
    const bool wanted = row.seq > since && (case_id.empty() || row.case_id == case_id);
    if (wanted && static_cast<int>(rows.size()) < limit) rows.push_back(row);
  }
  return rows;
}

base::Result<storage::AuditMarks> MemoryStore::audit_marks() {
  if (audit_rows.empty() || !key_) return storage::AuditMarks{};
  const auto at = audit.back().at();
  return storage::AuditMarks{audit::signed_statement(audit::Purpose::head, chain_.head(), at, *key_), {}};
}

base::Result<storage::CaseRecord> MemoryStore::load(const std::string& id) {
  const auto found = cases_.find(id);
  if (found == cases_.end()) return make_fault(Code::not_found, "no case " + id);
  return found->second;
}

base::Result<storage::Page> MemoryStore::list(const storage::ListQuery& query) {
  storage::Page page;
  for (const auto& [id, record] : cases_) {
    const bool wanted = query.states.empty() || std::find(query.states.begin(), query.states.end(),
                                                          record.state) != query.states.end();
    if (wanted && (query.card.empty() || query.card == record.card)) page.records.push_back(record);
  }
  return page;
}

base::Result<std::vector<storage::JournalRecord>> MemoryStore::journal(const std::string& case_id) {
  return journals_[case_id];
}

base::Result<std::vector<storage::EventRecord>> MemoryStore::events(std::int64_t since,
                                                                    const std::vector<std::string>&, int) {
  return std::vector<storage::EventRecord>(events_.begin() + since, events_.end());
}

base::Result<std::vector<storage::PluginState>> MemoryStore::plugin_states(const std::string& case_id) {
  std::vector<storage::PluginState> found;
  for (const auto& [key, state] : states_) {
    if (key.first == case_id) found.push_back(state);
  }
  return found;
}

base::Result<std::vector<storage::PluginState>> MemoryStore::states_of(const std::string& plugin,
                                                                       const std::string& after, int limit) {
  std::vector<storage::PluginState> found;
  for (const auto& [key, state] : states_) {
    const bool kept = state.plugin == plugin && !state.case_id.empty() && !state.body.empty();
    if (kept && state.case_id > after && static_cast<int>(found.size()) < limit) found.push_back(state);
  }
  return found;
}

base::Result<std::vector<std::string>> MemoryStore::owed_cases() {
  std::vector<std::string> ids;
  for (const auto& [key, state] : states_) {
    if (!state.owed.empty() && (ids.empty() || ids.back() != key.first)) ids.push_back(key.first);
  }
  return ids;
}

std::vector<std::string> MemoryStore::kinds(const std::string& case_id) const {
  std::vector<std::string> kinds;
  const auto found = journals_.find(case_id);
  if (found == journals_.end()) return kinds;
  for (const auto& record : found->second) kinds.push_back(record.kind);
  return kinds;
}

std::string MemoryStore::everything() const {
  std::string all;
  for (const auto& [id, record] : cases_) {
    all += record.body + "\n";
    for (const auto& [name, part] : record.parts) all += part + "\n";
  }
  for (const auto& [id, journal] : journals_) {
    for (const auto& record : journal) all += record.body + "\n";
  }
  for (const auto& event : events_) all += event.data + "\n";
  for (const auto& [key, state] : states_) all += state.body + state.owed + "\n";
  return all;
}

}  // namespace madoguchi::counter::test
