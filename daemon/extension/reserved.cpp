#include "reserved.hpp"

#include <algorithm>
#include <iterator>

#include "policy/decision.hpp"

namespace madoguchi::extension {
namespace {

constexpr std::string_view names[] = {
    "audit",  "audits",  "availability", "authority", "authorities", "card",    "cards",   "case",
    "cases",  "core",    "event",        "events",    "madoguchi",   "office",  "offices", "pin",
    "pins",   "plugin",  "plugins",      "policy",    "policies",    "privacy", "queue",   "queues",
    "reader", "readers", "rpc",          "system",    "systems",     "issue",   "visit",   "visits"};

}  // namespace

bool is_cores_name(std::string_view word) {
  return std::find(std::begin(names), std::end(names), word) != std::end(names);
}

bool is_cores_word(std::string_view word) {
  const auto codes = policy::core_codes();
  return is_cores_name(word) || std::any_of(codes.begin(), codes.end(), [&](std::string_view code) {
           return code.substr(0, code.find('.')) == word;
         });
}

}  // namespace madoguchi::extension
