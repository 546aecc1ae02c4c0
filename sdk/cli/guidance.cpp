#include "guidance.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/calendar.hpp"
#include "last_day.hpp"
#include "offices.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view representative = "legal_representative";

std::string text_in(const json::object& object, std::string_view whole, std::string_view part) {
  const auto* found = object_at(object, whole);
  return found != nullptr ? text_at(*found, part) : std::string();
}

const json::object* finding(const json::object& decision, std::string_view code) {
  const auto* findings = array_at(decision, "findings");
  if (findings == nullptr) return nullptr;
  for (const auto& item : *findings) {
    if (item.is_object() && text_at(item.get_object(), "code") == code) return &item.get_object();
  }
  return nullptr;
}

std::vector<std::string> names_in(const json::object& object, std::string_view key) {
  std::vector<std::string> names;
  const auto* list = array_at(object, key);
  if (list == nullptr) return names;
  for (const auto& item : *list) {
    if (item.is_string()) names.emplace_back(item.get_string());
  }
  return names;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_proof(std::string_view document) {
  return document == "family_register" || document == "guardianship_registration";
}

class Bringing {
 public:
  Bringing(Lang lang, const json::object& facts, const json::object& decision, NextTime next)
      : lang_(lang),
        facts_(facts),
        decision_(decision),
        next_(next),
        missing_(names_in(decision, "missing")),
        resets_(names_in(decision, "pin_resets")) {}

  std::vector<std::string> all() {
    if (text_at(facts_, "purpose") == "expiry_check") {
      // The holder in person, whoever has come.
      add(say(lang_, "bring.card"));
      add(say(lang_, "bring.pins", {with_forms({"signature", "authentication"})}));
      return std::move(items_);
    }
    if (comes_as_proxy(facts_, decision_)) {
      for_a_proxy();
    } else if (text_in(facts_, "visitor", "role") == representative) {
      for_a_representative();
    } else {
      for_the_holder();
    }
    what_else_is_missing();
    add(say(lang_, "bring.notice"));
    return std::move(items_);
  }

 private:
  void add(std::string item) { items_.push_back(std::move(item)); }

  void for_the_holder() {
    add(say(lang_, "bring.card"));
    const bool identified = contains(missing_, "identity_document") || !resets_.empty();
    add(say(lang_, identified ? Key("bring.identity") : Key("bring.identity_if_forgotten")));
    pins();
  }

  void for_a_proxy() {
    add(say(lang_, "bring.card_of_holder"));
    const bool posted = number_at(facts_, "visit", 1) == 2;
    // Of a case that has begun nothing is applied for, whether the day's decision had to say so or not.
    const bool no_application = next_.begun || finding(decision_, "rest.no_application") != nullptr;
    add(say(lang_, posted           ? Key("bring.form.posted")
                   : no_application ? Key("bring.form.only")
                                    : Key("bring.form")));
    add(say(lang_, "bring.photo_identity"));
  }

  void for_a_representative() {
    add(say(lang_, "bring.card_of_holder"));
    add(say(lang_, "bring.photo_identity"));
    for (const auto& document : proofs()) {
      auto item = word(lang_, "bring", document);
      if (next_.proof_months > 0)
        item += say(lang_, "bring.issued_within", {std::to_string(next_.proof_months)});
      add(std::move(item));
    }
    pins();
  }

  // Those that are missing, and those that were shown already, which nobody keeps here.
  [[nodiscard]] std::vector<std::string> proofs() const {
    std::vector<std::string> found;
    for (const auto& name : missing_) {
      if (is_proof(name)) found.push_back(name);
    }
    const auto* documents = array_at(facts_, "documents");
    if (documents == nullptr) return found;
    for (const auto& item : *documents) {
      if (!item.is_object()) continue;
      const auto type = text_at(item.get_object(), "type");
      if (is_proof(type) && !contains(found, type)) found.push_back(type);
    }
    return found;
  }

  void pins() {
    std::vector<std::string> known;
    for (const auto& name : names_in(decision_, "pins_required")) {
      if (!contains(resets_, name)) known.push_back(name);
    }
    if (!known.empty()) add(say(lang_, "bring.pins", {with_forms(known)}));
    // Before anything is to be done nobody can say which; a card for face authentication has none.
    const auto* card = object_at(facts_, "card");
    const bool without_pins = card != nullptr && flag_at(*card, "face_authentication");
    if (known.empty() && resets_.empty() && !without_pins) add(say(lang_, "bring.all_pins"));
    if (!resets_.empty()) add(say(lang_, "bring.new_pins", {with_forms(resets_)}));
  }

  [[nodiscard]] std::string with_forms(const std::vector<std::string>& names) const {
    std::string text;
    for (const auto& name : names) {
      if (!text.empty()) text += lang_ == Lang::ja ? "、" : "; ";
      text += word(lang_, "bring.pin", name);
    }
    return text;
  }

  // Papers of the city's own.
  void what_else_is_missing() {
    for (const auto& name : missing_) {
      if (name == "my_number_card" || name == "identity_document" || name == "photo_identity_document" ||
          is_proof(name))
        continue;
      add(word(lang_, "document", name));
    }
  }

  Lang lang_;
  const json::object& facts_;
  const json::object& decision_;
  NextTime next_;
  std::vector<std::string> missing_;
  std::vector<std::string> resets_;
  std::vector<std::string> items_{};
};

// The rules asked once more, of a visit that has not taken place; nothing where they cannot say.
json::object what_if(client::Client& client, const json::object& facts, json::array documents) {
  json::object asked{{"visitor", {{"role", representative}}}, {"card", {{"presented", false}}}};
  for (const auto* key : {"office", "holder", "purpose"}) {
    if (const auto* value = facts.if_contains(key)) asked[key] = *value;
  }
  // Whoever comes instead, the holder need not.
  if (auto* holder = asked["holder"].if_object()) holder->erase("present");
  if (const auto* visitor = object_at(facts, "visitor"); visitor != nullptr && !documents.empty()) {
    auto told = *visitor;
    told["role"] = representative;
    asked["visitor"] = std::move(told);
  }
  asked["documents"] = std::move(documents);
  const auto reply = client.call("policy.evaluate", {{"facts", std::move(asked)}});
  return reply && reply->is_object() ? reply->get_object() : json::object();
}

// How old the proof that is missing may be, which the rules tell of one whose day nobody knows.
std::int64_t months_for_proof(client::Client& client, const json::object& facts,
                              const json::object& decision) {
  constexpr std::string_view too_old = "legal_representative.proof_too_old";
  const auto months = [](const json::object* said) {
    const auto* params = said != nullptr ? object_at(*said, "params") : nullptr;
    return params != nullptr ? number_at(*params, "months", 0) : 0;
  };
  if (const auto* said = finding(decision, too_old)) return months(said);
  for (const auto& name : names_in(decision, "missing")) {
    if (!is_proof(name)) continue;
    return months(finding(what_if(client, facts, json::array{json::object{{"type", name}}}), too_old));
  }
  return 0;
}

// `later`: nobody is to come today or at the next opening.
void tell_where(const Context& context, client::Client& client, const std::string& office, bool later) {
  if (office.empty()) return;
  const auto reply = client.call("offices.status", {{"office", office}});
  if (!reply || !reply->is_object()) return;
  const auto& status = reply->get_object();
  const auto* names = object_at(status, "name");
  const auto name = names != nullptr ? words_at(context, *names) : office;
  const auto until = text_at(status, "last_reception");
  const auto next = text_at(status, "next_opening");
  if (!later && flag_at(status, "open") && flag_at(status, "in_time") && !until.empty()) {
    context.out.say("guide.where.open", {name, clock_of(until)});
  } else if (!later && !next.empty()) {
    context.out.say("guide.where.closed", {name, spoken_time(context.lang(), next)});
  } else {
    context.out.say("guide.where", {name});
  }
  for (const auto& warning : warnings_about(context, status)) context.out.line(warning);
  if (const auto phone = text_in(status, "contact", "phone"); !phone.empty())
    context.out.say("guide.phone", {phone});
}

std::string when(const Context& context, const json::object& service) {
  if (flag_at(service, "immediate")) return say(context.lang(), "works.at_once");
  if (const auto by = text_at(service, "by"); !by.empty()) {
    const auto last = spoken_time(context.lang(), by);
    const auto at_once = text_at(service, "immediate_if_applied_from");
    if (at_once.empty()) return say(context.lang(), "works.by", {last});
    return say(context.lang(), "works.by_or_at_once", {last, spoken_time(context.lang(), at_once)});
  }
  const auto from = text_at(service, "available_from");
  if (from.empty()) return say(context.lang(), "works.unknown");
  const auto told = spoken_time(context.lang(), from);
  return say(context.lang(), from.find('T') == std::string::npos ? Key("works.from_day") : Key("works.from"),
             {told});
}

}  // namespace

bool any_of_severity(const json::object& decision, std::string_view severity) {
  const auto* findings = array_at(decision, "findings");
  if (findings == nullptr) return false;
  return std::any_of(findings->begin(), findings->end(), [&](const json::value& item) {
    return item.is_object() && text_at(item.get_object(), "severity") == severity;
  });
}

bool has_finding(const json::object& decision, std::string_view code) {
  return finding(decision, code) != nullptr;
}

bool comes_as_proxy(const json::object& facts, const json::object& decision) {
  return text_in(facts, "visitor", "role") == "proxy" ||
         has_finding(decision, "legal_representative.not_applicable");
}

std::string clock_of(std::string_view time) {
  constexpr std::size_t hour_at = 11;
  constexpr std::size_t hour_and_minute = 5;
  return time.size() >= hour_at + hour_and_minute ? std::string(time.substr(hour_at, hour_and_minute))
                                                  : std::string(time);
}

std::string spoken_time(Lang lang, std::string_view time) {
  constexpr std::size_t date_size = 10;
  const auto date = base::parse_date(time.substr(0, date_size));
  if (!date) return std::string(time);
  std::string text = base::format_date(*date);
  if (lang == Lang::ja) {
    text = std::to_string(static_cast<int>(date->year())) + "年" +
           std::to_string(static_cast<unsigned>(date->month())) + "月" +
           std::to_string(static_cast<unsigned>(date->day())) + "日";
  }
  return time.size() > date_size ? text + " " + clock_of(time) : text;
}

std::vector<std::string> things_to_bring(Lang lang, const json::object& facts, const json::object& decision,
                                         NextTime next) {
  return Bringing(lang, facts, decision, next).all();
}

void tell_about_next_time(const Context& context, client::Client& client, const json::object& given_facts,
                          const json::object& given_decision, bool begun) {
  if (context.out.json()) return;
  auto facts = given_facts;
  auto decision = given_decision;
  // What somebody else has to bring is not on the list of whoever has come.
  if (finding(decision, "legal_representative.required") != nullptr) {
    if (auto other = what_if(client, facts, {}); !other.empty()) {
      other["pins_required"] = json::array(
          decision["pins_required"].is_array() ? decision["pins_required"].get_array() : json::array());
      decision = std::move(other);
    }
    facts["visitor"] = json::object{{"role", representative}};
  }
  context.out.say("guide.title");
  if (any_of_severity(given_decision, "redirect")) {
    context.out.say("guide.other_procedure");
  } else {
    context.out.say("guide.bring");
    const NextTime next{months_for_proof(client, facts, decision), begun};
    for (const auto& item : things_to_bring(context.lang(), facts, decision, next))
      context.out.say("guide.item", {item});
    if (contains(names_in(given_decision, "missing"), "my_number_card")) context.out.say("guide.card_lost");
    if (contains(names_in(decision, "missing"), "family_register")) context.out.say("guide.waiver");
  }
  const auto opens_on = text_at(given_decision, "opens_on");
  if (!opens_on.empty()) context.out.say("guide.opens_on", {spoken_time(context.lang(), opens_on)});
  tell_last_day(context, facts, given_decision);
  tell_where(context, client, text_at(facts, "office"), !opens_on.empty());
}

json::object decision_of_rest(const json::object& visit) {
  const auto* found = object_at(visit, "decision");
  auto decision = found != nullptr ? *found : json::object();
  auto required = names_in(decision, "pins_required");
  if (const auto* certificates = object_at(visit, "certificates")) {
    for (const auto& [name, value] : *certificates) {
      if (!value.is_object() || text_at(value.get_object(), "phase") != "done") continue;
      required.erase(std::remove(required.begin(), required.end(), std::string(name)), required.end());
      auto* planned = decision["certificates"].if_object();
      if (planned != nullptr && planned->contains(name)) (*planned)[name] = {{"action", "none"}};
    }
  }
  auto resets = names_in(decision, "pin_resets");
  for (const auto& pin : required) {
    if (is_lost(visit, pin) && !contains(resets, pin)) resets.push_back(pin);
  }
  decision["pins_required"] = json::array(required.begin(), required.end());
  decision["pin_resets"] = json::array(resets.begin(), resets.end());
  return decision;
}

bool is_lost(const json::object& visit, std::string_view pin) {
  const auto outcome = text_in(visit, "pins", pin);
  return outcome == "forgotten" || outcome == "locked";
}

void tell_about_next_time(const Context& context, client::Client& client, const json::object& visit) {
  if (const auto* facts = object_at(visit, "facts"); facts != nullptr)
    tell_about_next_time(context, client, *facts, decision_of_rest(visit), has_touched_card(visit));
}

bool has_touched_card(const json::object& visit) {
  const auto* certificates = object_at(visit, "certificates");
  return certificates != nullptr &&
         std::any_of(certificates->begin(), certificates->end(), [](const auto& item) {
           return item.value().is_object() && text_at(item.value().get_object(), "phase") != "planned";
         });
}

void tell_until_when_and_where(const Context& context, client::Client& client, const json::object& visit) {
  const auto* facts = object_at(visit, "facts");
  if (context.out.json() || facts == nullptr) return;
  tell_last_day(context, *facts, decision_of_rest(visit));
  tell_where(context, client, text_at(*facts, "office"), true);
}

void tell_what_works(const Context& context, client::Client& client, const std::string& id) {
  if (context.out.json()) return;
  const auto reply = client.call("cases.receipt", {{"case", id}});
  const auto* services = reply && reply->is_object() ? array_at(reply->get_object(), "services") : nullptr;
  if (services != nullptr && !services->empty()) {
    context.out.say("works.title");
    for (const auto& item : *services) {
      if (!item.is_object()) continue;
      const auto* name = object_at(item.get_object(), "name");
      if (name != nullptr)
        context.out.say("works.line", {words_at(context, *name), when(context, item.get_object())});
    }
    if (const auto* caveat = object_at(reply->get_object(), "caveat"))
      context.out.say("works.caveat", {words_at(context, *caveat)});
  }
  context.out.say("guide.receipt", {id});
}

}  // namespace madoguchi::cli
