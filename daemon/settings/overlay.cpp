#include "overlay.hpp"

#include <algorithm>

namespace madoguchi::settings {
namespace {

const std::string* id_of(const Value& value) {
  if (value.kind != Value::Kind::mapping) return nullptr;
  const auto* id = value.find("id");
  return id != nullptr && id->value.kind == Value::Kind::scalar ? &id->value.text : nullptr;
}

bool by_id(const Value& list) {
  return list.kind == Value::Kind::list && !list.items.empty() &&
         std::all_of(list.items.begin(), list.items.end(),
                     [](const Value& v) { return id_of(v) != nullptr; });
}

void place_at(Value& value, Position at) {
  value.at = at;
  for (auto& item : value.items) place_at(item, at);
  for (auto& member : value.members) {
    member.at = at;
    place_at(member.value, at);
  }
}

void replace(Value& base, const Value& over) {
  const auto at = base.at;
  base = over;
  place_at(base, at);
}

}  // namespace

void lay_over(Value& base, const Value& over) {
  if (base.kind == Value::Kind::mapping && over.kind == Value::Kind::mapping) {
    for (const auto& member : over.members) {
      const auto found = std::find_if(base.members.begin(), base.members.end(),
                                      [&](const Member& m) { return m.key == member.key; });
      if (found != base.members.end()) {
        lay_over(found->value, member.value);
      } else {
        base.members.push_back(member);
        base.members.back().at = base.at;
        place_at(base.members.back().value, base.at);
      }
    }
  } else if (by_id(base) && by_id(over)) {
    for (const auto& item : over.items) {
      const auto found = std::find_if(base.items.begin(), base.items.end(),
                                      [&](const Value& v) { return *id_of(v) == *id_of(item); });
      if (found != base.items.end()) {
        lay_over(*found, item);
      } else {
        base.items.push_back(item);
        place_at(base.items.back(), base.at);
      }
    }
  } else {
    replace(base, over);
  }
}

}  // namespace madoguchi::settings
