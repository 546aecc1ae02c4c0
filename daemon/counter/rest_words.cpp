#include "rest_words.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <set>
#include <string>

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

std::string text_in(const json::value& finding, std::string_view key) {
  const auto* object = finding.if_object();
  const auto* value = object == nullptr ? nullptr : object->if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool knows_that(const json::value& finding) {
  const auto* params = finding.get_object().if_contains("params");
  return params != nullptr && text_in(*params, "follows") == "no_application";
}

json::object no_application(json::array instead_of) {
  // clang-format off
  const json::object message{
      {"ja", "発行を始めた受付の残りの手続きには、来庁を2回に分ける申請の受付や、本人あての照会書の郵送はありません。本人がマイナンバーカードを持って来庁されるか、代理人が必要なものをすべてそろえて来庁されると、続きから手続きできます。本人が暗証番号を忘れた、またはロックされている場合は、本人確認書類もお持ちください。どちらも難しい場合は、この受付を取り消し、残りの電子証明書だけを対象とする新しい受付で申請してください。"},
      {"en", "For what is left of a case whose issuing has begun no application is received and nothing is posted to the holder. It goes on once the holder comes in person with the My Number Card, or a proxy brings everything that it takes. Where the holder has forgotten a PIN, or one is locked, they bring identification, too. Where neither can be, cancel the case and apply for the certificate that is left, and only that, in another one."}};
  // clang-format on
  return {{"code", "rest.no_application"},
          {"severity", "require"},
          {"source", "core"},
          {"rule", json::object{{"key", "certificates"}}},
          {"params", json::object{{"instead_of", std::move(instead_of)}}},
          {"message", message}};
}

}  // namespace

void take_no_application(json::object& decision) {
  auto* found = decision.if_contains("findings");
  if (found == nullptr || !found->is_array()) return;
  const auto& findings = found->get_array();
  std::set<std::string> plugins;
  json::array codes;
  for (const auto& finding : findings) {
    const auto source = text_in(finding, "source");
    if (text_in(finding, "severity") != "second_visit" || source.empty() || source == "core") continue;
    plugins.insert(source);
    codes.emplace_back(text_in(finding, "code"));
  }
  if (plugins.empty()) return;
  json::array kept;
  // What is lacking, and then how it goes on.
  json::array instead;
  for (const auto& finding : findings) {
    const auto severity = text_in(finding, "severity");
    const bool theirs = plugins.contains(text_in(finding, "source"));
    if (theirs && severity == "second_visit") {
      if (!knows_that(finding)) continue;
      instead.push_back(finding);
      instead.back().get_object()["severity"] = "require";
    } else if (!theirs || severity != "info") {
      kept.push_back(finding);
    }
  }
  instead.push_back(no_application(std::move(codes)));
  // Behind what turns the visitor away, before what is only advised.
  const auto place = std::find_if(kept.begin(), kept.end(), [](const json::value& finding) {
    const auto severity = text_in(finding, "severity");
    return severity != "block" && severity != "redirect";
  });
  kept.insert(place, instead.begin(), instead.end());
  *found = std::move(kept);
  if (auto* outcome = decision.if_contains("outcome"); outcome != nullptr && *outcome == "two_visits")
    *outcome = "not_today";
}

}  // namespace madoguchi::counter
