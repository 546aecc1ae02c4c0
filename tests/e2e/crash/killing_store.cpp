#include "killing_store.hpp"

#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace madoguchi::crash {
namespace {

class KillingStore : public storage::CaseStore {
 public:
  KillingStore(std::unique_ptr<storage::CaseStore> inner, Plan plan)
      : inner_(std::move(inner)), plan_(plan) {}

  base::Result<storage::Committed> commit(const storage::Change& change) override {
    if (change.journal.empty()) return inner_->commit(change);
    ++records_;
    if (records_ == plan_.at && !plan_.after) die();
    auto committed = inner_->commit(change);
    if (records_ == plan_.at && plan_.after) die();
    return committed;
  }
  base::Result<storage::CaseRecord> load(const std::string& id) override { return inner_->load(id); }
  base::Result<storage::Page> list(const storage::ListQuery& query) override { return inner_->list(query); }
  base::Result<std::vector<storage::JournalRecord>> journal(const std::string& id) override {
    return inner_->journal(id);
  }
  base::Result<std::vector<storage::EventRecord>> events(std::int64_t since,
                                                         const std::vector<std::string>& topics,
                                                         int limit) override {
    return inner_->events(since, topics, limit);
  }
  base::Result<std::int64_t> last_event() override { return inner_->last_event(); }
  base::Result<void> health() override { return inner_->health(); }

 private:
  [[noreturn]] static void die() {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }

  std::unique_ptr<storage::CaseStore> inner_;
  Plan plan_;
  std::int64_t records_ = 0;
};

}  // namespace

Plan parse_plan(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) throw std::invalid_argument("not N:before or N:after");
  const auto when = text.substr(colon + 1);
  if (when != "before" && when != "after") throw std::invalid_argument("not N:before or N:after");
  return {std::stoll(text.substr(0, colon)), when == "after"};
}

std::unique_ptr<storage::CaseStore> make_killing_store(std::unique_ptr<storage::CaseStore> inner, Plan plan) {
  return std::make_unique<KillingStore>(std::move(inner), plan);
}

}  // namespace madoguchi::crash
