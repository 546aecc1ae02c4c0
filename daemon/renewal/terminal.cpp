#include "renewal/terminal.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;
namespace terminal = authority::terminal;
using terminal::Point;
using terminal::Verdict;

bool without_pins(const Case& visit) {
  const auto* card = visit.facts.if_contains("card");
  const auto* told =
      card != nullptr && card->is_object() ? card->get_object().if_contains("face_authentication") : nullptr;
  return told != nullptr && told->is_bool() && told->get_bool();
}

json::object both(const terminal::Words& words) {
  return {{"ja", words.ja}, {"en", words.en}};
}

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

terminal::Errand errand_of(const Case& visit) {
  terminal::Errand errand;
  for (const auto& saga : visit.sagas) {
    // What came back though nobody had decided it has been done there already.
    if (saga.phase == Phase::handed_over && !saga.undecided) errand.orders.push_back(order_of(visit, saga));
  }
  errand.reader_kept = handed_over(visit) && !back_to_the_terminal(visit);
  const auto plan = plan_of(visit.decision);
  if (!plan) return errand;
  for (const auto pin : plan->pins_required) {
    const auto known = visit.pins.find(pin);
    const bool done = known != visit.pins.end() && known->second.outcome == PinOutcome::reset;
    const bool anew =
        std::find(plan->pin_resets.begin(), plan->pin_resets.end(), pin) != plan->pin_resets.end();
    (anew && !done ? errand.set_anew : errand.asked).push_back(pin);
  }
  return errand;
}

bool saw_less(const Saga& saga, const terminal::Look& look) {
  if (!saga.proof || saga.proof->verdict != Verdict::differs) return false;
  if (look.file == terminal::Look::File::closed) return true;
  return look.key == terminal::Look::Key::closed && look.certificate &&
         look.certificate->der == saga.new_certificate;
}

Happening happening_for(const terminal::Proof& proof, bool accepted) {
  if (proof.verdict == Verdict::proved) return Happening::proved_from_card;
  if (accepted && terminal::acceptable(proof)) return Happening::accepted_by_clerk;
  return proof.verdict == Verdict::differs ? Happening::terminal_differs : Happening::terminal_unfinished;
}

json::object stored(const terminal::Finding& finding) {
  json::object object{{"point", terminal::name(finding.point)}};
  if (!finding.found.empty()) object["found"] = finding.found;
  if (!finding.expected.empty()) object["expected"] = finding.expected;
  return object;
}

std::optional<terminal::Proof> proof_of(const json::object& object) {
  const auto verdict = terminal::verdict_named(text_of(object, "verdict"));
  if (!verdict) return std::nullopt;
  terminal::Proof proof{*verdict, {}};
  const auto* findings = object.if_contains("findings");
  if (findings == nullptr || !findings->is_array()) return proof;
  for (const auto& item : findings->get_array()) {
    const auto point =
        item.is_object() ? terminal::point_named(text_of(item.get_object(), "point")) : std::nullopt;
    if (!point) continue;
    proof.findings.push_back(
        {*point, text_of(item.get_object(), "found"), text_of(item.get_object(), "expected")});
  }
  return proof;
}

// Without a PIN nothing more can be seen here, however often it is looked at.
terminal::Words advice_without_pins() {
  return {
      "暗証番号のないカードのため、ここではこれ以上確かめられません。"
      "統合端末の表示と控えで、正常に終わったことと新しい有効期限を確かめてください。"
      "そのうえで、理由を入力して承認できます。",
      "The card has no PIN, so no more can be seen here. Make sure by what the official terminal shows that "
      "it has ended well, and of the new date, then accept it with a reason."};
}

}  // namespace

base::Result<std::vector<Saga>> plan_hand_over(const Plan& plan,
                                               const std::map<CertificateName, CardBefore>& before,
                                               base::Instant now) {
  std::vector<Saga> sagas;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    const auto planned = plan.certificates.find(which);
    if (planned == plan.certificates.end()) continue;
    if (!planned->second.preview)
      return base::make_fault(base::Code::internal, "an action without a preview");
    Saga saga;
    saga.certificate = which;
    saga.action = planned->second.action;
    saga.preview = *planned->second.preview;
    if (const auto known = before.find(which); known != before.end()) {
      saga.old_certificate = known->second.certificate;
      saga.serial_before = known->second.serial;
      saga.absent_before = known->second.absent;
    }
    auto begun = apply(std::move(saga), {Happening::handed_over, {}, {}, {}, now});
    if (!begun) return begun.error();
    sagas.push_back(std::move(*begun));
  }
  return sagas;
}

base::Result<void> take_in_undecided(Case& visit, CertificateName which, const CardBefore& before,
                                     const mynumber::Certificate& found) {
  auto& sagas = visit.sagas;
  const auto other = std::find_if(sagas.begin(), sagas.end(),
                                  [](const Saga& saga) { return saga.phase == Phase::handed_over; });
  const bool has_one =
      std::any_of(sagas.begin(), sagas.end(), [&](const Saga& saga) { return saga.certificate == which; });
  const bool known = before.absent || !before.serial.empty();
  if (other == sagas.end() || has_one || !known || found.serial == before.serial) return {};
  Saga saga;
  saga.certificate = which;
  saga.action = before.absent ? Action::issue_new : Action::renew;
  saga.preview = found.last_day;
  saga.serial_before = before.serial;
  saga.absent_before = before.absent;
  saga.undecided = true;
  auto begun = apply(std::move(saga), {Happening::handed_over, {}, {}, {}, other->handed_over_at});
  if (!begun) return begun.error();
  const bool first = which == CertificateName::authentication;
  sagas.insert(first ? sagas.begin() : sagas.end(), std::move(*begun));
  return {};
}

terminal::Order order_of(const Case& visit, const Saga& saga) {
  terminal::Order order{.certificate = saga.certificate,
                        .renews = saga.action == Action::renew,
                        .last_day = saga.preview,
                        .handed_over = saga.handed_over_at,
                        .absent_before = saga.absent_before,
                        .serial_before = saga.serial_before,
                        .has_pin = !without_pins(visit),
                        .decided = !saga.undecided};
  if (auto old = mynumber::parse_certificate(saga.old_certificate)) {
    order.serial_before = old->serial;
    order.before = std::move(*old);
  }
  return order;
}

Event judge_from_terminal(const Saga& saga, const terminal::Order& order, const terminal::Look& look,
                          base::Instant now, bool accepted) {
  const bool kept = saw_less(saga, look);
  auto proof = kept ? *saga.proof : terminal::judge(order, look, now);
  Event event{happening_for(proof, accepted), {}, {}, {}};
  if (kept) {
    event.bytes = saga.new_certificate;
  } else if (proof.verdict != Verdict::unchanged && look.certificate) {
    event.bytes = look.certificate->der;
  }
  event.proof = std::move(proof);
  return event;
}

bool handed_over(const Case& visit) {
  return std::any_of(visit.sagas.begin(), visit.sagas.end(),
                     [](const Saga& saga) { return saga.phase == Phase::handed_over; });
}

bool back_to_the_terminal(const Case& visit) {
  return std::any_of(visit.sagas.begin(), visit.sagas.end(), [](const Saga& saga) {
    return saga.phase == Phase::handed_over && (!saga.proof || saga.proof->verdict != Verdict::not_looked_at);
  });
}

bool as_handed_over(const Saga& saga) {
  if (!saga.proof) return false;
  if (saga.proof->verdict == Verdict::unchanged) return true;
  // Only its PIN would tell more, and whoever cancels may have nobody left to enter it.
  return saga.proof->verdict == Verdict::not_looked_at &&
         std::all_of(saga.proof->findings.begin(), saga.proof->findings.end(),
                     [](const terminal::Finding& finding) { return finding.point == Point::unread; });
}

std::optional<Event> withdrawn_from_terminal(const Case& visit, const Saga& saga) {
  if (saga.phase != Phase::handed_over || !as_handed_over(saga)) return std::nullopt;
  const auto unchanged = [](const Saga& one) {
    return one.proof && one.proof->verdict == Verdict::unchanged;
  };
  const auto& all = visit.sagas;
  const bool nothing_done = std::all_of(all.begin(), all.end(), [](const Saga& one) {
    return one.phase == Phase::handed_over && as_handed_over(one);
  });
  // The terminal issues for authentication first (規則 art. 13): before that it has done nothing.
  const bool one_shows_it = std::any_of(all.begin(), all.end(), unchanged);
  if (!unchanged(saga) && !(nothing_done && one_shows_it)) return std::nullopt;
  return Event{Happening::hand_over_withdrawn, {}, {}, {}};
}

json::object terminal_sheet(const Case& visit) {
  const auto errand = errand_of(visit);
  json::array steps;
  // Nothing is to be done there that is not decided so any more.
  const auto plan = plan_of(visit.decision);
  const bool stopped =
      plan && (plan->outcome != "complete_today" || (handed_over(visit) && errand.orders.empty()));
  for (const auto& step : stopped ? std::vector<terminal::Step>{} : terminal::instructions(errand)) {
    auto shown = both(step.words);
    shown["step"] = step.name;
    if (step.certificate) shown["certificate"] = mynumber::name(*step.certificate);
    if (step.pin) shown["pin"] = mynumber::name(*step.pin);
    if (step.last_day) shown["expires_on"] = base::format_date(*step.last_day);
    steps.push_back(std::move(shown));
  }
  json::object sheet{{"steps", std::move(steps)}};
  if (!errand.orders.empty()) sheet["handed_over_at"] = base::format_time(errand.orders.front().handed_over);
  return sheet;
}

json::object shown_proof(const Case& visit, const Saga& saga) {
  json::array findings;
  for (const auto& finding : saga.proof->findings) {
    auto shown = stored(finding);
    const auto words = terminal::words_for(saga.certificate, finding, !without_pins(visit));
    shown["ja"] = words.ja;
    shown["en"] = words.en;
    findings.push_back(std::move(shown));
  }
  json::object shown{{"verdict", terminal::name(saga.proof->verdict)}, {"findings", std::move(findings)}};
  if (saga.phase == Phase::done) {
    if (saga.proof->verdict != Verdict::proved) shown["accepted"] = true;
    return shown;
  }
  shown["acceptable"] = terminal::acceptable(*saga.proof);
  const bool unseen = without_pins(visit) && saga.proof->verdict == Verdict::not_looked_at;
  shown["advice"] =
      both(unseen ? advice_without_pins() : terminal::advice_for(saga.certificate, *saga.proof));
  return shown;
}

std::optional<terminal::Words> differing(const std::vector<Saga>& sagas) {
  terminal::Words said;
  terminal::Words advice;
  const auto advise = [&] {
    said.ja += advice.ja;
    said.en += advice.en;
  };
  for (const auto& saga : sagas) {
    if (saga.phase != Phase::handed_over || !saga.proof || saga.proof->verdict != Verdict::differs) continue;
    // What is to be done about several is said once.
    const auto its = terminal::advice_for(saga.certificate, *saga.proof);
    if (its != advice && !said.ja.empty()) {
      advise();
      said.en += " ";
    }
    advice = its;
    for (const auto& finding : saga.proof->findings) {
      if (finding.point == Point::unasked) continue;
      const auto words = terminal::words_for(saga.certificate, finding);
      said.ja += words.ja;
      said.en += words.en + " ";
    }
  }
  if (said.ja.empty()) return std::nullopt;
  advise();
  return said;
}

void store_terminal(const Saga& saga, json::object& into) {
  const bool here = saga.handed_over_at == base::Instant{};
  if (here && !saga.absent_before && saga.serial_before.empty()) return;
  json::object kept;
  if (!here) kept["handed_over_at"] = base::format_time(saga.handed_over_at);
  if (saga.absent_before) kept["absent_before"] = true;
  if (!saga.serial_before.empty()) kept["serial_before"] = saga.serial_before;
  if (saga.undecided) kept["undecided"] = true;
  if (saga.proof) {
    json::array findings;
    for (const auto& finding : saga.proof->findings) findings.push_back(stored(finding));
    kept["proof"] =
        json::object{{"verdict", terminal::name(saga.proof->verdict)}, {"findings", std::move(findings)}};
  }
  into["terminal"] = std::move(kept);
}

void load_terminal(const json::object& stored, Saga& into) {
  const auto* kept = stored.if_contains("terminal");
  if (kept == nullptr || !kept->is_object()) return;
  const auto& object = kept->get_object();
  into.handed_over_at = base::parse_time(text_of(object, "handed_over_at")).value_or(base::Instant{});
  const auto* absent = object.if_contains("absent_before");
  into.absent_before = absent != nullptr && absent->is_bool() && absent->get_bool();
  into.serial_before = text_of(object, "serial_before");
  const auto* undecided = object.if_contains("undecided");
  into.undecided = undecided != nullptr && undecided->is_bool() && undecided->get_bool();
  const auto* proof = object.if_contains("proof");
  if (proof != nullptr && proof->is_object()) into.proof = proof_of(proof->get_object());
}

}  // namespace madoguchi::renewal
