#include "why_not.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "policy/day_text.hpp"
#include "renewal/words.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CertificateName;

const json::object* object_in(const json::object& parent, std::string_view key) {
  const auto* value = parent.if_contains(key);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

bool is_wanted(const json::object& facts, CertificateName which) {
  const auto* wanted = facts.if_contains("wanted");
  if (wanted == nullptr || !wanted->is_array()) return true;
  const auto& all = wanted->get_array();
  return std::find(all.begin(), all.end(), json::value(mynumber::name(which))) != all.end();
}

// Its last day, where it is valid and nothing is to be done about it.
std::optional<base::Date> good_until(const renewal::Case& visit, const renewal::Plan& plan,
                                     CertificateName which) {
  const auto* certificates = object_in(visit.facts, "certificates");
  const auto* one = certificates == nullptr ? nullptr : object_in(*certificates, mynumber::name(which));
  if (one == nullptr || !is_wanted(visit.facts, which) || plan.certificates.contains(which)) return {};
  const auto* state = one->if_contains("state");
  const auto* last = one->if_contains("expires_on");
  if (state == nullptr || *state != "valid" || last == nullptr || !last->is_string()) return {};
  const auto day = base::parse_date(last->get_string());
  if (!day || *day < base::date_in_japan(visit.received_at)) return {};
  return *day;
}

void say_what_is_good(const renewal::Case& visit, const renewal::Plan& plan, std::string& ja,
                      std::string& en) {
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    const auto last = good_until(visit, plan, which);
    if (!last) continue;
    const auto title = renewal::title(which);
    const auto day = policy::day_text(*last);
    ja += "カードの" + std::string(title.ja) + "は" + day.ja + "まで有効です。";
    en += " The card's " + std::string(title.en) + " is valid until " + day.en + ".";
  }
}

const char* call_for(const renewal::Case& visit, const renewal::Plan& plan, mynumber::PinName pin) {
  const auto known = visit.pins.find(pin);
  const bool set_anew = known != visit.pins.end() && known->second.outcome == renewal::PinOutcome::reset;
  const bool lost = std::find(plan.pin_resets.begin(), plan.pin_resets.end(), pin) != plan.pin_resets.end();
  return lost && !set_anew ? "cases.reset_pin" : "cases.verify_pin";
}

}  // namespace

void say_why(const json::object& decision, std::string ja, std::string en, json::object& details) {
  const auto* findings = decision.if_contains("findings");
  for (const auto& each :
       findings != nullptr && findings->is_array() ? findings->get_array() : json::array()) {
    const auto* finding = each.if_object();
    const auto* severity = finding == nullptr ? nullptr : finding->if_contains("severity");
    const auto* message = finding == nullptr ? nullptr : finding->if_contains("message");
    if (severity == nullptr || message == nullptr || !message->is_object()) continue;
    if (*severity == "advise" || *severity == "info" || *severity == "override") continue;
    ja.append(message->get_object().at("ja").as_string());
    en.append(" ").append(message->get_object().at("en").as_string());
  }
  details["ja"] = ja;
  details["en"] = en;
}

base::Fault not_ready(const renewal::Case& visit) {
  json::object details{{"state", renewal::name(visit.state)}, {"case", visit.id}};
  const auto plan = renewal::plan_of(visit.decision);
  const bool over = visit.state == renewal::State::cancelled;
  if (plan && !over && !visit.holds.empty()) {
    const auto& [plugin, why] = *visit.holds.begin();
    details["plugin"] = plugin;
    details["ja"] = why.ja;
    details["en"] = why.en;
  } else if (plan && !over && plan->outcome == "complete_today" && !plan->certificates.empty()) {
    if (const auto pin = renewal::unchecked_pin(visit)) {
      details["pin"] = mynumber::name(*pin);
      details["call"] = call_for(visit, *plan, *pin);
      const auto title = renewal::title(*pin);
      details["ja"] = std::string(title.ja) + "の照合(または再設定)がまだ済んでいません。";
      details["en"] = "Not verified or set anew yet: " + std::string(title.en) + ".";
    }
  } else if (plan && !over && plan->outcome == "complete_today" && !plan->pin_resets.empty()) {
    const auto pin = plan->pin_resets.front();
    const auto title = renewal::title(pin);
    details["pin"] = mynumber::name(pin);
    details["call"] = call_to_set_anew(visit);
    details["ja"] = std::string(title.ja) + "の初期化(再設定)がまだ済んでいません。";
    details["en"] = "Not set anew yet: " + std::string(title.en) + ".";
  } else if (plan && !over) {
    std::string ja = "この受付では、いま発行するものがありません。";
    std::string en = "There is nothing to be issued in this case as it stands.";
    say_what_is_good(visit, *plan, ja, en);
    details["outcome"] = plan->outcome;
    say_why(visit.decision, std::move(ja), std::move(en), details);
  }
  return make_fault(Code::conflict, "not ready to be issued", std::move(details));
}

const char* call_to_set_anew(const renewal::Case& visit) {
  return visit.channel == renewal::Channel::terminal ? "cases.record_pin" : "cases.reset_pin";
}

base::Fault pin_wanted(const renewal::Case& visit, mynumber::PinName pin, std::string inner) {
  json::object details{{"pin", mynumber::name(pin)}, {"call", "cases.verify_pin"}};
  if (const auto plan = renewal::plan_of(visit.decision)) details["call"] = call_for(visit, *plan, pin);
  return make_fault(Code::pin_required, std::move(inner), std::move(details));
}

}  // namespace madoguchi::counter
