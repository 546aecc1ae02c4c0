#include "lists.hpp"

#include <algorithm>
#include <functional>

namespace proxy_two_visit {
namespace {

using madoguchi::plugin::add_days;
using madoguchi::plugin::Call;
using Wanted = std::function<bool(const Inquiry&)>;

Wanted wanted_by(const Call& call, Date today) {
  if (call.method == "to_mail") return [](const Inquiry& i) { return i.phase == Phase::to_mail; };
  if (call.method == "overdue")
    return [today](const Inquiry& i) { return i.out() && i.letter->return_by < today; };
  if (call.method == "lapsing") {
    const auto last = add_days(today, static_cast<int>(call.params.at("within_days").as_int64()));
    return [today, last](const Inquiry& i) {
      return i.out() && today <= i.letter->return_by && i.letter->return_by <= last;
    };
  }
  const auto* phase = call.params.if_contains("phase");
  if (phase == nullptr) return [](const Inquiry&) { return true; };
  return [word = std::string(phase->as_string())](const Inquiry& i) { return name(i.phase) == word; };
}

// What has to be done first: the letter whose term ends first, else the visit that is longest ago.
Date due(const Inquiry& inquiry) {
  return inquiry.out() ? inquiry.letter->return_by : inquiry.begun_on;
}

}  // namespace

bool is_list(std::string_view method) {
  return method == "to_mail" || method == "overdue" || method == "lapsing" || method == "list";
}

json::object list(const Call& call, Date today, const madoguchi::plugin::City& city) {
  const auto wanted = wanted_by(call, today);
  const auto* office = call.params.if_contains("office");
  // A mistyped one would have nothing to mail.
  if (office != nullptr && !city.has_office(office->as_string()))
    throw Refusal{"その窓口は市の設定にありません", "There is no such office in the city's policy"};
  struct Found {
    std::string id;
    Inquiry inquiry;
  };
  std::vector<Found> found;
  for (const auto& [id, state] : call.states) {
    auto inquiry = from_state(state);
    if (!inquiry || !wanted(*inquiry)) continue;
    // An office that was given another id since has no list of its own any more: nobody would see it.
    const bool gone = !city.has_office(inquiry->office);
    if (office == nullptr || gone || office->as_string() == inquiry->office)
      found.push_back({id, std::move(*inquiry)});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return due(a.inquiry) < due(b.inquiry); });
  json::array items;
  for (const auto& [id, inquiry] : found) items.push_back(to_client(inquiry, id, today));
  json::object reply{{"items", std::move(items)}};
  if (!call.next.empty()) reply["next"] = call.next;
  return reply;
}

}  // namespace proxy_two_visit
