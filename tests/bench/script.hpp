// The changes of one case from its opening to its end, as they were taken down, as often as wanted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/case_store.hpp"

namespace madoguchi::bench {

class Script {
 public:
  explicit Script(const std::string& file);

  // One line of the journal and one event a transition, as the daemon's are.
  storage::Change next();
  // Of the last one: what of the parts differs from the step before, and the audit's lines.
  [[nodiscard]] std::string new_beside() const;
  [[nodiscard]] const std::vector<std::string>& audit_lines() const { return bodies_[last()].audit_lines; }

 private:
  struct Body {
    std::string state{};
    std::string text{};
    std::map<std::string, std::string> parts{};
    std::vector<audit::Entry> audit{};
    std::vector<std::string> audit_lines{};
  };
  [[nodiscard]] std::size_t last() const { return (done_ + bodies_.size() - 1) % bodies_.size(); }

  storage::CaseRecord record_;
  std::vector<Body> bodies_;
  std::vector<storage::JournalRecord> journal_;
  std::vector<storage::EventRecord> events_;
  std::size_t done_ = 0;
};

}  // namespace madoguchi::bench
