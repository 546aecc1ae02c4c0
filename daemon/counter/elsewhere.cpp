#include "elsewhere.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "card_facts.hpp"
#include "renewal/before.hpp"
#include "renewal/words.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using mynumber::CertificateName;

constexpr const char* other_card = "another";

bool is_read(const json::object& seen, CertificateName which) {
  return renewal::absent(seen, which) || !renewal::serial_seen(seen, which).empty();
}

}  // namespace

std::vector<CertificateName> replaced_since(const json::object& before, const json::object& now) {
  std::vector<CertificateName> others;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    const bool both = is_read(before, which) && is_read(now, which);
    if (both && renewal::serial_seen(before, which) != renewal::serial_seen(now, which))
      others.push_back(which);
  }
  return others;
}

void see_replaced(json::object& seen, CertificateName which) {
  auto& all = seen["replaced"];
  if (!all.is_array()) all.emplace_array();
  const json::value name(mynumber::name(which));
  auto& names = all.get_array();
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::vector<CertificateName> replaced_in(const json::object& seen) {
  std::vector<CertificateName> found;
  const auto* all = seen.if_contains("replaced");
  if (all == nullptr || !all->is_array()) return found;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    const auto& names = all->get_array();
    if (std::find(names.begin(), names.end(), json::value(mynumber::name(which))) != names.end())
      found.push_back(which);
  }
  return found;
}

json::object replaced(CertificateName which, const json::object& before, const json::object& now,
                      const std::string& staff) {
  return {{"certificate", mynumber::name(which)},
          {"serial_before", renewal::serial_seen(before, which)},
          {"serial", renewal::serial_seen(now, which)},
          {"staff", staff}};
}

json::object words_of_replaced(CertificateName which) {
  const auto title = renewal::title(which);
  return {{"ja",
           "カードの" + std::string(title.ja) +
               "は、この受付のあとでほかの受付や端末で更新されています。カードの内容で判定し直しましたので、"
               "受付内容を確かめてください。"},
          {"en", "The card's " + std::string(title.en) +
                     " was renewed elsewhere after this case was opened. The case has been decided anew by "
                     "what the card says; look at it again."}};
}

json::object finding_of_replaced(CertificateName which) {
  return {{"code", "certificate.renewed_elsewhere"},
          {"severity", "advise"},
          {"source", "core"},
          {"rule", json::object{{"key", "certificates"}}},
          {"params", json::object{{"certificate", mynumber::name(which)}}},
          {"message", words_of_replaced(which)}};
}

void keep_told_without_card(json::object& seen, const json::object& facts) {
  auto& told = seen["told_without_card"];
  if (!told.is_object()) told.emplace_object();
  for (const auto* part : {"card", "certificates"}) {
    const auto* value = facts.if_contains(part);
    if (value != nullptr && value->is_object()) merge(told.get_object(), {{part, *value}});
  }
}

const json::object* told_without_card(const json::object& seen) {
  const auto* told = seen.if_contains("told_without_card");
  return told != nullptr ? told->if_object() : nullptr;
}

void see_other_card(json::object& seen, const json::object& before, const std::string& card_before,
                    const std::string& card) {
  const auto* known = before.if_contains(other_card);
  const std::string first =
      known != nullptr && known->is_string() ? std::string(known->get_string()) : card_before;
  if (!first.empty() && first != card) seen[other_card] = first;
}

std::optional<json::object> finding_of_other_card(const json::object& seen) {
  if (!seen.contains(other_card)) return std::nullopt;
  return json::object{{"code", "card.another"},
                      {"severity", "advise"},
                      {"source", "core"},
                      {"rule", json::object{{"key", "card"}}},
                      {"params", json::object{}},
                      {"message",
                       {{"ja",
                         "この受付で先に読み取ったカードとは別のカードに替わっています。来庁された方のカード"
                         "であることを確かめてくだ"
                         "さい。"},
                        {"en",
                         "The card is another than the one that was read first in this case. Make sure that "
                         "it is the visitor's."}}}};
}

}  // namespace madoguchi::counter
