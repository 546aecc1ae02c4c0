// A store that hands everything on to another; for tests in which something happens on the way.
#pragma once

#include <memory>
#include <utility>

#include "storage/case_store.hpp"

namespace madoguchi::storage {

class ForwardingStore : public CaseStore {
 public:
  explicit ForwardingStore(std::unique_ptr<CaseStore> inner = nullptr) : inner_(std::move(inner)) {}

  base::Result<Committed> commit(const Change& change) override { return inner_->commit(change); }
  base::Result<CaseRecord> load(const std::string& id) override { return inner_->load(id); }
  base::Result<Page> list(const ListQuery& query) override { return inner_->list(query); }
  base::Result<std::vector<JournalRecord>> journal(const std::string& case_id) override {
    return inner_->journal(case_id);
  }
  base::Result<std::vector<EventRecord>> events(std::int64_t since, const std::vector<std::string>& topics,
                                                int limit) override {
    return inner_->events(since, topics, limit);
  }
  base::Result<std::vector<PluginState>> plugin_states(const std::string& case_id) override {
    return inner_->plugin_states(case_id);
  }
  base::Result<std::vector<PluginState>> states_of(const std::string& plugin, const std::string& after,
                                                   int limit) override {
    return inner_->states_of(plugin, after, limit);
  }
  base::Result<std::vector<std::string>> owed_cases() override { return inner_->owed_cases(); }
  base::Result<std::int64_t> last_event() override { return inner_->last_event(); }
  base::Result<void> health() override { return inner_->health(); }

 protected:
  std::unique_ptr<CaseStore> inner_;
};

}  // namespace madoguchi::storage
