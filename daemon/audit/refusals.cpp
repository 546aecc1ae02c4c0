#include "audit/refusals.hpp"

namespace madoguchi::audit {
namespace {

Entry entry_of(base::Instant at, const base::Actor& actor, std::string_view method) {
  Entry entry(at, Kind::access, method.empty() ? "access.connection_refused" : "access.method_refused");
  entry.by(actor).put(Field::method, method);
  return entry;
}

}  // namespace

std::vector<Entry> Refusals::refused(base::Instant now, const base::Actor& actor, std::string_view method) {
  auto entries = settle(now);
  if (counted_.empty()) since_ = now;
  const std::pair key{actor.uid ? std::int64_t{*actor.uid} : -1, std::string(method)};
  if (const auto known = counted_.find(key); known != counted_.end()) {
    ++known->second.more;
  } else if (counted_.size() < bounds_.kinds) {
    counted_.emplace(key, Counted{actor, key.second, 0});
    entries.push_back(entry_of(now, actor, method));
  } else {
    ++others_;
  }
  return entries;
}

std::vector<Entry> Refusals::settle(base::Instant now) {
  // A clock that was set back ends the window, too: it must not stay open for days.
  const bool over = now >= since_ + bounds_.window || now < since_;
  return counted_.empty() || !over ? std::vector<Entry>() : close(now);
}

std::vector<Entry> Refusals::settle_all(base::Instant now) {
  return close(now);
}

std::vector<Entry> Refusals::close(base::Instant now) {
  std::vector<Entry> entries;
  for (const auto& [key, counted] : counted_) {
    if (counted.more == 0) continue;
    entries.push_back(entry_of(now, counted.actor, counted.method).put(Field::count, counted.more));
  }
  if (others_ > 0) {
    entries.push_back(Entry(now, Kind::access, "access.others_refused").put(Field::count, others_));
  }
  counted_.clear();
  others_ = 0;
  return entries;
}

}  // namespace madoguchi::audit
