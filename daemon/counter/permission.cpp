#include "permission.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;

std::string word_in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The codes of the findings with one of these severities; with any when none is named.
std::vector<std::string> findings(const json::object& decision,
                                  std::initializer_list<std::string_view> severities) {
  std::vector<std::string> codes;
  const auto* found = decision.if_contains("findings");
  if (found == nullptr || !found->is_array()) return codes;
  for (const auto& item : found->get_array()) {
    if (!item.is_object()) continue;
    const auto severity = word_in(item.get_object(), "severity");
    const bool wanted = severities.size() == 0 ||
                        std::find(severities.begin(), severities.end(), severity) != severities.end();
    if (wanted) codes.push_back(word_in(item.get_object(), "code"));
  }
  return codes;
}

}  // namespace

std::vector<std::string> left_to_the_clerk(const json::object& decision) {
  return findings(decision, {"override"});
}

std::vector<std::string> codes_of(const json::object& decision) {
  return findings(decision, {});
}

base::Result<void> not_forbidden(const json::object& decision) {
  if (findings(decision, {"block", "redirect"}).empty()) return {};
  return make_fault(Code::policy_blocked, "the decision blocks", {{"decision", decision}});
}

base::Result<void> reasoned(const json::object& decision, const json::object& before,
                            const std::string& reason) {
  // Blanks, also the wide one, are no reason.
  if (reason.find_first_not_of(" \t\r\n\u3000") != std::string::npos) return {};
  const auto known = findings(before, {"override"});
  const auto left = findings(decision, {"override"});
  const bool all_known = std::all_of(left.begin(), left.end(), [&](const std::string& code) {
    return std::find(known.begin(), known.end(), code) != known.end();
  });
  if (all_known) return {};
  return make_fault(
      Code::policy_blocked, "left to the clerk, who has given no reason",
      {{"decision", decision},
       {"needs", "override_reason"},
       {"ja", "この受付を続けるかは職員の判断によります。続けるには、その理由を入力してください。"},
       {"en", "Whether to go on is left to the clerk: to go on, give the reason."}});
}

base::Result<void> writable(const Parts& parts, const renewal::Case& visit) {
  if (parts.channel == renewal::Channel::terminal) return {};
  if (parts.admin != nullptr && parts.terminal != nullptr) return {};
  const auto plan = renewal::plan_of(visit.decision);
  if (!plan) return plan.error();
  const bool writes = !plan->certificates.empty() || !plan->pin_resets.empty();
  if (plan->outcome != "complete_today" || !writes) return {};
  return cannot_be_written();
}

base::Fault cannot_be_written() {
  return make_fault(Code::conflict, "no administrative commands for this card generation",
                    {{"cannot", "write_card"},
                     {"ja",
                      "この装置では、このカードへの書込みはできません。統合端末で手続きしてください。ここでの"
                      "暗証番号の入力は不要です。"},
                     {"en",
                      "This counter cannot write to this card; use the official terminal. No PIN needs to be "
                      "entered here."}});
}

base::Fault not_from_a_terminal(const std::string& id) {
  return make_fault(Code::conflict, "not on the channel of the official terminal",
                    {{"case", id},
                     {"cannot", "terminal"},
                     {"ja", "この窓口では統合端末を使わずに発行します。この操作は必要ありません。"},
                     {"en", "This counter issues without the official terminal; this is not needed here."}});
}

base::Result<void> on_its_channel(const Parts& parts, const renewal::Case& visit) {
  if (renewal::undecided(visit) || visit.channel == parts.channel) return {};
  return make_fault(
      Code::conflict, "begun on another channel than this counter has now",
      {{"case", visit.id},
       {"cannot", "channel"},
       {"channel", renewal::name(visit.channel)},
       {"ja", "この受付は、この窓口の現在の設定とは別の発行方法で始まっています。管理者に連絡してください。"},
       {"en",
        "This case began with another way of issuing than this counter is set up for now; tell the "
        "administrator."}});
}

}  // namespace madoguchi::counter
