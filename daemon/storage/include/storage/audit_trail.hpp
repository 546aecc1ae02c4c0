// The store's audit log: lines that each commit adds (Change::audit), where they begin and end, and how the
// oldest leave.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audit/key.hpp"
#include "audit/verifier.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace madoguchi::storage {

struct AuditRow {
  std::int64_t seq = 0;
  std::string case_id{};  // empty when about no case
  std::string line{};     // audit::read_line() reads it
};

// Signed statements, as audit::read_statement() reads them.
struct AuditMarks {
  std::string head{};  // empty: there has never been an entry
  std::string base{};  // empty: nothing was pruned
};

struct LookedBack {
  bool done = true;
  std::vector<audit::Problem> found{};
};

class AuditTrail {
 public:
  virtual ~AuditTrail() = default;
  // Whose key signs the head from now on, and which counter's the entries are. Until then heads are unsigned.
  virtual void seal_with(std::shared_ptr<const audit::SigningKey> key, std::string counter) = 0;
  // What is wrong with the end of the chain as it lies on the disk, and what earlier starts have found no
  // good signature over. New entries follow on what this store has written last, whatever is found: so a
  // piece that is missing stays missing. What is new of it goes before them, in their transaction
  // (`audit.damaged`). Rows that somebody has put far behind the end are told by their first number each
  // time, and entered once; a start looks some 20,000 entries back for that. Entries that the disk does not
  // give back are found `unreadable`, and keep nobody from going on. Of a long log only the first piece is
  // gone through for what earlier starts have found.
  virtual base::Result<std::vector<audit::Problem>> check_end(const std::vector<audit::PublicKey>& keys) = 0;
  // Goes through the next piece, and says at the end what check_end() has not.
  virtual LookedBack look_back() = 0;
  // In order, those with seq > since, of one case unless it is empty; at most `limit`. With a `since` below 0
  // also the rows that somebody has put where no entry is, before the first that is left.
  virtual base::Result<std::vector<AuditRow>> audit_entries(std::int64_t since, const std::string& case_id,
                                                            int limit) = 0;
  virtual base::Result<AuditMarks> audit_marks() = 0;
  // How many cases were opened since the first entry that is left and have none: each one's opening is an
  // entry, and both are written together.
  virtual base::Result<std::int64_t> unaccounted_cases() = 0;
  // Drops the oldest entries, up to the first that is not older than `before`, cannot be read, or does not
  // follow on what was before it, at most `most`, never the last; a signed base takes their place, and an
  // entry says so. One dated after `now`, or before this program was, goes with the next that is older than
  // `before` and is neither, unless its case is kept. How many went; internal where older ones stay because
  // the first that is left cannot go, or because the base is not signed with a key that is known.
  virtual base::Result<std::int64_t> prune_audit(base::Instant before, base::Instant now, int most) = 0;
};

}  // namespace madoguchi::storage
