#include "refusal_notes.hpp"

namespace madoguchi::rpc {

bool RefusalNotes::write(Time now, std::uint32_t uid, std::string_view method) {
  if (!counting_ && now - since_ >= bounds_.window) seen_.clear();
  if (seen_.empty()) since_ = now;
  const std::pair kind{uid, std::string(method)};
  auto found = seen_.find(kind);
  if (found == seen_.end() && seen_.size() < bounds_.kinds) found = seen_.emplace(kind, 0).first;
  const bool written = found != seen_.end() && ++found->second <= bounds_.written;
  if (found == seen_.end()) ++others_;
  counting_ = counting_ || !written;
  return written;
}

std::vector<RefusalNotes::More> RefusalNotes::settle(Time now) {
  return now - since_ >= bounds_.window ? settle_all() : std::vector<More>();
}

std::vector<RefusalNotes::More> RefusalNotes::settle_all() {
  std::vector<More> all;
  for (const auto& [kind, count] : seen_) {
    if (count > bounds_.written) all.push_back({kind.first, kind.second, count - bounds_.written});
  }
  if (others_ > 0) all.push_back({0, {}, others_});
  seen_.clear();
  others_ = 0;
  counting_ = false;
  return all;
}

}  // namespace madoguchi::rpc
