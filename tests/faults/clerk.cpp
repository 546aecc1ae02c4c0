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

}  // namespace

void Clerk::serve() {
  for (rounds_ = 1; rounds_ <= last_round && !over(); ++rounds_) {
    if (rounds_ <= last_round_with_mishaps) {
      stage_.begin_round(rounds_);
    } else if (rounds_ == last_round_with_mishaps + 1) {
      stage_.make_peace();
    }
    stage_.case_begun = visit_.has_value();
    stage_.set_right();
    if (rounds_ == stage_.episode.cancel_in_round) cancels_ = true;
    try_once();
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
}

bool Clerk::over() const {
  return visit_ && !anew_ && (visit_->state == State::completed || visit_->state == State::cancelled);
}

void Clerk::try_once() {
  last_fault_.clear();
  if (!visit_) return open();
  if (!find_again()) return;
  if (over()) return;
  if (anew_ && visit_->state == State::cancelled) {
    anew_ = cancels_ = false;
    acknowledged_ = 0;
    return open();
  }
  if (cancels_) return cancel();
  if (update_) {
    counter::UpdateRequest request;
    request.id = visit_->id;
    request.facts = boost::json::object{};
    request.staff = "clerk-7";
    const auto updated = stage_.world->run(stage_.world->desk->update(request));
    update_ = false;
    if (!updated) return failed(updated.error());
    acknowledged(*updated);
  }
  enter_pins();
  if (!last_fault_.empty()) return;
  for (int again = 0; again < 3; ++again) {
    auto issued = stage_.world->issue(visit_->id);
    if (issued) return acknowledged(*issued);
    if (issued.error().code != Code::pin_required) return failed(issued.error());
    // The card has forgotten them.
    if (!find_again()) return;
    for (const auto pin : counter::test::taken(renewal::plan_of(visit_->decision)).pins_required) {
      if (!enter(pin)) return;
    }
  }
}

void Clerk::open() {
  auto opened = stage_.world->open();
  if (opened) return acknowledged(*opened);
  failed(opened.error());
  // It may have been durable although nobody has heard of it.
  const auto page = stage_.store.list({});
  if (!page || page->records.empty()) return;
  const auto found = stage_.world->desk->load(page->records.front().id);
  if (found) visit_ = *found;
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
  return true;
}

void Clerk::enter_pins() {
  const auto plan = renewal::plan_of(visit_->decision);
  if (!plan) return;
  for (const auto pin : plan->pin_resets) {
    if (!renewal::may_verify(*visit_) || visit_->pins[pin].outcome == renewal::PinOutcome::reset) continue;
    auto request = stage_.world->pin_request(visit_->id, pin);
    auto reset = stage_.world->run(stage_.world->desk->reset_pin(std::move(request)));
    if (!reset) return failed(reset.error());
    acknowledged(reset->visit);
  }
  while (const auto pin = renewal::unchecked_pin(*visit_)) {
    if (!renewal::may_verify(*visit_) || !enter(*pin)) return;
  }
}

bool Clerk::enter(PinName pin) {
  const bool wrong = std::exchange(stage_.mistype, false);
  const bool nobody_waits = std::exchange(stage_.client_gone, false);
  const bool digits_only = pin != PinName::signature;
  auto request = stage_.world->pin_request(
      visit_->id, pin, wrong ? std::optional<std::string>(digits_only ? "0001" : "WRONG1") : std::nullopt);
  request.guards.accept_last_try = std::exchange(last_try_, false);
  if (nobody_waits) request.wanted = [] { return false; };
  if (wrong && !nobody_waits) ++mistyped_[pin];
  const int before = stage_.world->pins_sent();
  auto checked = stage_.world->run(stage_.world->desk->verify_pin(std::move(request)));
  const int sent = stage_.world->pins_sent() - before;
  if (sent > 1) violations_.push_back("a PIN was sent " + std::to_string(sent) + " times for one request");
  if (nobody_waits && sent != 0) violations_.emplace_back("a PIN was sent for nobody");
  if (wrong && checked) violations_.emplace_back("a wrong PIN was taken");
  if (!checked) {
    failed(checked.error());
    return false;
  }
  mistyped_[pin] = 0;
  acknowledged(checked->visit);
  return true;
}

void Clerk::cancel() {
  auto cancelled =
      stage_.world->run(stage_.world->desk->cancel({visit_->id, "the citizen has left", "clerk-7"}));
  if (cancelled) return acknowledged(*cancelled);
  failed(cancelled.error());
  // Once it has gone too far, the card is helped by going on.
  if (cancelled.error().code == Code::conflict) cancels_ = anew_ = false;
}

void Clerk::acknowledged(const renewal::Case& visit) {
  const auto stored = stage_.store.load(visit.id);
  if (!stored || stored->revision < visit.revision) {
    violations_.push_back("acknowledged, and not in the store: revision " + std::to_string(visit.revision));
  }
  acknowledged_ = std::max(acknowledged_, visit.revision);
  visit_ = visit;
}

void Clerk::failed(const base::Fault& fault) {
  last_fault_ = base::describe(fault);
  conflicts_ = fault.code == Code::conflict ? conflicts_ + 1 : 0;
  if (conflicts_ > 3 && !cancels_) cancels_ = anew_ = true;
  if (fault.code == Code::conflict || fault.code == Code::policy_blocked) update_ = true;
  last_try_ = fault.code == Code::pin_last_try;
  if (fault.code == Code::internal) violations_.push_back("internal: " + last_fault_);
}

}  // namespace madoguchi::faults
