// A card with two cases at work could end with the key of one and the certificate of the other.
#include <algorithm>

#include "inside.hpp"

namespace madoguchi::counter {

base::Result<std::vector<std::string>> Desk::Inside::unfinished_with_the_card_of(const renewal::Case& visit) {
  std::vector<std::string> ids;
  if (visit.card.empty()) return ids;
  storage::ListQuery query;
  query.card = visit.card;
  for (const auto state :
       {renewal::State::issuing, renewal::State::attention, renewal::State::partly_completed}) {
    query.states.emplace_back(renewal::name(state));
  }
  do {
    const auto page = parts.store.list(query);
    if (!page) return page.error();
    for (const auto& record : page->records) {
      if (record.id != visit.id) ids.push_back(record.id);
    }
    query.cursor = page->next;
  } while (!query.cursor.empty());
  return ids;
}

base::Result<void> Desk::Inside::refuse_beside_another(const renewal::Case& visit) {
  const auto others = unfinished_with_the_card_of(visit);
  if (!others) return others.error();
  const auto& known = visit.begun_beside;
  const auto other = std::find_if(others->begin(), others->end(), [&](const std::string& id) {
    return std::find(known.begin(), known.end(), id) == known.end();
  });
  if (other == others->end()) return {};
  return base::make_fault(base::Code::conflict, "the card has another case that is not finished",
                          {{"case", *other}});
}

}  // namespace madoguchi::counter
