// The floor of what sealing costs: the store's own tables, indexes and triggers, with the same rows as they
// are. Nothing is sealed, chained or signed, and nothing that it knows by itself is read.
#pragma once

#include <sqlite3.h>

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/sqlite.hpp"

namespace madoguchi::bench {

// Empty, with a new key, its audit log signed.
std::unique_ptr<storage::Store> new_store(const std::filesystem::path& path);

class PlainStore {
 public:
  explicit PlainStore(const std::filesystem::path& path);
  PlainStore(const PlainStore&) = delete;
  PlainStore& operator=(const PlainStore&) = delete;
  ~PlainStore();

  // Durable when it returns. `audit_lines`: what the change's entries become.
  void commit(const storage::Change& change, const std::vector<std::string>& audit_lines);

 private:
  enum Statement {
    begin,
    insert_case,
    update_body,
    update_case,
    write_part,
    remove_part,
    add_line,
    add_event,
    add_audit,
    set_head,
    end,
    count
  };
  class Row;
  void write_case(const storage::CaseRecord& record);
  void write_parts(const storage::CaseRecord& record);

  sqlite3* database_ = nullptr;
  std::array<sqlite3_stmt*, count> prepared_{};
  std::map<std::string, std::string> parts_;  // of the case that is written to
  std::string head_;                          // of the audit log, signed, as the store has one
  std::int64_t lines_ = 0;                    // of the case
  std::int64_t events_ = 0;
  std::int64_t audited_ = 0;
};

}  // namespace madoguchi::bench
