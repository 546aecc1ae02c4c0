// What happens to the stage in each moment.
#include <algorithm>
#include <stdexcept>

#include "plugin_process.hpp"
#include "power.hpp"
#include "stage.hpp"

namespace madoguchi::faults {
namespace {

using counter::test::Act;
using counter::test::Fate;

constexpr std::chrono::minutes apart{6};  // more than clocks may differ

}  // namespace

void Stage::die() {
  store.dead = true;
}

void Stage::lose_power() {
  power_lost_ = true;
  copy_store(folder_.path() / "synced", folder_.path() / "left");
  die();
}

void Stage::lose_power_amid(const Mishap& mishap) {
  power_lost_ = true;
  tear_store(folder_.path() / "synced", folder_.path() / "state", folder_.path() / "left",
             episode.seed + static_cast<std::uint64_t>(mishap.at));
  disk_.work_again();
  die();
}

bool Stage::strike_anything(const Mishap& mishap) {
  switch (mishap.effect) {
    case Effect::other_clerk:
      // Before a try the daemon may not even run.
      if (mishap.moment == Moment::round) {
        asks_next_ = &mishap;
      } else {
        other_asks(mishap.other, mishap.at);
      }
      return true;
    case Effect::plugin_dies:
    case Effect::plugin_hangs:
    case Effect::plugin_without_memory:
      strike_plugins(mishap.effect);
      return true;
    case Effect::revoked:
      revoke_old();
      return true;
    default:
      return false;
  }
}

void Stage::revoke_old() {
  const auto old = mynumber::parse_certificate(old_);
  if (!old || terminal_) return;  // the terminal would refuse it, and say so to the clerk there
  try {
    world->revoke(old->serial);
  } catch (const std::runtime_error&) {
    // It is revoked already.
  }
}

bool Stage::was_revoked() const {
  return std::find(struck.begin(), struck.end(), Effect::revoked) != struck.end();
}

const Mishap* Stage::due(Moment moment, int number) {
  if (peace_) return nullptr;
  const auto found = std::find_if(episode.mishaps.begin(), episode.mishaps.end(), [&](const Mishap& mishap) {
    return mishap.moment == moment && mishap.at == number;
  });
  if (found == episode.mishaps.end()) return nullptr;
  struck.push_back(found->effect);
  return &*found;
}

Act Stage::at_command(int number) {
  if (at_terminal_) return Act::answer;
  if (store.dead) return Act::gone_before;
  world->card->instead = nullptr;
  const auto* mishap = due(Moment::command, number);
  if (mishap == nullptr || strike_anything(*mishap)) return Act::answer;
  switch (mishap->effect) {
    case Effect::swapped:
      swap_ = true;
      [[fallthrough]];
    case Effect::pulled_before:
      return Act::gone_before;
    case Effect::unplugged:
      world->readers.unplug(counter::test::reader_name);
      return Act::gone_before;
    case Effect::pulled_after:
      return Act::gone_after;
    case Effect::power_lost:
      lose_power();
      return Act::gone_after;
    case Effect::killed_before:
      die();
      return Act::gone_before;
    case Effect::killed_after:
      die();
      return Act::gone_after;
    case Effect::ended:
      world->desk->stop();
      return Act::answer;
    case Effect::refused:
      world->card->instead = [](const auto&) { return base::Bytes{0x6F, 0x00}; };
      return Act::answer;
    case Effect::card_mute:
      return Act::mute;
    case Effect::write_lost:
      world->card->keeps_writes = false;
      return Act::answer;
    default:
      return Act::answer;
  }
}

Fate Stage::at_message() {
  if (at_terminal_) return Fate::delivered;
  if (store.dead) return Fate::lost_before;
  if (down_for_ > 0) {
    --down_for_;
    return Fate::lost_before;
  }
  const auto* mishap = due(Moment::message, ++messages_);
  if (mishap == nullptr || strike_anything(*mishap)) return Fate::delivered;
  switch (mishap->effect) {
    case Effect::message_lost:
      return Fate::lost_before;
    case Effect::reply_lost:
      return Fate::lost_after;
    case Effect::reply_spoilt:
      return Fate::spoilt;
    case Effect::message_twice:
      return Fate::twice;
    case Effect::killed_before:
      die();
      return Fate::lost_before;
    case Effect::power_lost:
      lose_power();
      return Fate::lost_after;
    case Effect::killed_after:
      die();
      return Fate::lost_after;
    case Effect::authority_down:
      down_for_ = 3;
      return Fate::lost_before;
    case Effect::authority_lies:
      world->order(mishap->lie);
      return Fate::delivered;
    default:
      return Fate::delivered;
  }
}

StruckStore::Act Stage::at_commit(int number) {
  if (full_for_ > 0) {
    --full_for_;
    return StruckStore::Act::refuse;
  }
  const auto* mishap = due(Moment::commit, number);
  if (mishap == nullptr || strike_anything(*mishap)) return StruckStore::Act::keep;
  switch (mishap->effect) {
    case Effect::killed_before:
      store.after = nullptr;
      return StruckStore::Act::dead;
    case Effect::power_lost:
      store.after = [this] { lose_power(); };
      return StruckStore::Act::keep_then_dead;
    case Effect::power_lost_amid:
      disk_.fail_from(mishap->after, SQLITE_IOERR_WRITE);
      store.after = [this, mishap] { lose_power_amid(*mishap); };
      return StruckStore::Act::keep_then_dead;
    case Effect::killed_after:
      store.after = nullptr;
      return StruckStore::Act::keep_then_dead;
    case Effect::ended:
      world->desk->stop();
      return StruckStore::Act::keep;
    case Effect::refused_often:
      full_for_ = 4;
      [[fallthrough]];
    case Effect::refused:
      return StruckStore::Act::refuse;
    default:
      return StruckStore::Act::keep;
  }
}

void Stage::begin_round(int number) {
  world->protocol->ahead = std::chrono::milliseconds(0);
  world->card->keeps_writes = true;
  world->readers.service_down = false;
  disk_.work_again();
  plugin_.down = plugin_.too_late = false;
  world->clock.advance(std::exchange(put_forward_, std::chrono::milliseconds(0)));
  const auto* mishap = due(Moment::round, number);
  if (mishap == nullptr || strike_anything(*mishap)) return;
  switch (mishap->effect) {
    case Effect::client_gone:
      client_gone = true;
      break;
    case Effect::mistyped:
      mistype = 1;
      break;
    case Effect::mistyped_twice:
      mistype = 2;
      break;
    case Effect::service_down:
      world->readers.service_down = true;
      break;
    case Effect::day_passes:
      world->clock.advance(std::chrono::hours(24));
      break;
    case Effect::clock_back:
      world->clock.advance(-apart);
      put_forward_ = apart;
      break;
    case Effect::clock_forward:
      world->clock.advance(apart);
      break;
    case Effect::clocks_apart:
      world->protocol->ahead = 2 * apart;
      break;
    case Effect::swapped:
      swap_ = true;
      if (presence()) world->pull();
      break;
    case Effect::unplugged:
      world->readers.unplug(counter::test::reader_name);
      break;
    case Effect::ended:
      world->desk->stop();
      break;
    case Effect::disk_fails:
      disk_.fail_from(mishap->after, mishap->after % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE);
      break;
    case Effect::disk_read_only:
      disk_.fail_from(mishap->after, SQLITE_READONLY);
      break;
    case Effect::plugin_down:
      plugin_.down = true;
      break;
    case Effect::plugin_late:
      plugin_.down = plugin_.too_late = true;
      break;
    default:
      break;
  }
}

}  // namespace madoguchi::faults
