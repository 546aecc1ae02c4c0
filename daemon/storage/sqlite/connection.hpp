// SQLite in terms of results and ownership. Nothing here knows what is stored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_stmt;
struct sqlite3_value;

namespace madoguchi::storage {

// A statement that is prepared once and run many times, by way of Query.
class Statement {
 public:
  Statement() = default;
  explicit operator bool() const noexcept { return handle_ != nullptr; }

 private:
  friend class Connection;
  friend class Query;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// One run of a statement: bind, step through the rows, read. The statement is free again when the query ends,
// on every path. What is bound has to outlive the query.
class Query {
 public:
  explicit Query(Statement& statement) noexcept : handle_(statement.handle_.get()) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  // Parameters are bound in order. A failure to bind is told by the next step().
  Query& bind(std::int64_t value);
  Query& bind(std::string_view text);
  Query& bind(std::string&& text) = delete;
  Query& bind_null();

  // True: there is a row to read. False: done.
  base::Result<bool> step();
  // Steps to the end, for statements without rows.
  base::Result<void> run();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  // The same where it lies, until the next step.
  [[nodiscard]] std::string_view view(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3_stmt* handle_;
  int next_ = 1;
  int bound_ = 0;  // SQLite's result code of the first bind() that failed
};

// As SQLite calls a function that SQL may name; its context has what define() was given.
using SqlFunction = void (*)(sqlite3_context*, int, sqlite3_value**);

class Connection {
 public:
  // The file must exist. Not safe to use from two threads at once.
  static base::Result<Connection> open(const std::filesystem::path& path);

  base::Result<Statement> prepare(std::string_view sql);
  // Runs one or several statements and drops their rows.
  base::Result<void> execute(const char* sql);
  // For statements of this connection alone, never out of the file's own schema.
  base::Result<void> define(const char* name, int arguments, SqlFunction function, void* context);
  // The first column of the first row; empty when there is no row.
  base::Result<std::string> value(std::string_view sql);
  base::Result<std::int64_t> integer(std::string_view sql);

  // Brings the log into the main file and leaves none of it behind; somebody who reads meanwhile puts this
  // off.
  base::Result<void> empty_log() { return execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

  // Rows that the last INSERT, UPDATE or DELETE touched.
  [[nodiscard]] std::int64_t changes() const;
  // Was the file deleted, moved or replaced under us? Then what is committed reaches nobody.
  [[nodiscard]] bool moved() const;
  [[nodiscard]] bool read_only() const;
  // Did the last failure come from what stands in the file, and not from the disk, a right or a lock?
  [[nodiscard]] bool failed_by_damage() const;
  // Of the last failure: another program has it locked, and has not let go in time.
  [[nodiscard]] bool failed_by_lock() const;
  [[nodiscard]] bool in_transaction() const;
  // Leaves the log (WAL) as it lies when this is the last connection to go.
  void leave_log();
  // All of this database into that one, as it stands now; others may go on writing here.
  base::Result<void> copy_to(Connection& target);

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  base::Result<void> run(Statement& prepared, const char* sql);

  std::unique_ptr<sqlite3, Close> handle_;
  // Prepared when first used; every commit needs both.
  Statement begin_, commit_;
};

// All or nothing: rolled back at the end of the scope unless commit() succeeded.
class Transaction {
 public:
  // Takes the write lock at once, so that nothing can come between reading and writing.
  static base::Result<Transaction> begin(Connection& connection);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  base::Result<void> commit();

 private:
  explicit Transaction(Connection& connection) noexcept : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace madoguchi::storage
