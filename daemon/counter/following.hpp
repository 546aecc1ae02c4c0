// Plugins are told what happens in a case, and what they answer goes into the transaction that records it.
//
// What can still be left undone (a case opened, changed, its issuing begun) is not done without the explicit
// answer of every needed follower. What has happened (a PIN tried, a case ended) is recorded in any case: an
// event that a plugin gave no answer to is owed to it, durably, and it gets it before the next one.
#pragma once

#include <boost/json/array.hpp>
#include <optional>
#include <string>
#include <vector>

#include "counter/parts.hpp"
#include "counter/plugin_port.hpp"

namespace madoguchi::counter {

struct Note {
  std::string kind;  // the journal's word
  boost::json::object body;
};

// What a plugin keeps, as it was read.
struct Kept {
  storage::PluginState row;
  boost::json::value state;
  boost::json::array owed;
};

class Following {
 public:
  explicit Following(Parts& parts) : parts_(parts) {}

  // Adds states, journal and events to `change`, and carries out in `visit` what the answers ask for. On a
  // fault both are to be thrown away.
  base::Result<void> tell(renewal::Case& visit, const std::vector<Note>& notes, storage::Change& change);
  // Only what is owed, and what nobody holds any more; `change` stays empty when there was nothing to do.
  base::Result<void> catch_up(renewal::Case& visit, storage::Change& change);

  // The plugin's state about a case, or its own when the id is empty.
  base::Result<Kept> kept(const std::string& plugin, const std::string& case_id);
  // What all of them keep about that case, by their names.
  base::Result<boost::json::object> kept_about(const std::string& case_id);
  // What the plugin keeps about cases behind that one, as many as one call may be given: {items: [{case,
  // state}], next}; `next` is null at the end.
  base::Result<boost::json::object> page(const std::string& plugin, const std::string& after);
  // Puts what it keeps from now on into `change`; false when that is what it kept before.
  static bool keep(const Kept& before, const boost::json::value& state, const boost::json::array& owed,
                   storage::Change& change);
  // The effects of one answer. conflict, with the plugin's words, when it holds back what is just
  // `beginning`.
  base::Result<void> carry_out(const std::string& plugin, const std::vector<policy::PluginEffect>& effects,
                               renewal::Case& visit, bool beginning, storage::Change& change) const;
  [[nodiscard]] storage::EventRecord told(const std::string& plugin, const policy::PluginEvent& event,
                                          const std::string& case_id) const;

 private:
  struct Happened;
  // What plugins hold that are no longer configured: nobody else could let go of it.
  void let_go_of_the_gone(renewal::Case& visit, storage::Change& change) const;
  base::Result<void> deliver(const PluginPort::Follower& follower, const Kept& kept, const Happened& happened,
                             renewal::Case& visit, storage::Change& change);
  void owe(const std::string& plugin, const base::Fault& why, const Happened& happened,
           storage::Change& change) const;

  Parts& parts_;
};

}  // namespace madoguchi::counter
