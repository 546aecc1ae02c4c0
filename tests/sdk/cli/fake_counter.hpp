// A daemon with one reader, one card and one case, as far as the command needs it: PINs count down, cases
// change state, and the issuing tells its progress. No card and no authority.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fake_server.hpp"

namespace madoguchi::cli {

class FakeCounter {
 public:
  FakeCounter();

  client::FakeServer server;

  struct Pin {
    std::string value;
    int tries = 3;
    bool verified = false;  // the card remembers
  };
  // To be set before the program runs.
  std::map<std::string, Pin> pins{
      {"authentication", {"1234", 3}}, {"signature", {"ABC123", 5}}, {"resident_register", {"9876", 3}}};
  bool signature_readable = true;  // with its PIN
  bool signature_present = true;
  boost::json::object standing{};  // of each certificate that card.check_expiry tells of, when asked
  // What is entered at the reader's own keys, or the reason why nothing comes of it; without: it has none.
  std::optional<std::deque<std::string>> at_keys{};
  std::vector<std::string> required{"resident_register", "authentication", "signature"};
  std::vector<std::string> resets{};
  std::vector<std::string> missing{};
  boost::json::array findings{};  // beside the one about the notice
  // Details of the policy.blocked that calls of cases.open without a reason get.
  boost::json::object left_to_the_clerk{};
  // Details of the invalid_params that the first calls of cases.open get.
  std::vector<boost::json::object> answers_to_open{};
  std::string outcome = "complete_today";
  std::string channel{};  // "terminal": PINs are recorded, and one that is set anew there is not on the card
  std::string state = "open";
  std::string end_state = "completed";
  std::vector<std::string> written{};             // certificates that are done already
  std::string phase_of_rest = "planned";          // of those that are not
  bool key_of_rest_to_be_made = false;            // the daemon says so of each of those
  bool needs_person = false;                      // has an attention, in whatever state
  boost::json::object facts{};                    // of the case, as far as a test is about them
  std::map<std::string, std::string> outcomes{};  // of the PINs, as the case has them
  // Called at the beginning of cases.issue; false: it has answered itself.
  std::function<bool(const client::FakeServer::Session&, const boost::json::object&)> on_issue;

  [[nodiscard]] std::vector<std::string> arguments(std::vector<std::string> command) const;
  // Did these bytes leave by any other way than a PIN's parameter?
  bool verified_in_order(const std::vector<std::string>& names);

 private:
  using Session = client::FakeServer::Session;
  void verify(const Session& session, const boost::json::object& request);
  void check_expiry(const Session& session, const boost::json::object& request);
  // Both false: it has answered with the refusal.
  // A PIN of digits is entered at the keys where there are some: then it is in `at_pad`.
  bool given_as_wanted(const Session& session, const boost::json::object& request, const std::string& name,
                       bool on_pad, std::string& at_pad);
  bool accepts(const Session& session, const boost::json::object& request, const std::string& name,
               const std::string& value, const boost::json::value* expected);
  void reset(const Session& session, const boost::json::object& request);
  void record(const Session& session, const boost::json::object& request);
  void settle(const std::string& name);
  void issue(const Session& session, const boost::json::object& request);
  boost::json::object visit() const;
  boost::json::object decision() const;
  boost::json::object tries() const;

  std::size_t opened_ = 0;
  bool issued_ = false;
};

}  // namespace madoguchi::cli
