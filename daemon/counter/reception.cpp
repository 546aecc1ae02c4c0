#include "counter/reception.hpp"

#include <algorithm>
#include <array>

#include "card_facts.hpp"
#include "counter/each_case.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

std::optional<base::Instant> time_in(const json::object& facts) {
  const auto* at = facts.if_contains("at");
  if (at == nullptr || !at->is_string()) return std::nullopt;
  return base::parse_time(std::string_view(at->get_string()));
}

bool tells(const json::object& facts, std::string_view part, std::string_view key) {
  const auto* object = facts.if_contains(part);
  return object != nullptr && object->is_object() && object->get_object().contains(key);
}

// Whether the holder is there follows from who has come: what was taken of the earlier visitor does not hold
// of another.
void forget_holders_presence(json::object& known, const json::object& told) {
  if (!tells(told, "visitor", "role") || tells(told, "holder", "present")) return;
  auto* holder = known.if_contains("holder");
  if (holder != nullptr && holder->is_object()) holder->get_object().erase("present");
}

// "other" is what a front end says that has not asked yet.
bool another(const json::object& known, const json::object& told, std::string_view key,
             std::string_view unasked) {
  const auto* was = known.if_contains(key);
  const auto* now = told.if_contains(key);
  return was != nullptr && now != nullptr && *was != *now && *was != json::string_view(unasked);
}

bool is_another_visitor(const json::object& known, const json::object& told) {
  const auto* was = known.if_contains("visitor");
  const auto* now = told.if_contains("visitor");
  if (was == nullptr || now == nullptr || !was->is_object() || !now->is_object()) return false;
  return another(was->get_object(), now->get_object(), "role", "") ||
         another(was->get_object(), now->get_object(), "relationship", "other");
}

// A check that the case does not keep is told of no longer.
void forget_told_checks(renewal::Case& visit) {
  auto* told = visit.facts.if_contains("pins");
  if (told == nullptr || !told->is_object()) return;
  auto& pins = told->get_object();
  std::vector<std::string> stale;
  for (const auto& [name, value] : pins) {
    const auto pin = mynumber::pin_named(name);
    const bool of_a_check = value == "matched" || value == "mismatched";
    if (of_a_check && pin && !visit.pins.contains(*pin)) stale.emplace_back(name);
  }
  for (const auto& name : stale) pins.erase(name);
}

// Papers prove who stands at the counter while they lie on it: those of one visitor nothing about another.
void forget_papers_of_the_visitor(json::object& known) {
  auto* documents = known.if_contains("documents");
  if (documents == nullptr || !documents->is_array()) return;
  json::array of_the_holder;
  for (const auto& document : documents->get_array()) {
    const auto* of = document.is_object() ? document.get_object().if_contains("of") : nullptr;
    if (of != nullptr && *of == "holder") of_the_holder.push_back(document);
  }
  *documents = std::move(of_the_holder);
}

// What one visitor says of a PIN is no word about the form that another brings on another day.
void forget_told_as_forgotten(json::object& known) {
  auto* pins = known.if_contains("pins");
  if (pins == nullptr || !pins->is_object()) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : pins->get_object()) {
    if (value == "forgotten") names.emplace_back(name);
  }
  for (const auto& name : names) pins->get_object().erase(name);
}

// Set anew, where that was all that was to be done.
bool is_done(const json::object& facts, const renewal::PinRecord& check) {
  const auto* purpose = facts.if_contains("purpose");
  return purpose != nullptr && *purpose == "pin_reset" && check.outcome == renewal::PinOutcome::reset;
}

// That one did not match is no secret of who entered it: the decision that followed stands.
void forget_what_opens(renewal::Case& visit, const json::object& told) {
  const auto& facts = told.contains("purpose") ? told : visit.facts;
  std::erase_if(visit.pins, [&](const auto& item) {
    return renewal::opens_the_card(item.second.outcome) && !is_done(facts, item.second);
  });
  forget_told_checks(visit);
}

// Before anything has begun a role that was told wrongly is put right without a PIN entered twice, unless it
// is said that another has come. Whoever comes for the rest has entered none of those that the first part was
// done with: nor for a key that is made already, since the authority may still ask for another.
void forget_checks_of_the_visitor(renewal::Case& visit) {
  if (all_keys_stand(visit)) return;
  std::erase_if(visit.pins,
                [](const auto& item) { return item.second.outcome != renewal::PinOutcome::locked; });
  forget_told_checks(visit);
}

// A front end's clock may be a little ahead of this one.
constexpr std::chrono::minutes clocks_differ{5};

// Whoever comes for the second visit is received then, though the clerk names no time.
bool another_visit(const json::object& known, const json::object& told) {
  const auto* visit = told.if_contains("visit");
  const auto* before = known.if_contains("visit");
  return visit != nullptr && before != nullptr && *visit != *before;
}

bool same_day(base::Instant a, base::Instant b) {
  return base::date_in_japan(a) == base::date_in_japan(b);
}

// Who enters a PIN today is today's holder of the card; only that one is locked outlasts the day.
void forget_pins(renewal::Case& visit, base::Instant day) {
  std::erase_if(visit.pins, [&](const auto& item) {
    return !is_done(visit.facts, item.second) && item.second.outcome != renewal::PinOutcome::locked &&
           !same_day(item.second.at, day);
  });
  forget_told_checks(visit);
}

}  // namespace

base::Result<void> not_to_come(const json::object& facts, base::Instant now) {
  const auto at = time_in(facts);
  if (!at || *at <= now + clocks_differ) return {};
  return base::make_fault(base::Code::invalid_params, {},
                          {{"pointer", "/at"}, {"expected", "the time of reception, no later than now"}});
}

bool entered_later(const json::object& facts, base::Instant now) {
  const auto at = time_in(facts);
  return at && *at < now && !same_day(*at, now);
}

base::Result<void> received_today(const json::object& facts, base::Instant now) {
  const auto at = time_in(facts);
  const auto today = base::date_in_japan(now);
  if (!at || base::start_of_day_in_japan(today) <= *at) return not_to_come(facts, now);
  return base::make_fault(
      base::Code::invalid_params, {},
      {{"pointer", "/at"},
       {"expected", "the time of reception, today (" + base::format_date(today) + " in Japan)"}});
}

void forget_visitor(renewal::Case& visit, const json::object& told) {
  forget_papers_of_the_visitor(visit.facts);
  if (renewal::undecided(visit)) forget_what_opens(visit, told);
  forget_checks_of_the_visitor(visit);
  auto* visitor = visit.facts.if_contains("visitor");
  if ((!renewal::undecided(visit) && all_keys_stand(visit)) || visitor == nullptr || !visitor->is_object())
    return;
  for (const auto* key : {"relationship", "same_household"}) visitor->get_object().erase(key);
}

bool on_another_day(const renewal::Case& visit, const std::optional<json::object>& facts, base::Instant now) {
  // A front end may name another time than this clock's, and means it until it names the next or the day
  // ends.
  const auto named = facts ? time_in(*facts) : std::nullopt;
  if (!named && facts && another_visit(visit.facts, *facts))
    return !same_day(now, time_in(visit.facts).value_or(visit.received_at));
  if (!named) return !same_day(now, visit.received_at);
  return !same_day(*named, time_in(visit.facts).value_or(visit.received_at));
}

std::string decided_by(const renewal::Case& visit) {
  const auto* policy = visit.decision.if_contains("policy");
  const auto* digest =
      policy != nullptr && policy->is_object() ? policy->get_object().if_contains("digest") : nullptr;
  return digest != nullptr && digest->is_string() ? std::string(digest->get_string()) : std::string();
}

void take_told(renewal::Case& visit, const json::object& told) {
  merge(visit.facts, told);
  const auto* number = told.if_contains("visit");
  // A second visit that was told by mistake is taken back with the day that it named.
  if (number != nullptr && *number == 1 && !told.contains("first_visit_on"))
    visit.facts.erase("first_visit_on");
}

base::Result<void> first_visit_was(const renewal::Case& visit, const json::object& told) {
  const auto* named = told.if_contains("first_visit_on");
  const auto* number = visit.facts.if_contains("visit");
  const bool second = number != nullptr && *number == 2;
  if (!visit.has_waited || second || named == nullptr || !named->is_string()) return {};
  const auto day = base::parse_date(named->get_string());
  if (!day) return {};
  // An earlier day may be right: a case can be entered later, and received again before its second visit.
  const auto last = base::date_in_japan(time_in(visit.facts).value_or(visit.received_at));
  if (*day <= last) return {};
  return base::make_fault(
      base::Code::invalid_params, "not this case's first visit",
      {{"pointer", "/first_visit_on"},
       {"expected", "the day of this case's first visit, no later than " + base::format_date(last)}});
}

void receive_visitor(renewal::Case& visit, const json::object& told) {
  forget_holders_presence(visit.facts, told);
  if (!is_another_visitor(visit.facts, told)) return;
  forget_papers_of_the_visitor(visit.facts);
  forget_checks_of_the_visitor(visit);
}

bool all_keys_stand(const renewal::Case& visit) {
  return std::none_of(visit.sagas.begin(), visit.sagas.end(), renewal::may_yet_make_a_key);
}

bool anything_left(const renewal::Case& visit) {
  return std::any_of(visit.sagas.begin(), visit.sagas.end(), renewal::key_to_be_made);
}

void receive(renewal::Case& visit, const std::optional<json::object>& facts, base::Instant now) {
  const bool another = facts && is_another_visitor(visit.facts, *facts);
  if (facts) receive_visitor(visit, *facts);
  if (!on_another_day(visit, facts, now)) return;
  if (another) forget_told_as_forgotten(visit.facts);
  // Papers may be told today of a case that was received on another day: one that is entered later, or that
  // has begun.
  if (!same_day(now, visit.papers_at.value_or(visit.received_at))) {
    visit.facts.erase("documents");
    visit.papers_at.reset();
  }
  visit.received_at = now;
  forget_pins(visit, now);
  forget_good(visit.seen);
  forget_presence(visit.seen);
  // Of a case that has begun it may have been told before anything of it is decided anew.
  const auto named = time_in(visit.facts);
  if (!named || !same_day(*named, now)) visit.facts.erase("at");
  visit.decision.clear();
}

base::Result<std::set<std::string>> policies_under_way(storage::CaseStore& store) {
  std::set<std::string> digests;
  // What is left of one that has begun is, too.
  std::vector states{renewal::State::open, renewal::State::waiting, renewal::State::ready};
  const auto begun = renewal::states_under_way();
  states.insert(states.end(), begun.begin(), begun.end());
  const auto listed = each_case(store, states, {}, [&](const auto& record) {
    // One that cannot be read cannot be decided anew either.
    if (const auto visit = read_case(record)) digests.insert(decided_by(*visit));
  });
  if (!listed) return listed.error();
  return digests;
}

}  // namespace madoguchi::counter
