#include "storage/reading.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <optional>
#include <system_error>

#include "base/calendar.hpp"
#include "sqlite/audit_table.hpp"
#include "sqlite/migrations.hpp"
#include "sqlite/parts.hpp"
#include "sqlite/rows.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/sealing.hpp"
#include "sqlite/statements.hpp"

namespace madoguchi::storage {
namespace {

base::Fault trouble(const char* which, std::string why) {
  return base::make_fault(base::Code::storage_unavailable, std::move(why), {{"trouble", which}});
}

// Only what stands in the file can be damaged: a full disk, a missing right and a lock leave it as it is, and
// whoever restored a backup for one of them would lose what came after it.
const char* trouble_of(const Connection& connection) {
  if (connection.failed_by_damage()) return "damaged";
  return connection.failed_by_lock() ? "busy" : "unreadable";
}

base::Fault failed(const Connection& connection, const base::Fault& fault) {
  return trouble(trouble_of(connection), fault.inner);
}

base::Result<std::vector<std::string>> texts(Connection& connection, std::string_view sql) {
  auto statement = connection.prepare(sql);
  if (!statement) return statement.error();
  Query rows(*statement);
  std::vector<std::string> all;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return all;
    all.push_back(rows.text(0));
  }
}

std::int64_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<std::int64_t>(bytes);
}

constexpr std::int64_t most_told = 20;

// A row of the log with a number that no entry has is found by check_audit(), and is no reason to bring back
// a copy without the cases that came since. Nor do many of them hide what is: SQLite ends with so many
// findings.
std::string integrity(Connection& connection, bool with_log) {
  const auto rows = with_log ? connection.integer("SELECT count(*) FROM audit WHERE seq < 1")
                             : base::Result<std::int64_t>(std::int64_t{0});
  // Where they cannot be counted, the check says why.
  const auto most = std::min<std::int64_t>(rows ? *rows : 0, std::numeric_limits<int>::max() / 2) + most_told;
  const std::string_view passed_over = with_log ? "('ok', 'CHECK constraint failed in audit')" : "('ok')";
  return "SELECT * FROM pragma_integrity_check(" + std::to_string(most) + ") WHERE integrity_check NOT IN " +
         std::string(passed_over) + " LIMIT " + std::to_string(most_told);
}
constexpr std::string_view references =
    "SELECT 'row ' || coalesce(rowid, '?') || ' of ' || \"table\" || ' refers to no row of ' || parent "
    "FROM pragma_foreign_key_check LIMIT 20";

}  // namespace

struct StoreReading::Inside {
  std::unique_ptr<Sealer> sealer;  // outlives the connection
  Connection connection;
  std::int64_t version = 0;
  std::int64_t bytes = 0;

  std::int64_t newest() const { return static_cast<std::int64_t>(migrations().size()); }
};

StoreReading::StoreReading(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
StoreReading::StoreReading(StoreReading&&) noexcept = default;
StoreReading::~StoreReading() = default;

base::Result<StoreReading> StoreReading::open(const std::filesystem::path& path) {
  if (::access(path.c_str(), R_OK) != 0)
    return trouble("unreadable", path.string() + ": " + std::generic_category().message(errno));
  auto connection = Connection::open(path);
  if (!connection) return trouble("unreadable", connection.error().inner);
  connection->leave_log();
  // In one transaction, so that all that is read is of one moment.
  if (auto begun = connection->execute("PRAGMA query_only = ON; PRAGMA cell_size_check = ON; BEGIN"); !begun)
    return failed(*connection, begun.error());
  const auto id = connection->integer("PRAGMA application_id");
  if (!id) return failed(*connection, id.error());
  const auto version = connection->integer("PRAGMA user_version");
  if (!version) return failed(*connection, version.error());
  // What the file says of its tables may be damaged where its first bytes are not.
  if (const auto tables = connection->integer("SELECT count(*) FROM sqlite_schema"); !tables)
    return failed(*connection, tables.error());
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (const auto known = check_known(*connection, newest); !known) {
    const bool ours = *id == application_id && *version >= 1;
    const auto* which = !ours ? "not_a_store" : *version > newest ? "newer" : "damaged";
    return trouble(which, known.error().inner);
  }
  if (*version == 0) return trouble("empty", "the file is empty");
  return StoreReading(std::make_unique<Inside>(
      Inside{nullptr, std::move(*connection), *version, size_of(path) + size_of(path.string() + "-wal")}));
}

std::string_view StoreReading::last_trouble() const {
  return trouble_of(inside_->connection);
}

bool StoreReading::current() const {
  return inside_->version == inside_->newest();
}

base::Result<void> StoreReading::copy_to(const std::filesystem::path& file) {
  auto target = Connection::open(file);
  if (!target) return target.error();
  if (auto copied = inside_->connection.copy_to(*target); !copied) return copied;
  return target->execute("PRAGMA journal_mode = DELETE");
}

base::Result<StoreReport> StoreReading::report() {
  StoreReport report;
  report.version = inside_->version;
  report.newest = inside_->newest();
  report.bytes = inside_->bytes;
  for (const auto& sql : {integrity(inside_->connection, current()), std::string(references)}) {
    const auto found = texts(inside_->connection, sql);
    // Where not even looking works, that is what is wrong.
    if (!found) {
      if (!inside_->connection.failed_by_damage()) return found.error();
      report.damage.push_back(found.error().inner);
      return report;
    }
    report.damage.insert(report.damage.end(), found->begin(), found->end());
  }
  const std::array<std::pair<const char*, std::int64_t*>, 4> counted{{{"cases", &report.cases},
                                                                      {"journal", &report.journal},
                                                                      {"events", &report.events},
                                                                      {"audit", &report.audit}}};
  for (const auto& [table, into] : counted) {
    if (!current() && into == &report.audit) continue;
    const auto count = inside_->connection.integer(std::string("SELECT count(*) FROM ") + table);
    if (!count) return count.error();
    *into = *count;
  }
  if (!current()) return report;
  auto keys = keys_of_store(inside_->connection);
  if (keys) {
    report.keys = std::move(*keys);
  } else {
    report.damage.push_back(keys.error().inner);
  }
  return report;
}

base::Result<std::vector<std::string>> StoreReading::changed_schema() {
  return changed_in_schema(inside_->connection);
}

base::Result<std::map<std::string, std::int64_t>> StoreReading::states() {
  auto statement = inside_->connection.prepare("SELECT state, count(*) FROM cases GROUP BY state");
  if (!statement) return statement.error();
  Query rows(*statement);
  std::map<std::string, std::int64_t> counts;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return counts;
    counts.emplace(rows.text(0), rows.integer(1));
  }
}

base::Result<void> StoreReading::unseal_with(const Keyring& ring) {
  auto sealer = make_sealer(inside_->connection, ring);
  if (!sealer) return sealer.error();
  inside_->sealer = std::move(*sealer);
  return define_sealing(inside_->connection, *inside_->sealer);
}

base::Result<void> StoreReading::each_case(const std::function<void(const CaseRecord&)>& take) {
  std::array<Statement, sql_count> prepared;
  for (const auto sql : {load_parts, each_case_by_id}) {
    auto statement = inside_->connection.prepare(statement_texts()[sql]);
    if (!statement) return statement.error();
    prepared[sql] = std::move(*statement);
  }
  Query rows(prepared[each_case_by_id]);
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return {};
    auto record = read_case(rows);
    auto parts = read_parts(prepared, record.id);
    if (!parts) return parts.error();
    record.parts = std::move(*parts);
    take(record);
  }
}

base::Result<std::map<std::string, std::int64_t>> StoreReading::damaged_values() {
  std::map<std::string, std::int64_t> found;
  for (const auto& column : sealed_columns()) {
    const auto count = inside_->connection.integer(column.count_damaged);
    if (!count) return count.error();
    if (*count > 0) found.emplace(column.name, *count);
  }
  return found;
}

base::Result<AuditMarks> StoreReading::audit_marks() {
  AuditMarks marks;
  for (const auto& [name, into] : {std::pair("head", &marks.head), std::pair("base", &marks.base)}) {
    auto line =
        inside_->connection.value(std::string("SELECT line FROM audit_marks WHERE name = '") + name + "'");
    if (!line) return line.error();
    *into = std::move(*line);
  }
  return marks;
}

base::Result<std::vector<Recorded>> StoreReading::recorded_times(int most) {
  const auto marks = audit_marks();
  const auto end = marks ? believed_place(marks->head) : std::nullopt;
  const auto begin = marks ? believed_place(marks->base) : std::nullopt;
  auto statement = inside_->connection.prepare(
      "SELECT json_extract(line, '$.at'), json_extract(line, '$.kind'), json_extract(line, '$.uid') FROM "
      "(SELECT CASE WHEN json_valid(line) THEN line ELSE '{}' END AS line FROM audit WHERE seq > ? AND "
      "seq <= ? ORDER BY seq DESC LIMIT ?)");
  if (!statement) return statement.error();
  Query rows(*statement);
  // A row behind the end would be the newest for good, and one before the beginning the oldest.
  rows.bind(begin ? begin->seq : std::int64_t{0})
      .bind(end ? end->seq : most_believed)
      .bind(std::int64_t{most});
  std::vector<Recorded> times;
  for (;;) {
    // The disk may have lost a page of the log: what was read before it is evidence enough, and no start
    // fails by an old entry.
    const auto row = rows.step();
    if (!row || !*row) return times;
    const auto at = base::parse_time(rows.view(0));
    if (!at) continue;
    const auto kind = audit::kind_named(rows.view(1));
    times.push_back({*at, kind && audit::by_a_person(*kind, rows.view(2))});
  }
}

base::Result<void> StoreReading::check_audit(audit::Verifier& verifier) {
  const auto marks = audit_marks();
  if (!marks) return marks.error();
  auto statement = inside_->connection.prepare("SELECT seq, case_id, line FROM audit ORDER BY seq");
  if (!statement) return statement.error();
  verifier.begin_store(marks->base);
  const auto begun = verifier.begun_at() ? verifier.begun_at()->seq : 0;
  Query rows(*statement);
  std::optional<std::int64_t> since;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) break;
    if (!since && rows.integer(0) > begun) since = time_of_entry(rows.view(2));
    verifier.entry(rows.view(2), rows.integer(0), rows.view(1));
  }
  verifier.end_store(marks->head);
  auto counting = inside_->connection.prepare(count_unaccounted_cases);
  if (!counting) return counting.error();
  Query count(*counting);
  count.bind(since.value_or(0)).bind(begun);
  const auto row = count.step();
  if (!row) return row.error();
  verifier.without_entries(*row ? count.integer(0) : 0);
  return {};
}

}  // namespace madoguchi::storage
