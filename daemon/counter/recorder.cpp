#include "recorder.hpp"

#include <boost/json/serialize.hpp>

#include "audited.hpp"
#include "counter/each_case.hpp"
#include "counter/reception.hpp"
#include "renewal/codec.hpp"
#include "renewal/pieces.hpp"

namespace madoguchi::counter {

namespace json = boost::json;

namespace {

// What plugins make of a case that is not recorded in the end.
class Untouched {
 public:
  explicit Untouched(renewal::Case& visit) : visit_(visit), state_(visit.state), holds_(visit.holds) {}
  base::Fault give_back(const base::Fault& fault) {
    visit_.state = state_;
    visit_.holds = std::move(holds_);
    return fault;
  }

 private:
  renewal::Case& visit_;
  renewal::State state_;
  std::map<std::string, renewal::Hold> holds_;
};

}  // namespace

base::Result<void> Recorder::record(renewal::Case& visit, std::vector<Note> notes,
                                    std::vector<Announcement> announcements) {
  const auto now = parts_.clock.now();
  Untouched before(visit);
  storage::Change change;
  const auto policy = decided_by(visit);
  if (!visit.recorded_policy.empty() && visit.recorded_policy != policy) {
    notes.push_back({"case.policy_changed", {{"from", visit.recorded_policy}, {"to", policy}}});
  }
  for (const auto& note : notes) change.journal.push_back({0, now, note.kind, json::serialize(note.body)});
  storage::Change more;
  if (const auto told = following_.tell(visit, notes, more); !told) return before.give_back(told.error());
  for (auto& announcement : announcements) {
    // A plugin may have held the case back.
    if (auto* state = announcement.data.if_contains("state")) *state = renewal::name(visit.state);
    change.events.push_back({0, now, "cases", std::move(announcement.type), visit.id, visit.reader,
                             json::serialize(announcement.data)});
  }
  change.journal.insert(change.journal.end(), more.journal.begin(), more.journal.end());
  change.events.insert(change.events.end(), more.events.begin(), more.events.end());
  change.plugin_states = std::move(more.plugin_states);
  const auto committed = commit(visit, std::move(change));
  if (!committed) return before.give_back(committed.error());
  return {};
}

base::Result<void> Recorder::catch_up(renewal::Case& visit) {
  Untouched before(visit);
  storage::Change change;
  if (const auto told = following_.catch_up(visit, change); !told) return before.give_back(told.error());
  if (change.plugin_states.empty() && change.journal.empty()) return {};
  for (const auto& state : change.plugin_states) {
    const json::object note{{"plugin", state.plugin}};
    change.journal.push_back({0, parts_.clock.now(), "plugin.caught_up", json::serialize(note)});
  }
  const auto committed = commit(visit, std::move(change));
  if (!committed) return before.give_back(committed.error());
  return {};
}

base::Result<void> Recorder::record_call(renewal::Case& visit, const Called& called, const Kept& kept,
                                         const policy::PluginStep& step) {
  const auto now = parts_.clock.now();
  storage::Change change;
  const bool changed =
      Following::keep(kept, step.state ? json::value(*step.state) : json::value(), {}, change);
  if (!changed && step.effects.empty()) return {};
  const json::object note{{"plugin", called.plugin}, {"method", called.method}, {"staff", called.staff}};
  change.journal.push_back({0, now, "plugin.called", json::serialize(note)});
  Untouched before(visit);
  if (const auto done = following_.carry_out(called.plugin, step.effects, visit, false, change); !done)
    return before.give_back(done.error());
  const json::object data{{"state", renewal::name(visit.state)}};
  change.events.push_back({0, now, "cases", "case.updated", visit.id, visit.reader, json::serialize(data)});
  const auto committed = commit(visit, std::move(change));
  if (!committed) return before.give_back(committed.error());
  return {};
}

base::Result<void> Recorder::commit(renewal::Case& visit, storage::Change change) {
  const auto before = visit.updated_at;
  visit.updated_at = parts_.clock.now();
  auto pieces = renewal::take_apart(renewal::to_stored(visit));
  change.record = storage::CaseRecord{visit.id,
                                      visit.revision,
                                      std::string(renewal::name(visit.state)),
                                      visit.card,
                                      visit.opened_at,
                                      visit.updated_at,
                                      json::serialize(pieces.body),
                                      std::move(pieces.apart)};
  change.audit = audited(change.journal, visit);
  const auto committed = parts_.store.commit(change);
  if (!committed) {
    visit.updated_at = before;
    return committed.error();
  }
  visit.revision = committed->revision;
  visit.recorded_policy = decided_by(visit);
  publish(std::move(change.events), committed->event_seqs);
  return {};
}

base::Result<void> Recorder::commit(storage::Change change, const base::Actor& by) {
  change.audit = audited(change.events, by);
  const auto committed = parts_.store.commit(change);
  if (!committed) return committed.error();
  publish(std::move(change.events), committed->event_seqs);
  return {};
}

base::Result<renewal::Case> Recorder::load(const std::string& id, base::Actor by) {
  auto record = parts_.store.load(id);
  if (!record) return record.error();
  auto visit = read_case(*record);
  if (!visit) return visit;
  visit->recorded_policy = decided_by(*visit);
  visit->by = std::move(by);
  return visit;
}

base::Result<void> Recorder::trace(const std::string& topic, const std::string& reader,
                                   std::vector<Announcement> announcements, const base::Actor& by) {
  storage::Change change;
  const auto now = parts_.clock.now();
  change.events.reserve(announcements.size());
  for (auto& one : announcements) {
    change.events.push_back({0, now, topic, std::move(one.type), {}, reader, json::serialize(one.data)});
  }
  return commit(std::move(change), by);
}

void Recorder::announce(const std::string& topic, std::string type, const std::string& reader,
                        json::object data) {
  const auto told = trace(topic, reader, {{std::move(type), std::move(data)}});
  if (!told) parts_.log.write(base::Level::error, "event.lost", {{"why", base::describe(told.error())}});
}

void Recorder::publish(std::vector<storage::EventRecord> events, const std::vector<std::int64_t>& seqs) {
  for (std::size_t i = 0; i < events.size() && i < seqs.size(); ++i) {
    events[i].seq = seqs[i];
    parts_.publish(events[i]);
  }
}

}  // namespace madoguchi::counter
