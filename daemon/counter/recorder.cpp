#include "recorder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "counter/reception.hpp"
#include "renewal/codec.hpp"

namespace madoguchi::counter {

namespace json = boost::json;
using base::Code;
using base::make_fault;

base::Result<void> Recorder::record(renewal::Case& visit, std::vector<Note> notes,
                                    std::vector<Announcement> announcements) {
  const auto now = parts_.clock.now();
  const auto before = visit.updated_at;
  visit.updated_at = now;
  storage::Change change;
  change.record = storage::CaseRecord{visit.id,
                                      visit.revision,
                                      std::string(renewal::name(visit.state)),
                                      visit.card,
                                      visit.opened_at,
                                      now,
                                      json::serialize(renewal::to_stored(visit))};
  const auto policy = decided_by(visit);
  if (!visit.recorded_policy.empty() && visit.recorded_policy != policy) {
    notes.push_back({"case.policy_changed", {{"from", visit.recorded_policy}, {"to", policy}}});
  }
  for (auto& note : notes)
    change.journal.push_back({0, now, std::move(note.kind), json::serialize(note.body)});
  for (auto& announcement : announcements) {
    change.events.push_back({0, now, "cases", std::move(announcement.type), visit.id, visit.reader,
                             json::serialize(announcement.data)});
  }
  const auto committed = parts_.store.commit(change);
  if (!committed) {
    visit.updated_at = before;
    return committed.error();
  }
  visit.revision = committed->revision;
  visit.recorded_policy = policy;
  publish(std::move(change.events), committed->event_seqs);
  return {};
}

base::Result<renewal::Case> Recorder::load(const std::string& id) {
  auto record = parts_.store.load(id);
  if (!record) return record.error();
  boost::system::error_code error;
  const auto body = json::parse(record->body, error);
  if (error || !body.is_object()) return make_fault(Code::internal, "the stored case " + id + " is not JSON");
  auto visit = renewal::from_stored(body.get_object());
  if (visit) {
    visit->revision = record->revision;
    visit->recorded_policy = decided_by(*visit);
  }
  return visit;
}

base::Result<void> Recorder::trace(std::string topic, std::string type, std::string reader,
                                   json::object data) {
  storage::Change change;
  change.events.push_back({0,
                           parts_.clock.now(),
                           std::move(topic),
                           std::move(type),
                           {},
                           std::move(reader),
                           json::serialize(data)});
  const auto committed = parts_.store.commit(change);
  if (!committed) return committed.error();
  publish(std::move(change.events), committed->event_seqs);
  return {};
}

void Recorder::announce(std::string topic, std::string type, std::string reader, json::object data) {
  const auto told = trace(std::move(topic), std::move(type), std::move(reader), std::move(data));
  if (!told) parts_.log.write(base::Level::error, "event.lost", {{"why", base::describe(told.error())}});
}

void Recorder::publish(std::vector<storage::EventRecord> events, const std::vector<std::int64_t>& seqs) {
  for (std::size_t i = 0; i < events.size() && i < seqs.size(); ++i) {
    events[i].seq = seqs[i];
    parts_.publish(events[i]);
  }
}

}  // namespace madoguchi::counter
