// Makes a case's new state durable, and only then known.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "following.hpp"

namespace madoguchi::counter {

struct Announcement {
  std::string type;  // e.g. "case.progress"
  boost::json::object data;
};

class Recorder {
 public:
  explicit Recorder(Parts& parts) : parts_(parts), following_(parts) {}

  // One transaction: the case, its journal, its events, and what plugins that follow it answer. On success
  // `visit` has its new revision and the events are published; on a fault neither the store nor
  // `visit.revision` has changed. Also plugin_failed, plugin_timeout and, of a case held back, conflict; see
  // following.hpp.
  base::Result<void> record(renewal::Case& visit, std::vector<Note> notes,
                            std::vector<Announcement> announcements);
  // What is owed to plugins, as far as they take it.
  base::Result<void> catch_up(renewal::Case& visit);
  // What came of a call about a case; nothing is written when nothing did.
  struct Called {
    const std::string& plugin;
    const std::string& method;
    const std::string& staff;
  };
  base::Result<void> record_call(renewal::Case& visit, const Called& called, const Kept& kept,
                                 const policy::PluginStep& step);
  // A change of no case, with its events.
  base::Result<void> commit(storage::Change change, const base::Actor& by = {});
  [[nodiscard]] Following& following() { return following_; }
  // What is recorded of it from then on is by that actor.
  base::Result<renewal::Case> load(const std::string& id, base::Actor by = {});
  // Events about no case: durable, all or none, when it returns, and known to subscribers.
  base::Result<void> trace(const std::string& topic, const std::string& reader,
                           std::vector<Announcement> announcements, const base::Actor& by = {});
  // One of them where nothing depends on it, e.g. a card that was inserted.
  void announce(const std::string& topic, std::string type, const std::string& reader,
                boost::json::object data);

 private:
  base::Result<void> commit(renewal::Case& visit, storage::Change change);
  void publish(std::vector<storage::EventRecord> events, const std::vector<std::int64_t>& seqs);

  Parts& parts_;
  Following following_;
};

}  // namespace madoguchi::counter
