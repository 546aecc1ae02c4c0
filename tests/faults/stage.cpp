#include "stage.hpp"

#include <filesystem>
#include <map>

#include "audit/verifier.hpp"
#include "power.hpp"
#include "storage/sqlite.hpp"
#include "taken.hpp"

namespace madoguchi::faults {
namespace {

namespace fs = std::filesystem;
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

// The rules' part: whoever comes for the holder comes again when the letter is back.
void let_come_twice(World& world) {
  world.decide = [usual = world.decide](const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* visit = facts.if_contains("visit");
    if (visit == nullptr || *visit != 2) decided->decision["outcome"] = "two_visits";
    return decided;
  };
}

// The rules' part: what has matched is not forgotten.
void let_reset_once(World& world, mynumber::PinName pin) {
  const auto usual = world.decide;
  world.let_reset(pin);
  world.decide = [usual, resetting = world.decide, pin](const boost::json::object& facts,
                                                        base::Instant received) {
    const auto* pins = facts.if_contains("pins");
    const auto* told = pins == nullptr ? nullptr : pins->as_object().if_contains(mynumber::name(pin));
    return told != nullptr && *told == "matched" ? usual(facts, received) : resetting(facts, received);
  };
}

std::string describe(const audit::Problem& problem) {
  return std::string(audit::name(problem.flaw)) + " at " + std::to_string(problem.seq);
}

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
      audit_key_(std::make_shared<audit::SigningKey>(audit::SigningKey::generate())),
      plugin_(log_, episode.isolated_plugin) {
  fs::create_directory(folder_.path() / "state");
  fs::create_directory(folder_.path() / "synced");
  disk_.mirror_synced_into(folder_.path() / "synced");
  open_store();
  auto options = episode.options;
  options.store = &store;
  options.plugins = &plugin_;
  options.keys = draw_keys();
  world = std::make_unique<World>(options);
  if (episode.terminal) terminal_ = std::make_unique<counter::test::TerminalCounter>(*world);
  if (episode.forgotten) let_reset_once(*world, *episode.forgotten);
  decided_there_ = world->decide;
  if (episode.two_visits) let_come_twice(*world);
  strange_ = std::make_shared<counter::test::TestCard>(
      card_of(simulated_card::CitizenKind::card_ends_with_certificate));
  old_ = world->on_card(mynumber::CertificateName::authentication);
  world->card->disturb = [this](int) { return at_command(++commands_); };
  for (auto* line : {world->line.get(), world->signature_line.get(), world->status_line.get()}) {
    line->fate = [this](int) { return at_message(); };
  }
  store.strike = [this](int number) { return at_commit(number); };
}

Stage::~Stage() {
  if (world) world->desk.reset();
  terminal_.reset();
  world.reset();
  store.close();
}

void Stage::open_store() {
  // The same key whenever the machine begins again.
  storage::Keyring ring;
  ring.keys.push_back(taken(storage::SealingKey::from_text(std::string(64, '5'))));
  auto opened = taken(storage::open_sqlite(folder_.path() / "state" / "cases.db", ring));
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
  verifier.without_entries(taken(trail_->unaccounted_cases()));
  std::vector<std::string> flaws;
  for (const auto& problem : verifier.problems()) flaws.push_back(describe(problem));
  if (verifier.entries() == 0) flaws.emplace_back("nothing is in it");
  return flaws;
}

void Stage::make_peace() {
  peace_ = true;
  full_for_ = down_for_ = 0;
  mistype = 0;
  client_gone = swap_ = false;
  world->readers.service_down = false;
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
  try {
    open_store();
  } catch (const std::runtime_error&) {
    // On a disk that is ill the daemon does not start, and is started again once the disk is well.
    if (!disk_.has_failed()) throw;
    disk_.work_again();
    open_store();
  }
  if (episode.isolated_plugin) plugin_.begin_anew();
  terminal_ ? terminal_->restart() : world->restart();
}

bool Stage::work_at_terminal() {
  if (other_there_ || presence() != smartcard::Presence::present) return false;
  at_terminal_ = true;
  // It is carried there: whoever has tried a PIN since it was handed over holds it no more.
  world->desk->card_gone(counter::test::reader_name);
  world->readers.service_down = false;
  world->protocol->ahead = std::chrono::milliseconds(0);
  world->card->instead = nullptr;
  world->card->keeps_writes = true;
  world->order(R"({"clear":true})");
  disk_.spare(true);  // the authority keeps its register there, too
  const auto decided_here = std::exchange(world->decide, decided_there_);
  terminal_->work_there(episode.options.wanted);
  world->decide = decided_here;
  disk_.spare(false);
  at_terminal_ = false;
  return true;
}

std::optional<smartcard::Presence> Stage::presence() const {
  for (const auto& reader : world->readers.list()) {
    if (reader.name == counter::test::reader_name) return reader.presence;
  }
  return {};
}

void Stage::set_right() {
  put_right();
  if (const auto* mishap = std::exchange(asks_next_, nullptr)) other_asks(mishap->other, mishap->at);
}

void Stage::put_right() {
  if (episode.isolated_plugin) plugin_.recover();
  if (store.dead ||
      counter::test::code_of(world->run(world->desk->inspect(counter::test::other_reader_name))) ==
          base::Code::shutting_down) {
    restart();
  }
  const auto lies_there = presence();
  if (!lies_there) world->readers.add(counter::test::reader_name);
  if (card_lost) {
    if (lies_there) world->pull();
    return;
  }
  const bool empty = !lies_there || *lies_there == smartcard::Presence::empty;
  const bool other = std::exchange(other_there_, false);
  if (!empty && !other) return;
  world->desk->card_gone(counter::test::reader_name);
  other_there_ = std::exchange(swap_, false) && case_begun;
  world->readers.insert(counter::test::reader_name, other_there_ ? strange_ : world->card);
}

}  // namespace madoguchi::faults
