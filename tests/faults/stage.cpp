#include "stage.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "audit/verifier.hpp"
#include "storage/sqlite.hpp"
#include "taken.hpp"

namespace madoguchi::faults {
namespace {

namespace fs = std::filesystem;
using counter::test::Act;
using counter::test::Fate;
using counter::test::taken;
using counter::test::World;

// Keys made beforehand, since making one takes longer than the rest of a visit. No episode draws one twice.
class KeyRing {
 public:
  static constexpr std::size_t size = 24;
  static const base::Bytes& at(std::size_t place) {
    static std::vector<base::Bytes> keys;
    while (keys.size() <= place) keys.push_back(simulated_card::generate_rsa_2048());
    return keys[place];
  }
};

simulated_card::KeySource draw_keys() {
  return [next = std::size_t{0}]() mutable {
    return next < KeyRing::size ? KeyRing::at(next++) : simulated_card::generate_rsa_2048();
  };
}

const simulated_card::CardImage& card_of(simulated_card::CitizenKind kind) {
  static std::map<simulated_card::CitizenKind, simulated_card::CardImage> images;
  const auto found = images.find(kind);
  if (found != images.end()) return found->second;
  counter::test::Options options;
  options.citizen = kind;
  const World world(options);
  return images.emplace(kind, world.card->card.image()).first->second;
}

// What a start of the machine would find, the shared memory beside the database left out.
void copy_store(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::create_directory(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    const auto name = entry.path().filename().string();
    if (name == "cases.db" || name == "cases.db-wal") fs::copy_file(entry.path(), to / name);
  }
}

std::string describe(const audit::Problem& problem) {
  return std::string(audit::name(problem.flaw)) + " at " + std::to_string(problem.seq);
}

constexpr std::chrono::minutes apart{6};  // more than clocks may differ

}  // namespace

base::Result<storage::Committed> StruckStore::commit(const storage::Change& change) {
  if (dead) return base::make_fault(base::Code::storage_unavailable, "the daemon is dead");
  const auto act = strike ? strike(++commits_) : Act::keep;
  if (act == Act::refuse) return base::make_fault(base::Code::storage_full, "as drawn");
  if (act == Act::dead) {
    dead = true;
    if (after) after();
    return base::make_fault(base::Code::storage_unavailable, "the daemon is dead");
  }
  auto done = inner_->commit(change);
  if (act == Act::keep_then_dead) {
    dead = true;
    if (after) after();
  }
  return done;
}

Stage::Stage(Episode given)
    : episode(std::move(given)),
      audit_key_(std::make_shared<audit::SigningKey>(audit::SigningKey::generate())) {
  fs::create_directory(folder_.path() / "state");
  fs::create_directory(folder_.path() / "synced");
  disk_.mirror_synced_into(folder_.path() / "synced");
  open_store();
  auto options = episode.options;
  options.store = &store;
  options.plugins = &plugin_;
  options.keys = draw_keys();
  world = std::make_unique<World>(options);
  if (episode.reset_pin) world->let_reset(mynumber::PinName::authentication);
  strange_ = std::make_shared<counter::test::TestCard>(
      card_of(simulated_card::CitizenKind::card_ends_with_certificate));
  world->card->disturb = [this](int) { return at_command(++commands_); };
  for (auto* line : {world->line.get(), world->signature_line.get(), world->status_line.get()}) {
    line->fate = [this](int) { return at_message(); };
  }
  store.strike = [this](int number) { return at_commit(number); };
}

Stage::~Stage() {
  world.reset();
  store.close();
}

void Stage::open_store() {
  auto opened = taken(storage::open_sqlite(folder_.path() / "state" / "cases.db"));
  trail_ = opened.get();
  // As each start of the daemon does, before it writes anything.
  const auto found = taken(trail_->check_end({audit_key_->public_key()}));
  for (const auto& problem : found) violations.push_back("the audit log's end: " + describe(problem));
  trail_->seal_with(audit_key_, "window-1");
  store.take(std::move(opened));
  store.dead = false;
  copy_store(folder_.path() / "state", folder_.path() / "synced");
}

std::vector<std::string> Stage::audit_flaws() const {
  constexpr int piece = 500;
  audit::Verifier verifier({audit_key_->public_key()});
  verifier.begin_store(taken(trail_->audit_marks()).base);
  for (std::int64_t since = 0;;) {
    const auto rows = taken(trail_->audit_entries(since, {}, piece));
    for (const auto& row : rows) verifier.entry(row.line, row.seq, row.case_id);
    if (rows.size() < static_cast<std::size_t>(piece)) break;
    since = rows.back().seq;
  }
  verifier.end_store(taken(trail_->audit_marks()).head);
  std::vector<std::string> flaws;
  for (const auto& problem : verifier.problems()) flaws.push_back(describe(problem));
  if (verifier.entries() == 0) flaws.emplace_back("nothing is in it");
  return flaws;
}

void Stage::die() {
  store.dead = true;
}

void Stage::lose_power() {
  power_lost_ = true;
  copy_store(folder_.path() / "synced", folder_.path() / "left");
  die();
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
  if (store.dead) return Act::gone_before;
  world->card->instead = nullptr;
  const auto* mishap = due(Moment::command, number);
  if (mishap == nullptr) return Act::answer;
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
    case Effect::write_lost:
      world->card->keeps_writes = false;
      return Act::answer;
    default:
      return Act::answer;
  }
}

Fate Stage::at_message() {
  if (store.dead) return Fate::lost_before;
  if (down_for_ > 0) {
    --down_for_;
    return Fate::lost_before;
  }
  const auto* mishap = due(Moment::message, ++messages_);
  if (mishap == nullptr) return Fate::delivered;
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
  if (mishap == nullptr) return StruckStore::Act::keep;
  switch (mishap->effect) {
    case Effect::killed_before:
      store.after = nullptr;
      return StruckStore::Act::dead;
    case Effect::power_lost:
      store.after = [this] { lose_power(); };
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
  disk_.work_again();
  plugin_.down = plugin_.too_late = false;
  world->clock.advance(std::exchange(put_forward_, std::chrono::milliseconds(0)));
  const auto* mishap = due(Moment::round, number);
  if (mishap == nullptr) return;
  switch (mishap->effect) {
    case Effect::client_gone:
      client_gone = true;
      break;
    case Effect::mistyped:
      mistype = true;
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

void Stage::make_peace() {
  peace_ = true;
  full_for_ = down_for_ = 0;
  mistype = client_gone = swap_ = false;
  world->clock.advance(std::exchange(put_forward_, std::chrono::milliseconds(0)));
  world->protocol->ahead = std::chrono::milliseconds(0);
  world->card->keeps_writes = true;
  world->card->instead = nullptr;
  disk_.work_again();
  plugin_.down = plugin_.too_late = false;
  world->order(R"({"clear":true})");
}

void Stage::restart() {
  world->desk.reset();
  world->loop.poll();
  store.close();
  if (std::exchange(power_lost_, false)) {
    copy_store(folder_.path() / "left", folder_.path() / "state");
  }
  open_store();
  world->restart();
}

std::optional<smartcard::Presence> Stage::presence() const {
  for (const auto& reader : world->readers.list()) {
    if (reader.name == counter::test::reader_name) return reader.presence;
  }
  return {};
}

void Stage::set_right() {
  if (store.dead ||
      counter::test::code_of(world->run(world->desk->inspect(counter::test::other_reader_name))) ==
          base::Code::shutting_down) {
    restart();
  }
  const auto lies_there = presence();
  if (!lies_there) world->readers.add(counter::test::reader_name);
  const bool empty = !lies_there || *lies_there == smartcard::Presence::empty;
  const bool other = std::exchange(other_there_, false);
  if (!empty && !other) return;
  world->desk->card_gone(counter::test::reader_name);
  other_there_ = std::exchange(swap_, false) && case_begun;
  world->readers.insert(counter::test::reader_name, other_there_ ? strange_ : world->card);
}

}  // namespace madoguchi::faults
