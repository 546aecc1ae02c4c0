// A log that is easy to make, and its export.
#pragma once

#include <string>
#include <vector>

#include "audit/chain.hpp"
#include "audit/statement.hpp"
#include "audit/verifier.hpp"

namespace madoguchi::audit {

inline base::Instant at(std::int64_t milliseconds) {
  return base::Instant(std::chrono::milliseconds(1'790'000'000'000 + milliseconds));
}

inline const SigningKey& test_key() {
  static const SigningKey key = SigningKey::generate();
  return key;
}

inline Entry an_entry(int number) {
  Entry entry(at(number), number % 2 == 0 ? Kind::pin : Kind::certificate,
              number % 2 == 0 ? "pin.matched" : "certificate.written");
  entry.by({.uid = 1000, .role = "clerk", .staff = "職員-7"});
  entry.put(Field::visit, "261128-7K3F92QD").put(Field::policy, "ab12");
  return entry.put(Field::pin, number % 2 == 0 ? "signature" : "");
}

inline std::vector<std::string> lines(int count, Chain& chain) {
  std::vector<std::string> all;
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all.push_back(chain.append(an_entry(i)).text);
  return all;
}

// As `madoguchi audit export` writes it.
inline std::vector<std::string> an_export(int count) {
  Chain chain;
  auto all = lines(count, chain);
  all.push_back(signed_statement(Purpose::checkpoint, chain.head(), at(count), test_key()));
  return all;
}

inline Verifier verified(const std::vector<std::string>& all) {
  Verifier verifier({test_key().public_key()});
  for (const auto& line : all) verifier.line(line);
  verifier.end();
  return verifier;
}

}  // namespace madoguchi::audit
