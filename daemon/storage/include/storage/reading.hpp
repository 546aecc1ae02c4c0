// A look at a store from beside the daemon, which may be at work: is it whole, and what is in it? Nothing is
// changed. Without the store's keys it sees that pages, references and the audit log are whole and how much
// there is, and not what is said of anybody.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/verifier.hpp"
#include "storage/audit_trail.hpp"
#include "storage/case_store.hpp"
#include "storage/keyring.hpp"

namespace madoguchi::storage {

struct StoreReport {
  std::int64_t version = 0;
  std::int64_t newest = 0;            // the one that this program makes
  std::vector<std::string> damage{};  // what SQLite finds wrong; the first few
  std::int64_t cases = 0, journal = 0, events = 0, audit = 0;
  std::int64_t bytes = 0;           // of the file and its log
  std::vector<std::string> keys{};  // ids of those that anything in it may be sealed with
  // Only of a copy that is made or put back: what is wrong with its audit log, as it is with the log that was
  // copied; the first few.
  std::vector<audit::Problem> audit_flaws{};
};

struct Recorded {
  base::Instant at{};
  bool by_a_person = false;  // audit::by_a_person()
};

class StoreReading {
 public:
  // As the store stands now; what is committed later is not seen. storage.unavailable, and details.trouble
  // says which: `unreadable` (by its disk or a right), `busy` (another program has it locked), `not_a_store`,
  // `empty` (the daemon would make a new one of it), `newer` (a newer program made it) or `damaged`.
  static base::Result<StoreReading> open(const std::filesystem::path& path);
  StoreReading(StoreReading&&) noexcept;
  StoreReading& operator=(StoreReading&&) = delete;
  ~StoreReading();

  // The same of the last failure of what follows: `damaged`, `busy` or `unreadable`.
  [[nodiscard]] std::string_view last_trouble() const;
  // Goes through every page, row, index and reference.
  base::Result<StoreReport> report();
  // All of it as it is read here, into a file that is there and empty: by itself, without a log beside it.
  base::Result<void> copy_to(const std::filesystem::path& file);
  // An older store, which the daemon's next start brings up to date, has none yet of what follows.
  [[nodiscard]] bool current() const;
  // Which tables, indexes and triggers are missing, there besides or other than this program makes them, each
  // as "trigger journal_is_kept: missing": somebody has changed them by hand, and what keeps the journal and
  // the audit log from being changed may be gone.
  base::Result<std::vector<std::string>> changed_schema();
  // How many cases there are, by their state.
  base::Result<std::map<std::string, std::int64_t>> states();
  // From now on what is sealed opens. storage.unavailable with details.trouble `sealed` and the ids of those
  // that are missing in details.keys when the ring has not all keys of report().
  base::Result<void> unseal_with(const Keyring& ring);
  // Only after unseal_with(). A body or part that does not open is empty.
  base::Result<void> each_case(const std::function<void(const CaseRecord&)>& take);
  // How many values do not open in each column that has such; only after unseal_with().
  base::Result<std::map<std::string, std::int64_t>> damaged_values();
  base::Result<AuditMarks> audit_marks();
  // By what the newest entries of the audit log say, when they were made and whether people had them made:
  // the newest first, at most `most`. Those that cannot be read are passed over, rows behind the log's end,
  // and what stands before a page that the disk has lost.
  base::Result<std::vector<Recorded>> recorded_times(int most);
  // The whole audit log.
  base::Result<void> check_audit(audit::Verifier& verifier);

 private:
  struct Inside;
  explicit StoreReading(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace madoguchi::storage
