// A plugin to start from: it advises where a ticket is needed, closes offices on listed days, and answers a
// method of its own.
#include <madoguchi/plugin.hpp>

#include <algorithm>
#include <array>

namespace {

using namespace madoguchi::plugin;

class MyRules {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;

  // What this plugin may say. A code begins with the plugin's name ('_' for '-'). A text says what to do
  // next.
  static constexpr std::array codes{
      Code{"my_rules.ticket_needed", Severity::advise, "整理券をお取りください({office})。",
           "Take a ticket first ({office})."},
  };

  // The section of the policy that is this plugin's, for editors and for people.
  static constexpr std::string_view section_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "ticket_offices": {"description": "where a ticket is needed", "type": "array", "minItems": 1,
                         "items": {"type": "string"}},
      "closed_on": {"description": "days on which all offices are closed", "type": "array", "minItems": 1,
                         "items": {"type": "string"}}
    }
  })";

  // What front-ends can call as my-rules.<verb>, with the schema of parameters and result, who may, and what
  // it touches: nothing, what the plugin keeps of its own, or a case.
  static constexpr std::string_view methods = R"([{
    "verb": "needs_ticket", "summary": "Whether a ticket is needed at an office.",
    "roles": ["clerk", "supervisor", "admin", "display"], "touches": "nothing",
    "params": {"type": "object", "additionalProperties": false, "required": ["office"],
               "properties": {"office": {"description": "the office's id", "type": "string", "examples": ["city-hall"]}}},
    "result": {"type": "object", "required": ["needed"], "properties": {"needed": {"type": "boolean"}}}
  }])";

  // Reads the section. Whatever is complained about here is shown to the administrator with file, line and
  // column.
  static MyRules read(Section& section, const City& city) {
    MyRules rules;
    section.texts("ticket_offices", [&](const std::string& office, const std::string& place) {
      if (!city.has_office(office)) section.complain_at(place, "no office \"" + office + "\" in this policy");
      rules.ticket_offices_.push_back(office);
    });
    section.texts("closed_on", [&](const std::string& text, const std::string& place) {
      const auto day = parse_date(text);
      if (!day) return section.complain_at(place, "expected a date, YYYY-MM-DD, found \"" + text + "\"");
      rules.closed_on_.push_back(*day);
    });
    return rules;
  }

  // One visit. It can only add to what core and the other plugins say.
  void decide(const Visit& visit, Answer& answer) const {
    if (!needs_ticket(visit.office)) return;
    answer.say("my_rules.ticket_needed", "/ticket_offices",
               {Param{"office", json::string(visit.office), visit.office, visit.office}});
  }

  // One office, some days.
  [[nodiscard]] std::vector<Change> schedule(const Period& period) const {
    std::vector<Change> changes;
    for (const auto day : closed_on_) {
      if (period.from <= day && day <= period.to)
        changes.push_back({.day = day, .opened = {}, .closed = {whole_day}});
    }
    return changes;
  }

  // A method of its own. What it keeps from one call to the next goes through `state`, never through a
  // member.
  [[nodiscard]] Step call(const Call& call, json::object state) const {
    const bool needed = needs_ticket(call.params.at("office").as_string());
    return Step(std::move(state)).reply(json::object{{"needed", needed}});
  }

 private:
  [[nodiscard]] bool needs_ticket(std::string_view office) const {
    return std::find(ticket_offices_.begin(), ticket_offices_.end(), office) != ticket_offices_.end();
  }

  std::vector<std::string> ticket_offices_;
  std::vector<Date> closed_on_;
};

}  // namespace

MADOGUCHI_PLUGIN(MyRules)
