#include "policy/policy.hpp"

#include <algorithm>

namespace madoguchi::policy {

const PinRule& PinRules::of(Pin pin) const {
  switch (pin) {
    case Pin::signature:
      return signature;
    case Pin::authentication:
      return authentication;
    case Pin::resident_register:
      break;
  }
  return resident_register;
}

bool Office::offers(Service service) const {
  return std::find(services.begin(), services.end(), service) != services.end();
}

const Holiday* Calendar::holiday(base::Date day) const {
  const auto found = std::lower_bound(holidays.begin(), holidays.end(), day,
                                      [](const Holiday& h, base::Date d) { return h.day < d; });
  return found == holidays.end() || found->day != day ? nullptr : &*found;
}

bool Calendar::knows(base::Date day) const {
  return (!known_from || *known_from <= day) && (!known_to || day <= *known_to);
}

const Office* Policy::office(std::string_view id) const {
  const auto found =
      std::find_if(offices.begin(), offices.end(), [&](const Office& o) { return o.id == id; });
  return found == offices.end() ? nullptr : &*found;
}

bool Policy::knows_document(std::string_view type) const {
  const auto all = document_types();
  return std::find(all.begin(), all.end(), type) != all.end() ||
         std::find(documents.own_types.begin(), documents.own_types.end(), type) != documents.own_types.end();
}

Origin Policy::origin(std::string_view key) const {
  while (true) {
    if (const auto found = origins.find(key); found != origins.end()) return found->second;
    const auto dot = key.rfind('.');
    if (dot == std::string_view::npos) return {};
    key = key.substr(0, dot);
  }
}

Origin PluginSection::origin(std::string_view pointer) const {
  while (true) {
    if (const auto found = origins.find(pointer); found != origins.end()) return found->second;
    const auto slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return {};
    pointer = pointer.substr(0, slash);
  }
}

base::Date window_opens_on(const WindowRule& rule, base::Date expires_on) {
  const int sooner = rule.opens == WindowOpens::same_day ? 1 : 0;
  if (rule.month_end_rule == MonthEndRule::forward_count) {
    // Civil Code 140 and 143: the first day is not counted, so the months run from the day after the last
    // one.
    return base::add_days(base::add_months_clamped(base::add_days(expires_on, 1), -rule.months), -sooner);
  }
  return base::add_days(base::add_months_clamped(expires_on, -rule.months), 1 - sooner);
}

base::Date certificate_ends_on(const ValidityRule& rule, Action action, base::Date birth,
                               base::Date issued_on, std::optional<base::Date> card_ends_on,
                               std::optional<base::Date> authentication_ends_on) {
  const int birthdays = action == Action::renew ? rule.renewal_birthdays : rule.new_issuance_birthdays;
  auto last = base::nth_birthday_after(birth, issued_on, birthdays);
  if (card_ends_on) last = std::min(last, *card_ends_on);
  if (authentication_ends_on) last = std::min(last, *authentication_ends_on);
  return last;
}

}  // namespace madoguchi::policy
