// Makes a case's new state durable, and only then known.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "counter/parts.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

struct Note {
  std::string kind;  // the journal's word
  boost::json::object body;
};
struct Announcement {
  std::string type;  // e.g. "case.progress"
  boost::json::object data;
};

class Recorder {
 public:
  explicit Recorder(Parts& parts) : parts_(parts) {}

  // One transaction: the case, its journal, its events. On success `visit` has its new revision and the
  // events are published; on a fault neither the store nor `visit.revision` has changed.
  base::Result<void> record(renewal::Case& visit, std::vector<Note> notes,
                            std::vector<Announcement> announcements);
  base::Result<renewal::Case> load(const std::string& id);
  // An event about no case: durable when it returns, and known to subscribers.
  base::Result<void> trace(std::string topic, std::string type, std::string reader, boost::json::object data);
  // The same where nothing depends on it, e.g. a card that was inserted.
  void announce(std::string topic, std::string type, std::string reader, boost::json::object data);

 private:
  void publish(std::vector<storage::EventRecord> events, const std::vector<std::int64_t>& seqs);

  Parts& parts_;
};

}  // namespace madoguchi::counter
