#include "counter/reception.hpp"

#include <boost/json/parse.hpp>

#include "renewal/codec.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

constexpr int page_size = 500;

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
void forget_presence(json::object& known, const json::object& told) {
  if (!tells(told, "visitor", "role") || tells(told, "holder", "present")) return;
  auto* holder = known.if_contains("holder");
  if (holder != nullptr && holder->is_object()) holder->get_object().erase("present");
}

bool same_day(base::Instant a, base::Instant b) {
  return base::date_in_japan(a) == base::date_in_japan(b);
}

}  // namespace

std::string decided_by(const renewal::Case& visit) {
  const auto* policy = visit.decision.if_contains("policy");
  const auto* digest =
      policy != nullptr && policy->is_object() ? policy->get_object().if_contains("digest") : nullptr;
  return digest != nullptr && digest->is_string() ? std::string(digest->get_string()) : std::string();
}

void receive(renewal::Case& visit, const std::optional<json::object>& facts, base::Instant now) {
  if (facts) forget_presence(visit.facts, *facts);
  const auto named = facts ? time_in(*facts) : std::nullopt;
  const auto before = time_in(visit.facts).value_or(visit.received_at);
  if (same_day(named.value_or(now), before)) return;
  visit.received_at = now;
  visit.facts.erase("at");
  visit.decision.clear();
}

base::Result<std::set<std::string>> policies_under_way(storage::CaseStore& store) {
  std::set<std::string> digests;
  storage::ListQuery query;
  query.limit = page_size;
  // Once there is a saga, a case is decided.
  for (const auto state : {renewal::State::open, renewal::State::waiting, renewal::State::ready}) {
    query.states.emplace_back(renewal::name(state));
  }
  do {
    const auto page = store.list(query);
    if (!page) return page.error();
    for (const auto& record : page->records) {
      boost::system::error_code error;
      const auto body = json::parse(record.body, error);
      if (error || !body.is_object()) continue;  // cannot be decided anew either
      const auto visit = renewal::from_stored(body.get_object());
      if (visit) digests.insert(decided_by(*visit));
    }
    query.cursor = page->next;
  } while (!query.cursor.empty());
  return digests;
}

}  // namespace madoguchi::counter
