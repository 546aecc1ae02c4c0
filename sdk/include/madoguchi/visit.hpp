// A visit as the hook `decide` sees it: the facts of the counter and core's own decision, typed.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "madoguchi/calendar.hpp"
#include "madoguchi/json.hpp"

namespace madoguchi::plugin {

// A request that is not what the ABI promises: answered with MADOGUCHI_REFUSED.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Words with their public names, in the order of the enumerators.
enum class Channel : std::uint8_t { counter, online, phone, mail };
inline constexpr std::array<std::string_view, 4> channel_names{"counter", "online", "phone", "mail"};
enum class Purpose : std::uint8_t { renewal, expiry_check, pin_reset };
inline constexpr std::array<std::string_view, 3> purpose_names{"renewal", "expiry_check", "pin_reset"};
enum class Role : std::uint8_t { holder, proxy, legal_representative };
inline constexpr std::array<std::string_view, 3> role_names{"holder", "proxy", "legal_representative"};
enum class Relationship : std::uint8_t { parent, guardian, other };
inline constexpr std::array<std::string_view, 3> relationship_names{"parent", "guardian", "other"};
enum class CertificateState : std::uint8_t { valid, revoked, absent, unknown };
inline constexpr std::array<std::string_view, 4> certificate_state_names{"valid", "revoked", "absent",
                                                                         "unknown"};
enum class PinState : std::uint8_t { unverified, matched, mismatched, forgotten, locked };
inline constexpr std::array<std::string_view, 5> pin_state_names{"unverified", "matched", "mismatched",
                                                                 "forgotten", "locked"};
enum class Person : std::uint8_t { holder, visitor };
inline constexpr std::array<std::string_view, 2> person_names{"holder", "visitor"};
enum class Pin : std::uint8_t { signature, authentication, resident_register };
inline constexpr std::array<std::string_view, 3> pin_names{"signature", "authentication",
                                                           "resident_register"};
enum class Action : std::uint8_t { renew, issue_new, none };
inline constexpr std::array<std::string_view, 3> action_names{"renew", "issue_new", "none"};

struct Document {
  std::string type;
  Person of = Person::visitor;  // whom it is about
  std::optional<Date> issued_on;
  std::optional<Date> expires_on;
  bool original = true;
  std::optional<bool> sealed;
  std::string source;  // of a reply form: `notice`, `city`, or empty
  bool operator==(const Document&) const = default;
};

struct Certificate {
  CertificateState state = CertificateState::unknown;
  std::optional<Date> expires_on;
  Action action = Action::none;  // core's: what is done about it today
  bool wanted = true;            // whether the visit is about it at all
};

struct Visit {
  Date day{};      // of the reception, in Japan
  std::string at;  // the time of it, RFC 3339
  std::string office;
  Channel channel = Channel::counter;
  Purpose purpose = Purpose::renewal;
  // Of somebody who cannot act alone (under the policy's age, or an adult ward).
  bool needs_representative = false;
  std::optional<int> age_of_capacity;  // the policy's; nothing under a daemon that does not tell it yet
  // The visitor's role as core takes it: a representative of somebody who needs none is a proxy.
  Role acting_as = Role::holder;
  struct {
    Date birth_date{};
    bool adult_ward = false;
    bool domicile_in_city = false;
    bool present = true;
  } holder;
  struct {
    Role role = Role::holder;
    Relationship relationship = Relationship::other;
    bool same_household = false;
  } visitor;
  struct {
    bool presented = true;
    std::optional<Date> expires_on;
    bool face_authentication = false;
  } card;
  Certificate signature;
  Certificate authentication;
  std::array<PinState, 3> pins{};  // by Pin
  std::vector<Pin> pins_required;  // core's: which will be asked for
  // Core's own findings end this visit, whatever plugins say: it is blocked, another procedure comes first,
  // or the visitor cannot be identified. Not even an application is received.
  bool turned_away = false;
  std::vector<Document> documents;
  int number = 1;  // 1 or 2
  std::optional<Date> first_visit_on;
  // False for what is left of a case whose issuing has begun: no application is received for it, and nothing
  // that would follow from one is to be promised.
  bool application = true;
  // What the plugin keeps about the case that is decided; empty while it keeps nothing, or there is no case.
  json::object kept;

  [[nodiscard]] PinState pin(Pin which) const { return pins[static_cast<std::size_t>(which)]; }
};

namespace detail {

// A copy of the plugin's own: the request's memory is given back when the hook returns.
inline json::object own(const json::value& value) {
  return {value.as_object(), json::storage_ptr()};
}

template <class Word>
Word word_in(const json::value& value, std::span<const std::string_view> names) {
  const auto& text = value.as_string();
  const auto found = std::find(names.begin(), names.end(), std::string_view(text));
  if (found == names.end()) throw BadRequest("a word that this plugin does not know: " + std::string(text));
  return static_cast<Word>(found - names.begin());
}

inline Date date_of(const json::value& value) {
  const auto date = parse_date(value.as_string());
  if (!date) throw BadRequest("not a date");
  return *date;
}

inline std::optional<Date> date_in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? std::nullopt : std::optional(date_of(*value));
}

inline Certificate certificate_in(const json::object& facts, const json::object& decision,
                                  std::string_view name) {
  Certificate certificate;
  if (const auto* told = facts.at("certificates").as_object().if_contains(name)) {
    certificate.state = word_in<CertificateState>(told->at("state"), certificate_state_names);
    certificate.expires_on = date_in(told->as_object(), "expires_on");
  }
  const auto& decided = decision.at("certificates").at(name);
  certificate.action = word_in<Action>(decided.at("action"), action_names);
  const auto& wanted = facts.at("wanted").as_array();
  certificate.wanted = std::any_of(wanted.begin(), wanted.end(),
                                   [&](const json::value& one) { return one.as_string() == name; });
  return certificate;
}

inline Document document_in(const json::object& object) {
  Document document;
  document.type = object.at("type").as_string();
  document.of = word_in<Person>(object.at("of"), person_names);
  document.issued_on = date_in(object, "issued_on");
  document.expires_on = date_in(object, "expires_on");
  document.original = object.at("original").as_bool();
  if (const auto* sealed = object.if_contains("sealed")) document.sealed = sealed->as_bool();
  if (const auto* source = object.if_contains("source")) document.source = source->as_string();
  return document;
}

inline bool turned_away_in(const json::object& decision) {
  const auto any = [&](std::string_view key, auto&& is) {
    const auto* all = decision.if_contains(key);
    return all != nullptr && std::any_of(all->as_array().begin(), all->as_array().end(), is);
  };
  return any("missing",
             [](const json::value& kind) { return kind.as_string() == "photo_identity_document"; }) ||
         any("findings", [](const json::value& finding) {
           const auto& severity = finding.at("severity").as_string();
           return severity == "block" || severity == "redirect";
         });
}

inline void read_people(const json::object& facts, Visit& visit) {
  const auto& holder = facts.at("holder").as_object();
  visit.holder.birth_date = date_of(holder.at("birth_date"));
  visit.holder.adult_ward = holder.at("adult_ward").as_bool();
  visit.holder.domicile_in_city = holder.at("domicile_in_city").as_bool();
  visit.holder.present = holder.at("present").as_bool();
  const auto& visitor = facts.at("visitor").as_object();
  visit.visitor.role = word_in<Role>(visitor.at("role"), role_names);
  visit.visitor.relationship = word_in<Relationship>(visitor.at("relationship"), relationship_names);
  visit.visitor.same_household = visitor.at("same_household").as_bool();
}

// Throws BadRequest, or what Boost.JSON throws for a member that is not there or not of its type.
inline Visit visit_in(const json::object& request) {
  const auto& facts = request.at("facts").as_object();
  const auto& decision = request.at("decision").as_object();
  const auto& context = request.at("context").as_object();
  Visit visit;
  visit.day = date_of(context.at("day"));
  visit.needs_representative = context.at("needs_representative").as_bool();
  visit.acting_as = word_in<Role>(context.at("acting_as"), role_names);
  if (const auto* age = context.if_contains("age_of_capacity"))
    visit.age_of_capacity = static_cast<int>(age->as_int64());
  visit.at = facts.at("at").as_string();
  visit.office = facts.at("office").as_string();
  visit.channel = word_in<Channel>(facts.at("channel"), channel_names);
  visit.purpose = word_in<Purpose>(facts.at("purpose"), purpose_names);
  read_people(facts, visit);
  const auto& card = facts.at("card").as_object();
  visit.card.presented = card.at("presented").as_bool();
  visit.card.expires_on = date_in(card, "expires_on");
  visit.card.face_authentication = card.at("face_authentication").as_bool();
  visit.signature = certificate_in(facts, decision, "signature");
  visit.authentication = certificate_in(facts, decision, "authentication");
  const auto& pins = facts.at("pins").as_object();
  for (std::size_t i = 0; i < pin_names.size(); ++i) {
    visit.pins[i] = word_in<PinState>(pins.at(pin_names[i]), pin_state_names);
  }
  for (const auto& pin : decision.at("pins_required").as_array()) {
    visit.pins_required.push_back(word_in<Pin>(pin, pin_names));
  }
  visit.turned_away = turned_away_in(decision);
  for (const auto& document : facts.at("documents").as_array()) {
    visit.documents.push_back(document_in(document.as_object()));
  }
  visit.number = static_cast<int>(facts.at("visit").as_int64());
  visit.first_visit_on = date_in(facts, "first_visit_on");
  if (const auto* application = context.if_contains("application"))
    visit.application = application->as_bool();
  if (const auto* kept = context.if_contains("kept")) visit.kept = own(*kept);
  return visit;
}

}  // namespace detail

// Those of a case's facts.
inline std::vector<Document> documents_of(const json::array& documents) {
  std::vector<Document> all;
  for (const auto& document : documents) all.push_back(detail::document_in(document.as_object()));
  return all;
}

}  // namespace madoguchi::plugin
