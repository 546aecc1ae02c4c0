// A store that ends the process at a chosen commit, as a power cut would: no destructor runs, nothing is
// flushed.
#pragma once

#include <memory>
#include <string>

#include "storage/case_store.hpp"

namespace madoguchi::crash {

struct Plan {
  // Journal records counted from 1 since the start of the process; 0: never.
  std::int64_t at = 0;
  // before: what the record tells of has been done, the record is not durable.
  // after: the record is durable, what it announces has not been done.
  bool after = false;
};

// "12:before", "12:after"; throws std::invalid_argument on anything else.
Plan parse_plan(const std::string& text);

std::unique_ptr<storage::CaseStore> make_killing_store(std::unique_ptr<storage::CaseStore> inner, Plan plan);

}  // namespace madoguchi::crash
