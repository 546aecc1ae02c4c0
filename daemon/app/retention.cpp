#include "retention.hpp"

#include <algorithm>

#include "api/privacy.hpp"

namespace madoguchi::app {
namespace {

using base::Level;

// Work at the counter goes on between two pieces.
constexpr int at_once = 20;
constexpr std::chrono::milliseconds next_piece{200};
constexpr std::chrono::minutes look_again{60};

}  // namespace

std::optional<base::Date> leaves_on(const storage::SetAside& copy, const settings::StoreConfig& config) {
  const auto rules = api::rules_of({config.keep_days, config.keep_unfinished_days});
  // As long as what had ended last, whatever is in it: whoever looks for what came after the copy that was
  // restored finds it here alone.
  auto day = api::leaves_on(rules.front(), copy.written_at);
  if (!copy.last_changed) {
    for (const auto& rule : rules) day = std::max(day, api::leaves_on(rule, copy.written_at));
    return day;
  }
  for (const auto& [state, changed] : *copy.last_changed) {
    const auto its = std::find_if(rules.begin(), rules.end(), [&name = state](const api::KeepingRule& rule) {
      return std::find(rule.states.begin(), rule.states.end(), name) != rule.states.end();
    });
    if (its == rules.end()) return std::nullopt;
    day = std::max(day, api::leaves_on(*its, changed));
  }
  return day;
}

Retention::Retention(const settings::StoreConfig& config, std::filesystem::path store,
                     boost::asio::io_context& loop, storage::Holdings& holdings, const base::Clock& clock,
                     base::Log& log, std::function<bool()> clock_moved)
    : config_(config),
      store_(std::move(store)),
      holdings_(holdings),
      clock_(clock),
      log_(log),
      clock_moved_(std::move(clock_moved)),
      timer_(loop) {}

void Retention::begin() {
  look();
}

base::Result<std::int64_t> Retention::let_go() {
  std::int64_t all = 0;
  if (clock_moved_()) return all;
  for (const auto& rule : api::rules_of({config_.keep_days, config_.keep_unfinished_days})) {
    const auto gone = holdings_.let_go(api::outdated_by(rule, clock_.now()), clock_.now(), at_once);
    if (!gone) return gone;
    all += *gone;
  }
  return all;
}

void Retention::remove_copies() {
  if (clock_moved_()) return;
  for (const auto& copy : storage::stores_set_aside(store_)) {
    const auto day = leaves_on(copy, config_);
    if (!day || base::date_in_japan(clock_.now()) < *day) continue;
    const auto removed = storage::remove_set_aside(copy.path);
    if (removed) {
      log_.write(Level::info, "store.set_aside_let_go", {{"path", copy.path.string()}});
    } else {
      log_.write(Level::error, "store.set_aside_not_let_go", {{"why", base::describe(removed.error())}});
    }
  }
}

void Retention::look() {
  const auto gone = let_go();
  if (!gone) {
    log_.write(Level::error, "store.not_let_go", {{"why", base::describe(gone.error())}});
  } else if (*gone > 0) {
    log_.write(Level::info, "store.let_go", {{"cases", *gone}});
  }
  const bool more = gone && *gone >= at_once;
  if (!more) remove_copies();
  timer_.expires_after(more ? std::chrono::milliseconds(next_piece) : std::chrono::milliseconds(look_again));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

}  // namespace madoguchi::app
