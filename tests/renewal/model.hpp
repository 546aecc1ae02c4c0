// A card and an authority as plain values, so that the whole saga runs without either: real keys and
// certificates, but no APDU, no message that anybody parses, no clock.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "renewal/saga.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::renewal::model {

// One development CA for the whole test program; making its keys takes seconds.
const simulated_issuer::CaFolder& ca();
// Public keys that were made beforehand; the model "generates" the next one.
const std::vector<base::Bytes>& keys();
base::Bytes certificate_for(const base::Bytes& key, base::Date last_day, base::Instant not_before,
                            std::string_view name = "CN-1");
base::Instant at(std::string_view time);

struct Card {
  std::map<Slot, base::Bytes> key;
  std::map<Slot, base::Bytes> certificate;
  std::size_t generated = 0;  // how many keys it has made
};

struct Ca {
  std::map<base::Bytes, base::Bytes> issued;  // by key: one certificate a key, ever
  std::set<base::Bytes> confirmed;            // certificates
  std::set<base::Bytes> revoked;
  int enrolments_seen = 0;
  int to_spoil = 0;               // how many certificates are yet to be issued for another name
  std::set<base::Bytes> burnt{};  // keys whose certificate was given back: never certified again
};

struct World {
  Card card;
  Ca ca;
  base::Instant now;
};

// A saga about to begin, on a card whose certificate ends soon.
Saga fresh_saga(World& world, bool spare, std::string_view old_ends = "2026-04-10");

// A saga about to begin on the card as it is now: another counter's.
Saga saga_for_the_card_as_it_is(const World& world, bool spare);

// Takes the step in the world and says what came of it: what the counter does, without its I/O.
Event act(World& world, const Saga& saga, const Step& step);

}  // namespace madoguchi::renewal::model
