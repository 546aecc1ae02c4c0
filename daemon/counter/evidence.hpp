// What the authority has sent and nobody can believe, kept with the case: it is all that tells afterwards a
// broken line from somebody on it.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "following.hpp"
#include "renewal/saga.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::counter {

// A genuine answer has about 5 KB; whoever sends more, or over and over again, is not to fill the disk.
inline constexpr std::size_t most_evidence_bytes = std::size_t{16} * 1024;
inline constexpr std::size_t most_evidence_records = 8;

// The record of an answer set aside; nullopt when the case's journal has it already, or has enough of them.
std::optional<Note> evidence_of(const std::vector<storage::JournalRecord>& journal, const renewal::Saga& saga,
                                const base::Fault& why, const base::Bytes& answer);

}  // namespace madoguchi::counter
