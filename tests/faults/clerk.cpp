#include "clerk.hpp"

#include <algorithm>

#include "taken.hpp"

namespace madoguchi::faults {
namespace {

using base::Code;
using mynumber::PinName;
using renewal::State;

constexpr int last_round_with_mishaps = 12;
constexpr int last_round = 24;
constexpr int most_pins = 8;  // in one try, each that is asked for some times

}  // namespace

Clerk::Clerk(Stage& stage, std::function<void(const std::string&)> tell)
    : stage_(stage), tell_(std::move(tell)), another_(stage, [this](const renewal::Case& visit) {
        if (visit_ && visit.id == visit_->id) acknowledged_ = std::max(acknowledged_, visit.revision);
      }) {
  stage_.other_asks = [this](Other what, int which) {
    another_.ask(what, visit_ ? visit_->id : std::string(), which);
  };
}

void Clerk::serve() {
  for (rounds_ = 1; rounds_ <= last_round && !over(); ++rounds_) {
    if (rounds_ <= last_round_with_mishaps) {
      stage_.begin_round(rounds_);
    } else if (rounds_ == last_round_with_mishaps + 1) {
      stage_.make_peace();
    }
    stage_.case_begun = visit_ && !visit_->card.empty() && !anew_;
    stage_.set_right();
    if (rounds_ == stage_.episode.cancel_in_round) {
      cancels_ = true;
      anew_ = false;  // nor is a case wanted that was to follow a cancelled one
      stage_.card_lost = stage_.episode.card_lost && visit_;
    }
    try_once();
    another_.finish();
    if (last_fault_.empty()) conflicts_ = 0;
    if (tell_) {
      tell_(std::to_string(rounds_) + " " + std::string(visit_ ? renewal::name(visit_->state) : "none") +
            " " + last_fault_);
    }
  }
  stage_.make_peace();
  stage_.set_right();
  stage_.set_right();  // a strange card was put away by then
  if (visit_) find_again();
  another_.take_last_number();
  count_pins();
  violations_.insert(violations_.end(), another_.violations().begin(), another_.violations().end());
}

void Clerk::count_pins() {
  const int asked = pins_asked_ + another_.pins_asked();
  const int sent = stage_.world->pins_sent();
  if (sent > asked) {
    violations_.push_back(std::to_string(sent) + " PINs were sent, " + std::to_string(asked) + " entered");
  }
  const auto& other = *stage_.strange_card();
  int elsewhere = 0;
  for (std::size_t i = 0; i < other.executed.size(); ++i) {
    if (other.executed[i].ins == counter::test::instruction::verify && other.with_data[i]) ++elsewhere;
  }
  if (elsewhere > another_.looked_up()) violations_.emplace_back("a PIN was sent to another card");
}

std::map<PinName, int> Clerk::mistyped() const {
  auto all = mistyped_;
  for (const auto& [pin, times] : another_.mistyped()) all[pin] += times;
  return all;
}

bool Clerk::over() const {
  return visit_ && !anew_ && (visit_->state == State::completed || visit_->state == State::cancelled);
}

void Clerk::try_once() {
  last_fault_.clear();
  if (!visit_) return open();
  if (!find_again()) return;
  if (sent_away_without()) {
    stage_.world->options.action = "issue_new";
    anew_ = true;
  }
  if (over()) return;
  end_the_other();
  if (visit_->attention && visit_->attention->look_en.find("as revoked") != std::string::npos &&
      stage_.was_revoked() && !cancels_) {
    // As it says: cancelled, and opened anew with what the authority has told.
    stage_.world->options.action = "issue_new";
    cancels_ = anew_ = true;
  }
  if (anew_ && visit_->state == State::cancelled) {
    cancels_ = false;
    acknowledged_ = 0;
    open();
    anew_ = visit_->state == State::cancelled;
    return;
  }
  if (cancels_) return cancel();
  if (!go_on_as_told()) return;
  if (stage_.episode.terminal && !bring_to_terminal()) return;
  enter_pins();
  if (!last_fault_.empty()) return;
  for (int again = 0; again < 3; ++again) {
    auto issued = stage_.world->issue(visit_->id);
    if (issued) {
      acknowledged(*issued);
      if (worked_there_ && !over()) prove();
      return;
    }
    if (worked_there_ && issued.error().code == Code::authority_mismatch) return prove();
    if (issued.error().code != Code::pin_required) return failed(issued.error());
    // The card has forgotten them.
    if (!find_again()) return;
    for (const auto pin : counter::test::taken(renewal::plan_of(visit_->decision)).pins_required) {
      if (!enter(pin)) return;
    }
  }
}

// What the case waits for, and what the last refusal asked for; false: it was refused.
bool Clerk::go_on_as_told() {
  if (!visit_->holds.empty() && !let_go()) return false;
  if (visit_->state == State::waiting && stage_.episode.two_visits && !come_again()) return false;
  if (std::exchange(update_, false)) update({});
  return last_fault_.empty();
}

// What came back from the terminal: with the PINs where there are any, else as the clerk sees it.
void Clerk::prove() {
  for (const auto pin : counter::test::taken(renewal::plan_of(visit_->decision)).pins_required) {
    if (!enter(pin)) return;
  }
  const auto& wanted = stage_.episode.options.wanted;
  for (const bool as_seen : {false, true}) {
    counter::Acceptance accepted;
    if (as_seen) accepted = {{wanted.begin(), wanted.end()}, "as the card shows it"};
    auto issued =
        stage_.world->run(stage_.world->desk->issue(visit_->id, "clerk-7", {}, std::move(accepted)));
    if (!issued && !as_seen && issued.error().code == Code::authority_mismatch) continue;
    if (!issued) {
      // What a slow clock says has not begun has by the next try.
      constexpr std::chrono::minutes meanwhile{6};
      stage_.world->clock.advance(meanwhile);
      return failed(issued.error());
    }
    acknowledged(*issued);
    if (over()) return;
  }
}

bool Clerk::handed_over() const {
  const auto journal = counter::test::taken(stage_.store.journal(visit_->id));
  return std::any_of(journal.begin(), journal.end(),
                     [](const auto& record) { return record.kind == "terminal.handed_over"; });
}

// The PINs that were asked for there, the hand-over, and what the clerk does there; true: the card is back.
bool Clerk::bring_to_terminal() {
  if (worked_there_ || renewal::under_way(visit_->state)) {
    if (!worked_there_ && handed_over()) {
      // Nobody carries a card away that a colleague is just looking at, nor one whose case the colleague has
      // ended.
      another_.finish();
      if (!find_again() || over()) return false;
      const int before = stage_.world->pins_sent();
      worked_there_ = stage_.work_at_terminal();
      pins_asked_ += stage_.world->pins_sent() - before;
    }
    return true;
  }
  while (const auto pin = renewal::unchecked_pin(*visit_)) {
    if (!renewal::may_verify(*visit_)) return true;
    const auto recorded = stage_.world->run(stage_.world->desk->record_pin(
        {visit_->id, *pin, renewal::PinOutcome::matched, "holder", "clerk-7"}));
    if (!recorded) return failed(recorded.error()), false;
    acknowledged(*recorded);
  }
  return true;
}

bool Clerk::let_go() {
  counter::PluginCall call;
  call.plugin = plugin_name;
  call.verb = "hold";
  call.params = {{"held", false}};
  call.case_id = visit_->id;
  call.staff = "clerk-7";
  const auto done = stage_.world->run(stage_.world->desk->call(std::move(call)));
  if (!done) failed(done.error());
  return done && find_again();
}

bool Clerk::come_again() {
  constexpr std::chrono::hours until_the_letter_is_back{24 * 12};
  const auto now = stage_.world->clock.now();
  if (now - visit_->opened_at < until_the_letter_is_back) {
    stage_.world->clock.advance(until_the_letter_is_back);
  }
  update({{"visit", 2}});
  return last_fault_.empty();
}

void Clerk::update(boost::json::object facts) {
  counter::UpdateRequest request;
  request.id = visit_->id;
  request.facts = std::move(facts);
  request.reader = counter::test::reader_name;
  request.staff = "clerk-7";
  const auto updated = stage_.world->run(stage_.world->desk->update(request));
  if (!updated) return failed(updated.error());
  acknowledged(*updated);
  // As long as no PIN was entered the case takes the card that lies there, which the clerk sees by its
  // number.
  if (card_.empty() || updated->card == card_) return;
  last_fault_ = "another card was laid down";
  update_ = true;
}

void Clerk::open() {
  const bool at_home = stage_.episode.two_visits && stage_.episode.card_at_home;
  auto opened = stage_.world->open(at_home ? "" : counter::test::reader_name);
  if (opened) return acknowledged(*opened);
  failed(opened.error());
  find_unheard();
}

// It may have been durable although nobody has heard of it, or another clerk was faster.
void Clerk::find_unheard() {
  const auto page = stage_.store.list({});
  if (!page) return;
  for (const auto& record : page->records) {
    if (!card_.empty() && !record.card.empty() && record.card != card_) continue;
    const auto found = stage_.world->desk->load(record.id);
    if (found) visit_ = *found;
    return;
  }
}

bool Clerk::find_again() {
  auto found = stage_.world->desk->load(visit_->id);
  if (!found) {
    const auto lost = "a case is lost: " + base::describe(found.error());
    if (std::count(violations_.begin(), violations_.end(), lost) == 0) violations_.push_back(lost);
    return false;
  }
  if (found->revision < acknowledged_) {
    violations_.push_back("revision " + std::to_string(acknowledged_) + " was acknowledged, the store has " +
                          std::to_string(found->revision));
  }
  visit_ = std::move(*found);
  if (card_.empty()) card_ = visit_->card;
  return true;
}

void Clerk::enter_pins() {
  const auto plan = renewal::plan_of(visit_->decision);
  if (!plan) return;
  for (const auto pin : plan->pin_resets) {
    if (!renewal::may_verify(*visit_) || visit_->pins[pin].outcome == renewal::PinOutcome::reset) continue;
    auto request = stage_.world->pin_request(visit_->id, pin);
    ++pins_asked_;  // it is tried once it was set
    auto reset = stage_.world->run(stage_.world->desk->reset_pin(std::move(request)));
    if (!reset) return failed(reset.error());
    acknowledged(reset->visit);
  }
  for (int entered = 0; const auto pin = renewal::unchecked_pin(*visit_); ++entered) {
    if (!renewal::may_verify(*visit_) || !enter(*pin)) return;
    if (entered > most_pins) {
      violations_.push_back("the " + std::string(mynumber::name(*pin)) +
                            " PIN matched and is asked for again");
      return;
    }
  }
}

bool Clerk::enter(PinName pin) {
  const bool wrong = stage_.mistype > 0;
  if (wrong) --stage_.mistype;
  const bool nobody_waits = std::exchange(stage_.client_gone, false);
  auto request = stage_.world->pin_request(
      visit_->id, pin, wrong ? std::optional<std::string>(wrong_value(pin)) : std::nullopt);
  request.guards.accept_last_try = std::exchange(last_try_, false);
  if (stage_.episode.counts_tries && tries_.contains(pin)) request.guards.expected_tries_left = tries_[pin];
  if (nobody_waits) request.wanted = [] { return false; };
  if (wrong && !nobody_waits) ++mistyped_[pin];
  ++pins_asked_;
  const bool another = another_.asks();
  const int before = stage_.world->pins_sent();
  const int asked_before = another_.pins_asked();
  auto checked = stage_.world->run(stage_.world->desk->verify_pin(std::move(request)));
  const int sent = stage_.world->pins_sent() - before;
  if (!another && asked_before == another_.pins_asked()) {
    if (sent > 1) violations_.push_back("a PIN was sent " + std::to_string(sent) + " times for one request");
    if (nobody_waits && sent != 0) violations_.emplace_back("a PIN was sent for nobody");
  }
  if (wrong && checked) violations_.emplace_back("a wrong PIN was taken");
  if (!checked) {
    const auto fault = checked.error();
    const auto* told = fault.details.if_contains("tries_left");
    tries_.erase(pin);
    if (told != nullptr && told->is_int64()) tries_[pin] = static_cast<int>(told->as_int64());
    failed(fault);
    return false;
  }
  mistyped_[pin] = 0;
  tries_.erase(pin);
  acknowledged(checked->visit);
  return true;
}

void Clerk::cancel() {
  auto cancelled = stage_.world->run(
      stage_.world->desk->cancel({visit_->id, "the citizen has left", "clerk-7", stage_.card_lost}));
  if (cancelled) return acknowledged(*cancelled);
  failed(cancelled.error());
  // Once it has gone too far, the card is helped by going on.
  if (cancelled.error().code == Code::conflict) cancels_ = anew_ = stage_.card_lost = false;
}

void Clerk::acknowledged(const renewal::Case& visit) {
  const auto stored = stage_.store.load(visit.id);
  if (!stored || stored->revision < visit.revision) {
    violations_.push_back("acknowledged, and not in the store: revision " + std::to_string(visit.revision));
  }
  acknowledged_ = std::max(acknowledged_, visit.revision);
  visit_ = visit;
  if (card_.empty()) card_ = visit.card;
}

// A colleague has cancelled the case once its authority had revoked the old certificate and the card had lost
// that one's key: the citizen is served all the same, by another case.
bool Clerk::sent_away_without() const {
  return visit_->state == State::cancelled && !visit_->card_gone && stage_.episode.cancel_in_round == 0 &&
         stage_.was_revoked() && !holds_pair(*stage_.world, mynumber::CertificateName::authentication);
}

// The card stayed at home at the first visit, so that only now a colleague's case is seen to be the same
// citizen's. It waits for nobody, and no letter of it is to be posted.
void Clerk::end_the_other() {
  const auto id = std::exchange(in_the_way_, {});
  if (id.empty() || id == visit_->id || cancels_) return;
  const auto ended = stage_.world->run(stage_.world->desk->cancel({id, "opened twice", "clerk-7"}));
  if (!ended && ended.error().code == Code::internal)
    violations_.push_back("internal: " + base::describe(ended.error()));
}

void Clerk::failed(const base::Fault& fault) {
  last_fault_ = base::describe(fault);
  const auto* others = fault.details.if_contains("unfinished");
  if (others != nullptr && visit_) in_the_way_ = others->as_array().at(0).as_string();
  conflicts_ = fault.code == Code::conflict ? conflicts_ + 1 : 0;
  if (conflicts_ > 3 && !cancels_) cancels_ = anew_ = true;
  if (fault.code == Code::conflict || fault.code == Code::policy_blocked) update_ = true;
  last_try_ = fault.code == Code::pin_last_try;
  const auto* call = fault.details.if_contains("call");
  const bool of_another_card = !card_.empty() && visit_ && visit_->card != card_;
  // As it says of a case that has taken a wrong card: given the right one, or, on another day, received anew.
  if (fault.code == Code::card_different && of_another_card && call != nullptr) {
    update_ = *call == "cases.update";
    if (*call == "cases.cancel") cancels_ = anew_ = true;
  }
  if (fault.code == Code::internal) violations_.push_back("internal: " + last_fault_);
}

}  // namespace madoguchi::faults
