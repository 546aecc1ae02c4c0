// The audit's rows within the store's transactions.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/look_back.hpp"
#include "sqlite/statements.hpp"
#include "storage/audit_trail.hpp"

namespace madoguchi::storage {

// Where nobody has signed that the chain goes on so far, the number was put there: behind the last one there
// would be no place for the next.
inline constexpr std::int64_t most_believed = audit::last_number / 2;
// Where a head says that the chain ends, whoever has signed it; nothing where it is none.
std::optional<audit::Place> believed_place(std::string_view head);

class AuditTable {
 public:
  explicit AuditTable(std::array<Statement, sql_count>& prepared) : prepared_(prepared) {}

  // Once, before anything else: where the chain ends, as far as that shows without keys.
  base::Result<void> load();
  void seal_with(std::shared_ptr<const audit::SigningKey> key, std::string counter);

  // Within a transaction; counts once committed() was called after it.
  base::Result<void> append(const std::vector<audit::Entry>& entries);
  base::Result<std::int64_t> prune(base::Instant before, base::Instant now, int most);
  void committed() {
    head_ = next_;
    found_.clear();
  }

  base::Result<std::vector<audit::Problem>> check_end(const std::vector<audit::PublicKey>& keys);
  LookedBack look_back();
  base::Result<std::vector<AuditRow>> entries(std::int64_t since, const std::string& case_id, int limit);
  base::Result<AuditMarks> marks();
  base::Result<std::int64_t> unaccounted_cases();

 private:
  Query query(Sql sql) { return Query(prepared_[sql]); }
  base::Result<std::string> mark(audit::Purpose purpose);
  base::Result<void> set_mark(audit::Purpose purpose, const audit::Place& place, base::Instant at);
  // Where what is left of the log begins; nothing where anybody may have written the base that says so.
  base::Result<std::optional<audit::Place>> begin();
  // The number before the first entry that is left, as far as that is known.
  base::Result<std::int64_t> before_first();
  base::Result<AuditRow> last_row(std::int64_t to);  // of those up to there; with seq 0 when there is none
  base::Result<audit::Place> last_line();
  base::Result<audit::Place> free_place(audit::Place place);
  void look_before_begin(std::int64_t begun);
  base::Result<std::optional<audit::Problem>> beyond_end(std::int64_t end);
  bool is_entered(const audit::Problem& problem, std::int64_t begun);
  // Up to where entries have had their time, and how many; what keeps those behind, since which entry, and
  // how old one of them must be for it to be told.
  struct Leaving {
    audit::Place to;
    std::int64_t count = 0;
    std::string stays;
    std::int64_t since = 0;
    base::Instant for_those_before;
  };
  base::Result<Leaving> leaving(base::Instant before, base::Instant now, int most);
  base::Result<bool> waits_behind(std::int64_t seq, base::Instant before);
  bool is_kept(const std::string& case_id);
  std::vector<audit::Entry> found_entries(base::Instant at) const;
  void look_at_piece();

  std::array<Statement, sql_count>& prepared_;
  std::shared_ptr<const audit::SigningKey> key_;
  std::vector<audit::PublicKey> keys_;  // that are believed besides
  std::string counter_;
  audit::Place head_;                           // durable
  audit::Place next_;                           // by the transaction under way
  std::vector<audit::Problem> found_;           // and not entered yet
  std::optional<audit::Problem> before_begin_;  // by the rows before the first entry, so many
  std::int64_t rows_before_ = 0;
  std::string head_found_;
  LookBack look_back_;
};

}  // namespace madoguchi::storage
