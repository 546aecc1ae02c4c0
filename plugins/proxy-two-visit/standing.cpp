#include "standing.hpp"

#include <algorithm>

namespace proxy_two_visit {

using madoguchi::plugin::Document;

namespace {

Standing of_any(const Inquiry& inquiry, const Document& form, Date today) {
  using Kind = Standing::Kind;
  const auto* last = inquiry.last_letter();
  if (last == nullptr) return {};
  const auto in_term = [&] { return last->return_by < today ? Standing{Kind::ended, *last} : Standing{}; };
  if (last->may_bear(form)) return in_term();
  const auto& posted = inquiry.mailings;
  const auto earlier = std::find_if(posted.rbegin(), posted.rend(),
                                    [&](const Mailing& mailing) { return mailing.letter.may_bear(form); });
  if (earlier != posted.rend()) return {Kind::superseded, earlier->letter};
  // Nothing at all was recorded: the clerk who has the form in hand is believed.
  if (posted.empty()) return {};
  if (inquiry.phase == Phase::to_mail) return {Kind::unrecorded, *last};
  return in_term();
}

}  // namespace

Standing Standing::of(const Inquiry& inquiry, const Document& form, Date today, bool to_a_reset) {
  const auto found = of_any(inquiry, form, today);
  if (!to_a_reset || found.kind != Kind::counts) return found;
  const auto* last = inquiry.last_letter();
  if (last == nullptr) return {Kind::unrecorded, {}};
  if (!last->asks_about_resets()) return {Kind::asked_otherwise, *last};
  if (!last->may_bear(form) || !inquiry.posted(*last)) return {Kind::unrecorded, *last};
  return {};
}

Standing Standing::best(const Inquiry& inquiry, const std::vector<Document>& forms, Date today,
                        bool to_a_reset) {
  for (const auto& form : forms) {
    if (of(inquiry, form, today, to_a_reset).kind == Kind::counts) return {};
  }
  return of(inquiry, forms.front(), today, to_a_reset);
}

std::optional<Standing> Standing::of_unposted(const Inquiry& inquiry, const std::vector<Document>& forms,
                                              Date today) {
  if (forms.empty() || !inquiry.letter || inquiry.letter->pin_resets.empty()) return std::nullopt;
  const auto standing = best(inquiry, forms, today, true);
  const bool own = standing.kind == Kind::unrecorded && inquiry.letter->may_bear(forms.front());
  return own ? std::optional(standing) : std::nullopt;
}

}  // namespace proxy_two_visit
