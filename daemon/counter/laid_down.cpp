#include "laid_down.hpp"

#include <algorithm>

#include "card_facts.hpp"
#include "elsewhere.hpp"
#include "inside.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

// Told as the second visit's it would be taken in.
json::object way_of_second_visit() {
  return {
      {"call", "cases.update"},
      {"needs", "visit"},
      {"ja",
       "この受付で先に読み取ったカードではありません。2回目の来庁で、置かれているカードが本人のものであれば、"
       "2回目の来庁として受付の内容を更新してください。"},
      {"en",
       "This is not the card that was read before in this case. If somebody has come for the second "
       "visit with it, update the case as a second visit."}};
}

json::object way_of_first_day() {
  return {
      {"call", "cases.update"},
      {"needs", "reader"},
      {"ja",
       "この受付のカードではありません。受付時のカードを置いてください。置かれているカードが正しい場合は、"
       "カードを読み取って受付の内容を更新してください。"},
      {"en",
       "This is not the card of this case: place the card that it was received with. If the one that "
       "lies there is the right one, update the case with its reader."}};
}

json::object way_of_wrong_reception() {
  return {
      {"call", "cases.cancel"},
      {"ja",
       "この受付のカードではありません。受付時のカードを置いてください。受付のときに誤って別のカードを読み取"
       "っていた場合は、この受付を取り消し、正しいカードで受付し直してください。"},
      {"en",
       "This is not the card of this case: place the card that it was received with. If a wrong one was "
       "read at its reception, cancel the case and receive it anew with the right one."}};
}

}  // namespace

bool applied_for(const renewal::Case& visit) {
  return visit.state == renewal::State::waiting || is_a_second_visit(visit.facts);
}

bool laid_down_only(const renewal::Case& visit, bool comes_again, base::Instant now) {
  // One that did not match may have been tried on the wrong card.
  const bool its_own = std::any_of(visit.pins.begin(), visit.pins.end(), [](const auto& pin) {
    return pin.second.outcome != renewal::PinOutcome::mismatched;
  });
  if (its_own) return false;
  if (applied_for(visit)) return comes_again && told_without_card(visit.seen) != nullptr;
  return base::date_in_japan(visit.opened_at) == base::date_in_japan(now);
}

base::Fault another_card(const renewal::Case& visit, base::Instant now) {
  json::object details{{"case", visit.id}};
  if (renewal::undecided(visit)) {
    const bool taken = laid_down_only(visit, true, now);
    const bool again = taken && applied_for(visit);
    merge(details, again ? way_of_second_visit() : taken ? way_of_first_day() : way_of_wrong_reception());
  }
  return base::make_fault(base::Code::card_different, "another card lies on the reader", std::move(details));
}

}  // namespace madoguchi::counter
