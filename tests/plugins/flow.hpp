// A proxy's case from visit to visit, as the daemon would carry it.
#pragma once

#include <memory>
#include <vector>

#include "city.hpp"
#include "extension/requests.hpp"

namespace madoguchi::plugins {

namespace json = boost::json;

inline std::string with_term(int days, std::string_view more = {}) {
  const auto text = "city_valid_days: " + std::to_string(days) + "\n    " + std::string(more);
  return policy_text({{"notice_ends_with_certificate: true", text}});
}

// One case as the daemon would carry it: decided anew, told to the plugin, with what that keeps and holds.
class Flow {
 public:
  explicit Flow(const std::string& text = with_term(30)) : city(std::make_unique<City>(text)) {}

  // Another policy is in force from now on.
  void change_policy(const std::string& text) { city = std::make_unique<City>(text); }

  void visit(const Facts& facts, std::string_view event) {
    facts_ = facts.json();
    decide();
    tell(event);
  }
  void open(const Facts& facts) { visit(facts, "case.opened"); }
  void update(const Facts& facts) { visit(facts, "case.updated"); }
  // As the counter tells of a card whose certificates are others than before.
  void renewed_elsewhere(const Facts& facts) {
    facts_ = facts.json();
    decide();
    const json::object message{{"ja", "ほかで更新されています。"}, {"en", "Renewed elsewhere."}};
    decision_.at("findings")
        .as_array()
        .push_back(json::object{{"code", "certificate.renewed_elsewhere"},
                                {"severity", "advise"},
                                {"source", "core"},
                                {"rule", {{"key", "certificates"}}},
                                {"params", json::object()},
                                {"message", message}});
    tell("case.updated");
  }
  // A PIN as the card has answered to it.
  void pin(std::string_view pin, std::string_view outcome) {
    facts_["pins"].as_object()[pin] = json::string(outcome);
    tell({{"type", "pin." + std::string(outcome)}, {"at", "2026-02-12T10:00:00+09:00"}, {"pin", pin}});
    const auto before = outcome_;
    decide();
    if (outcome_ != before) tell("case.redecided");
  }
  // As a clerk tells of one at the official terminal, where the case has been handed over.
  void recorded(std::string_view pin, std::string_view outcome, std::string_view day) {
    begun = true;
    facts_["pins"].as_object()[pin] = json::string(outcome);
    pins_[pin] = json::string(outcome);
    tell({{"type", "pin.recorded"}, {"at", std::string(day) + "T11:00:00+09:00"}, {"pin", pin}});
    decide();
  }
  // The card is back as it was: the case is decided anew.
  void withdrawn(const Facts& facts) {
    begun = false;
    pins_.clear();
    update(facts);
  }
  // What would be decided of the case now.
  policy::Decision decision_of(const json::object& facts) {
    policy::CaseSoFar so_far;
    so_far.application = !begun;
    if (!state.is_null()) so_far.kept["proxy-two-visit"] = state;
    return city->decide(facts, so_far);
  }
  void tell(std::string_view event) {
    tell({{"type", json::string(event)}, {"at", "2026-02-12T10:00:00+09:00"}});
  }
  void tell(const json::object& event) {
    const auto step = city->built.plugins->advance("proxy-two-visit", about(), state, event);
    ASSERT_TRUE(step) << base::describe(step.error());
    take(*step);
  }

  // At noon of that day.
  base::Result<policy::PluginStep> ask(std::string_view verb, std::string_view day,
                                       const json::object& params = {}) {
    const auto at = base::parse_time(std::string(day) + "T12:00:00+09:00").value();
    const auto visit = about();
    return city->built.plugins->call("proxy-two-visit", {verb, params, state, at, &visit});
  }
  json::object call(std::string_view verb, std::string_view day, const json::object& params = {}) {
    auto step = ask(verb, day, params);
    if (!step) {
      ADD_FAILURE() << verb << ": " << base::describe(step.error()) << json::serialize(step.error().details);
      return {};
    }
    take(*step);
    return step->reply.as_object();
  }
  // In English; nothing is kept then.
  std::string refused(std::string_view verb, std::string_view day, const json::object& params = {}) {
    const auto step = ask(verb, day, params);
    if (step) return "not refused";
    EXPECT_EQ(step.error().code, base::Code::conflict);
    EXPECT_FALSE(step.error().details.at("ja").as_string().empty());
    return std::string(step.error().details.at("en").as_string());
  }
  std::string phase() { return std::string(call("status", "2026-02-12").at("phase").as_string()); }
  [[nodiscard]] std::string outcome() const { return outcome_; }
  [[nodiscard]] std::string case_state() const {
    if (begun) return "issuing";
    return held || outcome_ == "two_visits" ? "waiting" : "open";
  }

  std::unique_ptr<City> city;
  json::value state;
  bool held = false;
  bool begun = false;
  std::vector<std::string> events;  // that were told
  std::string said;                 // the last words, in both languages

 private:
  void decide() {
    const auto decision = decision_of(facts_);
    facts_ = policy::to_json(policy::parse_facts(facts_, {}, city->policy).value());
    decision_ = policy::to_json(decision);
    context_ =
        extension::people_document(city->policy, policy::parse_facts(facts_, {}, city->policy).value());
    outcome_ = std::string(decision_.at("outcome").as_string());
  }
  json::object about() {
    return {{"id", "260212-ABCDEFGH"}, {"state", case_state()}, {"opened_at", "2026-02-12T10:00:00+09:00"},
            {"facts", facts_},         {"decision", decision_}, {"pins", pins_},
            {"context", context_}};
  }
  void take(const policy::PluginStep& step) {
    state = step.state ? json::value(*step.state) : json::value();
    for (const auto& effect : step.effects) {
      if (const auto* event = std::get_if<policy::PluginEvent>(&effect)) {
        EXPECT_EQ(event->topic, "cases");
        events.push_back(event->name);
      } else if (const auto* hold = std::get_if<policy::PluginHold>(&effect)) {
        held = hold->held;
        said = hold->why.ja + "|" + hold->why.en;
      } else {
        const auto& text = std::get<policy::PluginNote>(effect).text;
        said = text.ja + "|" + text.en;
      }
    }
  }

  json::object facts_;
  json::object pins_;
  json::object decision_;
  json::object context_;
  std::string outcome_;
};

// A proxy without a form, on the base case's day.
inline Facts without_form() {
  return Facts().with("/visitor/role", "proxy").with_document({{"type", "drivers_licence"}});
}
// At the second visit, with the form that the city has posted.
inline Facts again(std::string_view at, json::object form = {}) {
  form["type"] = "reply_form";
  form["source"] = "city";
  if (!form.contains("sealed")) form["sealed"] = true;
  return without_form()
      .at(at)
      .with("/visit", 2)
      .with("/first_visit_on", "2026-02-12")
      .with_document(std::move(form));
}

}  // namespace madoguchi::plugins
