#include "barred.hpp"

#include <algorithm>
#include <string_view>

namespace proxy_two_visit {
namespace {

using namespace madoguchi::plugin;

bool starts_with(std::string_view text, std::string_view head) {
  return text.substr(0, head.size()) == head;
}

// Another day, or coming in person, changes what is said of the hours and of a call by telephone.
bool stays(const json::object& finding) {
  const auto& severity = finding.at("severity").as_string();
  const std::string_view code = finding.at("code").as_string();
  return (severity == "block" || severity == "redirect") && !starts_with(code, "office.") &&
         !starts_with(code, "channel.");
}

// The office opens again only once the letter's term is over.
bool opens_too_late(const json::object& decision, Date last) {
  const auto* next = decision.if_contains("next_opening");
  if (next == nullptr) return false;
  const auto day = parse_date(std::string_view(next->as_string()).substr(0, 10));
  return day && *day > last;
}

}  // namespace

std::optional<Words> barred(const Inquiry& inquiry, const json::object& decision) {
  if (!inquiry.out()) return std::nullopt;
  const auto last = inquiry.letter->return_by;
  const auto ja = "照会書兼回答書は郵送済みです(期限:" + date_in_japanese(last) + ")。";
  const auto en = "The inquiry was posted (last day: " + date_in_english(last) + "). ";
  const auto& findings = decision.at("findings").as_array();
  const bool stopped = std::any_of(findings.begin(), findings.end(),
                                   [](const json::value& each) { return stays(each.as_object()); });
  if (stopped)
    return Words{ja + "ただし、いまの判定では回答書があっても手続きできません。判定にある案内を先に行ってくだ"
                      "さい。",
                 en + "By the decision as it stands nothing can be done even with the form: first do what it "
                      "says."};
  if (opens_too_late(decision, last))
    return Words{
        ja + "ただし、この窓口は期限までに開きません。期限内に受け付けている窓口をご案内するか、新しい"
             "照会書を作成してください。",
        en + "But this office does not open by then: name an office that does, or make another letter."};
  return std::nullopt;
}

bool nothing_to_do(const Visit& visit) {
  return visit.purpose == Purpose::renewal && visit.turned_away &&
         visit.authentication.state != CertificateState::unknown &&
         visit.authentication.action == Action::none && visit.signature.action == Action::none;
}

}  // namespace proxy_two_visit
