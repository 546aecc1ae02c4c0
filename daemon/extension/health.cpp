#include "health.hpp"

#include <algorithm>

namespace madoguchi::extension {

Health::State Health::state(Time now) const {
  if (quarantined_) return State::quarantined;
  return now < wait_until_ ? State::waiting : State::ready;
}

void Health::succeeded(Time now) {
  ++calls_;
  if (!quarantined_) return;
  quarantined_ = false;
  healed_ = now;
  recent_.clear();
}

void Health::quarantine(Time now, bool again) {
  quarantined_ = true;
  quarantine_ = again ? std::min(quarantine_ * 2, rules_.longest_quarantine) : rules_.first_quarantine;
  wait_until_ = now + quarantine_;
}

void Health::note_failure(std::string reason) {
  ++calls_;
  ++failures_;
  reason_ = std::move(reason);
}

bool Health::relapsed(Time now) const {
  return quarantine_ > quarantine_.zero() && now - healed_ < rules_.longest_quarantine;
}

void Health::did_not_start(Time now, std::string reason) {
  note_failure(std::move(reason));
  quarantine(now, quarantined_ || relapsed(now));
}

void Health::failed(Time now, std::string reason) {
  note_failure(std::move(reason));
  if (quarantined_) return quarantine(now, true);
  while (!recent_.empty() && now - recent_.front() > rules_.window) recent_.pop_front();
  recent_.push_back(now);
  if (recent_.size() >= rules_.most_failures) return quarantine(now, relapsed(now));
  if (recent_.size() == 1) return;
  auto wait = rules_.first_wait;
  for (std::size_t i = 2; i < recent_.size(); ++i) wait = std::min(wait * 2, rules_.longest_wait);
  wait_until_ = now + wait;
}

std::string_view to_text(Health::State state) {
  switch (state) {
    case Health::State::ready:
      return "ready";
    case Health::State::waiting:
      return "waiting";
    case Health::State::quarantined:
      break;
  }
  return "quarantined";
}

}  // namespace madoguchi::extension
