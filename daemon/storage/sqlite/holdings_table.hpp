// What is held about people, across the tables and within the store's transactions.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "sqlite/connection.hpp"
#include "sqlite/statements.hpp"
#include "storage/holdings.hpp"

namespace madoguchi::storage {

class HoldingsTable {
 public:
  explicit HoldingsTable(std::array<Statement, sql_count>& prepared) : prepared_(prepared) {}

  base::Result<std::vector<Held>> held(const HeldQuery& wanted);
  base::Result<Sealing> sealing();

  // Within a transaction. The cases that went.
  base::Result<std::vector<std::string>> let_go(const Outdated& outdated, int most);
  base::Result<Resealed> reseal(const Resealed& from, int most);

 private:
  Query query(Sql sql) { return Query(prepared_[sql]); }
  base::Result<void> run(Sql sql) { return query(sql).run(); }
  base::Result<std::vector<std::string>> texts(Sql sql);
  base::Result<std::string> reseal_cases(const std::string& after, int most);
  base::Result<std::int64_t> finish();

  std::array<Statement, sql_count>& prepared_;
};

}  // namespace madoguchi::storage
