#include "prospect.hpp"

namespace proxy_two_visit {

bool attempted(const FormRule& rule, const Visit& visit, const Inquiry& inquiry, bool mismatch) {
  const auto shown = rule.shown(visit);
  // Where none is told, nobody has come.
  const bool others = !shown.empty() && shown != documents_of(inquiry.shown);
  const bool of_city = rule.best_of_city(visit).has_value();
  return (of_city && others) || (mismatch && (others || !inquiry.has_reason(pin_mismatch)));
}

std::optional<BeforeTheHolder> before_the_holder(const Visit& visit, const json::object& state) {
  const auto* kept = state.if_contains(before_holder);
  if (kept == nullptr || visit.acting_as != Role::proxy) return std::nullopt;
  auto then = kept->at("state").as_object();
  auto inquiry = from_state(then);
  if (!inquiry) return std::nullopt;
  return BeforeTheHolder{std::move(*inquiry), std::move(then), parse_date(kept->at("on").as_string())};
}

bool asked_otherwise(const Visit& visit, const Inquiry& inquiry) {
  const auto* last = inquiry.last_letter();
  return visit.purpose == Purpose::pin_reset && last != nullptr && !last->asks_about_resets();
}

Prospect Prospect::of(const Rules& rules, const Visit& visit, bool mismatch, bool reset) {
  auto before = before_the_holder(visit, visit.kept);
  const bool goes_on = before.has_value();
  auto inquiry = goes_on ? std::optional(std::move(before->inquiry)) : from_state(visit.kept);
  if (!inquiry || inquiry->phase == Phase::to_mail) return {std::move(inquiry), false};
  const bool failed =
      (!goes_on && inquiry->phase == Phase::second_visit) || attempted(rules.form, visit, *inquiry, mismatch);
  const bool unasked = reset && asked_otherwise(visit, *inquiry);
  if (inquiry->out() && inquiry->letter->return_by < visit.day) inquiry->phase = Phase::lapsed;
  return {std::move(inquiry), failed || unasked};
}

bool Prospect::waits() const {
  return inquiry && !failed && (inquiry->out() || inquiry->phase == Phase::lapsed);
}

}  // namespace proxy_two_visit
