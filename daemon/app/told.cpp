#include "told.hpp"

namespace madoguchi::app {

std::string_view type_of(smartcard::ReaderEvent::Kind kind) {
  using Kind = smartcard::ReaderEvent::Kind;
  switch (kind) {
    case Kind::reader_added:
      return "reader.added";
    case Kind::reader_removed:
      return "reader.removed";
    case Kind::card_inserted:
      return "card.inserted";
    case Kind::card_removed:
      return "card.removed";
    case Kind::service_down:
      return "service.down";
    case Kind::service_up:
      return "service.up";
  }
  return "reader.added";
}

server::Event told(const storage::EventRecord& record) {
  return {record.seq, record.at, record.topic, record.type, record.case_id, record.reader, record.data};
}

server::EventHub::Fetch fetch_from(storage::CaseStore& store) {
  return [&store](std::int64_t since, const std::vector<std::string>& topics,
                  int limit) -> base::Result<std::vector<server::Event>> {
    const auto records = store.events(since, topics, limit);
    if (!records) return records.error();
    std::vector<server::Event> events;
    for (const auto& record : *records) events.push_back(told(record));
    return events;
  };
}

}  // namespace madoguchi::app
