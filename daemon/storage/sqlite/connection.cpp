#include "sqlite/connection.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>

namespace madoguchi::storage {
namespace {

// How long to wait for a foreign process that holds a lock, e.g. an administrator's backup. Milliseconds.
constexpr int busy_timeout_ms = 2000;

base::Code code_of(int result, int system_error) {
  switch (result & 0xff) {
    case SQLITE_FULL:
      return base::Code::storage_full;
    case SQLITE_IOERR:
      // SQLite says FULL only for ENOSPC; a quota or a size limit is the same thing to whoever has to make
      // room.
      if (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG)
        return base::Code::storage_full;
      return base::Code::storage_unavailable;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
      return base::Code::storage_unavailable;
    default:
      return base::Code::internal;
  }
}

int last_error_of(sqlite3_file* file) {
  int error = 0;
  if (file != nullptr && file->pMethods != nullptr) {
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
  }
  return error;
}

// SQLite keeps the errno of a failed step, but not that of a failed COMMIT, where a full disk shows itself:
// that one only the log's file knows, or the main file.
int last_error_of(sqlite3* handle) {
  if (const int error = sqlite3_system_errno(handle); error != 0) return error;
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle, "main", which, &file);
    if (const int error = last_error_of(file); error != 0) return error;
  }
  return 0;
}

base::Fault fault_of(sqlite3* handle, int result) {
  const int extended = handle != nullptr ? sqlite3_extended_errcode(handle) : result;
  const bool from_system = handle != nullptr && (result & 0xff) == SQLITE_IOERR;
  const int system_error = from_system ? last_error_of(handle) : 0;
  std::string inner = "sqlite ";
  inner.append(std::to_string(extended)).append(": ");
  inner.append(handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(result));
  if (system_error != 0) {
    inner.append(" (").append(std::generic_category().message(system_error)).append(")");
  }
  return base::make_fault(code_of(result, system_error), std::move(inner));
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Query::~Query() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Query& Query::bind(std::int64_t value) {
  const int result = sqlite3_bind_int64(handle_, next_++, value);
  if (bound_ == SQLITE_OK) bound_ = result;
  return *this;
}

Query& Query::bind(std::string_view text) {
  // A null pointer would bind NULL; an empty text is a text.
  const char* data = text.data() != nullptr ? text.data() : "";
  const int result = sqlite3_bind_text64(handle_, next_++, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (bound_ == SQLITE_OK) bound_ = result;
  return *this;
}

Query& Query::bind_null() {
  const int result = sqlite3_bind_null(handle_, next_++);
  if (bound_ == SQLITE_OK) bound_ = result;
  return *this;
}

base::Result<bool> Query::step() {
  sqlite3* connection = sqlite3_db_handle(handle_);
  if (bound_ != SQLITE_OK) return fault_of(connection, bound_);
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return fault_of(connection, result);
}

base::Result<void> Query::run() {
  for (;;) {
    const auto row = step();
    if (!row) return row.error();
    if (!*row) return {};
  }
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}

std::string Query::text(int column) const {
  return std::string(view(column));
}

std::string_view Query::view(int column) const {
  // A blob as it is, a number as SQLite writes it.
  const bool blob = sqlite3_column_type(handle_, column) == SQLITE_BLOB;
  const auto* data = blob ? static_cast<const char*>(sqlite3_column_blob(handle_, column))
                          : reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

void Connection::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

base::Result<Connection> Connection::open(const std::filesystem::path& path) {
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Connection connection;
  connection.handle_.reset(handle);
  if (result != SQLITE_OK) return fault_of(handle, result);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  return connection;
}

base::Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int result = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (result != SQLITE_OK) return fault_of(handle_.get(), result);
  Statement statement;
  statement.handle_.reset(handle);
  return statement;
}

base::Result<void> Connection::execute(const char* sql) {
  const int result = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return fault_of(handle_.get(), result);
  return {};
}

base::Result<void> Connection::define(const char* name, int arguments, SqlFunction function, void* context) {
  const int result =
      sqlite3_create_function_v2(handle_.get(), name, arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY, context,
                                 function, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return fault_of(handle_.get(), result);
  return {};
}

base::Result<void> Connection::run(Statement& prepared, const char* sql) {
  if (!prepared) {
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    prepared = std::move(*statement);
  }
  return Query(prepared).run();
}

base::Result<std::string> Connection::value(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  Query query(*statement);
  const auto row = query.step();
  if (!row) return row.error();
  return *row ? query.text(0) : std::string();
}

base::Result<std::int64_t> Connection::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  Query query(*statement);
  const auto row = query.step();
  if (!row) return row.error();
  return *row ? query.integer(0) : 0;
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(handle_.get());
}

bool Connection::moved() const {
  int moved = 0;
  sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

bool Connection::read_only() const {
  return sqlite3_db_readonly(handle_.get(), "main") != 0;
}

bool Connection::failed_by_damage() const {
  const int primary = sqlite3_errcode(handle_.get()) & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

bool Connection::failed_by_lock() const {
  const int primary = sqlite3_errcode(handle_.get()) & 0xff;
  return primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

void Connection::leave_log() {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

base::Result<void> Connection::copy_to(Connection& target) {
  auto* copying = sqlite3_backup_init(target.handle_.get(), "main", handle_.get(), "main");
  if (copying == nullptr) return fault_of(target.handle_.get(), sqlite3_errcode(target.handle_.get()));
  // In one piece: it reads one snapshot, and in WAL mode keeps no writer waiting.
  const int stepped = sqlite3_backup_step(copying, -1);
  const int finished = sqlite3_backup_finish(copying);
  if (stepped == SQLITE_DONE && finished == SQLITE_OK) return {};
  return fault_of(target.handle_.get(), finished != SQLITE_OK ? finished : stepped);
}

base::Result<Transaction> Transaction::begin(Connection& connection) {
  if (auto begun = connection.run(connection.begin_, "BEGIN IMMEDIATE"); !begun) return begun.error();
  return Transaction(connection);
}

Transaction::~Transaction() {
  // After some failures (disk full, I/O) SQLite has rolled back by itself.
  if (connection_ == nullptr || !connection_->in_transaction()) return;
  // A rollback cannot be refused: when its own reading fails, SQLite drops the pages and reads them anew.
  static_cast<void>(connection_->execute("ROLLBACK"));
}

base::Result<void> Transaction::commit() {
  auto committed = connection_->run(connection_->commit_, "COMMIT");
  if (committed) connection_ = nullptr;
  return committed;
}

}  // namespace madoguchi::storage
