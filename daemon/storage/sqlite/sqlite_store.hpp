// The store as one class: its ports over one connection, whose calls take turns. sqlite_store.cpp has the
// cases, beside_cases.cpp what stands beside them.
#pragma once

#include <array>
#include <memory>
#include <mutex>

#include "sqlite/audit_table.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/holdings_table.hpp"
#include "sqlite/sealer.hpp"
#include "sqlite/statements.hpp"
#include "sqlite/store_file.hpp"
#include "storage/sqlite.hpp"

namespace madoguchi::storage {

inline constexpr int longest_page = 500;

inline base::Fault bad_parameter(const char* pointer, const char* expected) {
  return base::make_fault(base::Code::invalid_params, {}, {{"pointer", pointer}, {"expected", expected}});
}

class SqliteStore final : public Store {
 public:
  SqliteStore(Descriptor lock, std::unique_ptr<Sealer> sealer, Connection connection,
              std::array<Statement, sql_count> prepared)
      : lock_(std::move(lock)),
        sealer_(std::move(sealer)),
        connection_(std::move(connection)),
        prepared_(std::move(prepared)) {}
  base::Result<void> load_audit() { return audit_.load(); }

  base::Result<Committed> commit(const Change& change) override;
  base::Result<CaseRecord> load(const std::string& id) override;
  base::Result<Page> list(const ListQuery& query) override;
  base::Result<std::vector<JournalRecord>> journal(const std::string& case_id) override;
  base::Result<std::vector<EventRecord>> events(std::int64_t since, const std::vector<std::string>& topics,
                                                int limit) override;
  base::Result<std::vector<PluginState>> plugin_states(const std::string& case_id) override;
  base::Result<std::vector<PluginState>> states_of(const std::string& plugin, const std::string& after,
                                                   int limit) override;
  base::Result<std::vector<std::string>> owed_cases() override;
  base::Result<std::int64_t> last_event() override;
  base::Result<void> health() override;

  void seal_with(std::shared_ptr<const audit::SigningKey> key, std::string counter) override;
  base::Result<std::vector<audit::Problem>> check_end(const std::vector<audit::PublicKey>& keys) override;
  LookedBack look_back() override;
  base::Result<std::vector<AuditRow>> audit_entries(std::int64_t since, const std::string& case_id,
                                                    int limit) override;
  base::Result<AuditMarks> audit_marks() override;
  base::Result<std::int64_t> unaccounted_cases() override;
  base::Result<std::int64_t> prune_audit(base::Instant before, base::Instant now, int most) override;

  base::Result<std::vector<Held>> held(const HeldQuery& query) override;
  base::Result<std::int64_t> let_go(const Outdated& outdated, base::Instant now, int most) override;
  base::Result<Sealing> sealing() override;
  base::Result<Resealed> reseal(const Resealed& from, int most) override;

 private:
  Query query(Sql sql) { return Query(prepared_[sql]); }
  base::Result<std::int64_t> write_case(const CaseRecord& record);
  base::Result<void> update(const CaseRecord& record);
  base::Result<void> write_journal(const std::string& case_id, const std::vector<JournalRecord>& records);
  base::Result<std::vector<std::int64_t>> write_events(const std::vector<EventRecord>& records);
  base::Result<void> write_plugin_state(const PluginState& state);
  base::Fault stale(const CaseRecord& record);
  base::Result<void> check_place() const;

  std::mutex turn_;
  Descriptor lock_;                 // outlives the connection,
  std::unique_ptr<Sealer> sealer_;  // and so does this
  Connection connection_;
  std::array<Statement, sql_count> prepared_;
  AuditTable audit_{prepared_};
  HoldingsTable holdings_{prepared_};
};

}  // namespace madoguchi::storage
