// A card with two cases at work could end with the key of one and the certificate of the other.
#include <algorithm>

#include "counter/each_case.hpp"
#include "inside.hpp"

namespace madoguchi::counter {

namespace {

// A case that waits is none that is at work, but the same citizen's: its second visit would be done without
// it, and its letter posted for nothing.
std::vector<renewal::State> in_the_way_states() {
  const auto begun = renewal::states_under_way();
  std::vector<renewal::State> states(begun.begin(), begun.end());
  states.push_back(renewal::State::waiting);
  return states;
}

base::Fault no_second_visit(const std::vector<std::string>& unfinished) {
  boost::json::object details{
      {"pointer", "/facts/visit"},
      {"call", "cases.update"},
      {"ja",
       "この受付には1回目の来庁の記録がありません。1回目の受付を更新して、2回目として続けてください。1回目が"
       "別"
       "の窓口だった場合は、カードを読み取り、2回目として新しく受け付けてください。"},
      {"en",
       "This case has no first visit on record. Update the case of the first visit, and go on with it as the "
       "second. If the first was at another counter, read the card and open a new case as the second "
       "visit."}};
  if (!unfinished.empty()) {
    details["case"] = unfinished.front();
    details["unfinished"] = boost::json::array(unfinished.begin(), unfinished.end());
  }
  return base::make_fault(base::Code::conflict, "a second visit goes on with the case of the first",
                          std::move(details));
}

}  // namespace

bool is_a_second_visit(const boost::json::object& facts) {
  const auto* visit = facts.if_contains("visit");
  return visit != nullptr && *visit == 2;
}

base::Result<std::vector<std::string>> Desk::Inside::unfinished_with_the_card_of(const renewal::Case& visit) {
  std::vector<std::string> ids;
  if (visit.card.empty()) return ids;
  const auto listed = each_case(parts.store, in_the_way_states(), visit.card, [&](const auto& record) {
    if (record.id == visit.id) return;
    // One that was given up ends by itself and does not touch the card any more.
    const auto other = read_case(record);
    if (!other || !other->given_up) ids.push_back(record.id);
  });
  if (!listed) return listed.error();
  return ids;
}

base::Result<void> Desk::Inside::refuse_beside_another(renewal::Case& visit,
                                                       const std::vector<std::string>& named) {
  const auto others = unfinished_with_the_card_of(visit);
  if (!others) return others.error();
  const auto among = [](const std::vector<std::string>& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  boost::json::array in_the_way;
  for (const auto& other : *others) {
    if (among(visit.begun_beside, other)) continue;
    // Only what is unfinished now: a name given beforehand must not let pass what begins later.
    if (among(named, other)) {
      visit.begun_beside.push_back(other);
    } else {
      in_the_way.emplace_back(other);
    }
  }
  if (in_the_way.empty()) return {};
  const auto first = in_the_way.front();
  return base::make_fault(base::Code::conflict, "the card has another case that is not finished",
                          {{"case", first}, {"unfinished", std::move(in_the_way)}});
}

base::Result<void> Desk::Inside::refuse_second_visit(const renewal::Case& visit) {
  if (!is_a_second_visit(visit.facts)) return {};
  const auto others = unfinished_with_the_card_of(visit);
  if (!others) return others.error();
  // The first may have been at another counter.
  if (!visit.card.empty() && others->empty()) return {};
  return no_second_visit(*others);
}

base::Result<void> Desk::Inside::refuse_second_visit(const renewal::Case& as_it_was,
                                                     const renewal::Case& visit) {
  // The rest of a case that has begun does not wait as a case, but may have had its first visit all the same.
  const auto* outcome = as_it_was.decision.if_contains("outcome");
  const bool first = as_it_was.has_waited ||
                     (renewal::under_way(as_it_was.state) && outcome != nullptr && *outcome == "two_visits");
  if (!is_a_second_visit(visit.facts) || is_a_second_visit(as_it_was.facts) || first) return {};
  const auto others = unfinished_with_the_card_of(visit);
  if (!others) return others.error();
  return no_second_visit(*others);
}

}  // namespace madoguchi::counter
