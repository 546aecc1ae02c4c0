// The store, with what is committed to it counted: by the words of the audit log, which are closed lists.
#pragma once

#include <functional>
#include <memory>

#include "metrics/counts.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::app {

struct StoreCounts {
  metrics::Durations commits{
      "madoguchi_store_commit_seconds", "How long a durable commit took.", {"outcome"}};
  metrics::Counter steps{
      "madoguchi_steps_total",
      "What was recorded, by the audit log's kinds and words (decisions, keys, certificates, ...).",
      {"kind", "what"}};
  metrics::Counter pins{"madoguchi_pins_total", "What came of PINs.", {"pin", "what"}};
};

class CountedStore final : public storage::CaseStore {
 public:
  // `entered` hears of each entry of the audit log that was committed.
  CountedStore(std::unique_ptr<storage::CaseStore> inner, StoreCounts& counts,
               std::function<void(const audit::Entry&)> entered)
      : inner_(std::move(inner)), counts_(counts), entered_(std::move(entered)) {}

  base::Result<storage::Committed> commit(const storage::Change& change) override;
  base::Result<storage::CaseRecord> load(const std::string& id) override { return inner_->load(id); }
  base::Result<storage::Page> list(const storage::ListQuery& query) override { return inner_->list(query); }
  base::Result<std::vector<storage::JournalRecord>> journal(const std::string& case_id) override {
    return inner_->journal(case_id);
  }
  base::Result<std::vector<storage::PluginState>> plugin_states(const std::string& case_id) override {
    return inner_->plugin_states(case_id);
  }
  base::Result<std::vector<storage::PluginState>> states_of(const std::string& plugin,
                                                            const std::string& after, int limit) override {
    return inner_->states_of(plugin, after, limit);
  }
  base::Result<std::vector<std::string>> owed_cases() override { return inner_->owed_cases(); }
  base::Result<std::vector<storage::EventRecord>> events(std::int64_t since,
                                                         const std::vector<std::string>& topics,
                                                         int limit) override {
    return inner_->events(since, topics, limit);
  }
  base::Result<std::int64_t> last_event() override { return inner_->last_event(); }
  base::Result<void> health() override { return inner_->health(); }

 private:
  std::unique_ptr<storage::CaseStore> inner_;
  StoreCounts& counts_;
  std::function<void(const audit::Entry&)> entered_;
};

}  // namespace madoguchi::app
