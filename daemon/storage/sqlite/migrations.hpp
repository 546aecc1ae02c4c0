// The tables, and how an older store becomes a current one.
#pragma once

#include <cstdint>
#include <span>

#include "sqlite/connection.hpp"

namespace madoguchi::storage {

// Marks the file as ours (PRAGMA application_id): "MDGC".
inline constexpr std::int64_t application_id = 0x4D444743;

// From this version on what is held about people is sealed; its step, and later ones, use the functions of
// sqlite/sealing.hpp.
inline constexpr std::int64_t first_sealed_version = 6;

// Statement lists; the one at [n] leads from version n to n + 1 (PRAGMA user_version).
std::span<const char* const> migrations();

// Is this an empty file, or a store that this program knows? storage.unavailable with the reason if not;
// nothing is changed.
base::Result<void> check_known(Connection& connection, std::int64_t newest);

// Brings the store to version steps.size(), each step in a transaction of its own: after a failure the store
// is at the version of the last step that succeeded, whole. Must not run inside a transaction.
base::Result<void> migrate(Connection& connection, std::span<const char* const> steps);

}  // namespace madoguchi::storage
