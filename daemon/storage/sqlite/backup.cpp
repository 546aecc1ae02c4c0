#include "storage/backup.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "audit/statement.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/store_file.hpp"
#include "storage/set_aside.hpp"

namespace madoguchi::storage {
namespace {

namespace fs = std::filesystem;

base::Fault failed(const std::string& what, const std::error_code& error) {
  return base::make_fault(base::Code::storage_unavailable, what + ": " + error.message());
}

base::Fault not_whole(const std::string& why) {
  return base::make_fault(base::Code::storage_unavailable, why, {{"trouble", "damaged"}});
}

// Gone again unless it got its name.
class Unfinished {
 public:
  explicit Unfinished(fs::path path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }
  void done() { path_.clear(); }

 private:
  fs::path path_;
};

// Where not every entry follows on the one before, or some are gone from the end. Whose key signed that is
// not asked: a copy may come from the machine that this one replaces.
base::Result<std::vector<audit::Problem>> flaws_of_log(StoreReading& reading) {
  std::vector<audit::Problem> flaws;
  if (!reading.current()) return flaws;
  audit::Verifier verifier({}, audit::Earlier::is_passed_over);
  if (auto read = reading.check_audit(verifier); !read) return not_whole(read.error().inner);
  for (const auto& problem : verifier.problems()) {
    // What a store lacks that was damaged before its copy was taken, a restored one goes on telling.
    constexpr std::array not_of_the_copy{audit::Flaw::another_key, audit::Flaw::unsealed,
                                         audit::Flaw::unaccounted};
    if (std::find(not_of_the_copy.begin(), not_of_the_copy.end(), problem.flaw) == not_of_the_copy.end())
      flaws.push_back(problem);
  }
  const auto marks = reading.audit_marks();
  if (!marks) return not_whole(marks.error().inner);
  const auto head = audit::read_statement(marks->head);
  const auto next = verifier.last() + 1;
  if (head && head->place.seq >= next)
    flaws.push_back({audit::Flaw::truncated, next, head->place.seq > next ? head->place.seq : 0});
  return flaws;
}

base::Result<StoreReport> whole(const fs::path& path) {
  auto reading = StoreReading::open(path);
  if (!reading) return reading.error();
  auto report = reading->report();
  if (!report) return not_whole(report.error().inner);
  if (!report->damage.empty()) return not_whole(report->damage.front());
  auto flaws = flaws_of_log(*reading);
  if (!flaws) return flaws.error();
  report->audit_flaws = std::move(*flaws);
  return report;
}

// A log that was damaged stays so for good, and is no reason to have no copy of the cases. What the copying
// has done to it is.
base::Result<void> check_none_is_new(const std::vector<audit::Problem>& flaws,
                                     const std::vector<audit::Problem>& before) {
  for (const auto& flaw : flaws) {
    if (std::find(before.begin(), before.end(), flaw) == before.end())
      return not_whole("the copy's audit log is " + std::string(audit::name(flaw.flaw)) + " at number " +
                       std::to_string(flaw.seq) + ", that of the store is not");
  }
  return {};
}

base::Result<void> check_log_is_of(StoreReading& from, const StoreReport& copied) {
  if (copied.audit_flaws.empty()) return {};
  const auto before = flaws_of_log(from);
  if (!before) return before.error();
  return check_none_is_new(copied.audit_flaws, *before);
}

// Not only the key's name: the key, too.
base::Result<void> check_opens(const fs::path& path, const StoreReport& report, const Keyring& ring) {
  if (report.keys.empty()) return {};
  auto reading = StoreReading::open(path);
  if (!reading) return reading.error();
  return reading->unseal_with(ring);
}

base::Result<void> copy(StoreReading& from, const fs::path& to, const fs::path& like) {
  if (auto made = new_file(to, like); !made) return made.error();
  return from.copy_to(to);
}

// What the log of a store that has ended holds, in the store itself: then it is one file. One that is damaged
// keeps its log under its own new name.
void fold_log(const fs::path& store) {
  auto connection = Connection::open(store);
  if (connection) static_cast<void>(connection->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
}

base::Result<void> set_aside(const fs::path& store, const fs::path& aside) {
  fold_log(store);
  std::error_code error;
  for (const auto* log : {"-wal", "-shm"}) {
    if (!fs::exists(store.string() + log, error)) continue;
    fs::rename(store.string() + log, aside.string() + log, error);
    if (error) return failed("cannot keep " + store.string() + log, error);
  }
  fs::create_hard_link(store, aside, error);
  if (error) return failed("cannot keep " + store.string(), error);
  return {};
}

// Root restores in a folder of the daemon's: a link there may lead to any file of root's.
base::Result<fs::path> place_of(const fs::path& store) {
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(store, error)))
    return base::make_fault(base::Code::conflict, store.string() + " is a link; name the file itself");
  const auto folder = real_path(store.parent_path().empty() ? fs::path(".") : store.parent_path());
  if (!folder) return folder.error();
  return *folder / store.filename();
}

// Where the audit log of what is replaced ended; 0 where that cannot be read.
std::int64_t end_of_log(const fs::path& store) {
  auto reading = StoreReading::open(store);
  const auto marks = reading ? reading->audit_marks() : base::Result<AuditMarks>(reading.error());
  if (!marks) return 0;
  const auto head = audit::read_statement(marks->head);
  return head ? head->place.seq : 0;
}

fs::path note_beside(const fs::path& store) {
  return store.string() + ".restored";
}

base::Result<void> leave_note(const fs::path& store, std::int64_t end) {
  std::error_code error;
  fs::remove(note_beside(store), error);
  const auto note = new_file(note_beside(store), store.parent_path());
  if (!note) return note.error();
  const auto text = std::to_string(end) + "\n";
  if (::write(note->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return failed("cannot write " + note_beside(store).string(), {errno, std::generic_category()});
  return sync_file(note_beside(store));
}

}  // namespace

std::optional<std::int64_t> restored_over(const fs::path& store) {
  std::ifstream note(note_beside(store));
  std::int64_t end = 0;
  return note >> end ? std::optional(end) : std::nullopt;
}

void forget_restored(const fs::path& store) {
  std::error_code ignored;
  fs::remove(note_beside(store), ignored);
}

base::Result<StoreReport> back_up_sqlite(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error))
    return base::make_fault(base::Code::conflict, to.string() + " is there already and is not replaced");
  // One moment for both the copying and the check: with each commit, and each entry that retention takes, the
  // flaws of a log move.
  auto reading = StoreReading::open(from);
  if (!reading) return reading.error();
  Unfinished part(to.string() + ".part");
  fs::remove(part.path(), error);
  const auto folder = to.parent_path().empty() ? fs::path(".") : to.parent_path();
  if (auto copied = copy(*reading, part.path(), folder); !copied) return copied.error();
  auto report = whole(part.path());
  if (!report) return report.error();
  if (auto same = check_log_is_of(*reading, *report); !same) return same.error();
  if (auto synced = sync_file(part.path()); !synced) return synced.error();
  // Never over a file that somebody has put there meanwhile.
  fs::create_hard_link(part.path(), to, error);
  if (error) return failed("cannot name " + to.string(), error);
  fs::remove(part.path(), error);
  part.done();
  if (auto synced = sync_file(to); !synced) return synced.error();
  return report;
}

base::Result<Restored> restore_sqlite(const fs::path& copied, const fs::path& path, const std::string& stamp,
                                      const Keyring& ring) {
  const auto named = place_of(path);
  if (!named) return named.error();
  const auto& store = *named;
  const auto lock = take_lock(store);
  if (!lock) return base::make_fault(base::Code::conflict, lock.error().inner);
  if (auto given = hand_over(*lock, store.parent_path()); !given) return given.error();
  auto report = whole(copied);
  if (!report) return report.error();
  if (auto opens = check_opens(copied, *report, ring); !opens) return opens.error();
  Unfinished part(being_restored(store));
  std::error_code error;
  remove_cut_off_restore(store);
  auto reading = StoreReading::open(copied);
  if (!reading) return reading.error();
  if (auto done = copy(*reading, part.path(), store.parent_path()); !done) return done.error();
  const auto again = whole(part.path());
  if (!again) return again.error();
  if (auto same = check_none_is_new(again->audit_flaws, report->audit_flaws); !same) return same.error();
  if (auto synced = sync_file(part.path()); !synced) return synced.error();
  Restored restored{std::move(*report), {}};
  std::int64_t end = 0;
  if (fs::exists(store, error)) {
    end = end_of_log(store);
    restored.before = store.string() + set_aside_mark + stamp;
    if (auto kept = set_aside(store, restored.before); !kept) return kept.error();
  }
  fs::rename(part.path(), store, error);
  if (error) return failed("cannot name " + store.string(), error);
  part.done();
  if (auto synced = sync_file(store); !synced) return synced.error();
  if (auto noted = leave_note(store, end); !noted) return noted.error();
  return restored;
}

}  // namespace madoguchi::storage
