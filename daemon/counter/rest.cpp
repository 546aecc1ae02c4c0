// What is left of a case that has begun, on another day than it was decided for or for somebody else: it is
// decided anew, and by itself. What has begun goes on whatever comes of that.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "rest_words.hpp"
#include "why_not.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using renewal::Case;
using renewal::Phase;

bool left(const renewal::Saga& saga) {
  return renewal::key_to_be_made(saga);
}

// Is it going to have its certificate with the key that it has? Of what was renewed elsewhere the card's own
// word counts.
bool goes_on(const renewal::Saga& saga) {
  const auto again = renewal::restart_of(saga);
  return !saga.ended() || again == renewal::Happening::restarted ||
         again == renewal::Happening::restarted_writing;
}

// Does it still take its PIN? That of what was renewed elsewhere, too: another look may show that a key is to
// be made after all.
bool takes_its_pin(const renewal::Saga& saga) {
  return !saga.ended() || renewal::restart_of(saga).has_value();
}

// Interrupted where a key was to be made: only the card says whether it was.
bool any_key_in_doubt(const Case& visit) {
  return std::any_of(visit.sagas.begin(), visit.sagas.end(), [](const auto& saga) {
    return saga.phase == Phase::key_intended || saga.phase == Phase::key_unknown;
  });
}

// Of what goes on, the facts stay those of what the card holds.
void keep_what_is_held(const Case& visit, json::object& facts) {
  const auto* held = visit.facts.if_contains("certificates");
  auto* certificates = facts.if_contains("certificates");
  if (held == nullptr || !held->is_object() || certificates == nullptr || !certificates->is_object()) return;
  for (const auto& saga : visit.sagas) {
    const auto name = mynumber::name(saga.certificate);
    const auto* one = held->get_object().if_contains(name);
    if (!left(saga) && goes_on(saga) && one != nullptr) certificates->get_object()[name] = *one;
  }
}

bool allowed(const renewal::Saga& saga, const renewal::Plan& plan) {
  const auto planned = plan.certificates.find(saga.certificate);
  return plan.outcome == "complete_today" && planned != plan.certificates.end() &&
         planned->second.preview.has_value();
}

// The first of the rest that is not done as `plan` says.
const renewal::Saga* refused(const Case& visit, const renewal::Plan& plan) {
  for (const auto& saga : visit.sagas) {
    if (left(saga) && !allowed(saga, plan)) return &saga;
  }
  return nullptr;
}

// In place of one that was given up, or may be lost.
bool makes_another_key(const renewal::Saga& saga) {
  return left(saga) && renewal::begun(saga);
}

std::vector<renewal::Saga> as_planned(std::vector<renewal::Saga> sagas, const renewal::Plan& plan) {
  for (auto& saga : sagas) {
    const auto planned = plan.certificates.find(saga.certificate);
    if (!left(saga) || planned == plan.certificates.end() || !planned->second.preview) continue;
    saga.action = planned->second.action;
    saga.preview = *planned->second.preview;
  }
  renewal::cap_by_authentication(sagas);
  return sagas;
}

bool same_work(const std::vector<renewal::Saga>& one, const std::vector<renewal::Saga>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto& a, const auto& b) {
    return a.action == b.action && a.preview == b.preview;
  });
}

// Would `plan` have the other keys made for the same as was decided? One that it leaves out is, since nothing
// that could be told would change that: the card that has lost its old key is finished all the same.
bool same_other_keys(const Case& visit, const renewal::Plan& plan) {
  auto was = visit.sagas;
  renewal::cap_by_authentication(was);
  auto now = as_planned(visit.sagas, plan);
  const auto not_another = [](const renewal::Saga& saga) { return !makes_another_key(saga); };
  std::erase_if(was, not_another);
  std::erase_if(now, not_another);
  return was.empty() || (plan.outcome == "complete_today" && same_work(was, now));
}

// A card that has lost its old key is finished as it is decided now, whatever else is left.
void take_over_other_keys(Case& visit, const renewal::Plan& plan) {
  const auto now = as_planned(visit.sagas, plan);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (makes_another_key(now[i])) visit.sagas[i] = now[i];
  }
}

bool among(const json::object& decision, std::string_view key, const json::string& pin) {
  const auto* pins = decision.if_contains(key);
  return pins != nullptr && pins->is_array() &&
         std::find(pins->get_array().begin(), pins->get_array().end(), pin) != pins->get_array().end();
}

json::string pin_for(const renewal::Saga& saga) {
  return json::string(mynumber::name(mynumber::pin_of(saga.certificate)));
}

// Of what has its certificate, or never will.
void drop_pins_that_nothing_takes(const Case& visit, json::object& decision) {
  auto* pins = decision.if_contains("pins_required");
  if (pins == nullptr || !pins->is_array()) return;
  json::array kept;
  for (const auto& pin : pins->get_array()) {
    const bool done = std::any_of(visit.sagas.begin(), visit.sagas.end(), [&](const auto& saga) {
      return !takes_its_pin(saga) && pin == json::value(pin_for(saga));
    });
    if (!done) kept.push_back(pin);
  }
  *pins = std::move(kept);
}

// Of what has begun the case keeps what was decided then; so of another key that is made although it is left
// out now, and that takes its PIN.
json::object with_what_has_begun(const Case& visit, const renewal::Plan& plan, const json::object& was,
                                 json::object now) {
  for (const auto& saga : visit.sagas) {
    const bool all_the_same =
        makes_another_key(saga) && plan.outcome == "complete_today" && !allowed(saga, plan);
    if (left(saga) && !all_the_same) continue;
    const auto name = mynumber::name(saga.certificate);
    const auto* before = was.if_contains("certificates");
    const auto* one = before == nullptr ? nullptr : before->get_object().if_contains(name);
    if (one != nullptr) now["certificates"].as_object()[name] = *one;
    const auto pin = pin_for(saga);
    if ((all_the_same || takes_its_pin(saga)) && among(was, "pins_required", pin) &&
        !among(now, "pins_required", pin))
      now["pins_required"].as_array().emplace_back(pin);
  }
  // One procedure, one fee: the highest of what is done.
  const auto* paid = was.if_contains("fee_yen");
  const auto* fee = now.if_contains("fee_yen");
  if (paid != nullptr && paid->is_int64() && (fee == nullptr || fee->as_int64() < paid->get_int64()))
    now["fee_yen"] = *paid;
  return now;
}

// All but the PINs of what has begun: the card's session answers for these.
json::array of_the_rest(const Case& visit, std::string_view key) {
  json::array pins;
  const auto* all = visit.decision.if_contains(key);
  for (const auto& pin : all != nullptr && all->is_array() ? all->get_array() : json::array()) {
    const bool begun = std::any_of(visit.sagas.begin(), visit.sagas.end(), [&](const auto& saga) {
      return !left(saga) && pin == json::value(pin_for(saga));
    });
    if (!begun) pins.push_back(pin);
  }
  return pins;
}

// Why the rest waits for a PIN: it is to be set anew first, or has not been entered, or not matched.
base::Result<void> rest_has_its_pins(const Case& visit) {
  if (!anything_left(visit)) return {};
  auto rest = visit;
  for (const auto* key : {"pins_required", "pin_resets"}) rest.decision[key] = of_the_rest(visit, key);
  const auto plan = renewal::plan_of(rest.decision);
  if (!plan) return plan.error();
  // At the official terminal they are set anew beside the rest.
  const bool here = visit.channel == renewal::Channel::cmp;
  for (const auto pin : here ? plan->pin_resets : std::vector<mynumber::PinName>{}) {
    const auto known = visit.pins.find(pin);
    const bool done = known != visit.pins.end() && known->second.outcome == renewal::PinOutcome::reset;
    if (!done) return pin_wanted(rest, pin, "of the rest, today");
  }
  if (const auto pin = renewal::unchecked_pin(rest)) return pin_wanted(rest, *pin, "of the rest, today");
  return {};
}

base::Fault settled_already(const Parts& parts, const Case& visit, json::array refused, HandOver seen) {
  json::object details{{"state", renewal::name(visit.state)}, {"refused", std::move(refused)}};
  if (any_key_in_doubt(visit)) {
    // Elsewhere nobody can look at it.
    if (const auto its = on_its_channel(parts, visit); !its) return its.error();
    details["call"] = "cases.update";
    details["needs"] = "reader";
    details["ja"] =
        "カードの鍵の作成中に中断した受付です。カードを読み取って、受付の内容をもう一度更新してください。"
        "変更できる項目は、鍵が作られているかどうかで変わります。";
    details["en"] =
        "This case was interrupted where the card's key was to be made. Put the card on a reader and update "
        "the case with it: what can still be changed depends on whether the key was made.";
  } else if (auto way = way_out_of_hand_over(visit, seen); !way.empty()) {
    merge(details, way);
  } else if (seen != HandOver::changed && renewal::may_cancel(visit)) {
    details["call"] = "cases.cancel";
    details["ja"] =
        "発行を始めた受付では、この項目は変更できません。このまま残りの手続きを進めるか、この受付を取り消して"
        "、新しい受付で手続きしてください。";
    details["en"] =
        "This cannot be changed any more in a case whose issuing has begun. Go on with what is left as it "
        "is, "
        "or cancel the case and begin another.";
  } else {
    details["call"] = "cases.issue";
    details["ja"] =
        "カードの書き換えが始まっているため、この項目は変更できません。「発行」をもう一度行い、始まっている手"
        "続きを終えてください。";
    details["en"] =
        "The card is being changed already, so this cannot be changed any more. Issue again, which brings to "
        "its end what has begun.";
  }
  return make_fault(Code::conflict, "settled once issuing has begun", std::move(details));
}

}  // namespace

base::Result<void> may_still_be_told(const Parts& parts, const Case& visit, const json::object& told,
                                     HandOver seen) {
  constexpr std::array<std::string_view, 4> always{"documents", "pins", "office", "at"};
  constexpr std::array<std::string_view, 4> of_the_rest{"visitor", "holder", "visit", "first_visit_on"};
  const auto in = [](const auto& keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  // What nobody could look at is decided about as what was handed over, until its PIN shows that it is.
  const bool rest = (!all_keys_stand(visit) && !any_key_in_doubt(visit)) || seen == HandOver::unread;
  auto facts = visit.facts;
  merge(facts, told);
  json::array refused;
  for (const auto& [key, value] : told) {
    const auto* known = visit.facts.if_contains(key);
    const bool same = known != nullptr && *known == facts.at(key);
    if (!same && !in(always, key) && !(rest && in(of_the_rest, key)))
      refused.emplace_back("/facts/" + std::string(key));
  }
  if (refused.empty()) return {};
  return settled_already(parts, visit, std::move(refused), seen);
}

base::Result<void> another_may_have_come(const Parts& parts, const Case& visit) {
  const bool in_doubt = visit.channel == renewal::Channel::cmp && !visit.given_up && any_key_in_doubt(visit);
  if (!in_doubt) return {};
  return settled_already(parts, visit, {"/visitor_changed"}, HandOver::not_looked_at);
}

bool rest_to_be_judged(const Case& visit) {
  if (!anything_left(visit)) return false;
  const auto unjudged = [](const renewal::Saga& saga) {
    return makes_another_key(saga) || (left(saga) && saga.planned_anew);
  };
  if (std::any_of(visit.sagas.begin(), visit.sagas.end(), unjudged)) return true;
  const auto plan = renewal::plan_of(visit.decision);
  return plan && (refused(visit, *plan) != nullptr || !rest_has_its_pins(visit));
}

base::Fault no_longer_sound(const Case& visit, base::Fault why) {
  if (why.code != Code::invalid_params) return why;
  auto details = std::move(why.details);
  details["case"] = visit.id;
  details["call"] = "cases.update";
  details["ja"] =
      "受付内容に、本日のポリシーでは使えない項目があります。受付の内容を改めてから続けてください。";
  details["en"] =
      "Something told of this case is not known to the policy of the day; update the case, then go on.";
  return make_fault(Code::conflict, "facts that are none by the policy of the day", std::move(details));
}

Later<void> Desk::Inside::look_before_judging(Case& visit, bool another_day, std::string staff) {
  base::Result<void> put_off = co_await runner.put_off_keys(visit);
  if (!put_off) co_return put_off;
  base::Result<bool> restarted = co_await runner.look_again(visit, another_day);
  if (!restarted) co_return restarted.error();
  if (!*restarted) co_return base::Result<void>{};
  renewal::settle_after_run(visit, {});
  json::object data{{"state", renewal::name(visit.state)}};
  co_return recorder.record(visit, {{"case.updated", {{"staff", std::move(staff)}}}},
                            {{"case.updated", std::move(data)}});
}

Later<void> Desk::Inside::put_off_unmade_keys(Case& visit, std::string reader) {
  const bool ours = parts.channel == renewal::Channel::cmp && on_its_channel(parts, visit) && tools_of(parts);
  if (!any_key_in_doubt(visit) || visit.given_up || reader.empty() || !ours) co_return base::Result<void>{};
  const auto before = std::exchange(visit.reader, std::move(reader));
  const bool held = cards.holds(visit);
  base::Result<void> looked = co_await runner.put_off_keys(visit);
  if (!held) cards.release(visit.id);
  visit.reader = before;
  co_return looked;
}

base::Result<Case> Desk::Inside::rest_as_of_now(const Case& visit) {
  auto anew = visit;
  json::array rest;
  for (const auto& saga : visit.sagas) {
    if (left(saga)) {
      rest.emplace_back(mynumber::name(saga.certificate));
      if (saga.certificate == mynumber::CertificateName::signature) foresee_as_taken(anew.seen);
    } else if (goes_on(saga)) {
      // It counts as what it is going to be: the other certificate may last as long.
      foresee(anew.seen, saga.certificate, saga.preview);
    }
    // One that a clerk has accepted unread tells nothing.
    if (saga.phase != Phase::done || saga.new_certificate.empty()) continue;
    const auto fresh = mynumber::parse_certificate(saga.new_certificate);
    if (!fresh) return fresh.error();
    see(anew.seen, saga.certificate, *fresh);
  }
  anew.facts["wanted"] = std::move(rest);
  anew = as_of_now(anew, anew.seen);
  if (const auto decided = decide(anew); !decided) return decided.error();
  take_no_application(anew.decision);
  return anew;
}

base::Result<void> Desk::Inside::rest_still_as_decided(const Case& visit) {
  if (!anything_left(visit)) return {};
  const auto anew = rest_as_of_now(visit);
  if (!anew) return no_longer_sound(visit, anew.error());
  const auto plan = renewal::plan_of(anew->decision);
  if (!plan) return plan.error();
  json::object details{{"case", visit.id}, {"decision", anew->decision}, {"call", "cases.update"}};
  if (auto changed = changed_between(visit.decision, anew->decision); !changed.empty())
    details["changed"] = std::move(changed);
  if (const auto* saga = refused(visit, *plan)) {
    details["certificate"] = mynumber::name(saga->certificate);
    // Nothing that could be told would have it done; another key is decided about first.
    if (plan->outcome == "complete_today" && same_other_keys(visit, *plan)) details["call"] = "cases.cancel";
    say_why(anew->decision, "残りの手続きは、本日の判定では進められません。",
            "What is left cannot be done as decided today.", details);
    return make_fault(Code::conflict, "the rest is not to be done today", std::move(details));
  }
  // What is left to the clerk was reasoned when the case began, or is no reason to leave a card half done.
  auto was = visit.sagas;
  renewal::cap_by_authentication(was);
  if (same_work(was, as_planned(visit.sagas, *plan))) return rest_has_its_pins(*anew);
  details["ja"] =
      "残りの手続きの内容(新しい有効期限など)"
      "が、本日の判定では変わります。受付の内容を更新し、お知らせしてから続けてくだ"
      "さい。";
  details["en"] =
      "What is left would be done otherwise today, e.g. with another last day; update the case, tell its "
      "holder, then go on.";
  return make_fault(Code::conflict, "the rest was decided for another day", std::move(details));
}

base::Result<bool> Desk::Inside::other_keys_as_decided(const Case& visit) {
  if (std::none_of(visit.sagas.begin(), visit.sagas.end(), makes_another_key)) return true;
  const auto anew = rest_as_of_now(visit);
  const auto plan = anew ? renewal::plan_of(anew->decision) : base::Result<renewal::Plan>(anew.error());
  if (!plan || !same_other_keys(visit, *plan)) return false;
  // Each PIN of theirs, and none of what has not begun.
  auto others = visit;
  std::erase_if(others.sagas, [](const auto& saga) { return left(saga) && !makes_another_key(saga); });
  const auto alone = rest_as_of_now(others);
  if (!alone) return false;
  if (const auto entered = rest_has_its_pins(*alone); !entered) return entered.error();
  return true;
}

json::array Desk::Inside::resets_of_what_is_not_done(const Case& visit) {
  auto whole = as_of_now(visit, visit.seen);
  json::array resets;
  if (!decide(whole) || whole.decision.at("outcome") != "complete_today") return resets;
  for (const auto& saga : visit.sagas) {
    const auto pin = pin_for(saga);
    if (takes_its_pin(saga) && among(whole.decision, "pin_resets", pin)) resets.emplace_back(pin);
  }
  return resets;
}

base::Result<void> Desk::Inside::decide_rest_anew(Case& visit) {
  if (visit.given_up || visit.sagas.empty()) return {};
  auto resets = resets_of_what_is_not_done(visit);
  if (!anything_left(visit)) {
    drop_pins_that_nothing_takes(visit, visit.decision);
    visit.decision["pin_resets"] = std::move(resets);
    return {};
  }
  const auto anew = rest_as_of_now(visit);
  // Whoever asks for the issuing is told.
  if (!anew) return {};
  const auto plan = renewal::plan_of(anew->decision);
  if (!plan) return plan.error();
  visit.decision = with_what_has_begun(visit, *plan, visit.decision, anew->decision);
  for (const auto& pin : resets) {
    if (!among(visit.decision, "pin_resets", pin.as_string()))
      visit.decision["pin_resets"].as_array().push_back(pin);
  }
  // Only that one is locked outlasts the day, whether the rest is done or not.
  std::erase_if(visit.pins, [&](const auto& item) {
    return item.second.outcome != renewal::PinOutcome::locked && !anew->pins.contains(item.first);
  });
  if (const auto* pins = anew->facts.if_contains("pins")) visit.facts["pins"] = *pins;
  if (refused(visit, *plan) != nullptr) {
    if (plan->outcome == "complete_today") take_over_other_keys(visit, *plan);
    return {};
  }
  visit.sagas = as_planned(std::move(visit.sagas), *plan);
  const auto* wanted = visit.facts.if_contains("wanted");
  auto facts = anew->facts;
  if (wanted != nullptr) {
    facts["wanted"] = *wanted;
  } else {
    facts.erase("wanted");
  }
  keep_what_is_held(visit, facts);
  visit.facts = std::move(facts);
  visit.received_at = anew->received_at;
  visit.papers_at = anew->papers_at;
  return {};
}

base::Result<void> Desk::Inside::keep_as_told(Case& visit, const json::object& told) {
  auto facts = visit.facts;
  const auto* at = visit.facts.if_contains("at");
  const auto received = at == nullptr ? json::value() : *at;
  // By the rules of today, which may know another office than those of the day that it began on.
  if (!told.contains("at") && on_another_day(visit, {}, parts.clock.now())) facts.erase("at");
  const auto sound = parts.decide(facts, parts.clock.now());
  if (!sound) return sound.error();
  visit.facts = sound->facts;
  if (!received.is_null()) visit.facts["at"] = received;
  return {};
}

}  // namespace madoguchi::counter
