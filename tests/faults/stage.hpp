// The counter's world with a real store, in which an episode's mishaps strike.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "../storage/faulty_disk.hpp"
#include "../storage/forwarding_store.hpp"
#include "mishaps.hpp"
#include "plugin.hpp"
#include "storage/audit_trail.hpp"
#include "terminal_counter.hpp"
#include "world.hpp"

namespace madoguchi::faults {

// The store behind the desk: SQLite, and what happens at its commits.
class StruckStore final : public storage::ForwardingStore {
 public:
  // Asked with the number of each commit, before; what it says happens instead of, or around, the commit.
  enum class Act : std::uint8_t { keep, refuse, keep_then_dead, dead };
  std::function<Act(int)> strike;
  bool dead = false;  // the daemon is no more: nothing that it still does has any effect
  std::function<void()> after;

  void take(std::unique_ptr<storage::CaseStore> inner) { inner_ = std::move(inner); }
  void close() { inner_.reset(); }

  base::Result<storage::Committed> commit(const storage::Change& change) override;

 private:
  int commits_ = 0;
};

// Of the right form, and nobody's.
inline std::string wrong_value(mynumber::PinName pin) {
  return pin == mynumber::PinName::signature ? "WRONG1" : "0001";
}

class Stage {
 public:
  explicit Stage(Episode given);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Begins a try of the clerk: what strikes in it by its number.
  void begin_round(int number);
  // No more mishaps, and nothing stands in the way.
  void make_peace();
  // As the person at the counter does before each try: the daemon runs, the right card lies on its reader.
  void set_right();
  // A new store for the same files, as a new start of the daemon opens it.
  void restart();
  // What the clerk does at the official terminal, once: no mishap is played there. False: it is not the
  // citizen's card that lies on the reader.
  bool work_at_terminal();
  // Somebody else's.
  [[nodiscard]] std::shared_ptr<counter::test::TestCard> strange_card() const { return strange_; }

  Episode episode;
  StruckStore store;
  std::unique_ptr<counter::test::World> world;
  int mistype = 0;           // so many of the next PINs
  bool client_gone = false;  // while the next PIN is checked
  // The old certificate, and not by the counter.
  [[nodiscard]] bool was_revoked() const;
  // What is wrong with the audit log, from its first entry to its signed end.
  [[nodiscard]] std::vector<std::string> audit_flaws() const;

  // Lets the clerk at the other window act. The number chooses among PINs.
  std::function<void(Other, int)> other_asks;
  bool card_lost = false;                 // it is nowhere to be put back from
  bool case_begun = false;                // before that a strange card would be taken for the citizen's
  std::vector<Effect> struck{};           // the mishaps that have taken place
  std::vector<std::string> violations{};  // that a start of the daemon has found

 private:
  [[nodiscard]] std::optional<smartcard::Presence> presence() const;  // nothing: the reader is not there
  void die();
  void lose_power();
  void lose_power_amid(const Mishap& mishap);
  // What can happen in any moment; false: not this.
  bool strike_anything(const Mishap& mishap);
  void revoke_old();
  void open_store();
  void put_right();
  const Mishap* due(Moment moment, int number);
  counter::test::Act at_command(int number);
  counter::test::Fate at_message();
  StruckStore::Act at_commit(int number);

  counter::test::TemporaryFolder folder_;
  storage::FaultyDisk disk_;
  std::shared_ptr<const audit::SigningKey> audit_key_;
  storage::AuditTrail* trail_ = nullptr;
  counter::test::KeptLog log_;
  Plugin plugin_;
  std::unique_ptr<counter::test::TerminalCounter> terminal_;
  bool at_terminal_ = false;
  counter::Decide decided_there_;  // nothing of a second visit
  std::shared_ptr<counter::test::TestCard> strange_;
  base::Bytes old_;                    // the authentication certificate, as the card had it
  const Mishap* asks_next_ = nullptr;  // another clerk, once everything is right
  bool peace_ = false;
  bool power_lost_ = false;
  bool swap_ = false;                         // the next card on the reader is somebody else's,
  bool other_there_ = false;                  // which lies there now
  std::chrono::milliseconds put_forward_{0};  // what the clock has to be put right by
  int down_for_ = 0;
  int full_for_ = 0;
  int commands_ = 0;
  int messages_ = 0;
};

}  // namespace madoguchi::faults
