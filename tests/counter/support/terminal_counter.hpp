// A counter of genuine cards, and the official terminal beside it, played by another desk that has the
// simulated card's administrative commands: the two share nothing but the reader and the card in it.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "world.hpp"

namespace madoguchi::counter::test {

class TerminalCounter {
 public:
  using Wanted = std::set<mynumber::CertificateName>;
  static constexpr auto authentication = mynumber::CertificateName::authentication;
  static constexpr auto signature = mynumber::CertificateName::signature;

  explicit TerminalCounter(Options options = single());
  // In a world that outlives it.
  explicit TerminalCounter(World& world);
  ~TerminalCounter();
  TerminalCounter(const TerminalCounter&) = delete;
  TerminalCounter& operator=(const TerminalCounter&) = delete;

  static Options single() {
    Options options;
    options.layout = simulated_card::Layout::single;
    return options;
  }

  // The daemon ends and begins anew.
  void restart(renewal::Channel channel = renewal::Channel::terminal);
  base::Result<renewal::Case> record(const std::string& id, mynumber::PinName pin,
                                     renewal::PinOutcome outcome = renewal::PinOutcome::matched);
  // An open case with every PIN recorded as matched, and one that was handed over.
  std::string ready();
  std::string handed_over();
  base::Result<renewal::Case> issue(const std::string& id, Acceptance accepted = {});
  // What the clerk does there; the dates are `days` from those that are decided here.
  void work_there(const Wanted& wanted = {authentication, signature}, int days = 0);
  // The holder enters every PIN here once the card is back.
  void verify_all(const std::string& id) { world.verify_all(id); }
  [[nodiscard]] std::size_t count(const std::string& id, std::string_view kind) const;

  World& world;

 private:
  explicit TerminalCounter(std::unique_ptr<World> own);

  std::unique_ptr<World> own_;
  mynumber::CardProfile profile_;
  std::unique_ptr<mynumber::TerminalKey> key_;
  std::unique_ptr<mynumber::AdminCommandSet> admin_;
  std::unique_ptr<AuthorityLine> line_;
  MemoryStore theirs_;
  std::unique_ptr<Desk> official_;
};

}  // namespace madoguchi::counter::test
