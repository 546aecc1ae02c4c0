// What the daemon's key says about the chain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.hpp"
#include "audit/key.hpp"
#include "base/clock.hpp"

namespace madoguchi::audit {

// Each is signed for its purpose and good for no other: a checkpoint that was handed out does not pass for
// the store's own head.
enum class Purpose : std::uint8_t {
  head,        // the store's end; replaced by each commit
  base,        // the store begins behind it: what stood before was pruned
  checkpoint,  // handed out with an export: up to here the log was whole then
};
std::string_view name(Purpose purpose);

struct Statement {
  Purpose purpose = Purpose::head;
  Place place;
  base::Instant at{};
  std::string key;  // PublicKey::id() of whose signature it has
  base::Bytes signature;
};

// One JSON object, as a line of an export: {"statement":"checkpoint","seq":9,"hash":"...","at":"...",
// "key":"...","signature":"..."}. Signed is the same object without the signature.
std::string signed_statement(Purpose purpose, const Place& place, base::Instant at, const SigningKey& key);
// Unsigned where there is no key yet.
std::string unsigned_statement(Purpose purpose, const Place& place, base::Instant at);

// Only what these write, byte for byte; internal otherwise.
base::Result<Statement> read_statement(std::string_view text);
bool is_statement(std::string_view text);

bool signed_by(const Statement& statement, const PublicKey& key);
bool signed_by_any(const Statement& statement, const std::vector<PublicKey>& keys);

}  // namespace madoguchi::audit
