#include "counted_store.hpp"

#include "base/code_book.hpp"

namespace madoguchi::app {

base::Result<storage::Committed> CountedStore::commit(const storage::Change& change) {
  const auto begun = std::chrono::steady_clock::now();
  auto committed = inner_->commit(change);
  const auto took = std::chrono::steady_clock::now() - begun;
  counts_.commits.add({committed ? "ok" : std::string(base::entry(committed.error().code).reason)}, took);
  if (!committed) return committed;
  for (const auto& entry : change.audit) {
    const auto& what = entry.what();
    counts_.steps.add({std::string(audit::name(entry.kind())), what});
    entered_(entry);
    if (entry.kind() == audit::Kind::pin) counts_.pins.add({std::string(entry.get(audit::Field::pin)), what});
  }
  return committed;
}

}  // namespace madoguchi::app
