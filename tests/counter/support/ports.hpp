// The counter's ports as a test holds them: nothing here has a thread, a socket or a disk.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "storage/sqlite.hpp"

namespace madoguchi::counter::test {

class ManualClock final : public base::Clock {
 public:
  ManualClock() : now_(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())) {}
  [[nodiscard]] base::Instant now() const override { return now_; }
  void advance(std::chrono::milliseconds by) {
    now_ += by;
    advanced_ += by;
  }
  [[nodiscard]] std::chrono::milliseconds advanced() const { return advanced_; }

 private:
  std::chrono::milliseconds advanced_{0};
  base::Instant now_;  // near the real one: OpenSSL has no other clock to judge certificates by
};

class KeptLog final : public base::Log {
 public:
  void write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) override {
    text.append(id);
    for (const auto& field : fields) {
      if (const auto* words = std::get_if<std::string>(&field.value)) text.append(" ").append(*words);
    }
    text.append("\n");
  }
  std::string text;
};

// Cases in memory, with what the port promises: revisions, all or nothing. Survives the desk that uses it.
class MemoryStore final : public storage::Store {
 public:
  base::Result<storage::Committed> commit(const storage::Change& change) override;
  base::Result<storage::CaseRecord> load(const std::string& id) override;
  base::Result<storage::Page> list(const storage::ListQuery& query) override;
  base::Result<std::vector<storage::JournalRecord>> journal(const std::string& case_id) override;
  base::Result<std::vector<storage::EventRecord>> events(std::int64_t since,
                                                         const std::vector<std::string>& topics,
                                                         int limit) override;
  base::Result<std::vector<storage::PluginState>> plugin_states(const std::string& case_id) override;
  base::Result<std::vector<storage::PluginState>> states_of(const std::string& plugin,
                                                            const std::string& after, int limit) override;
  base::Result<std::vector<std::string>> owed_cases() override;
  base::Result<std::int64_t> last_event() override { return static_cast<std::int64_t>(events_.size()); }
  base::Result<void> health() override { return {}; }
  void seal_with(std::shared_ptr<const audit::SigningKey> key, std::string) override {
    key_ = std::move(key);
  }
  base::Result<std::vector<audit::Problem>> check_end(const std::vector<audit::PublicKey>&) override {
    return std::vector<audit::Problem>();
  }
  storage::LookedBack look_back() override { return {}; }
  base::Result<std::vector<storage::AuditRow>> audit_entries(std::int64_t since, const std::string& case_id,
                                                             int limit) override;
  base::Result<storage::AuditMarks> audit_marks() override;
  base::Result<std::int64_t> unaccounted_cases() override { return 0; }
  base::Result<std::int64_t> prune_audit(base::Instant, base::Instant, int) override { return 0; }
  // It is gone with its test, and nobody reads its files.
  base::Result<std::vector<storage::Held>> held(const storage::HeldQuery&) override {
    return std::vector<storage::Held>();
  }
  base::Result<std::int64_t> let_go(const storage::Outdated&, base::Instant, int) override { return 0; }
  base::Result<storage::Sealing> sealing() override { return storage::Sealing(); }
  base::Result<storage::Resealed> reseal(const storage::Resealed&, int) override {
    return storage::Resealed{{}, 0, true};
  }

  // The kinds of a case's journal, in order.
  [[nodiscard]] std::vector<std::string> kinds(const std::string& case_id) const;
  // Everything that it holds, for a search.
  [[nodiscard]] std::string everything() const;

  // As a disk may do: what is stored of that case is no case any more.
  void damage(const std::string& case_id) { cases_.at(case_id).body = "{"; }

  int commits = 0;     // asked for, refused ones included
  int refused_at = 0;  // the commit with this number is refused; 0: none
  base::Code refusal = base::Code::storage_full;
  std::function<void(int)> on_commit;  // after it is durable, with its number
  std::vector<audit::Entry> audit;
  std::vector<storage::AuditRow> audit_rows;  // their lines, to be tampered with

 private:
  std::map<std::string, storage::CaseRecord> cases_;
  std::map<std::string, std::vector<storage::JournalRecord>> journals_;
  std::vector<storage::EventRecord> events_;
  std::map<std::pair<std::string, std::string>, storage::PluginState> states_;  // by case and plugin
  audit::Chain chain_;
  std::shared_ptr<const audit::SigningKey> key_;
};

}  // namespace madoguchi::counter::test
