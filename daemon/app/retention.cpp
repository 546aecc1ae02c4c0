#include "retention.hpp"

#include "api/privacy.hpp"
#include "storage/set_aside.hpp"

namespace madoguchi::app {
namespace {

using base::Level;

// Work at the counter goes on between two pieces.
constexpr int at_once = 20;
constexpr std::chrono::milliseconds next_piece{200};
constexpr std::chrono::minutes look_again{60};

}  // namespace

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
    const auto day = api::leaves_on(copy, {config_.keep_days, config_.keep_unfinished_days});
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
