// What the storage tests share: a folder of their own, and records that are easy to make.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "../temporary_folder.hpp"
#include "base/code_book.hpp"
#include "storage/sqlite.hpp"

namespace madoguchi::storage {

class Folder : public tests::TemporaryFolder {
 public:
  [[nodiscard]] std::filesystem::path store() const { return path() / "cases.db"; }
};

inline base::Instant at(std::int64_t milliseconds) {
  return base::Instant(std::chrono::milliseconds(milliseconds));
}

inline CaseRecord a_case(std::string id, std::int64_t opened = 1000) {
  CaseRecord record;
  record.id = std::move(id);
  record.state = "open";
  record.opened_at = at(opened);
  record.updated_at = at(opened);
  record.body = R"({"a":1})";
  return record;
}

inline JournalRecord a_line(std::string kind) {
  return {0, at(5), std::move(kind), "{}"};
}

inline EventRecord an_event(std::string topic, std::string type = "case.updated") {
  EventRecord record;
  record.at = at(6);
  record.topic = std::move(topic);
  record.type = std::move(type);
  record.data = "{}";
  return record;
}

// A new case with one journal line and one event, as most changes are.
inline Change a_change(const std::string& id) {
  return {a_case(id), {a_line("case.opened")}, {an_event("cases")}};
}

template <class T>
std::string reason(const base::Result<T>& result) {
  return result ? "" : std::string(base::entry(result.error().code).reason);
}
template <class T>
std::string inner(const base::Result<T>& result) {
  return result ? "" : result.error().inner;
}

inline SealingKey a_key(char digit = '1') {
  return SealingKey::from_text(std::string(64, digit)).value();
}

// The keys of these digits, the one that seals first.
inline Keyring a_ring(const std::string& digits = "1") {
  Keyring ring;
  for (const char digit : digits) ring.keys.push_back(a_key(digit));
  return ring;
}

inline base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path) {
  return open_sqlite(path, a_ring());
}

inline std::unique_ptr<Store> must_open(const std::filesystem::path& path, const Keyring& ring = a_ring()) {
  auto store = open_sqlite(path, ring);
  if (!store) throw std::runtime_error(base::describe(store.error()));
  return std::move(*store);
}

}  // namespace madoguchi::storage
