#include "sqlite/prepare.hpp"

#include "sqlite/migrations.hpp"
#include "sqlite/sealing.hpp"

namespace madoguchi::storage {
namespace {

// WAL and FULL: a commit is one append and one fdatasync, and it returns after the latter. The page cache is
// small since a counter has few cases at work at once; what is not in it is in the kernel's. The WAL is cut
// back after a checkpoint so that a burst does not keep the disk occupied.
constexpr const char* settings = R"sql(
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA cache_size = -512;
PRAGMA temp_store = MEMORY;
PRAGMA journal_size_limit = 4194304;
)sql";

}  // namespace

base::Result<std::unique_ptr<Sealer>> prepare_store(Connection& connection, const Keyring& ring) {
  const auto steps = migrations();
  if (auto known = check_known(connection, static_cast<std::int64_t>(steps.size())); !known)
    return known.error();
  if (connection.read_only())
    return base::make_fault(base::Code::storage_unavailable, "the store is read-only");
  // Before anything is written, so that a store whose key is missing is left as it is.
  auto sealer = make_sealer(connection, ring);
  if (!sealer) return sealer;
  const auto mode = connection.value("PRAGMA journal_mode = WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") return base::make_fault(base::Code::storage_unavailable, "no WAL here, but " + *mode);
  // Before the migrations, which run with foreign keys off so that they may rebuild tables, but as durably as
  // the rest, and leave as little behind.
  if (auto done = connection.execute(
          "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF");
      !done)
    return done.error();
  if (auto done = define_sealing(connection, **sealer); !done) return done.error();
  if (auto done = migrate(connection, steps); !done) return done.error();
  if (auto done = note_key(connection); !done) return done.error();
  if (auto done = connection.execute(settings); !done) return done.error();
  // What a daemon that ended in the middle has left in the log: an older one's is not sealed, nor is what a
  // migration has replaced.
  if (auto done = connection.empty_log(); !done) return done.error();
  return sealer;
}

}  // namespace madoguchi::storage
