// The person at the counter, who goes on in spite of everything, and who notices what must not be.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "another_clerk.hpp"
#include "stage.hpp"

namespace madoguchi::faults {

class Clerk {
 public:
  // `tell` hears of each try, for people.
  explicit Clerk(Stage& stage, std::function<void(const std::string&)> tell = {});

  // One visit to its end, or until nothing helps any more.
  void serve();

  [[nodiscard]] const std::optional<renewal::Case>& visit() const { return visit_; }
  // What must never happen and has.
  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
  [[nodiscard]] int rounds() const { return rounds_; }
  // By PIN, since the last right one, and whatever another clerk has mistyped.
  [[nodiscard]] std::map<mynumber::PinName, int> mistyped() const;
  // What the last try said, when it failed.
  [[nodiscard]] const std::string& last_fault() const { return last_fault_; }

 private:
  void try_once();
  void open();
  bool find_again();
  void find_unheard();
  bool go_on_as_told();
  bool come_again();
  bool let_go();
  bool bring_to_terminal();
  void prove();
  [[nodiscard]] bool handed_over() const;
  void update(boost::json::object facts);
  void enter_pins();
  bool enter(mynumber::PinName pin);
  void cancel();
  void count_pins();
  void acknowledged(const renewal::Case& visit);
  void failed(const base::Fault& fault);
  void end_the_other();
  [[nodiscard]] bool sent_away_without() const;
  [[nodiscard]] bool over() const;

  Stage& stage_;
  std::function<void(const std::string&)> tell_;
  std::optional<renewal::Case> visit_;
  std::vector<std::string> violations_;
  std::string last_fault_;
  std::int64_t acknowledged_ = 0;  // the newest revision that a reply has told of
  std::map<mynumber::PinName, int> mistyped_;
  std::map<mynumber::PinName, int> tries_;  // as a refusal has told
  int pins_asked_ = 0;
  bool worked_there_ = false;  // at the official terminal
  std::string card_;           // the citizen's, as the case knows it
  AnotherClerk another_;
  int rounds_ = 0;
  bool update_ = false;  // the rules have to be asked again first
  bool cancels_ = false;
  bool last_try_ = false;  // the holder has agreed to it
  int conflicts_ = 0;      // in a row: after some the clerk does as the refusal says, and begins anew
  bool anew_ = false;
  std::string in_the_way_;  // another case with the card, as a refusal has named it
};

// Does the card hold a certificate and its key, or has it never had either?
bool holds_pair(const counter::test::World& world, mynumber::CertificateName which);
// What a look at card, authority and store finds after the visit.
std::vector<std::string> wrong_afterwards(Stage& stage, const renewal::Case& visit,
                                          const std::map<mynumber::PinName, int>& mistyped);

}  // namespace madoguchi::faults
