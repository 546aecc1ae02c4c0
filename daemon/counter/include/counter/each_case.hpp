// The stored cases, one after another.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "renewal/case.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::counter {

// internal when it is not what a Recorder has written.
base::Result<renewal::Case> read_case(const storage::CaseRecord& record);

// Every one in one of the states and, where a card is named, of that card; a page is in memory at a time.
base::Result<void> each_case(storage::CaseStore& store, std::span<const renewal::State> states,
                             const std::string& card,
                             const std::function<void(const storage::CaseRecord&)>& take);

}  // namespace madoguchi::counter
