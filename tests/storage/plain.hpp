// SQLite as any other program would use it.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace madoguchi::storage {

class Plain {
 public:
  explicit Plain(const std::filesystem::path& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) throw std::runtime_error("sqlite3_open");
  }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
  ~Plain() { sqlite3_close(handle_); }
  // The first column of the last row, or the error's text.
  std::string run(const std::string& sql) {
    std::string last;
    const auto keep = [](void* into, int columns, char** values, char**) {
      if (columns > 0) *static_cast<std::string*>(into) = values[0] != nullptr ? values[0] : "NULL";
      return 0;
    };
    char* error = nullptr;
    if (sqlite3_exec(handle_, sql.c_str(), keep, &last, &error) != SQLITE_OK) {
      last = error;
      sqlite3_free(error);
    }
    return last;
  }
  // When this ends, what stands in the log (WAL) stays there.
  void keep_log() { sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace madoguchi::storage
