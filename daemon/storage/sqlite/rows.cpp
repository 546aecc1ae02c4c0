#include "sqlite/rows.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "audit/chain.hpp"

namespace madoguchi::storage {

base::Instant instant(std::int64_t milliseconds) {
  return base::Instant(std::chrono::milliseconds(milliseconds));
}

std::int64_t number(base::Instant instant) {
  return instant.time_since_epoch().count();
}

std::int64_t time_of_entry(std::string_view line) {
  const auto read = audit::read_line(line);
  return read ? number(read->line.entry.at()) : 0;
}

CaseRecord read_case(const Query& row) {
  CaseRecord record;
  record.id = row.text(0);
  record.revision = row.integer(1);
  record.state = row.text(2);
  record.card = row.text(3);
  record.opened_at = instant(row.integer(4));
  record.updated_at = instant(row.integer(5));
  record.body = row.text(6);
  return record;
}

JournalRecord read_journal(const Query& row) {
  return {row.integer(0), instant(row.integer(1)), row.text(2), row.text(3)};
}

EventRecord read_event(const Query& row) {
  return {row.integer(0), instant(row.integer(1)), row.text(2), row.text(3), row.text(4), row.text(5),
          row.text(6)};
}

PluginState read_plugin_state(const Query& row) {
  return {row.text(0), row.text(1), row.integer(2), row.text(3), row.text(4)};
}

std::string json_list(const std::vector<std::string>& texts) {
  return texts.empty() ? std::string()
                       : boost::json::serialize(boost::json::array(texts.begin(), texts.end()));
}

void bind_list(Query& query, const std::string& list) {
  if (list.empty()) {
    query.bind_null();
  } else {
    query.bind(list);
  }
}

}  // namespace madoguchi::storage
