#include "policy/facts.hpp"

#include <algorithm>

#include "base/visit_time.hpp"
#include "json_reader.hpp"
#include "policy/policy.hpp"

namespace madoguchi::policy {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 64;
constexpr std::size_t most_documents = 64;
// No form that a city posts can be told to be valid for longer.
constexpr int longest_wait_months = 24;

std::string no_later_than(base::Date day) {
  return "no day after that of the visit, " + base::format_date(day);
}

const json::object& member(JsonReader& reader, std::string_view name) {
  static const json::object nothing;
  const auto* found = reader.object(name);
  return found == nullptr ? nothing : *found;
}

Wanted read_wanted(JsonReader& reader) {
  const auto names = reader.words<Certificate>("wanted");
  if (!names) return {};
  Wanted wanted{false, false};
  for (const auto name : *names)
    (name == Certificate::signature ? wanted.signature : wanted.authentication) = true;
  return wanted;
}

VisitorFacts read_visitor(const json::object& json, JsonComplaint& complaint) {
  JsonReader reader(json, "/visitor", complaint);
  VisitorFacts visitor;
  visitor.role = reader.word("role", visitor.role);
  visitor.relationship = reader.word("relationship", visitor.relationship);
  visitor.same_household = reader.flag("same_household", visitor.same_household);
  reader.finish();
  return visitor;
}

HolderFacts read_holder(const json::object& json, Role role, base::Date day, JsonComplaint& complaint) {
  JsonReader reader(json, "/holder", complaint);
  HolderFacts holder;
  reader.require("birth_date", "a date, YYYY-MM-DD");
  holder.birth_date = reader.date("birth_date").value_or(base::Date{});
  if (day < holder.birth_date) reader.complain("birth_date", no_later_than(day));
  holder.resident = reader.flag("resident", holder.resident);
  holder.adult_ward = reader.flag("adult_ward", holder.adult_ward);
  holder.domicile_in_city = reader.flag("domicile_in_city", holder.domicile_in_city);
  holder.present = reader.flag("present", role == Role::holder);
  // Of a visitor who is the holder there is nobody else to be received.
  if (role == Role::holder && !holder.present)
    reader.complain("present", "true, since the visitor is the holder (visitor.role)");
  reader.finish();
  return holder;
}

CardFacts read_card(const json::object& json, JsonComplaint& complaint) {
  JsonReader reader(json, "/card", complaint);
  CardFacts card;
  card.presented = reader.flag("presented", card.presented);
  if (card.presented) reader.require("expires_on", "a date, YYYY-MM-DD");
  card.expires_on = reader.date("expires_on");
  card.face_authentication = reader.flag("face_authentication", card.face_authentication);
  reader.finish();
  return card;
}

CertificateFacts read_certificate(const json::object* json, std::string pointer, JsonComplaint& complaint) {
  CertificateFacts certificate;
  if (json == nullptr) return certificate;
  JsonReader reader(*json, std::move(pointer), complaint);
  reader.require("state", one_of(names<CertificateState>()));
  certificate.state = reader.word("state", certificate.state);
  if (certificate.state == CertificateState::valid) reader.require("expires_on", "a date, YYYY-MM-DD");
  certificate.expires_on = reader.date("expires_on");
  reader.finish();
  return certificate;
}

void read_certificates(const json::object& json, Facts& facts, JsonComplaint& complaint) {
  JsonReader reader(json, "/certificates", complaint);
  if (facts.card.presented)
    reader.require("authentication", "the certificate's state, since the card is presented");
  facts.signature = read_certificate(reader.object("signature"), "/certificates/signature", complaint);
  facts.authentication =
      read_certificate(reader.object("authentication"), "/certificates/authentication", complaint);
  reader.finish();
}

PinFacts read_pins(const json::object& json, JsonComplaint& complaint) {
  JsonReader reader(json, "/pins", complaint);
  PinFacts pins;
  for (const auto pin : {Pin::signature, Pin::authentication, Pin::resident_register}) {
    pins.of(pin) = reader.word(to_text(pin), PinState::unverified);
  }
  reader.finish();
  return pins;
}

Document read_document(const json::object& json, std::string pointer, JsonComplaint& complaint) {
  JsonReader reader(json, std::move(pointer), complaint);
  Document document;
  reader.require("type", "a document type");
  document.type = reader.text("type", longest_id).value_or("");
  document.of = reader.word("of", document.of);
  document.issued_on = reader.date("issued_on");
  document.expires_on = reader.date("expires_on");
  document.original = reader.flag("original", document.original);
  document.sealed = reader.flag("sealed");
  document.source = reader.word<FormSource>("source");
  reader.finish();
  return document;
}

std::vector<Document> read_documents(JsonReader& reader, JsonComplaint& complaint) {
  std::vector<Document> documents;
  const auto* list = reader.array("documents", most_documents);
  if (list == nullptr) return documents;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto place = pointer_to("/documents", std::to_string(i));
    const auto* object = (*list)[i].if_object();
    if (object == nullptr) {
      complaint.say(place, "an object");
      break;
    }
    documents.push_back(read_document(*object, std::move(place), complaint));
  }
  return documents;
}

json::object to_json(const CertificateFacts& certificate) {
  json::object object{{"state", to_text(certificate.state)}};
  if (certificate.expires_on) object["expires_on"] = base::format_date(*certificate.expires_on);
  return object;
}

json::object to_json(const Document& document) {
  json::object object{{"type", document.type}, {"of", to_text(document.of)}};
  if (document.issued_on) object["issued_on"] = base::format_date(*document.issued_on);
  if (document.expires_on) object["expires_on"] = base::format_date(*document.expires_on);
  object["original"] = document.original;
  if (document.sealed) object["sealed"] = *document.sealed;
  if (document.source) object["source"] = to_text(*document.source);
  return object;
}

json::object to_json(const CardFacts& card) {
  json::object object{{"presented", card.presented}, {"face_authentication", card.face_authentication}};
  if (card.expires_on) object["expires_on"] = base::format_date(*card.expires_on);
  return object;
}

json::object to_json(const HolderFacts& holder) {
  return {{"birth_date", base::format_date(holder.birth_date)},
          {"resident", holder.resident},
          {"adult_ward", holder.adult_ward},
          {"domicile_in_city", holder.domicile_in_city},
          {"present", holder.present}};
}

}  // namespace

PinState PinFacts::of(Pin pin) const {
  switch (pin) {
    case Pin::signature:
      return signature;
    case Pin::authentication:
      return authentication;
    case Pin::resident_register:
      break;
  }
  return resident_register;
}

PinState& PinFacts::of(Pin pin) {
  switch (pin) {
    case Pin::signature:
      return signature;
    case Pin::authentication:
      return authentication;
    case Pin::resident_register:
      break;
  }
  return resident_register;
}

base::Result<Facts> parse_facts(const json::object& json, base::Instant default_at, UnknownNames names) {
  JsonComplaint complaint(names);
  JsonReader reader(json, "", complaint);
  Facts facts;
  const auto at = reader.time("at");
  if (at && !base::is_visit_time(*at)) reader.complain("at", base::visit_time_expected);
  facts.at = at.value_or(default_at);
  const auto day = base::date_in_japan(facts.at);
  reader.require("office", "the id of an office");
  facts.office = reader.text("office", longest_id).value_or("");
  facts.channel = reader.word("channel", facts.channel);
  facts.purpose = reader.word("purpose", facts.purpose);
  facts.wanted = read_wanted(reader);
  facts.visitor = read_visitor(member(reader, "visitor"), complaint);
  facts.holder = read_holder(member(reader, "holder"), facts.visitor.role, day, complaint);
  facts.card = read_card(member(reader, "card"), complaint);
  read_certificates(member(reader, "certificates"), facts, complaint);
  facts.pins = read_pins(member(reader, "pins"), complaint);
  facts.documents = read_documents(reader, complaint);
  facts.visit = static_cast<int>(reader.integer("visit", 1, 2).value_or(1));
  facts.first_visit_on = reader.date("first_visit_on");
  if (facts.first_visit_on && day < *facts.first_visit_on)
    reader.complain("first_visit_on", no_later_than(day));
  if (facts.first_visit_on && *facts.first_visit_on < base::add_months_clamped(day, -longest_wait_months))
    reader.complain("first_visit_on",
                    "no day more than two years before that of the visit, " + base::format_date(day));
  if (facts.first_visit_on && facts.visit == 1)
    reader.complain("first_visit_on", "no such field at a first visit");
  reader.finish();
  if (complaint.any()) return complaint.fault();
  return facts;
}

base::Result<void> check_facts(const Policy& policy, const Facts& facts) {
  JsonComplaint complaint;
  if (policy.office(facts.office) == nullptr) {
    std::vector<std::string_view> ids;
    for (const auto& office : policy.offices) ids.push_back(office.id);
    complaint.say("/office", one_of(ids));
  }
  for (std::size_t i = 0; i < facts.documents.size(); ++i) {
    if (policy.knows_document(facts.documents[i].type)) continue;
    const auto all = document_types();
    std::vector<std::string_view> types(all.begin(), all.end());
    types.insert(types.end(), policy.documents.own_types.begin(), policy.documents.own_types.end());
    complaint.say(pointer_to(pointer_to("/documents", std::to_string(i)), "type"), one_of(types));
  }
  if (complaint.any()) return complaint.fault();
  return {};
}

base::Result<Facts> parse_facts(const json::object& json, base::Instant default_at, const Policy& policy,
                                UnknownNames names) {
  auto facts = parse_facts(json, default_at, names);
  if (!facts) return facts;
  const auto fits = check_facts(policy, *facts);
  if (!fits) return fits.error();
  return facts;
}

json::object to_json(const Facts& facts) {
  json::array wanted;
  for (const auto c : {Certificate::signature, Certificate::authentication}) {
    if (facts.wanted.has(c)) wanted.emplace_back(to_text(c));
  }
  json::object pins;
  for (const auto pin : {Pin::signature, Pin::authentication, Pin::resident_register}) {
    pins[to_text(pin)] = to_text(facts.pins.of(pin));
  }
  json::object certificates{{"signature", to_json(facts.signature)}};
  // An unread authentication certificate of a card that is not there is told by leaving it out, as a request
  // does.
  if (facts.card.presented || facts.authentication != CertificateFacts{}) {
    certificates["authentication"] = to_json(facts.authentication);
  }
  json::array documents;
  for (const auto& document : facts.documents) documents.emplace_back(to_json(document));
  json::object object{
      {"at", base::format_time(facts.at)},
      {"office", facts.office},
      {"channel", to_text(facts.channel)},
      {"purpose", to_text(facts.purpose)},
      {"wanted", std::move(wanted)},
      {"holder", to_json(facts.holder)},
      {"visitor",
       {{"role", to_text(facts.visitor.role)},
        {"relationship", to_text(facts.visitor.relationship)},
        {"same_household", facts.visitor.same_household}}},
      {"card", to_json(facts.card)},
      {"certificates", std::move(certificates)},
      {"pins", std::move(pins)},
      {"documents", std::move(documents)},
      {"visit", facts.visit},
  };
  if (facts.first_visit_on) object["first_visit_on"] = base::format_date(*facts.first_visit_on);
  return object;
}

}  // namespace madoguchi::policy
