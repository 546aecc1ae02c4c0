// What the rules say of a case: as it is opened, as its card is read, and again before anything is done.
#include <algorithm>
#include <array>

#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "elsewhere.hpp"
#include "inside.hpp"
#include "permission.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CertificateName;
using renewal::State;

constexpr std::array both_certificates{CertificateName::signature, CertificateName::authentication};

// By the card's own word only: what is told of a card that nobody has read is for the rules alone.
std::vector<CertificateName> without_predecessor(const renewal::Case& visit, const json::object& decision) {
  std::vector<CertificateName> found;
  const auto plan = renewal::plan_of(decision);
  if (!plan) return found;
  for (const auto which : both_certificates) {
    if (plan->certificates.contains(which) && renewal::absent(visit.seen, which)) found.push_back(which);
  }
  return found;
}

json::array wanted_but(const json::object& facts, const std::vector<CertificateName>& left_out) {
  json::array wanted;
  const auto* told = facts.if_contains("wanted");
  for (const auto which : both_certificates) {
    const json::string name(mynumber::name(which));
    const bool asked =
        told == nullptr || !told->is_array() ||
        std::find(told->get_array().begin(), told->get_array().end(), name) != told->get_array().end();
    if (asked && std::find(left_out.begin(), left_out.end(), which) == left_out.end())
      wanted.emplace_back(name);
  }
  return wanted;
}

json::object not_on_card(CertificateName which) {
  const bool signature = which == CertificateName::signature;
  // clang-format off
  const json::object message{
      {"ja", signature
                 ? "カードに署名用電子証明書が入っていないため、この窓口では発行できません。ご希望の場合は、統合端末での新規発行をご案内ください。"
                 : "カードに利用者証明用電子証明書が入っていないため、この窓口では発行できません。ご希望の場合は、統合端末での新規発行をご案内ください。"},
      {"en", signature
                 ? "The card holds no signature certificate, so none can be issued at this counter. Where it is wanted, have it issued at the integrated terminal."
                 : "The card holds no user authentication certificate, so none can be issued at this counter. Where it is wanted, have it issued at the integrated terminal."}};
  // clang-format on
  return {{"code", "certificate.not_on_card"},
          {"severity", "advise"},
          {"source", "core"},
          {"rule", json::object{{"key", "certificates"}}},
          {"params", json::object{{"certificate", mynumber::name(which)}}},
          {"message", message}};
}

std::vector<std::string> turned_away_but_for_hours(const json::object& decision, const json::object& before) {
  const auto known = codes_of(before);
  std::vector<std::string> codes;
  const auto* findings = decision.if_contains("findings");
  if (findings == nullptr || !findings->is_array()) return codes;
  for (const auto& each : findings->get_array()) {
    const std::string code(each.at("code").as_string());
    const auto& severity = each.at("severity").as_string();
    const bool goes_on = severity == "info" || severity == "advise" || severity == "override";
    if (goes_on || code.rfind("office.", 0) == 0 ||
        std::find(known.begin(), known.end(), code) != known.end())
      continue;
    codes.push_back(code);
  }
  return codes;
}

}  // namespace

void add_advice(json::object& decision, json::object finding) {
  auto& findings = decision["findings"];
  if (!findings.is_array()) findings.emplace_array();
  auto& all = findings.get_array();
  const auto place = std::find_if(all.begin(), all.end(), [](const json::value& each) {
    const auto* severity = each.is_object() ? each.get_object().if_contains("severity") : nullptr;
    return severity != nullptr && *severity == "info";
  });
  all.insert(place, std::move(finding));
}

std::vector<Note> note_what_was_replaced(const json::object& before, renewal::Case& visit,
                                         const std::string& staff) {
  std::vector<Note> notes;
  for (const auto which : replaced_since(before, visit.seen)) {
    notes.push_back({"card.renewed_elsewhere", replaced(which, before, visit.seen, staff)});
    see_replaced(visit.seen, which);
  }
  return notes;
}

json::object changed_between(const json::object& was, const json::object& now) {
  json::object changed;
  for (const auto* key : {"outcome", "certificates", "pins_required", "fee_yen"}) {
    const auto* before = was.if_contains(key);
    const auto* after = now.if_contains(key);
    const auto value = [](const json::value* found) { return found == nullptr ? json::value() : *found; };
    if (value(before) != value(after)) {
      changed[key] = json::object{{"was", value(before)}, {"now", value(after)}};
    }
  }
  return changed;
}

base::Result<void> left_to_the_update(const renewal::Case& visit, const json::object& before,
                                      const json::object& decision) {
  const auto left = reasoned(decision, before, {});
  if (left) return {};
  auto fault = left.error();
  fault.details["case"] = visit.id;
  fault.details["call"] = "cases.update";
  return fault;
}

base::Result<Decided> Desk::Inside::by_its_policy(const renewal::Case& visit, const json::object& facts) {
  if (!parts.decide_by) return parts.decide(facts, visit.received_at);
  policy::CaseSoFar so_far;
  // One that was handed over takes an application once its card is back.
  so_far.application = renewal::undecided(visit) && !renewal::under_way(visit.state);
  auto kept = recorder.following().kept_about(visit.id);
  if (!kept) return kept.error();
  so_far.kept = std::move(*kept);
  return parts.decide_by(decided_by(visit), facts, visit.received_at, so_far);
}

base::Result<void> Desk::Inside::decide(renewal::Case& visit) {
  if (renewal::undecided(visit)) visit.channel = parts.channel;
  auto decided = by_its_policy(visit, visit.facts);
  if (!decided) return decided.error();
  // The subject is taken over from the certificate that is replaced: without one there is nothing to issue
  // here, no PIN to ask for it, and whoever wants it is to hear so before anything else is done.
  // The official terminal can.
  const bool terminal = parts.channel == renewal::Channel::terminal;
  const auto left_out =
      terminal ? std::vector<CertificateName>{} : without_predecessor(visit, decided->decision);
  if (!left_out.empty()) {
    auto facts = decided->facts;
    facts["wanted"] = wanted_but(decided->facts, left_out);
    auto rest = by_its_policy(visit, facts);
    if (!rest) return rest.error();
    decided->decision = std::move(rest->decision);
    for (const auto which : left_out) add_advice(decided->decision, not_on_card(which));
  }
  visit.facts = std::move(decided->facts);
  visit.decision = std::move(decided->decision);
  if (!renewal::undecided(visit)) return {};
  for (const auto which : replaced_in(visit.seen)) add_advice(visit.decision, finding_of_replaced(which));
  if (auto other = finding_of_other_card(visit.seen)) add_advice(visit.decision, std::move(*other));
  visit.state = renewal::settled(visit);
  return {};
}

renewal::Case Desk::Inside::as_of_now(const renewal::Case& visit, const json::object& seen) {
  auto anew = visit;
  anew.seen = seen;
  overlay(anew.facts, anew.seen);
  for (const auto& [pin, record] : visit.pins) {
    if (record.outcome == renewal::PinOutcome::locked) overlay_pin(anew.facts, pin, record.outcome);
  }
  receive(anew, {}, parts.clock.now());
  return anew;
}

base::Result<void> Desk::Inside::still_as_decided(renewal::Case& visit, const json::object& seen) {
  auto anew = as_of_now(visit, seen);
  // Also where no fact has changed: the day may have, and a check of a PIN leaves a decision that lacks a
  // reason to the update.
  const auto before = anew.decision;
  if (const auto decided = decide(anew); !decided) return no_longer_sound(visit, decided.error());
  auto changed = changed_between(visit.decision, anew.decision);
  if (changed.empty()) {
    if (const auto left = left_to_the_update(visit, before, anew.decision); !left) return left.error();
    if (const auto today = same_written_today(anew); !today) return today.error();
    visit = std::move(anew);
    return {};
  }
  // Nothing is done that nobody has agreed to, with another fee or another last day.
  return make_fault(Code::conflict, "decided for another day or another certificate: update the case first",
                    {{"case", visit.id},
                     {"changed", std::move(changed)},
                     {"call", "cases.update"},
                     {"ja",
                      "前回の判定から、日やカードの状態が変わったため、手続きの内容("
                      "対象、新しい有効期限、必要な暗証番号など)"
                      "が変わります。受付の内容を更新し、お知らせしてから続けてください。"},
                     {"en",
                      "The day or the card is another than when this was decided, and what is to be done "
                      "(which certificates, their new last days, PINs) changes with it: update the case, "
                      "tell its holder, then go on."}});
}

// Hours are judged by the time of reception, also one of an earlier day: what is written, and by which
// papers, by today.
base::Result<void> Desk::Inside::same_written_today(const renewal::Case& visit) {
  const auto now = parts.clock.now();
  if (!entered_later(visit.facts, now)) return {};
  auto facts = visit.facts;
  facts["at"] = base::format_time(now);
  const auto today = by_its_policy(visit, facts);
  if (!today) return no_longer_sound(visit, today.error());
  auto changed = changed_between(visit.decision, today->decision);
  changed.erase("outcome");
  const auto news = turned_away_but_for_hours(today->decision, visit.decision);
  if (changed.empty() && news.empty()) return {};
  json::object details{
      {"case", visit.id},
      {"call", "cases.update"},
      {"needs", "at"},
      {"ja",
       "受付日時が前の日になっていますが、本日手続きすると内容(対象、新しい有効期限、必要な書類など)"
       "が変わります。本日の日時(at)で受付の内容を更新し、お知らせしてから続けてください。"},
      {"en",
       "The case names a reception on an earlier day, and done today it comes out otherwise (which "
       "certificates, their new last days, the papers): update it with a time of today (at), tell its "
       "holder, then go on."}};
  if (!changed.empty()) details["changed"] = std::move(changed);
  if (!news.empty()) details["findings"] = json::array(news.begin(), news.end());
  return make_fault(Code::conflict, "received on an earlier day, and written today", std::move(details));
}

base::Result<void> Desk::Inside::of_today(renewal::Case& visit) {
  if (visit.sagas.empty()) return {};
  const bool another_day = on_another_day(visit, {}, parts.clock.now());
  if (!another_day || !renewal::untouched(visit)) return rest_still_as_decided(visit);
  visit.sagas.clear();
  visit.state = State::open;
  visit.attention.reset();
  return {};
}

}  // namespace madoguchi::counter
