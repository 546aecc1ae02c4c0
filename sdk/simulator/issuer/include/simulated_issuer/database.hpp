// A SQLite file and its statements, for the development CA. Not for several threads at once.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "simulated_issuer/handle.hpp"

namespace madoguchi::simulated_issuer {

// Bind in order, then step. An error stays until step(), which reports it.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  Statement& bind(base::ByteView value);
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    if (value) return bind(*value);
    return bind_null();
  }
  Statement& bind_null();

  // true: a row is there; false: done.
  base::Result<bool> step();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] base::Bytes blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3* database_;
  Handle<sqlite3_stmt, sqlite3_finalize> statement_;
  int next_ = 1;
  int status_ = SQLITE_OK;
};

class Database {
 public:
  // WAL, synchronous=FULL, five seconds of patience with other processes; `schema` is run each time and must
  // bear that.
  static base::Result<Database> open(const std::filesystem::path& file, const std::string& schema);

  [[nodiscard]] Statement prepare(std::string_view sql) const { return {database_.get(), sql}; }
  base::Result<void> run(const std::string& sql) const;
  // Rows changed by the last statement.
  [[nodiscard]] int changes() const;

 private:
  explicit Database(sqlite3* database) : database_(database) {}
  Handle<sqlite3, sqlite3_close_v2> database_;
};

}  // namespace madoguchi::simulated_issuer
