#include "messages/book.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <vector>

#include "tables.hpp"

namespace madoguchi::messages {
namespace {

std::vector<const Message*> sorted() {
  std::vector<const Message*> all;
  for (const auto table : {logged(), found(), found_keys(), found_outside()}) {
    for (const auto& message : table) all.push_back(&message);
  }
  std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  return all;
}

std::string plain(const boost::json::value& fact) {
  return fact.is_string() ? std::string(fact.get_string()) : boost::json::serialize(fact);
}

}  // namespace

std::span<const Message* const> book() {
  static const auto all = sorted();
  return all;
}

const Message* find(std::string_view id) {
  const auto all = book();
  const auto found = std::lower_bound(all.begin(), all.end(), id,
                                      [](const auto* message, auto wanted) { return message->id < wanted; });
  return found != all.end() && (*found)->id == id ? *found : nullptr;
}

std::string filled(std::string_view text, const boost::json::object& facts) {
  std::string result;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return result.append(text);
    const auto* fact = facts.if_contains(text.substr(open + 1, close - open - 1));
    result.append(text.substr(0, open));
    result.append(fact != nullptr ? plain(*fact) : std::string(text.substr(open, close - open + 1)));
    text.remove_prefix(close + 1);
  }
  return result;
}

boost::json::object remedy(std::string_view id, const boost::json::object& facts) {
  const auto* message = find(id);
  if (message == nullptr || message->do_en.empty()) return {};
  return {{"id", id}, {"ja", filled(message->do_ja, facts)}, {"en", filled(message->do_en, facts)}};
}

}  // namespace madoguchi::messages
