// How long cases are kept, and what the store says of its sealing.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"
#include "storage/holdings.hpp"
#include "storage/set_aside.hpp"

namespace madoguchi::api {

struct Keeping {
  int days = 0;             // once a case has ended
  int unfinished_days = 0;  // of one that was left behind before anything was issued
};

// Cases that go so many days after they were last changed.
struct KeepingRule {
  std::string_view name;  // "ended" or "left_behind"
  std::vector<std::string> states;
  int days = 0;
};
// Under no rule stay the cases whose issuing has begun and not ended: they say what to do with a card.
std::vector<KeepingRule> rules_of(const Keeping& keeping);
storage::Outdated outdated_by(const KeepingRule& rule, base::Instant now);
// The first day on which a case that was last changed then is not kept any more.
base::Date leaves_on(const KeepingRule& rule, base::Instant updated_at);
// The first day on which nothing in a store that was put aside is kept any more, nor the store for its audit
// log's sake. Nothing: it holds a case that stays until a person has ended it, as far as that can be read.
std::optional<base::Date> leaves_on(const storage::SetAside& copy, const Keeping& keeping);

// For system.health: which key seals, and whether earlier ones are still needed.
boost::json::object sealing_health(storage::Holdings& holdings);

}  // namespace madoguchi::api
