#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>

#include "clerk.hpp"
#include "renewal/following.hpp"
#include "simulated_card/keys.hpp"
#include "taken.hpp"

namespace madoguchi::faults {
namespace {

using mynumber::CertificateName;
using mynumber::PinName;
using renewal::State;

bool ended(const renewal::Case& visit) {
  return visit.state == State::completed || visit.state == State::cancelled;
}

// The key beside the certificate in use.
base::Bytes key_on_card(const counter::test::World& world, CertificateName which) {
  namespace layout = simulated_card::layout;
  const auto id = which == CertificateName::signature ? layout::signature_key : layout::authentication_key;
  const auto& keys = world.card->card.image().find(layout::jpki)->keys;
  const auto found = keys.find(id);
  if (found == keys.end() || found->second.private_key.empty()) return {};
  return simulated_card::public_key_info(found->second.private_key);
}

bool holds(const counter::test::World& world, CertificateName which) {
  namespace layout = simulated_card::layout;
  const auto& files = world.card->card.image().find(layout::jpki)->files;
  return files.contains(which == CertificateName::signature ? layout::signature_certificate
                                                            : layout::authentication_certificate);
}

void check_card(const Stage& stage, const renewal::Case& visit, std::vector<std::string>& wrong) {
  if (visit.card_gone || !ended(visit)) return;
  for (const auto which : {CertificateName::signature, CertificateName::authentication}) {
    // Whoever gives up takes home what was worth nothing any more: its authority has revoked it.
    const bool worthless =
        which == CertificateName::authentication && visit.state == State::cancelled && stage.was_revoked();
    if ((worthless && stage.episode.cancel_in_round != 0) || holds_pair(*stage.world, which)) continue;
    wrong.push_back(std::string(mynumber::name(which)) + ": no working pair on the card, and the case is " +
                    std::string(renewal::name(visit.state)));
  }
}

void check_authority(const counter::test::World& world, const renewal::Case& visit,
                     std::vector<std::string>& wrong) {
  for (const auto which : world.options.wanted) {
    std::map<std::string, int> by_key;
    int good = 0;
    bool on_card = false;
    for (const auto& entry : world.issued(which)) {
      if (++by_key[entry.spki_sha256] > 1) wrong.emplace_back("two serials for one key");
      if (entry.revocation) continue;
      ++good;
      on_card = on_card || entry.certificate == world.on_card(which);
    }
    // What an authority keeps although it was given back, the back office is told of.
    const bool told = std::any_of(visit.sagas.begin(), visit.sagas.end(), [&](const auto& saga) {
      return saga.certificate == which && saga.refusal_unclear;
    });
    if (told && good > (on_card ? 1 : 0)) --good;
    const auto what = std::string(mynumber::name(which));
    if (visit.state == State::completed && (good != 1 || !on_card)) {
      wrong.push_back(what + ": " + std::to_string(good) + " good at the authority, on the card: " +
                      (on_card ? "yes" : "no") + ", and the case is completed");
    }
    // What was done before the citizen left stays in use.
    const bool done = std::any_of(visit.sagas.begin(), visit.sagas.end(), [&](const auto& saga) {
      return saga.certificate == which && saga.phase == renewal::Phase::done;
    });
    // Of a lost card nobody can tell what the official terminal has done with it.
    const bool unknown = visit.channel == renewal::Channel::terminal && visit.card_gone;
    if (visit.state == State::cancelled && good != 0 && !done && !unknown) {
      wrong.push_back(what + ": good at the authority although the case is cancelled");
    }
  }
}

// No try is gone that was not spent by a PIN mistyped since the last right one.
void check_tries(const counter::test::World& world, const std::map<PinName, int>& mistyped,
                 std::vector<std::string>& wrong) {
  if (world.options.citizen == simulated_card::CitizenKind::face_authentication) return;
  for (const auto pin : {PinName::signature, PinName::authentication}) {
    const auto found = mistyped.find(pin);
    const int spent = found == mistyped.end() ? 0 : found->second;
    const int full = pin == PinName::signature ? 5 : 3;
    if (world.tries_left(pin) < full - spent) {
      wrong.push_back(std::string(mynumber::name(pin)) + ": " + std::to_string(world.tries_left(pin)) +
                      " tries left, mistyped " + std::to_string(spent));
    }
  }
}

// One card's cases follow each other: nobody has asked for one beside another.
void check_cases(Stage& stage, std::vector<std::string>& wrong) {
  std::map<std::string, int> unfinished;
  for (const auto& record : counter::test::taken(stage.store.list({})).records) {
    const auto state = renewal::state_named(record.state);
    // What has not begun is nothing beside anything: two colleagues may each have opened one.
    const bool begun = state && (renewal::under_way(*state) || *state == State::waiting);
    if (record.card.empty() || !begun) continue;
    if (++unfinished[record.card] > 1) wrong.emplace_back("two unfinished cases with one card");
  }
}

// Nobody is sent home without an end, or a word why.
void check_end(const counter::test::World& world, const renewal::Case& visit,
               std::vector<std::string>& wrong) {
  if (ended(visit)) return;
  const bool has_pins = world.options.citizen != simulated_card::CitizenKind::face_authentication;
  for (const auto pin : {PinName::signature, PinName::authentication, PinName::resident_register}) {
    if (has_pins && world.tries_left(pin) == 0) return;
  }
  wrong.push_back("never ended, though nothing stood in the way any more: " +
                  std::string(renewal::name(visit.state)));
}

void check_next_citizen(Stage& stage, std::vector<std::string>& wrong) {
  auto& world = *stage.world;
  world.readers.insert(counter::test::other_reader_name, stage.strange_card());
  const auto seen = world.run(world.desk->inspect(counter::test::other_reader_name));
  if (!seen) wrong.push_back("the next citizen is not served: " + base::describe(seen.error()));
}

void check_journal(Stage& stage, const renewal::Case& visit, std::vector<std::string>& wrong) {
  const auto journal = stage.store.journal(visit.id);
  if (!journal || journal->empty()) {
    wrong.emplace_back("no journal");
    return;
  }
  std::int64_t expected = 0;
  for (const auto& record : *journal) {
    if (record.seq != ++expected) wrong.emplace_back("a gap in the journal");
  }
}

// Each event once, however often it was not there: what it was owed it has been told by itself.
void check_plugin(Stage& stage, const renewal::Case& visit, std::vector<std::string>& wrong) {
  stage.world->resume_until([&] { return counter::test::taken(stage.store.owed_cases()).empty(); });
  std::int64_t events = 0;
  std::string last;
  for (const auto& record : counter::test::taken(stage.store.journal(visit.id))) {
    if (!renewal::heard_of(record.kind)) continue;
    ++events;
    last = renewal::event_of(record.kind, record.at, {}).at("type").as_string();
  }
  std::int64_t heard = 0;
  std::string heard_last;
  for (const auto& row : counter::test::taken(stage.store.plugin_states(visit.id))) {
    const auto state = boost::json::parse(row.body);
    heard += state.at("count").as_int64();
    heard_last = state.at("last").as_string();
  }
  if (heard != events || heard_last != last) {
    wrong.push_back("the plugin has heard " + std::to_string(heard) + " events up to " + heard_last + ", " +
                    std::to_string(events) + " up to " + last + " are in the journal");
  }
}

}  // namespace

bool holds_pair(const counter::test::World& world, CertificateName which) {
  const auto key = key_on_card(world, which);
  if (!holds(world, which) || key.empty()) return true;
  const auto certificate = mynumber::parse_certificate(world.on_card(which));
  return certificate && certificate->spki == key;
}

std::vector<std::string> wrong_afterwards(Stage& stage, const renewal::Case& visit,
                                          const std::map<PinName, int>& mistyped) {
  std::vector<std::string> wrong;
  check_card(stage, visit, wrong);
  check_authority(*stage.world, visit, wrong);
  check_tries(*stage.world, mistyped, wrong);
  check_cases(stage, wrong);
  check_end(*stage.world, visit, wrong);
  check_journal(stage, visit, wrong);
  check_next_citizen(stage, wrong);
  check_plugin(stage, visit, wrong);
  for (const auto& flaw : stage.audit_flaws()) wrong.push_back("the audit log: " + flaw);
  wrong.insert(wrong.end(), stage.violations.begin(), stage.violations.end());
  if (visit.state == State::attention && (!visit.attention || visit.attention->look_ja.empty())) {
    wrong.emplace_back("attention without a word");
  }
  return wrong;
}

}  // namespace madoguchi::faults
