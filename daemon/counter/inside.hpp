// The desk's inside, shared by the files that carry out its calls.
#pragma once

#include "counter/desk.hpp"
#include "gate.hpp"
#include "held_cards.hpp"
#include "recorder.hpp"
#include "runner.hpp"

namespace madoguchi::counter {

struct Desk::Inside {
  explicit Inside(Parts given)
      : parts(std::move(given)),
        gate(parts.loop),
        cards(parts),
        recorder(parts),
        runner(parts, cards, recorder, stopping) {}

  Parts parts;
  bool stopping = false;
  std::size_t under_way = 0;
  Gate gate;
  HeldCards cards;
  Recorder recorder;
  Runner runner;

  // Decides anew from `facts`; the case gets the facts with their defaults, the decision and its state.
  base::Result<void> decide(renewal::Case& visit);

  Later<PinReply> check_pin(renewal::Case visit, PinRequest request);
  Later<PinReply> set_pin(renewal::Case visit, PinRequest request);
  // Cases with the same card that have begun and not ended, other than this one.
  base::Result<std::vector<std::string>> unfinished_with_the_card_of(const renewal::Case& visit);
  // conflict (details.case) when there is one that no clerk has decided to pass over.
  base::Result<void> refuse_beside_another(const renewal::Case& visit);
  Later<void> prepare_sagas(renewal::Case& visit);
  // Runs the sagas and settles the case; `note` goes into the journal.
  Later<renewal::Case> go_on(renewal::Case visit, Runner::With with, boost::json::object note);

  // See Desk::resume().
  base::Result<std::vector<std::string>> waiting_cases();
  boost::asio::awaitable<void> resume_one(std::string id);
};

// Counts a call that is under way.
class UnderWay {
 public:
  explicit UnderWay(std::size_t& count) : count_(count) { ++count_; }
  ~UnderWay() { --count_; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  std::size_t& count_;
};

base::Fault refuse_shutting_down();

}  // namespace madoguchi::counter
