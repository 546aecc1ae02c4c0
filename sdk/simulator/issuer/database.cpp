#include "simulated_issuer/database.hpp"

namespace madoguchi::simulated_issuer {
namespace {

base::Fault storage_fault(sqlite3* database, int status) {
  const auto code = status == SQLITE_FULL         ? base::Code::storage_full
                    : status == SQLITE_CONSTRAINT ? base::Code::conflict
                                                  : base::Code::storage_unavailable;
  return base::make_fault(code, std::string("sqlite: ") + sqlite3_errmsg(database));
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  status_ = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
}

Statement& Statement::bind(std::int64_t value) {
  if (status_ == SQLITE_OK) status_ = sqlite3_bind_int64(statement_.get(), next_++, value);
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  if (status_ == SQLITE_OK) {
    status_ = sqlite3_bind_text64(statement_.get(), next_++, value.data(), value.size(), SQLITE_TRANSIENT,
                                  SQLITE_UTF8);
  }
  return *this;
}

Statement& Statement::bind(base::ByteView value) {
  if (value.empty()) {  // a null pointer would be stored as NULL
    if (status_ == SQLITE_OK) status_ = sqlite3_bind_zeroblob(statement_.get(), next_++, 0);
  } else if (status_ == SQLITE_OK) {
    status_ = sqlite3_bind_blob64(statement_.get(), next_++, value.data(), value.size(), SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bind_null() {
  if (status_ == SQLITE_OK) status_ = sqlite3_bind_null(statement_.get(), next_++);
  return *this;
}

base::Result<bool> Statement::step() {
  if (status_ == SQLITE_OK) {
    const int status = sqlite3_step(statement_.get());
    if (status == SQLITE_ROW) return true;
    if (status == SQLITE_DONE) return false;
    status_ = status;
  }
  return storage_fault(database_, status_ & 0xFF);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* data = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(data), size);
}

base::Bytes Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? base::Bytes() : base::Bytes(data, data + size);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

base::Result<Database> Database::open(const std::filesystem::path& file, const std::string& schema) {
  sqlite3* raw = nullptr;
  const int status = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database database(raw);
  if (status != SQLITE_OK) return storage_fault(raw, status);
  sqlite3_busy_timeout(raw, 5000);
  for (const auto& sql : {std::string("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"), schema}) {
    if (auto done = database.run(sql); !done) return done.error();
  }
  return database;
}

base::Result<void> Database::run(const std::string& sql) const {
  const int status = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return storage_fault(database_.get(), status & 0xFF);
  return {};
}

int Database::changes() const {
  return sqlite3_changes(database_.get());
}

}  // namespace madoguchi::simulated_issuer
