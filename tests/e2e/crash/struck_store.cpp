#include "struck_store.hpp"

#include <unistd.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <set>
#include <stdexcept>
#include <utility>

#include "../../storage/forwarding_store.hpp"

namespace madoguchi::crash {
namespace {

namespace json = boost::json;

// Kind and subject, e.g. "key.intent authentication"; repetitions of a step have the same name.
std::string name_of(const storage::JournalRecord& record) {
  std::string name = record.kind;
  const auto body = json::parse(record.body).get_object();
  for (const auto* key : {"certificate", "pin"}) {
    if (const auto* subject = body.if_contains(key)) name.append(" ").append(subject->get_string());
  }
  return name;
}

class StruckStore final : public storage::ForwardingStore {
 public:
  StruckStore(std::unique_ptr<storage::CaseStore> inner, Plan plan, std::function<void()> fill)
      : ForwardingStore(std::move(inner)), plan_(plan), fill_(std::move(fill)) {}

  base::Result<storage::Committed> commit(const storage::Change& change) override {
    if (change.journal.empty()) return inner_->commit(change);
    ++records_;
    const bool now = plan_.each ? met_.insert(name_of(change.journal.front())).second : records_ == plan_.at;
    if (now && plan_.stroke != Stroke::after) strike();
    auto committed = inner_->commit(change);
    if (now && plan_.stroke == Stroke::after) strike();
    return committed;
  }

 private:
  void strike() {
    switch (plan_.stroke) {
      case Stroke::before:
      case Stroke::after:
        kill(getpid(), SIGKILL);
        for (;;) pause();
      case Stroke::term:
        kill(getpid(), SIGTERM);
        return;
      case Stroke::full:
        fill_();
        return;
    }
  }

  Plan plan_;
  std::function<void()> fill_;
  std::int64_t records_ = 0;
  std::set<std::string> met_;
};

constexpr std::array strokes{std::pair{"before", Stroke::before}, std::pair{"after", Stroke::after},
                             std::pair{"term", Stroke::term}, std::pair{"full", Stroke::full}};

}  // namespace

Plan parse_plan(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) throw std::invalid_argument("a plan is N:STROKE");
  const auto at = text.substr(0, colon);
  const auto named = text.substr(colon + 1);
  for (const auto& [name, stroke] : strokes) {
    if (named != name) continue;
    if (at != "each") return {std::stoll(at), false, stroke};
    if (stroke == Stroke::full) return {0, true, stroke};
  }
  throw std::invalid_argument("no such plan: " + text);
}

std::unique_ptr<storage::CaseStore> make_struck_store(std::unique_ptr<storage::CaseStore> inner, Plan plan,
                                                      std::function<void()> fill) {
  return std::make_unique<StruckStore>(std::move(inner), plan, std::move(fill));
}

}  // namespace madoguchi::crash
