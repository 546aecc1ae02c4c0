#include "doubts.hpp"

#include <algorithm>

#include "policy/hours.hpp"

namespace madoguchi::policy_tools {
namespace {

using policy::Policy;
using policy::Service;
using settings::Complaint;

class Doubts {
 public:
  void look_at(const Policy& policy) {
    policy_ = &policy;
    for (const auto* pin : {"signature", "authentication", "resident_register"}) look_at_tries(pin);
    for (const auto& office : policy.offices) look_at(office);
  }

  void look_at(const Policy& earlier, const Policy& later) {
    policy_ = &later;
    if (earlier.version == later.version)
      say("version", "the same as in " + earlier.origin("version").file +
                         ", so that a decision does not tell which of them it followed");
    if (!later.effective_from || !earlier.effective_to || *earlier.effective_to < *later.effective_from)
      return;
    say("effective_from", "lies within the version of " + earlier.origin("version").file + " (to " +
                              base::format_date(*earlier.effective_to) + "); from then on this one holds");
  }

  // What the template of `policy init` leaves to be written, told once.
  void look_at(const settings::PolicyText& text) {
    constexpr std::string_view blank = "FILL IN";
    std::optional<settings::Position> first;
    int line = 1;
    int left = 0;
    for (std::size_t from = 0; from < text.text.size(); ++line) {
      const auto end = std::min(text.text.find('\n', from), text.text.size());
      const auto at = std::string_view(text.text).substr(from, end - from).find(blank);
      from = end + 1;
      if (at == std::string_view::npos) continue;
      if (!first) first = {line, static_cast<int>(at) + 1};
      ++left;
    }
    if (first)
      all.push_back(
          {text.file, *first, "",
           "still says FILL IN, on " + std::to_string(left) + " lines: write what holds in this city"});
  }

  std::vector<Complaint> all;

 private:
  void say(const std::string& key, std::string message) {
    const auto at = policy_->origin(key);
    all.push_back({at.file, {at.line, at.column}, key, std::move(message)});
  }

  void look_at_tries(const std::string& name) {
    const auto pin = policy::named<policy::Pin>(name);
    if (!pin || policy_->pins.of(*pin).tries > policy_->pins.warn_at_tries_left) return;
    say("pins.warn_at_tries_left", "not below the tries of pins." + name + " (" +
                                       std::to_string(policy_->pins.of(*pin).tries) +
                                       "), so that every miss is warned of");
  }

  // Of two that give hours for the same weekday the first speaks.
  void look_at_seasons(const policy::Office& office) {
    const auto& seasons = office.seasons;
    for (std::size_t later = 1; later < seasons.size(); ++later) {
      for (std::size_t first = 0; first < later; ++first) {
        if (!overlap(seasons[first], seasons[later])) continue;
        say(office.key + ".seasons[" + std::to_string(later) + "]",
            "gives hours for weekdays and days of the year for which seasons[" + std::to_string(first) +
                "] gives them already; the first holds");
        break;
      }
    }
  }

  static bool overlap(const policy::Season& a, const policy::Season& b) {
    bool weekdays = false;
    for (std::size_t day = 0; day < a.hours.size(); ++day)
      weekdays = weekdays || (a.hours.at(day) && b.hours.at(day));
    const auto begins_within = [](const policy::Season& one, const policy::Season& other) {
      return one.when.contains(std::chrono::year(2028) / other.when.from);  // a year with every day in it
    };
    return weekdays && (begins_within(a, b) || begins_within(b, a));
  }

  void look_at(const policy::Office& office) {
    look_at_seasons(office);
    std::vector<policy::Interval> hours;
    for (const auto& day : office.weekly) hours.insert(hours.end(), day.begin(), day.end());
    for (std::size_t i = 0; i < office.seasons.size(); ++i) {
      bool any_day = false;
      for (const auto& day : office.seasons[i].hours) {
        any_day = any_day || day.has_value();
        if (day) hours.insert(hours.end(), day->begin(), day->end());
      }
      if (!any_day)
        say(office.key + ".seasons[" + std::to_string(i) + "].hours",
            "names no day, so the season changes nothing");
    }
    look_at_reservations(office);
    if (hours.empty()) say(office.key + ".hours", "no hours: the office is open only if a plugin opens it");
    const auto any = [&](std::initializer_list<Service> services) {
      return std::any_of(services.begin(), services.end(), [&](Service s) { return office.offers(s); });
    };
    if (!any({Service::holder, Service::proxy, Service::legal_representative}))
      say(office.key + ".services",
          "names nobody (holder, proxy, legal_representative), so nobody is received");
    if (!any({Service::renewal, Service::new_issuance, Service::pin_reset, Service::expiry_check}))
      say(office.key + ".services", "names no procedure, so nothing is received");
    const auto& last = office.reception.last_at;
    const auto within = [&](policy::Interval i) { return *last >= i.from && *last < i.to; };
    if (last && !hours.empty() && std::none_of(hours.begin(), hours.end(), within))
      say(office.key + ".reception.last_at", "lies in none of the office's hours, so it does nothing");
  }

  // The first that is about a visit speaks.
  void look_at_reservations(const policy::Office& office) {
    const auto& rules = office.reservations;
    const auto covers = [](const policy::ReservationRule& earlier, const policy::ReservationRule& later) {
      const bool days = (later.days & ~earlier.days) == 0;
      const auto& asked = earlier.services;
      return days &&
             (asked.empty() || (!later.services.empty() &&
                                std::all_of(later.services.begin(), later.services.end(), [&](Service s) {
                                  return std::find(asked.begin(), asked.end(), s) != asked.end();
                                })));
    };
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto end = rules.begin() + static_cast<std::ptrdiff_t>(i);
      const auto by =
          std::find_if(rules.begin(), end, [&](const auto& earlier) { return covers(earlier, rules[i]); });
      if (by != end)
        say(rules[i].key, "never speaks: " + by->key + " is about the same visits and comes first");
    }
  }

  const Policy* policy_ = nullptr;
};

}  // namespace

std::vector<Complaint> doubts(const settings::PolicyBook& book,
                              const std::vector<settings::PolicyText>& texts) {
  Doubts doubts;
  for (const auto& text : texts) doubts.look_at(text);
  for (std::size_t i = 0; i < book.versions.size(); ++i) {
    doubts.look_at(*book.versions[i]);
    for (std::size_t j = 0; j < i; ++j) doubts.look_at(*book.versions[j], *book.versions[i]);
  }
  return std::move(doubts.all);
}

}  // namespace madoguchi::policy_tools
