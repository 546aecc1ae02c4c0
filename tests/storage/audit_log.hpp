// A store with an audit log, and somebody who has its file in hands.
#pragma once

#include <sqlite3.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "audit/verifier.hpp"
#include "support.hpp"

namespace madoguchi::storage {

inline const std::shared_ptr<const audit::SigningKey>& the_key() {
  static const auto key = std::make_shared<const audit::SigningKey>(audit::SigningKey::generate());
  return key;
}

inline Change only_audit(std::vector<audit::Entry> entries) {
  Change change;
  change.audit = std::move(entries);
  return change;
}

inline std::vector<audit::Problem> problems_of(Store& store) {
  audit::Verifier verifier({the_key()->public_key()});
  const auto marks = store.audit_marks().value();
  verifier.begin_store(marks.base);
  for (const auto& row : store.audit_entries(std::numeric_limits<std::int64_t>::min(), {}, 1000).value())
    verifier.entry(row.line, row.seq, row.case_id);
  verifier.end_store(marks.head);
  return verifier.problems();
}

class AuditLog : public ::testing::Test {
 protected:
  void open() {
    store_.reset();
    store_ = must_open(folder_.store());
    store_->seal_with(the_key(), "窓口1");
  }
  std::vector<audit::Problem> end_problems() { return store_->check_end({the_key()->public_key()}).value(); }
  // As somebody who knows the tables.
  void by_hand(const std::string& sql) {
    store_.reset();
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.store().c_str(), &handle), SQLITE_OK);
    const std::string all =
        "DROP TRIGGER IF EXISTS audit_never_changes; DROP TRIGGER IF EXISTS audit_is_kept;"
        "DROP TRIGGER IF EXISTS audit_marks_are_kept;" +
        sql;
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(handle, all.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(handle);
    open();
  }

  Folder folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace madoguchi::storage
